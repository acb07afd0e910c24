import { stacksOf } from "../../../../config/layers";
import type { Leftover, Leftovers } from "../../../operations";
import { describe, isAwsError, isNamed } from "../errors";
import { requireIdentity } from "../identity";
import { instanceProfileLeftovers, logGroupLeftovers } from "./by-name";
import { ec2Leftovers } from "./ec2";
import type { Finder, FinderContext, Found } from "./find";
import { loadBalancerLeftovers } from "./load-balancers";
import { recordLeftovers, recordName } from "./records";
import { removal, removalOrder } from "./removal";
import { taggedLeftovers } from "./tagged";

const FINDERS: readonly Finder[] = [
  ec2Leftovers,
  loadBalancerLeftovers,
  taggedLeftovers,
  instanceProfileLeftovers,
  logGroupLeftovers,
  recordLeftovers,
];

/**
 * Everything that carries the cluster's name, in the order in which it can be removed. On a cluster that runs that is what it uses.
 *
 * @throws OperationError when nobody is signed in, or in another account than the config names.
 */
export async function leftovers(context: FinderContext): Promise<Leftovers> {
  await requireIdentity(context.clients, context.cluster);
  const unseen: string[] = [];
  const [running, ...found] = await Promise.all([
    isRunning(context, unseen),
    ...FINDERS.map((finder) => guarded(finder, context, unseen)),
  ]);
  return { left: merge(found.flat(), context), unseen, running };
}

async function guarded(
  { where, needs, find }: Finder,
  context: FinderContext,
  unseen: string[],
): Promise<readonly Found[]> {
  try {
    return await find(context);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    unseen.push(`${where}: ${describe(error)}; allow ${needs}, or look for yourself`);
    return [];
  }
}

async function isRunning({ clients, name }: FinderContext, unseen: string[]): Promise<boolean> {
  try {
    await clients.eks().describeCluster({ name });
    return true;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return false;
    if (!isAwsError(error)) throw error;
    unseen.push(`whether the cluster runs: ${describe(error)}; allow eks:DescribeCluster`);
    return false;
  }
}

/** Each thing once, with every reason for which it was found. */
export function merge(found: readonly Found[], { cluster }: Pick<FinderContext, "cluster">): readonly Leftover[] {
  // The first stack has the cluster, unless somebody else made that.
  const stack = stacksOf(cluster)[0]?.name ?? cluster.name;
  const reasons = new Map<string, { readonly type: string; readonly id: string; readonly why: Set<string> }>();
  for (const { type, id, why } of found) {
    const key = `${type} ${id}`;
    const known = reasons.get(key) ?? { type, id, why: new Set<string>() };
    known.why.add(why);
    reasons.set(key, known);
  }
  return [...reasons.values()]
    .sort((a, b) => removalOrder(a.type) - removalOrder(b.type) || (a.id < b.id ? -1 : 1))
    .map(({ type, id, why }) => ({
      type,
      id: type === "route53:record" ? recordName(id) : id,
      why: [...why].join(", "),
      remove: removal(type, id, cluster.region, stack),
    }));
}
