import { DiskEncryptionSet } from "@cdktf/provider-azurerm/lib/disk-encryption-set";
import type { KubernetesClusterConfig } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";
import type { AzureCluster } from "../../config/clouds/azure";
import type { AzureContext } from "./context";

export interface EncryptionKeyProps {
  readonly context: AzureContext;
  readonly key: NonNullable<AzureCluster["encryptionKey"]>;
  /** Of the control plane, which encrypts Secrets and gives the key to volumes. */
  readonly principalId: string;
}

/** A key that the organisation keeps, for Kubernetes Secrets and for the disks of nodes and volumes. */
export class EncryptionKey extends Construct {
  /** What the cluster must say about it. */
  readonly settings: Pick<KubernetesClusterConfig, "diskEncryptionSetId" | "keyManagementService">;
  readonly ready: readonly RoleAssignment[];

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { context, key, principalId } = props;
    const { name, config, resourceGroup: resourceGroupName } = context;
    const { location } = config;
    const identity = new UserAssignedIdentity(this, "identity", {
      name: `${name}-disk-encryption`,
      location,
      resourceGroupName,
    });
    // https://learn.microsoft.com/azure/virtual-machines/disk-encryption: wrap and unwrap, and nothing else
    const wrap = new RoleAssignment(this, "wrap", {
      scope: key.vault,
      roleDefinitionName: "Key Vault Crypto Service Encryption User",
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
    });
    const disks = new DiskEncryptionSet(this, "disks", {
      name,
      location,
      resourceGroupName,
      encryptionType: "EncryptionAtRestWithCustomerKey",
      keyVaultKeyId: key.key,
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      dependsOn: [wrap],
    });
    this.settings = {
      diskEncryptionSetId: disks.id,
      keyManagementService: {
        keyVaultKeyId: key.key,
        // Without an address in the network, what encrypts Secrets comes from no fixed one, and the vault must let all networks in.
        keyVaultNetworkAccess: config.access.vnetIntegration ? "Private" : "Public",
      },
    };
    const assign = (assignment: string, on: string, roleDefinitionName: string): RoleAssignment =>
      new RoleAssignment(this, assignment, {
        scope: on,
        roleDefinitionName,
        principalId,
        principalType: "ServicePrincipal",
      });
    this.ready = [
      // https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
      assign("secrets", key.vault, "Key Vault Crypto User"),
      // It makes a private endpoint of its own to a vault that is closed to the public, and approves it.
      ...(config.access.vnetIntegration ? [assign("secrets-endpoint", key.vault, "Key Vault Contributor")] : []),
      // https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys
      assign("volumes", disks.id, "Reader"),
    ];
  }
}
