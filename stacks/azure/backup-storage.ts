import { PrivateDnsZone } from "@cdktf/provider-azurerm/lib/private-dns-zone";
import { PrivateDnsZoneVirtualNetworkLink } from "@cdktf/provider-azurerm/lib/private-dns-zone-virtual-network-link";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import { StorageAccount } from "@cdktf/provider-azurerm/lib/storage-account";
import { StorageContainer } from "@cdktf/provider-azurerm/lib/storage-container";
import { StorageManagementPolicy } from "@cdktf/provider-azurerm/lib/storage-management-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { zonesIn } from "../../config/clouds/azure-locations";
import { isProtected } from "../../config/platform";
import { BACKUP_CONTAINER, backupAccountName } from "./backups";
import type { AzureContext } from "./context";
import type { Network } from "./network";

export interface BackupStorageProps {
  readonly context: AzureContext;
  /** Whether this stack is the one that makes it. */
  readonly first: boolean;
  /** Where the account gets an address, and is known by it. @default - it answers everywhere whoever has a role on it */
  readonly network?: Pick<Network, "privateEndpointSubnetId" | "virtualNetworkId"> | undefined;
}

/** How long what was deleted or written over can be had back. */
const KEPT_DAYS = 30;

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns#storage */
const PRIVATE_DOMAIN = "privatelink.blob.core.windows.net";

/** The storage account of the databases' backups: made, or known by its name where an earlier layer made it. */
export class BackupStorage extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: BackupStorageProps) {
    super(scope, id);
    this.ready = props.first ? this.make(props) : [];
  }

  private make({ context, network }: BackupStorageProps): readonly ITerraformDependable[] {
    const { platform, config, resourceGroup: resourceGroupName } = context;
    const retention = { days: KEPT_DAYS };
    const account = new StorageAccount(this, "account", {
      name: backupAccountName(context),
      location: config.location,
      resourceGroupName,
      accountTier: "Standard",
      // Three copies, in three zones where the location has them: https://learn.microsoft.com/azure/storage/common/storage-redundancy
      accountReplicationType: zonesIn(config.location).length > 0 ? "ZRS" : "LRS",
      minTlsVersion: "TLS1_2",
      allowNestedItemsToBePublic: false,
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      crossTenantReplicationEnabled: false,
      publicNetworkAccessEnabled: network === undefined,
      ...(network && { networkRules: { defaultAction: "Deny", bypass: ["None"] } }),
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: retention,
        containerDeleteRetentionPolicy: retention,
      },
      // What nobody protects goes with its backups; else a cluster for trials could not be destroyed.
      ...(isProtected(platform, config) && { lifecycle: { preventDestroy: true } }),
    });
    const container = new StorageContainer(this, "container", {
      name: BACKUP_CONTAINER,
      storageAccountId: account.id,
    });
    const lifecycle = new StorageManagementPolicy(this, "lifecycle", {
      storageAccountId: account.id,
      rule: [
        {
          name: "old-versions",
          enabled: true,
          filters: { blobTypes: ["blockBlob"] },
          actions: { version: { deleteAfterDaysSinceCreation: KEPT_DAYS } },
        },
      ],
    });
    return [container, lifecycle, ...(network ? this.closed(context, network, account.id) : [])];
  }

  /** An address of its own in the network of the nodes; nobody else reaches it. */
  private closed(
    { name, config, resourceGroup: resourceGroupName }: AzureContext,
    network: NonNullable<BackupStorageProps["network"]>,
    accountId: string,
  ): readonly ITerraformDependable[] {
    const zone = new PrivateDnsZone(this, "private-zone", { name: PRIVATE_DOMAIN, resourceGroupName });
    const link = new PrivateDnsZoneVirtualNetworkLink(this, "private-zone-link", {
      name,
      resourceGroupName,
      privateDnsZoneName: zone.name,
      virtualNetworkId: network.virtualNetworkId,
      registrationEnabled: false,
      // The zone knows this account alone: accounts of others that have private endpoints elsewhere are asked for on the internet.
      resolutionPolicy: "NxDomainRedirect",
    });
    const endpoint = new PrivateEndpoint(this, "endpoint", {
      name: `${name}-backups`,
      location: config.location,
      resourceGroupName,
      subnetId: network.privateEndpointSubnetId,
      privateServiceConnection: {
        name: "backups",
        privateConnectionResourceId: accountId,
        subresourceNames: ["blob"],
        isManualConnection: false,
      },
      privateDnsZoneGroup: { name: "backups", privateDnsZoneIds: [zone.id] },
    });
    return [endpoint, link];
  }
}
