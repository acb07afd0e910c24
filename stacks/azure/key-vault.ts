import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { adminGroups } from "../../config/platform";
import type { AzureContext } from "./context";
import type { Network } from "./network";
import { vaultName } from "./secrets";
import { makeVault, makeVaultEndpoint } from "./vault";

export interface KeyVaultProps {
  readonly context: AzureContext;
  /** Where the vault gets an address, and is known by it. */
  readonly network: Pick<Network, "privateEndpointSubnetId" | "virtualNetworkId">;
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns#security */
export const PRIVATE_DOMAIN = "privatelink.vaultcore.azure.net";

/** The vault of the platform's secrets: nodes reach it by a private endpoint, people from the ranges of `access.public`, and administrators write into it. */
export class KeyVault extends Construct {
  /** Resource id. */
  readonly id: string;
  /** Depend on these before rights on the vault, and before it is read. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, network }: KeyVaultProps) {
    super(scope, id);
    const { name, resourceGroup: resourceGroupName, platform, config } = context;
    const vault = makeVault(this, { context, name: vaultName(context), writers: adminGroups(platform, config) });
    const zone = new PrivateDnsZone(this, "private-zone", { name: PRIVATE_DOMAIN, resourceGroupName });
    const link = new PrivateDnsZoneVirtualNetworkLink(this, "private-zone-link", {
      name,
      resourceGroupName,
      privateDnsZoneName: zone.name,
      virtualNetworkId: network.virtualNetworkId,
      registrationEnabled: false,
      // The zone knows the platform's vaults alone: those of others that have private endpoints elsewhere are asked for on the internet.
      resolutionPolicy: "NxDomainRedirect",
    });
    const endpoint = makeVaultEndpoint(this, {
      context,
      name: `${name}-vault`,
      vault,
      subnetId: network.privateEndpointSubnetId,
      privateZoneId: zone.id,
    });
    this.id = vault.id;
    this.ready = [vault, endpoint, link];
  }
}
