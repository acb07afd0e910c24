/** Names that more than one place must spell the same way. */
import { createHash } from "node:crypto";
import type { Cluster, Platform, Team } from "./platform";

/** Prefix of the platform's own labels, annotations and taints. */
export const LABEL_PREFIX = "stackyard.dev";
export const TEAM_LABEL = `${LABEL_PREFIX}/team`;
export const POOL_LABEL = `${LABEL_PREFIX}/node-pool`;
export const COST_CENTER_LABEL = `${LABEL_PREFIX}/cost-center`;
export const CLASS_LABEL = `${LABEL_PREFIX}/node-class`;

/** Name of the cluster in its cloud: `modern-engineering-aws-platform`, or the one that somebody else gave it. */
export function clusterFullName(platform: Pick<Platform, "name">, cluster: Cluster): string {
  if (cluster.kind === "aws" && cluster.existing !== undefined) return cluster.existing;
  if (cluster.kind === "azure" && cluster.existing) return cluster.existing.name;
  return ownName(platform, cluster);
}

/** Whose something is, in tags and DNS: no two clusters of an organisation share it, also where others gave several the same name. */
export function ownName(platform: Pick<Platform, "name">, cluster: Pick<Cluster, "name">): string {
  return `${platform.name}-${cluster.name}`;
}

/** Labels by which everything of a team is found, and its cost summed. */
export function teamLabels(team: Pick<Team, "name" | "costCenter">): Record<string, string> {
  return { [TEAM_LABEL]: team.name, [COST_CENTER_LABEL]: team.costCenter };
}

/** `name` if it has at most `longest` characters, else its start and a hash of all of it. */
export function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - hash.length - 1)}-${hash}`;
}
