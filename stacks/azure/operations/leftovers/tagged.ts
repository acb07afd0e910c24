import { z } from "zod";
import { managedClusterId } from "../../../../config/clouds/azure-names";
import { CLUSTER_TAG } from "../../../../config/names";
import { API_VERSIONS } from "../api-versions";
import { inside } from "../rest-api";
import { tagOf } from "../tags";
import type { Finder, Found } from "./find";
import { because, resourceShape } from "./groups";

/** Everything with the platform's tag, wherever it is: AKS gives the cluster's tags to what it makes itself. */
export const taggedLeftovers: Finder = {
  where: "everything tagged",
  needs: "Microsoft.Resources/subscriptions/resources/read",
  find: async ({ cluster, name, clients }) => {
    const resources = await clients.resourceManager.list(
      {
        path: `/subscriptions/${cluster.subscription}/resources`,
        apiVersion: API_VERSIONS.resources,
        query: { $filter: `tagName eq '${CLUSTER_TAG}' and tagValue eq '${name}'` },
      },
      resourceShape,
    );
    return resources.map(({ type, id }) => ({ type, id, why: because(name) }));
  },
};

/** Node pools of the platform on a cluster that somebody else made; those of its own cluster go with it. */
export const nodePoolLeftovers: Finder = {
  where: "node pools",
  needs: "Microsoft.ContainerService/managedClusters/agentPools/read",
  find: async ({ cluster, name, clients }) => {
    if (!cluster.existing) return [];
    const path = `${managedClusterId(cluster.subscription, cluster.existing.resourceGroup, cluster.existing.name)}/agentPools`;
    const pools = await inside(clients.resourceManager.list({ path, apiVersion: API_VERSIONS.aks }, poolShape));
    return pools
      .filter(({ properties }) => tagOf(properties.tags, CLUSTER_TAG) === name)
      .map(({ id }): Found => ({
        type: "Microsoft.ContainerService/managedClusters/agentPools",
        id,
        why: because(name),
      }));
  },
};

const poolShape = z.object({
  id: z.string(),
  properties: z.object({ tags: z.record(z.string(), z.string()).nullish() }),
});

/**
 * Vaults that wait for their end, as that of the platform does for 90 days: until then nobody else can have their names.
 * https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
 */
export const deletedVaultLeftovers: Finder = {
  where: "deleted vaults",
  needs: "Microsoft.KeyVault/deletedVaults/read",
  find: async ({ cluster, name, clients }) => {
    const vaults = await clients.resourceManager.list(
      {
        path: `/subscriptions/${cluster.subscription}/providers/Microsoft.KeyVault/deletedVaults`,
        apiVersion: API_VERSIONS.keyVault,
      },
      z.object({
        id: z.string(),
        properties: z.object({
          scheduledPurgeDate: z.string(),
          purgeProtectionEnabled: z.boolean().nullish(),
          tags: z.record(z.string(), z.string()).nullish(),
        }),
      }),
    );
    return vaults
      .filter(({ properties }) => tagOf(properties.tags, CLUSTER_TAG) === name)
      .map(({ id, properties: { purgeProtectionEnabled, scheduledPurgeDate } }) => ({
        type: "Microsoft.KeyVault/deletedVaults",
        id,
        why: because(name),
        ...(purgeProtectionEnabled && { until: scheduledPurgeDate.slice(0, 10) }),
      }));
  },
};
