import { KeyVault as AzureKeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { adminGroups } from "../../config/platform";
import type { AzureContext } from "./context";
import type { Network } from "./network";
import { vaultName } from "./secrets";

export interface KeyVaultProps {
  readonly context: AzureContext;
  /** Where the vault gets an address, and is known by it. */
  readonly network: Pick<Network, "privateEndpointSubnetId" | "virtualNetworkId">;
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns#security */
const PRIVATE_DOMAIN = "privatelink.vaultcore.azure.net";

/** The vault of the platform's secrets: nodes reach it by a private endpoint, people from the ranges of `access.public`, and administrators write into it. */
export class KeyVault extends Construct {
  /** Resource id. */
  readonly id: string;
  /** Depend on these before rights on the vault, and before it is read. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, network }: KeyVaultProps) {
    super(scope, id);
    const { name, resourceGroup: resourceGroupName, platform, config, tenant } = context;
    const { location, access } = config;
    const vault = new AzureKeyVault(this, "vault", {
      name: vaultName(context),
      location,
      resourceGroupName,
      tenantId: tenant,
      skuName: "standard",
      rbacAuthorizationEnabled: true,
      // For 90 days after it was deleted nobody can take its name, or what was in it: the next one of this name is this one again.
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: 90,
      publicNetworkAccessEnabled: access.public.length > 0,
      networkAcls: {
        defaultAction: "Deny",
        bypass: "AzureServices",
        // One address keeps its /32, as Azure gives it back: https://github.com/hashicorp/terraform-provider-azurerm/issues/2164
        ipRules: [...access.public].sort(),
      },
    });
    const admins = new Construct(this, "admins");
    for (const group of adminGroups(platform, config))
      new RoleAssignment(admins, group.name, {
        scope: vault.id,
        roleDefinitionName: "Key Vault Secrets Officer",
        principalId: group.azure as string,
        principalType: "Group",
      });

    const zone = new PrivateDnsZone(this, "private-zone", { name: PRIVATE_DOMAIN, resourceGroupName });
    const link = new PrivateDnsZoneVirtualNetworkLink(this, "private-zone-link", {
      name,
      resourceGroupName,
      privateDnsZoneName: zone.name,
      virtualNetworkId: network.virtualNetworkId,
      registrationEnabled: false,
      // The zone knows this vault alone: vaults of others that have private endpoints elsewhere are asked for on the internet.
      resolutionPolicy: "NxDomainRedirect",
    });
    const endpoint = new PrivateEndpoint(this, "endpoint", {
      name: `${name}-vault`,
      location,
      resourceGroupName,
      subnetId: network.privateEndpointSubnetId,
      privateServiceConnection: {
        name: "vault",
        privateConnectionResourceId: vault.id,
        subresourceNames: ["vault"],
        isManualConnection: false,
      },
      privateDnsZoneGroup: { name: "vault", privateDnsZoneIds: [zone.id] },
    });
    this.id = vault.id;
    this.ready = [vault, endpoint, link];
  }
}
