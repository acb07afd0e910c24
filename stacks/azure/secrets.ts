import { createHash } from "node:crypto";
import { resourceName } from "../../config/clouds/azure";
import type { SecretProvider } from "../../modules/cluster";
import type { AzureContext } from "./context";
import type { Roles } from "./roles";

/** A Key Vault that is read. */
export interface SecretVault {
  /** Resource id. */
  readonly id: string;
  /** Without a slash at its end. */
  readonly url: string;
}

/**
 * The vault of the platform's secrets: the one that the config names, or the one that goes with a cluster and a network of our own.
 * Nothing is looked up: id and address follow from the name.
 */
export function secretVault(context: Pick<AzureContext, "name" | "resourceGroup" | "config">): SecretVault | undefined {
  const { config, resourceGroup } = context;
  if (config.secrets) return vaultAt(config.secrets.vault);
  if (!makesVault(config)) return undefined;
  const group = `/subscriptions/${config.subscription}/resourceGroups/${resourceGroup}`;
  return vaultAt(`${group}/providers/Microsoft.KeyVault/vaults/${vaultName(context)}`);
}

/** In a network of somebody else there is no place for its private endpoint, and no way to make its name known. */
export function makesVault({ secrets, network, existing }: AzureContext["config"]): boolean {
  return !secrets && !network.existing && !existing;
}

/** The whole world's vaults share their names, of 3 to 24 characters without two hyphens in a row. */
export function vaultName({ name, config }: Pick<AzureContext, "name" | "config">): string {
  const hash = createHash("sha256")
    .update(`${config.subscription.toLowerCase()}/${config.location}/${name}`)
    .digest("hex")
    .slice(0, 8);
  const start = name.replace(/-+/g, "-").slice(0, 24 - hash.length - 1);
  return `${start.replace(/-$/, "")}-${hash}`;
}

function vaultAt(id: string): SecretVault {
  return { id, url: `https://${resourceName(id)}.vault.azure.net` };
}

/**
 * Key Vault. Nothing about credentials: the operator's own are used, from the variables that AKS puts into its pod.
 * https://external-secrets.io/latest/provider/azure-key-vault/#workload-identity
 */
export function secretProvider({ url }: SecretVault): SecretProvider {
  return { provider: { azurekv: { authType: "WorkloadIdentity", environmentType: "PublicCloud", vaultUrl: url } } };
}

/** Read secrets, of the whole vault: a role on some of them would be one on each. */
export function secretRoles({ id }: SecretVault): Roles {
  return { rights: { role: "Key Vault Secrets User", scope: id } };
}
