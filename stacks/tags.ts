import { ownName } from "../config/names";
import type { Cluster, Platform } from "../config/platform";

/** Says of which cluster something is: budgets and leftovers are found by it. */
export const CLUSTER_TAG = "stackyard-cluster";

/** Tags on everything that a cloud bills or that could be left over: the organisation's own, and where it comes from. */
export function platformTags(platform: Platform, cluster: Cluster): Record<string, string> {
  return { ...platform.tags, "managed-by": "stackyard", [CLUSTER_TAG]: ownName(platform, cluster) };
}
