/** Capacity as arithmetic: what is asked of a team's pools, of a shared pool and of an environment, against what they can give. */
import { COMPONENTS } from "./components";
import { installedComponents } from "./cost-tool";
import { environmentOverhead } from "./environment-components";
import type { Allocatable } from "./clouds/common";
import { poolId } from "./node-pools";
import {
  poolOffer,
  poolsOf,
  sharedPool,
  sum,
  type Cluster,
  type Environment,
  type Platform,
  type Quota,
  type Team,
} from "./platform";
import { showCores, showGibibytes } from "./quantities";

type Checked = Omit<Platform, "warnings">;

/** Millicores and bytes; what is undefined is not limited, or not known, and counts nothing. */
export interface Amount extends Allocatable {
  readonly pods?: number | undefined;
  readonly gpus?: number | undefined;
  readonly storage?: number | undefined;
}

/** What a pool can run out of. */
export type Resource = "cpu" | "memory" | "pods" | "gpus";

/** A line of a sum. */
export interface Item extends Amount {
  readonly what: string;
  /** The platform's own: no quota of a team is behind it. */
  readonly ours?: boolean;
  /** Bytes by StorageClass, where a quota counts them so. */
  readonly storageClasses?: Readonly<Record<string, number>> | undefined;
}

/** What is asked against what there is. */
export interface Balance {
  readonly asked: readonly Item[];
  readonly offered: readonly Item[];
}

/** Above this share a fit is tight: rolling updates and DaemonSets need room, too. */
export const TIGHT = 0.9;

/** What the pods of all components are reckoned as: in production there are about fifty. */
const COMPONENT_PODS = 60;

/** A team with node pools of its own on one cluster; undefined where it has none, or where nodes are not ours to make. */
export function teamBalance(team: Team, cluster: Cluster): Balance | undefined {
  if (team.nodePools.length === 0 || cluster.kind === "local") return undefined;
  return { asked: teamItems(team), offered: team.nodePools.map((pool) => offerItem(pool, cluster)) };
}

/** A cluster's shared pool: teams without pools, components, and the control planes of its environments. */
export function sharedBalance(platform: Checked, cluster: Cluster): Balance | undefined {
  const pool = sharedPool(cluster);
  if (!pool) return undefined;
  return { asked: sharedItems(platform, cluster), offered: [offerItem(pool, cluster)] };
}

/** What runs on a cluster's shared pool, or on whatever nodes it has: see `sharedBalance`. */
export function sharedItems(platform: Checked, cluster: Cluster): readonly Item[] {
  const teams = platform.teams
    .filter((team) => team.nodePools.length === 0)
    .map((team) => ({ what: `team ${team.name}`, ...granted(teamItems(team)) }));
  const components = installedComponents(platform, cluster).map((name) => COMPONENTS[name].requests[cluster.profile]);
  return [
    ...teams,
    { what: "components", ours: true, ...sum(components), pods: COMPONENT_PODS },
    {
      what: `environments' ${platform.environments.some(hasComponents) ? "control planes and components" : "control planes"}`,
      ours: true,
      ...total(platform.environments.map((environment) => controlPlaneItem(platform, environment))),
    },
  ];
}

/** An environment with a cap: its teams and its control plane against it. */
export function environmentBalance(platform: Checked, environment: Environment): Balance | undefined {
  if (!environment.cap) return undefined;
  return {
    asked: environmentItems(platform, environment).map(({ what, cpu, memory }) => ({ what, cpu, memory })),
    offered: [{ what: "its cap", ...environment.cap }],
  };
}

/** What the quota of an environment's namespace on the host is the sum of. */
export function environmentItems(platform: Checked, environment: Environment): readonly Item[] {
  const teams = platform.teams.flatMap((team) =>
    team.environments
      .filter((entry) => entry.environment === environment.name)
      .map((entry) => quotaItem(`team ${team.name}`, entry.quota)),
  );
  return [...teams, controlPlaneItem(platform, environment)];
}

function controlPlaneItem({ teams }: Checked, environment: Environment): Item {
  const there = teams.filter(({ environments }) =>
    environments.some((entry) => entry.environment === environment.name),
  );
  return {
    what: hasComponents(environment) ? "its control plane and components" : "its control plane",
    ours: true,
    ...environmentOverhead(environment, there.length),
  };
}

const hasComponents = ({ components }: Environment): boolean => components.length > 0;

/** The quotas of a team, a line each. */
export function teamItems(team: Team): readonly Item[] {
  return [
    ...team.namespaces.map(({ name, quota }) => quotaItem(name, quota)),
    ...team.environments.map(({ environment, quota }) => quotaItem(`in ${environment}`, quota)),
  ];
}

const quotaItem = (what: string, { cpu, memory, pods, gpus, storage, storageClasses }: Quota): Item => ({
  what,
  cpu,
  memory,
  pods,
  gpus,
  storage,
  ...(storageClasses && { storageClasses }),
});

/** What one pool gives its pods; nothing where nodes are not ours to make. */
export function offerItem(pool: ReturnType<typeof poolsOf>[number], cluster: Cluster): Item {
  return { what: `pool ${poolId(pool)}`, ...(poolOffer(pool, cluster) ?? { cpu: 0, memory: 0 }) };
}

/** The sum of all; of pods, GPUs and storage the sum of what is known, undefined where nothing is. */
export function total(amounts: readonly Amount[]): Amount {
  const known = (of: "pods" | "gpus" | "storage"): number | undefined => {
    const all = amounts.flatMap((amount) => amount[of] ?? []);
    return all.length === 0 ? undefined : all.reduce((one, other) => one + other);
  };
  return { ...sum(amounts), pods: known("pods"), gpus: known("gpus"), storage: known("storage") };
}

/** The sum of quotas; undefined of what one of them does not limit. What the platform's own lines do not say is nothing. */
export function granted(items: readonly Item[]): Amount {
  const sums = total(items);
  const all = (of: "pods" | "gpus" | "storage"): number | undefined =>
    items.every((item) => item.ours || item[of] !== undefined) ? (sums[of] ?? 0) : undefined;
  return { cpu: sums.cpu, memory: sums.memory, pods: all("pods"), gpus: all("gpus"), storage: all("storage") };
}

/** Share of the offer that is asked, the largest of CPU, memory, pods and GPUs: 1 is full, more does not fit. */
export function load(balance: Balance): number {
  return share(loadOf(balance), balance);
}

/** The resource that makes the load; of equal ones the first. */
export function loadOf(balance: Balance): Resource {
  return COLUMNS.map(({ of }) => of).reduce((most, of) => (share(of, balance) > share(most, balance) ? of : most));
}

/** As `load`, without GPUs: they are granted one by one, and all of them is no tight fit. */
export function tightness(balance: Balance): number {
  return Math.max(share("cpu", balance), share("memory", balance), share("pods", balance));
}

function share(of: Resource, balance: Balance): number {
  return matters(of, balance) ? ratio(total(balance.asked)[of] ?? 0, total(balance.offered)[of] ?? 0) : 0;
}

const ratio = (asked: number, offered: number): number =>
  offered === 0 ? (asked === 0 ? 0 : Infinity) : asked / offered;

/** `100 % gpu`: a load for people, with what it is the load of. */
export const showLoad = (load: number, of: Resource): string => `${Math.round(load * 100)} % ${SHORT[of]}`;

const SHORT: Readonly<Record<Resource, string>> = { cpu: "cpu", memory: "mem", pods: "pods", gpus: "gpu" };

/** The sum as a small table: what is asked, a line, what there is. Pods and GPUs only where a team's quota counts them. */
export function showBalance(balance: Balance): string {
  const columns = COLUMNS.filter(({ of }) => matters(of, balance)).map((column) => legible(column, balance));
  const rows = [
    ["", ...columns.map(({ title }) => title)],
    ...[
      ...balance.asked,
      { what: "asked", ...total(balance.asked) },
      ...(balance.offered.length > 1 ? balance.offered : []),
      {
        what: balance.offered.length > 1 ? "offered" : `offered (${balance.offered[0]?.what ?? "nothing"})`,
        ...total(balance.offered),
      },
    ].map((item) => [item.what, ...columns.map(({ show, of }) => showKnown(item[of], show))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

interface Column {
  readonly of: Resource;
  readonly title: string;
  readonly show: (amount: number, digits?: number) => string;
}

const COLUMNS: readonly Column[] = [
  { of: "cpu", title: "cores", show: showCores },
  { of: "memory", title: "GiB", show: showGibibytes },
  { of: "pods", title: "pods", show: (amount) => String(amount) },
  { of: "gpus", title: "GPUs", show: (amount) => String(amount) },
];

/** With as many decimals as it takes to see that more is asked than offered. */
function legible({ of, title, show }: Column, { asked, offered }: Balance): Column {
  const [wanted, given] = [total(asked)[of] ?? 0, total(offered)[of] ?? 0];
  const digits = wanted > given ? [1, 2, 3, 6, 9].find((count) => show(wanted, count) !== show(given, count)) : 1;
  return { of, title, show: (amount) => show(amount, digits) };
}

/** CPU and memory always; pods and GPUs where a team's quota counts them, and it is known how many there are. */
function matters(of: Resource, { asked, offered }: Balance): boolean {
  if (of === "cpu" || of === "memory") return true;
  if (offered.some((item) => item[of] === undefined)) return false;
  return asked.some((item) => !item.ours && (item[of] ?? 0) > 0);
}

/** A number, or that there is none. */
export const showKnown = (amount: number | undefined, show: (amount: number) => string): string =>
  amount === undefined ? "–" : show(amount);
