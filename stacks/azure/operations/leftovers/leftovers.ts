import { z } from "zod";
import type { Leftover, Leftovers } from "../../../operations";
import { managedClusterId } from "../../../../config/clouds/azure-names";
import { stacksOf } from "../../../../config/layers";
import { API_VERSIONS } from "../api-versions";
import { AzureError, describe, isAzureError, isCode, remedy } from "../errors";
import { requireIdentity } from "../identity";
import { budgetLeftovers } from "./budget";
import type { Finder, FinderContext, Found } from "./find";
import { groupLeftovers, lockLeftovers } from "./groups";
import { recordLeftovers } from "./records";
import { removal, removalOrder } from "./removal";
import { deletedVaultLeftovers, nodePoolLeftovers, taggedLeftovers } from "./tagged";

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
export async function leftovers(asked: Omit<FinderContext, "unseen">): Promise<Leftovers> {
  await requireIdentity(asked.clients, asked.cluster);
  const unseen: string[] = [];
  const context = { ...asked, unseen };
  const [running, ...found] = await Promise.all([
    isRunning(context),
    ...FINDERS.map((finder) => guarded(finder, context)),
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

async function guarded({ where, needs, find }: Finder, context: FinderContext): Promise<readonly Found[]> {
  try {
    return await find(context);
  } catch (error) {
    // Nothing of it was ever made.
    if (isCode(error, "MissingSubscriptionRegistration")) return [];
    context.unseen.push(`${where}: ${notSeen(error, needs)}`);
    return [];
  }
}

/** Whether the platform's own cluster is there; that of somebody else is not the platform's to destroy. */
async function isRunning({ cluster, name, clients, unseen }: FinderContext): Promise<boolean> {
  if (cluster.existing) return false;
  const path = managedClusterId(cluster.subscription, name, name);
  try {
    return (await clients.resourceManager.find({ path, apiVersion: API_VERSIONS.aks }, z.object({}))) !== undefined;
  } catch (error) {
    if (isCode(error, "MissingSubscriptionRegistration")) return false;
    unseen.push(`whether the cluster runs: ${notSeen(error, "Microsoft.ContainerService/managedClusters/read")}`);
    return false;
  }
}

/** What Azure said, and what to do. @throws what is no answer of Azure */
function notSeen(error: unknown, needs: string): string {
  if (!isAzureError(error)) throw error;
  const isForbidden = error instanceof AzureError && error.status === 403;
  const advice = isForbidden ? `allow ${needs}` : (remedy(error) ?? "try again");
  return `${describe(error)}; ${advice}, or look for yourself`;
}

/** Each thing once, with every reason for which it was found. */
export function merge(found: readonly Found[], { cluster }: Pick<FinderContext, "cluster">): readonly Leftover[] {
  // The first stack has the cluster, unless somebody else made that.
  const stack = stacksOf(cluster)[0]?.name ?? cluster.name;
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
      remove: removal(type, id, cluster, stack),
    }));
}
