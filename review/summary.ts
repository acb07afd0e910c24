/** What a platform will be on each cluster, as plain data: terminal.ts and page.ts show it. */
import { load, loadOf, sharedBalance, teamBalance, type Balance, type Resource } from "../config/capacity";
import type { Layer, StackPlan } from "../config/layers";
import { describeCluster, sharedPool, sum, teamQuotas, type Cluster, type Platform } from "../config/platform";
import type { Allocatable } from "../config/clouds/common";
import type { Problem } from "../config/problems";
import type { Waiver } from "../config/waivers";
import type { Violation } from "../policies/plan/rule";
import type { WaivedViolation } from "../policies/plan/waivers";
import { asText, type SynthesizedResource, type SynthesizedStack } from "../policies/plan/synthesized-stack";

export interface PlatformSummary {
  readonly name: string;
  readonly stacks: readonly StackSummary[];
  readonly warnings: readonly Problem[];
  readonly violations: readonly Violation[];
  readonly waived: readonly WaivedViolation[];
  /** Waivers that are about nothing. */
  readonly unusedWaivers: readonly Waiver[];
}

export interface StackSummary {
  readonly name: string;
  readonly what: string;
  readonly domain: string;
  readonly resources: number;
  /** Number of resources by type, the most frequent first. */
  readonly types: readonly (readonly [type: string, count: number])[];
  readonly releases: readonly ReleaseSummary[];
  readonly environments: readonly EnvironmentSummary[];
  readonly teams: readonly TeamSummary[];
  /** Where teams without pools run: the cluster's shared pool, or nodes that are not ours to make. */
  readonly otherNodes: "shared pool" | "the cluster's own";
  /** Components, control planes and teams without pools on the shared pool; undefined where nodes are not ours to make. */
  readonly shared?: UsageSummary;
}

export interface ReleaseSummary {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** Undefined for the project's own charts. */
  readonly version: string | undefined;
}

export interface EnvironmentSummary {
  readonly name: string;
  readonly cluster: string;
  readonly preset: string;
  readonly quota: Allocatable;
}

/** Asked and offered in millicores and bytes; `load` is the largest share, of pods and GPUs as well, and `loadOf` says of what. */
export interface UsageSummary {
  readonly asked: Allocatable;
  readonly offered: Allocatable | undefined;
  readonly load: number | undefined;
  readonly loadOf: Resource | undefined;
}

export interface TeamSummary extends UsageSummary {
  readonly name: string;
  readonly costCenter: string;
  readonly namespaces: readonly string[];
  readonly environments: readonly string[];
  /** `general: general 4–16 cores, spot-with-fallback`; empty where the team has none, or where nodes are not ours to make. */
  readonly pools: readonly string[];
}

export function summarize(
  platform: Platform,
  plans: readonly StackPlan[],
  stacks: readonly SynthesizedStack[],
  violations: readonly Violation[],
  waived: readonly WaivedViolation[] = [],
  unusedWaivers: readonly Waiver[] = [],
): PlatformSummary {
  const names = new Set(plans.map(({ cluster }) => cluster.name));
  return {
    name: platform.name,
    stacks: plans.flatMap(({ name, cluster, layers }) => {
      const stack = stacks.find((candidate) => candidate.name === name);
      return stack ? [summarizeStack(platform, cluster, layers, stack)] : [];
    }),
    // Those of clusters that were not asked for are nobody's business now.
    warnings: platform.warnings.filter(
      ({ path }) => !path.startsWith("clusters.") || names.has(path.split(".")[1] ?? ""),
    ),
    violations,
    waived,
    unusedWaivers,
  };
}

function summarizeStack(
  platform: Platform,
  cluster: Cluster,
  layers: readonly Layer[],
  stack: SynthesizedStack,
): StackSummary {
  const shared = layers.includes("platform") ? sharedBalance(platform, cluster) : undefined;
  return {
    name: stack.name,
    what: layers.length === 1 ? `${describeCluster(cluster)}, layer ${layers.join()}` : describeCluster(cluster),
    domain: cluster.domain,
    resources: stack.resources.length,
    types: countTypes(stack.resources),
    releases: stack.resources
      .filter(({ type }) => type === "helm_release")
      .map(summarizeRelease)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    environments: (layers.includes("platform") ? platform.environments : []).map(
      ({ name, cluster: virtual, preset, quota }) => ({
        name,
        cluster: virtual,
        preset,
        quota,
      }),
    ),
    teams: (layers.includes("teams") ? platform.teams : []).map((team) => ({
      name: team.name,
      costCenter: team.costCenter,
      namespaces: team.namespaces.map(({ name }) => name),
      environments: team.environments.map(({ environment }) => environment),
      pools: (cluster.kind === "local" ? [] : team.nodePools).map(
        (pool) => `${pool.name}: ${pool.class} ${pool.architecture} ${pool.cpus.join("–")} cores, ${pool.capacity}`,
      ),
      ...usage(teamBalance(team, cluster) ?? { asked: [{ what: team.name, ...sum(teamQuotas(team)) }], offered: [] }),
    })),
    otherNodes: sharedPool(cluster) ? "shared pool" : "the cluster's own",
    ...(shared && { shared: usage(shared) }),
  };
}

function usage(balance: Balance): UsageSummary {
  const asked = sum(balance.asked);
  return balance.offered.length === 0
    ? { asked, offered: undefined, load: undefined, loadOf: undefined }
    : { asked, offered: sum(balance.offered), load: load(balance), loadOf: loadOf(balance) };
}

function countTypes(resources: readonly SynthesizedResource[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { type } of resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
}

/** Own charts are assets of the stack: `assets/chart-team/1234ABCD`. */
const OWN_CHART = /^assets\/chart-([a-z-]+)\//;

function summarizeRelease({ attributes }: SynthesizedResource): ReleaseSummary {
  const { name, namespace, chart, version } = attributes;
  const own = OWN_CHART.exec(asText(chart))?.[1];
  return {
    name: asText(name),
    namespace: asText(namespace),
    chart: own === undefined ? asText(chart) : `charts/${own}`,
    version: own === undefined ? asText(version) : undefined,
  };
}

/** What is said of a waiver that is about nothing. */
export const describeUnused = ({ rule, stack, address, path, team, owner }: Waiver): string =>
  `${stack}: the waiver of ${rule} for ${address ?? path ?? `team ${team ?? ""}`} is about nothing; ${owner} may take it out`;
