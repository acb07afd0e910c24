/** Names that more than one place must spell the same way. */
import type { Cluster, Platform, Team } from "./platform";

/** Prefix of the platform's own labels, annotations and taints. */
export const LABEL_PREFIX = "stackyard.dev";
export const TEAM_LABEL = `${LABEL_PREFIX}/team`;
export const POOL_LABEL = `${LABEL_PREFIX}/node-pool`;
export const COST_CENTER_LABEL = `${LABEL_PREFIX}/cost-center`;
export const CLASS_LABEL = `${LABEL_PREFIX}/node-class`;

/** Name of the cluster in its cloud: `modern-engineering-aws-platform`. */
export function clusterFullName(platform: Pick<Platform, "name">, cluster: Pick<Cluster, "name">): string {
  return `${platform.name}-${cluster.name}`;
}

/** Labels by which everything of a team is found, and its cost summed. */
export function teamLabels(team: Pick<Team, "name" | "costCenter">): Record<string, string> {
  return { [TEAM_LABEL]: team.name, [COST_CENTER_LABEL]: team.costCenter };
}
