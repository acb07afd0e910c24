import { z } from "zod";
import { ownName } from "../../../../config/names";
import { API_VERSIONS } from "../api-versions";
import { inside } from "../rest-api";
import type { Finder, FinderContext, Found } from "./find";

/**
 * Resource groups that are the platform's alone, by their ids. AKS keeps machines, disks, load balancers and addresses in one of its own
 * (stacks/azure/control-plane.ts); that of a cluster of somebody else is not ours.
 */
export function ownGroups({ platform, cluster, name }: FinderContext): readonly string[] {
  const groups = [ownName(platform, cluster), ...(cluster.existing ? [] : [`${name}-nodes`])];
  return groups.map((group) => `/subscriptions/${cluster.subscription}/resourceGroups/${group}`);
}

/** The groups themselves, and all that is in them: what a destroy that broke off, or a controller, has left. */
export const groupLeftovers: Finder = {
  where: "resource groups",
  needs: "Microsoft.Resources/subscriptions/resourceGroups/read and …/resourceGroups/resources/read",
  find: async (context) => {
    const { resourceManager } = context.clients;
    const apiVersion = API_VERSIONS.resources;
    const found: Found[] = [];
    for (const group of ownGroups(context)) {
      if (!(await resourceManager.find({ path: group, apiVersion }, z.object({})))) continue;
      const name = group.split("/").at(-1) ?? "";
      found.push({ type: "Microsoft.Resources/resourceGroups", id: group, why: `name ${name}` });
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
    for (const group of ownGroups(context)) {
      const locks = await inside(
        resourceManager.list(
          { path: `${group}/providers/Microsoft.Authorization/locks`, apiVersion: API_VERSIONS.locks },
          z.object({ id: z.string() }),
        ),
      );
      for (const { id } of locks)
        found.push({ type: "Microsoft.Authorization/locks", id, why: `it holds ${group.split("/").at(-1) ?? ""}` });
    }
    return found;
  },
};

export const resourceShape = z.object({ id: z.string(), type: z.string() });
