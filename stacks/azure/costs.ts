import { resourceName, type AzureCluster } from "../../config/clouds/azure";
import type { CostProvider } from "../../modules/cluster";
import type { Roles } from "./roles";

/** The bill itself, where the config names its export; list prices are public and need no rights. */
export function costProvider({ costExport, subscription }: AzureCluster): CostProvider | undefined {
  if (!costExport) return undefined;
  return {
    integration: {
      azure: {
        storage: [
          {
            subscriptionID: subscription,
            account: resourceName(costExport.storageAccount),
            container: costExport.container,
            // Read as a text even where it says nothing.
            path: costExport.directory ?? "",
            cloud: "public",
            authorizer: { authorizerType: "AzureDefaultCredential" },
          },
        ],
      },
    },
  };
}

/** List and read what lies in one container: https://learn.microsoft.com/azure/storage/blobs/assign-azure-role-data-access#assign-an-azure-role */
export function costRoles({ name, costExport }: AzureCluster): Roles {
  if (!costExport) throw new Error(`clusters.${name} has no costExport to give rights on`);
  const { storageAccount, container } = costExport;
  return {
    rights: {
      role: "Storage Blob Data Reader",
      scope: `${storageAccount}/blobServices/default/containers/${container}`,
    },
  };
}
