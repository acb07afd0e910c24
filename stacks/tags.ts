import { CLUSTER_TAG, MANAGED_TAG, ownName } from "../config/names";
import type { Cluster, Platform } from "../config/platform";

/** Tags on everything that a cloud bills or that could be left over: the organisation's own, and where it comes from. */
export function platformTags(platform: Platform, cluster: Cluster): Record<string, string> {
  return { ...platform.tags, [MANAGED_TAG]: "stackyard", [CLUSTER_TAG]: ownName(platform, cluster) };
}
