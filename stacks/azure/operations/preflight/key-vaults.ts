import { z } from "zod";
import { resourceName, type AzureCluster } from "../../../../config/clouds/azure";
import type { Finding } from "../../../operations";
import { az } from "../az";
import { VERSIONS } from "./api-versions";
import { locationOf, subscriptionOf, type Check, type CheckContext } from "./check";

/** https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/get */
const vault = z.object({
  location: z.string(),
  properties: z.object({
    enableRbacAuthorization: z.boolean().nullish(),
    enablePurgeProtection: z.boolean().nullish(),
    publicNetworkAccess: z.string().nullish(),
    networkAcls: z.object({ bypass: z.string().nullish(), defaultAction: z.string().nullish() }).nullish(),
  }),
});
export type Vault = z.output<typeof vault>;

/** The vault that is made, and those that the config names. */
export const keyVaults: Check = {
  subject: "key vaults",
  needs:
    "Microsoft.KeyVault/checkNameAvailability/read, Microsoft.KeyVault/locations/deletedVaults/read and Microsoft.KeyVault/vaults/read",
  look: async (context) => {
    const { cluster, vaultNames } = context;
    const { encryptionKey, secrets } = cluster;
    return [
      ...(await Promise.all(vaultNames.map((name) => ownVault(context, name)))),
      ...(secrets
        ? judgeVault("secrets.vault", secrets.vault, await findVault(context, secrets.vault), { of: "secrets" })
        : []),
      ...(encryptionKey
        ? judgeVault("encryptionKey.vault", encryptionKey.vault, await findVault(context, encryptionKey.vault), {
            of: "keys",
            location: cluster.location,
            isPrivate: cluster.access.vnetIntegration,
          })
        : []),
    ];
  },
};

function findVault({ clients }: CheckContext, path: string): Promise<Vault | undefined> {
  return clients.resourceManager.find({ path, apiVersion: VERSIONS.keyVault }, vault);
}

async function ownVault(context: CheckContext, name: string): Promise<Finding> {
  const { clients, resourceGroup, cluster } = context;
  const group = `${subscriptionOf(context)}/resourceGroups/${resourceGroup}`;
  const path = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
  if (await findVault(context, path)) return judgeName(name, cluster, { kind: "ours" });
  const { nameAvailable } = await clients.resourceManager.post(
    {
      path: `${subscriptionOf(context)}/providers/Microsoft.KeyVault/checkNameAvailability`,
      apiVersion: VERSIONS.keyVault,
      body: { name, type: "Microsoft.KeyVault/vaults" },
    },
    z.object({ nameAvailable: z.boolean() }),
  );
  if (nameAvailable) return judgeName(name, cluster, { kind: "free" });
  const deleted = await clients.resourceManager.find(
    { path: `${locationOf(context, "Microsoft.KeyVault")}/deletedVaults/${name}`, apiVersion: VERSIONS.keyVault },
    z.object({ properties: z.object({ vaultId: z.string() }) }),
  );
  if (!deleted) return judgeName(name, cluster, { kind: "taken" });
  const { vaultId } = deleted.properties;
  return judgeName(name, cluster, {
    kind: vaultId.toLowerCase() === path.toLowerCase() ? "deleted" : "others",
    vaultId,
  });
}

/** Names of vaults are one name space for everybody, and a deleted vault keeps its name: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
export function judgeName(
  name: string,
  { subscription, location }: Pick<AzureCluster, "subscription" | "location">,
  state:
    | { readonly kind: "free" | "ours" | "taken" }
    /** Deleted, and can be recovered: one of ours, or another of the same name. */
    | { readonly kind: "deleted" | "others"; readonly vaultId: string },
): Finding {
  const subject = "key vault";
  switch (state.kind) {
    case "free":
      return { severity: "ok", subject, found: `${name} is made by the deploy` };
    case "ours":
      return { severity: "ok", subject, found: `${name} is there, and the cluster's` };
    case "deleted":
      return {
        severity: "ok",
        subject,
        found: `${name} was deleted with an earlier platform, and the deploy recovers it`,
      };
    case "others":
      return {
        severity: "error",
        subject,
        found: `${name} is the name of a deleted vault, ${state.vaultId}: the deploy would bring that back`,
        fix: `${az({ subscription }, "keyvault purge", { name, location })} if nobody needs it; it goes by itself 90 days after its deletion at the latest. Or give the platform another name`,
      };
    case "taken":
      return {
        severity: "error",
        subject,
        found: `${name} is taken, by another subscription or in another group or location`,
        fix: "give the platform or the cluster another name, or name a vault that is there: secrets.vault",
      };
  }
}

/** A vault that the API server fetches a key from: https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations */
export interface KeyUse {
  readonly of: "keys";
  /** Of the cluster: disks want a key of their own location. */
  readonly location: string;
  /** Whether the API server reaches it by an endpoint in the network. */
  readonly isPrivate: boolean;
}

/** @param use what the vault is for; of keys it must keep what is deleted, and let the API server and disks in */
export function judgeVault(
  field: string,
  id: string,
  found: Vault | undefined,
  use: { readonly of: "secrets" } | KeyUse,
): readonly Finding[] {
  const subject = field;
  const name = resourceName(id);
  const update = (change: string): string =>
    az({ subscription: id.split("/")[2] ?? "" }, `keyvault update ${change}`, { name });
  if (!found)
    return [
      { severity: "error", subject, found: `there is no ${id}, or you may not read it`, fix: `correct ${field}` },
    ];
  const { enableRbacAuthorization, enablePurgeProtection, publicNetworkAccess, networkAcls } = found.properties;
  const findings: Finding[] = [];
  if (enableRbacAuthorization !== true)
    findings.push({
      severity: "error",
      subject,
      found: `${name} has access policies instead of Azure RBAC: the roles that the platform assigns would mean nothing`,
      fix: `${update("--enable-rbac-authorization true")}, after giving roles to those who are in its policies`,
    });
  if (use.of === "keys") {
    if (enablePurgeProtection !== true)
      findings.push({
        severity: "error",
        subject,
        found: `${name} has no purge protection: Azure encrypts no disks with a key that could be lost`,
        fix: `${update("--enable-purge-protection true")}; it cannot be taken back`,
      });
    if (found.location !== use.location)
      findings.push({
        severity: "error",
        subject,
        found: `${name} is in ${found.location}: disks in ${use.location} want a key of their own location`,
        fix: "choose a vault there",
      });
    const isClosed = publicNetworkAccess === "Disabled";
    const isSelective = !isClosed && networkAcls?.defaultAction === "Deny";
    if ((isClosed || isSelective) && (networkAcls?.bypass ?? "AzureServices") !== "AzureServices")
      findings.push({
        severity: "error",
        subject,
        found: `${name} lets in no services of Azure: no disk could be encrypted with the key`,
        fix: update("--bypass AzureServices"),
      });
    if (isSelective || (isClosed && !use.isPrivate))
      findings.push({
        severity: "error",
        subject,
        found: `${name} ${isSelective ? "lets in selected networks only" : "is closed to public networks"}, and the API server fetches the key from none that could be named`,
        fix: use.isPrivate
          ? update("--public-network-access Disabled --bypass AzureServices")
          : `${update("--public-network-access Enabled --default-action Allow")}; or access.vnetIntegration, with which the vault can be closed`,
      });
  }
  return findings.length > 0
    ? findings
    : [{ severity: "ok", subject, found: `${name} is there, and fit for ${use.of}` }];
}
