/** Names that more than one place must spell the same way. */
import { createHash } from "node:crypto";
import type { Cluster, Environment, Platform, Team } from "./platform";

/** Prefix of the platform's own labels, annotations and taints. */
export const LABEL_PREFIX = "stackyard.dev";
export const TEAM_LABEL = `${LABEL_PREFIX}/team`;
export const POOL_LABEL = `${LABEL_PREFIX}/node-pool`;
export const COST_CENTER_LABEL = `${LABEL_PREFIX}/cost-center`;
export const PROJECT_LABEL = `${LABEL_PREFIX}/project`;
export const ENVIRONMENT_LABEL = `${LABEL_PREFIX}/environment`;
export const CLASS_LABEL = `${LABEL_PREFIX}/node-class`;
/** On what a team finds in its namespaces and may not touch: policies/admission. Helm would overwrite `app.kubernetes.io/managed-by`. */
export const PLATFORM_MARK: Readonly<Record<string, string>> = { [`${LABEL_PREFIX}/owned-by`]: "platform" };
/** On namespaces of a team whose pods must ask for its own nodes. */
export const OWN_POOLS_MARK: Readonly<Record<string, string>> = { [`${LABEL_PREFIX}/node-pools`]: "own" };
/** On a team's namespaces: whether what policies/admission asks of its workloads is a warning or a must, `warn` or `enforce`. */
export const ADMISSION_LABEL = `${LABEL_PREFIX}/admission`;
/** On a team's namespaces: the registries that its images may come from, with spaces between them. */
export const REGISTRIES_ANNOTATION = `${LABEL_PREFIX}/registries`;
/** On what nobody may delete. */
export const PROTECTED_MARK: Readonly<Record<string, string>> = { [`${LABEL_PREFIX}/deletion-protection`]: "true" };

/** Tag on all that the platform makes in a cloud. */
export const MANAGED_TAG = "managed-by";
/** Tag that says of which cluster something is: budgets and leftovers are found by it. */
export const CLUSTER_TAG = "stackyard-cluster";
/** The platform's own, beside the organisation's. */
export const OWN_TAGS: readonly string[] = [MANAGED_TAG, CLUSTER_TAG];

/** What kubectl calls the cluster itself, beside its environments by their names. */
export const HOST_CONTEXT = "engineering";

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
export function teamLabels(team: Pick<Team, "name" | "costCenter" | "project">): Record<string, string> {
  return { [TEAM_LABEL]: team.name, [COST_CENTER_LABEL]: team.costCenter, [PROJECT_LABEL]: projectOf(team) };
}

/** The project that a team's cost counts for. */
export const projectOf = ({ name, project }: Pick<Team, "name" | "project">): string => project ?? name;

/**
 * Labels and tags of a team's nodes. The project only where the config names one: Karpenter replaces nodes whose labels change, and a
 * label that says the team's name again is not worth that.
 */
export function nodePoolLabels(team: Pick<Team, "name" | "costCenter" | "project">): Record<string, string> {
  const { name, costCenter, project } = team;
  return {
    [TEAM_LABEL]: name,
    [COST_CENTER_LABEL]: costCenter,
    ...(project !== undefined && { [PROJECT_LABEL]: project }),
  };
}

/** Labels of what all teams share: components, and control planes of environments. The weekly cost report divides their cost. */
export function sharedLabels(environment?: Pick<Environment, "name">): Record<string, string> {
  return { [COST_CENTER_LABEL]: "shared", ...(environment && { [ENVIRONMENT_LABEL]: environment.name }) };
}

/** `name` if it has at most `longest` characters, else its start and a hash of all of it. */
export function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - hash.length - 1)}-${hash}`;
}
