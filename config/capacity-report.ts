/** The whole picture of a platform's capacity: what is asked, what there is, and what is left, by cluster, team, pool and environment. */
import {
  environmentItems,
  granted,
  load,
  loadOf,
  offerItem,
  sharedItems,
  teamItems,
  TIGHT,
  tightness,
  total,
  type Amount,
  type Balance,
  type Item,
  type Resource,
} from "./capacity";
import { poolId } from "./node-pools";
import { describeCluster, poolsOn, type Cluster, type Platform } from "./platform";

/** `offered`, `left`, `load` and `loadOf` are undefined where there is nothing to hold it against: nodes of somebody else, or no cap. */
export interface Usage {
  readonly name: string;
  readonly asked: Amount;
  /** What `asked` is the sum of. */
  readonly parts: readonly Item[];
  readonly offered: Amount | undefined;
  readonly left: Amount | undefined;
  /** 1 is full. */
  readonly load: number | undefined;
  /** What it is the load of. */
  readonly loadOf: Resource | undefined;
  /** Of CPU, memory or pods so much is asked that rolling updates may wait. */
  readonly tight: boolean;
}

export interface PoolCapacity {
  readonly name: string;
  /** Undefined for the shared pool. */
  readonly team: string | undefined;
  readonly offered: Amount;
}

export interface ClusterCapacity {
  readonly name: string;
  readonly what: string;
  /** `pools` are the names of the pools that the team runs on: its own, or the shared one, of which it has no share of its own. */
  readonly teams: readonly (Usage & { readonly pools: readonly string[] })[];
  readonly pools: readonly PoolCapacity[];
  /** Undefined where nodes are not ours to make. */
  readonly shared: Usage | undefined;
  /** Against their caps. */
  readonly environments: readonly Usage[];
  readonly total: Usage;
}

/** Every list in the order of the platform, which sorts by name. */
export function capacityReport(platform: Platform, clusters: readonly Cluster[]): readonly ClusterCapacity[] {
  return clusters.map((cluster) => clusterCapacity(platform, cluster));
}

function clusterCapacity(platform: Platform, cluster: Cluster): ClusterCapacity {
  const pools = poolsOn(platform, cluster);
  const offers = (team: string | undefined): readonly Item[] =>
    pools.filter((pool) => pool.team === team).map((pool) => offerItem(pool, cluster));
  const shared = sharedItems(platform, cluster);
  const owners = platform.teams.filter(({ nodePools }) => nodePools.length > 0);
  return {
    name: cluster.name,
    what: describeCluster(cluster),
    teams: platform.teams.map((team) => ({
      ...usage(team.name, { asked: teamItems(team), offered: owners.includes(team) ? offers(team.name) : [] }),
      pools: pools.length === 0 ? [] : owners.includes(team) ? team.nodePools.map(({ name }) => name) : ["shared"],
    })),
    pools: pools.map((pool) => ({ name: poolId(pool), team: pool.team, offered: total([offerItem(pool, cluster)]) })),
    shared: pools.length === 0 ? undefined : usage("shared", { asked: shared, offered: offers(undefined) }),
    environments: platform.environments.map((environment) => {
      const { name, cap, quota } = environment;
      const asked = environmentItems(platform, environment);
      const used = usage(name, { asked, offered: cap ? [{ what: "its cap", ...cap }] : [] });
      // Without teams its quota counts neither.
      return { ...used, asked: { ...used.asked, pods: quota.pods, storage: quota.storage } };
    }),
    total: usage(cluster.name, {
      asked: [...owners.map((team) => ({ what: `team ${team.name}`, ...granted(teamItems(team)) })), ...shared],
      offered: pools.map((pool) => offerItem(pool, cluster)),
    }),
  };
}

const UNBOUNDED = { offered: undefined, left: undefined, load: undefined, loadOf: undefined, tight: false } as const;

function usage(name: string, balance: Balance): Usage {
  const asked = granted(balance.asked);
  if (balance.offered.length === 0) return { name, asked, parts: balance.asked, ...UNBOUNDED };
  // A sum in which one is not known is not known.
  const known = total(balance.offered);
  const offered: Amount = {
    ...known,
    pods: balance.offered.every(({ pods }) => pods !== undefined) ? known.pods : undefined,
    gpus: balance.offered.every(({ gpus }) => gpus !== undefined) ? known.gpus : undefined,
  };
  const rest = (of: "pods" | "gpus"): number | undefined =>
    offered[of] === undefined || asked[of] === undefined ? undefined : offered[of] - asked[of];
  return {
    name,
    asked,
    parts: balance.asked,
    offered,
    left: {
      cpu: offered.cpu - asked.cpu,
      memory: offered.memory - asked.memory,
      pods: rest("pods"),
      gpus: rest("gpus"),
    },
    load: load(balance),
    loadOf: loadOf(balance),
    tight: tightness(balance) > TIGHT,
  };
}
