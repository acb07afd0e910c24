import { z } from "zod";
import type { Leftover, Leftovers } from "../../../operations";
import { ownName } from "../../../../config/names";
import { API_VERSIONS } from "../api-versions";
import { describe, isAzureError } from "../errors";
import { requireIdentity } from "../identity";
import { budgetLeftovers } from "./budget";
import type { Finder, FinderContext, Found } from "./find";
import { groupLeftovers, lockLeftovers } from "./groups";
import { recordLeftovers } from "./records";
import { removal, removalOrder } from "./removal";
import { clusterId, deletedVaultLeftovers, nodePoolLeftovers, taggedLeftovers } from "./tagged";

const FINDERS: readonly Finder[] = [
  lockLeftovers,
  groupLeftovers,
  taggedLeftovers,
  nodePoolLeftovers,
  recordLeftovers,
  budgetLeftovers,
  deletedVaultLeftovers,
];

/**
 * Everything that carries the cluster's name, in the order in which it can be removed. On a cluster that runs that is what it uses.
 *
 * @throws OperationError when nobody is signed in, or the config's subscription cannot be used.
 */
export async function leftovers(context: FinderContext): Promise<Leftovers> {
  await requireIdentity(context.clients, context.cluster);
  const unseen: string[] = [];
  const [running, ...found] = await Promise.all([
    isRunning(context, unseen),
    ...FINDERS.map((finder) => guarded(finder, context, unseen)),
  ]);
  const all = found.flat();
  return {
    left: merge(
      all.filter(({ until }) => until === undefined),
      context,
    ),
    waiting: all.flatMap(({ id, until }) => (until === undefined ? [] : `${id} until ${until}`)),
    unseen,
    running,
  };
}

async function guarded(
  { where, needs, find }: Finder,
  context: FinderContext,
  unseen: string[],
): Promise<readonly Found[]> {
  try {
    return await find(context);
  } catch (error) {
    if (!isAzureError(error)) throw error;
    unseen.push(`${where}: ${describe(error)}; allow ${needs}, or look for yourself`);
    return [];
  }
}

async function isRunning({ platform, cluster, name, clients }: FinderContext, unseen: string[]): Promise<boolean> {
  const path = clusterId(cluster.subscription, cluster.existing ?? { name, resourceGroup: ownName(platform, cluster) });
  try {
    return (await clients.resourceManager.find({ path, apiVersion: API_VERSIONS.aks }, z.object({}))) !== undefined;
  } catch (error) {
    if (!isAzureError(error)) throw error;
    unseen.push(`whether the cluster runs: ${describe(error)}; allow Microsoft.ContainerService/managedClusters/read`);
    return false;
  }
}

/** Each thing once, with every reason for which it was found. */
export function merge(found: readonly Found[], { cluster }: Pick<FinderContext, "cluster">): readonly Leftover[] {
  const reasons = new Map<string, Found & { readonly whys: Set<string> }>();
  for (const one of found) {
    // Azure spells ids in more than one way.
    const key = one.id.toLowerCase();
    const known = reasons.get(key) ?? { ...one, whys: new Set<string>() };
    known.whys.add(one.why);
    reasons.set(key, known);
  }
  return [...reasons.values()]
    .sort((a, b) => removalOrder(a.type) - removalOrder(b.type) || (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))
    .map(({ type, id, whys }) => ({
      type,
      id,
      why: [...whys].join(", "),
      remove: removal(type, id, cluster.subscription, cluster.name),
    }));
}
