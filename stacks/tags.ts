import { clusterFullName } from "../config/names";
import type { Cluster, Platform } from "../config/platform";

/** Tags on everything that a cloud bills or that could be left over: the organisation's own, and where it comes from. */
export function platformTags(platform: Platform, cluster: Cluster): Record<string, string> {
  return { ...platform.tags, "managed-by": "stackyard", "stackyard-cluster": clusterFullName(platform, cluster) };
}
