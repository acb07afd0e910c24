import { z } from "zod";
import { managedClusterId, nodeResourceGroup } from "../../../../config/clouds/azure-names";
import { CLUSTER_TAG } from "../../../../config/names";
import { API_VERSIONS } from "../api-versions";
import { inside } from "../rest-api";
import { tagOf } from "../tags";
import type { Finder, FinderContext, Found } from "./find";

/** A resource group that has the name of one of the platform's. */
interface Group {
  readonly id: string;
  readonly name: string;
  /** Why it is the platform's. @default - nothing says so: it may be somebody else's */
  readonly why?: string;
}

/**
 * AKS keeps machines, disks, load balancers and addresses in a group of its own (config/clouds/azure-names.ts); that of a cluster of
 * somebody else is not ours. A name proves nothing: the platform tags its group, and AKS says of which cluster its own is.
 */
async function findGroups({ cluster, name, clients }: FinderContext): Promise<readonly Group[]> {
  const named = [name, ...(cluster.existing ? [] : [nodeResourceGroup(name)])].map(
    async (group): Promise<readonly Group[]> => {
      const id = `/subscriptions/${cluster.subscription}/resourceGroups/${group}`;
      const found = await clients.resourceManager.find({ path: id, apiVersion: API_VERSIONS.resources }, groupShape);
      if (!found) return [];
      if (tagOf(found.tags, CLUSTER_TAG) === name) return [{ id, name: group, why: because(name) }];
      const isManaged =
        found.managedBy?.toLowerCase() === managedClusterId(cluster.subscription, name, name).toLowerCase();
      return [{ id, name: group, ...(isManaged && { why: `AKS made it for ${name}` }) }];
    },
  );
  return (await Promise.all(named)).flat();
}

const groupShape = z.object({
  tags: z.record(z.string(), z.string()).nullish(),
  /** Id of the resource that the group is for. */
  managedBy: z.string().nullish(),
});

/** The groups themselves, and all that is in them: what a destroy that broke off, or a controller, has left. */
export const groupLeftovers: Finder = {
  where: "resource groups",
  needs: "Microsoft.Resources/subscriptions/resourceGroups/read and …/resourceGroups/resources/read",
  find: async (context) => {
    const { resourceManager } = context.clients;
    const apiVersion = API_VERSIONS.resources;
    const found: Found[] = [];
    for (const { id: group, name, why } of await findGroups(context)) {
      if (why === undefined) {
        context.unseen.push(`the resource group ${name}, which has no ${because(context.name)}: look whose it is`);
        continue;
      }
      found.push({ type: "Microsoft.Resources/resourceGroups", id: group, why });
      const resources = await inside(resourceManager.list({ path: `${group}/resources`, apiVersion }, resourceShape));
      found.push(...resources.map(({ id, type }) => ({ type, id, why: `resource group ${name}` })));
    }
    return found;
  },
};

/** A lock is what makes a destroy fail in the middle: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export const lockLeftovers: Finder = {
  where: "locks",
  needs: "Microsoft.Authorization/locks/read",
  find: async (context) => {
    const { resourceManager } = context.clients;
    const found: Found[] = [];
    for (const { id: group, name, why } of await findGroups(context)) {
      if (why === undefined) continue;
      const locks = await inside(
        resourceManager.list(
          { path: `${group}/providers/Microsoft.Authorization/locks`, apiVersion: API_VERSIONS.locks },
          z.object({ id: z.string() }),
        ),
      );
      // The list has those of the subscription as well, which hold what others have.
      const own = locks.filter(({ id }) => id.toLowerCase().startsWith(`${group}/`.toLowerCase()));
      found.push(...own.map(({ id }) => ({ type: "Microsoft.Authorization/locks", id, why: `it holds ${name}` })));
    }
    return found;
  },
};

export const resourceShape = z.object({ id: z.string(), type: z.string() });

/** Why something tagged is the platform's. */
export const because = (name: string): string => `tag ${CLUSTER_TAG}=${name}`;
