import { createHash } from "node:crypto";
import type { ITerraformDependable } from "cdktf";
import type { BackupStore } from "../../modules/cluster";
import { resourceGroupId, type AzureContext } from "./context";
import type { Roles } from "./roles";

/** Where the databases' backups lie. */
export const BACKUP_CONTAINER = "backups";

/** The whole world's storage accounts share their names, of 3 to 24 letters and digits. */
export function backupAccountName({ prefix, config }: Pick<AzureContext, "prefix" | "config">): string {
  const hash = createHash("sha256")
    .update(`${config.subscription.toLowerCase()}/${prefix}/backups`)
    .digest("hex")
    .slice(0, 8);
  const start = prefix.replace(/[^a-z0-9]/g, "").slice(0, 24 - "backup".length - hash.length);
  return `${start}backup${hash}`;
}

/** Resource id of the container. Nothing is looked up: it follows from the names. */
export function backupContainer(context: Pick<AzureContext, "prefix" | "config" | "resourceGroup">): string {
  const account = `${resourceGroupId(context)}/providers/Microsoft.Storage/storageAccounts/${backupAccountName(context)}`;
  return `${account}/blobServices/default/containers/${BACKUP_CONTAINER}`;
}

/**
 * A folder for each namespace. Nothing about credentials: what asks for a managed identity gets the one of its service account, from the
 * variables that AKS puts into the pod.
 */
export function backupStore(
  context: Pick<AzureContext, "prefix" | "config">,
  ready: readonly ITerraformDependable[],
): BackupStore {
  const container = `https://${backupAccountName(context)}.blob.core.windows.net/${BACKUP_CONTAINER}`;
  return {
    objectStore: (namespace) => ({
      configuration: {
        destinationPath: `${container}/${namespace}`,
        azureCredentials: { inheritFromAzureAD: true },
      },
    }),
    ready,
  };
}

/** Read and write blobs of the one container: a role knows no folders. */
export function backupRoles(context: Pick<AzureContext, "prefix" | "config" | "resourceGroup">): Roles {
  return { rights: { role: "Storage Blob Data Contributor", scope: backupContainer(context) } };
}
