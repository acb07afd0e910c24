import { createHash } from "node:crypto";
import { resourceName, type AzureCluster } from "../../config/clouds/azure";
import { clusterFullName } from "../../config/names";
import type { Platform } from "../../config/platform";
import type { SecretProvider } from "../../modules/cluster";
import { resourceGroupId, type AzureContext } from "./context";
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
  const { config } = context;
  if (config.secrets) return vaultAt(config.secrets.vault);
  return makesVault(config) ? vaultAt(vaultId(context, vaultName(context))) : undefined;
}

/** Resource id of a vault in the platform's group. */
export function vaultId(context: Pick<AzureContext, "resourceGroup" | "config">, name: string): string {
  return `${resourceGroupId(context)}/providers/Microsoft.KeyVault/vaults/${name}`;
}

/** In a network of somebody else there is no place for its private endpoint, and no way to make its name known. */
export function makesVault({ secrets, network, existing }: AzureContext["config"]): boolean {
  return !secrets && !network.existing && !existing;
}

/**
 * The whole world's vaults share their names, of 3 to 24 characters without two hyphens in a row.
 * @param team whose vault it is @default - the platform's own
 */
export function vaultName({ name, config }: Pick<AzureContext, "name" | "config">, team?: string): string {
  const own = `${config.subscription.toLowerCase()}/${config.location}/${name}`;
  const hash = createHash("sha256")
    .update(team === undefined ? own : `${own}/${team}`)
    .digest("hex")
    .slice(0, 8);
  const start = (team ?? name).replace(/-+/g, "-").slice(0, 24 - hash.length - 1);
  return `${start.replace(/-$/, "")}-${hash}`;
}

/** The platform's own, and those of teams. */
export function vaultNames(platform: Platform, config: AzureCluster): readonly string[] {
  const cluster = { name: clusterFullName(platform, config), config };
  const teams = platform.teams.filter(({ secretStore }) => secretStore);
  return [vaultName(cluster), ...teams.map(({ name }) => vaultName(cluster, name))];
}

/** A vault by its resource id. */
export function vaultAt(id: string): SecretVault {
  return { id, url: `https://${resourceName(id)}.vault.azure.net` };
}

/**
 * Key Vault. Nothing about credentials: the operator's own are used, from the variables that AKS puts into its pod.
 * https://external-secrets.io/latest/provider/azure-key-vault/#workload-identity
 */
export function secretProvider({ url }: SecretVault): SecretProvider {
  return { provider: { azurekv: { authType: "WorkloadIdentity", environmentType: "PublicCloud", vaultUrl: url } } };
}

/**
 * Read secrets, of the whole vault: a role on some of them would be one on each. Vaults of teams come and go in another layer, so theirs is one
 * on the group that they lie in, which has no vaults but the platform's.
 */
export function secretRoles({ id }: SecretVault, teamsIn: string | undefined): Roles {
  const role = "Key Vault Secrets User";
  return { rights: { role, scope: id }, ...(teamsIn !== undefined && { "team-vaults": { role, scope: teamsIn } }) };
}
