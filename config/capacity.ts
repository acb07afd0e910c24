/** Capacity as arithmetic: what is asked of a team's pools, of a shared pool and of an environment, against what they can give. */
import { COMPONENTS } from "./components";
import { installedComponents } from "./cost-tool";
import { environmentRequests } from "./environment-components";
import type { Allocatable } from "./clouds/common";
import { poolId } from "./node-pools";
import {
  poolOffer,
  poolsOf,
  sharedPool,
  sum,
  teamQuotas,
  type Cluster,
  type Environment,
  type Platform,
  type Team,
} from "./platform";
import { showCores, showGibibytes } from "./quantities";

type Checked = Omit<Platform, "warnings">;

/** A line of a sum, in millicores and bytes. */
export interface Item extends Allocatable {
  readonly what: string;
}

/** What is asked against what there is. */
export interface Balance {
  readonly asked: readonly Item[];
  readonly offered: readonly Item[];
}

/** A team with node pools of its own on one cluster; undefined where it has none, or where nodes are not ours to make. */
export function teamBalance(team: Team, cluster: Cluster): Balance | undefined {
  if (team.nodePools.length === 0 || cluster.kind === "local") return undefined;
  return { asked: teamItems(team), offered: team.nodePools.map((pool) => offerItem(pool, cluster)) };
}

/** A cluster's shared pool: teams without pools, components, and the control planes of its environments. */
export function sharedBalance(platform: Checked, cluster: Cluster): Balance | undefined {
  const pool = sharedPool(cluster);
  if (!pool) return undefined;
  const teams = platform.teams
    .filter((team) => team.nodePools.length === 0)
    .map((team) => ({ what: `team ${team.name}`, ...sum(teamQuotas(team)) }));
  const components = installedComponents(platform, cluster).map((name) => COMPONENTS[name].requests[cluster.profile]);
  const environments = platform.environments.flatMap(environmentRequests);
  return {
    asked: [
      ...teams,
      { what: "components", ...sum(components) },
      { what: "environments' control planes", ...sum(environments) },
    ],
    offered: [offerItem(pool, cluster)],
  };
}

/** An environment with a cap: its teams and its control plane against it. */
export function environmentBalance(platform: Checked, environment: Environment): Balance | undefined {
  if (!environment.cap) return undefined;
  const teams = platform.teams.flatMap((team) =>
    team.environments
      .filter((entry) => entry.environment === environment.name)
      .map((entry) => ({ what: `team ${team.name}`, cpu: entry.quota.cpu, memory: entry.quota.memory })),
  );
  return {
    asked: [...teams, { what: "its control plane", ...sum(environmentRequests(environment)) }],
    offered: [{ what: "its cap", ...environment.cap }],
  };
}

function teamItems(team: Team): Item[] {
  return [
    ...team.namespaces.map(({ name, quota }) => ({ what: name, cpu: quota.cpu, memory: quota.memory })),
    ...team.environments.map(({ environment, quota }) => ({
      what: `in ${environment}`,
      cpu: quota.cpu,
      memory: quota.memory,
    })),
  ];
}

function offerItem(pool: ReturnType<typeof poolsOf>[number], cluster: Cluster): Item {
  return { what: `pool ${poolId(pool)}`, ...(poolOffer(pool, cluster) ?? { cpu: 0, memory: 0 }) };
}

/** Share of the offer that is asked, the larger of CPU and memory: 1 is full, more does not fit. */
export function load(balance: Balance): number {
  const asked = sum(balance.asked);
  const offered = sum(balance.offered);
  return Math.max(ratio(asked.cpu, offered.cpu), ratio(asked.memory, offered.memory));
}

const ratio = (asked: number, offered: number): number =>
  offered === 0 ? (asked === 0 ? 0 : Infinity) : asked / offered;

/** The sum as a small table: what is asked, a line, what there is. */
export function showBalance(balance: Balance): string {
  const rows = [
    ["", "cores", "GiB"],
    ...balance.asked.map(row),
    row({ what: "asked", ...sum(balance.asked) }),
    ...(balance.offered.length > 1 ? balance.offered.map(row) : []),
    row({
      what: balance.offered.length > 1 ? "offered" : `offered (${balance.offered[0]?.what ?? "nothing"})`,
      ...sum(balance.offered),
    }),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map(
      ([what = "", cores = "", memory = ""]) =>
        `${what.padEnd(widths[0] ?? 0)}  ${cores.padStart(widths[1] ?? 0)}  ${memory.padStart(widths[2] ?? 0)}`,
    )
    .join("\n");
}

const row = (item: Item): [string, string, string] => [item.what, showCores(item.cpu), showGibibytes(item.memory)];
