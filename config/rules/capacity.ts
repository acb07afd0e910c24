/** Sums that cannot come out: quotas beyond pools, environments beyond their caps, containers beyond nodes. */
import {
  environmentBalance,
  load,
  sharedBalance,
  showBalance,
  teamBalance,
  TIGHT,
  tightness,
  type Balance,
} from "../capacity";
import { GIBIBYTES_PER_CORE, poolId, type NodePool } from "../node-pools";
import { largestNode, mostNodes, poolsOf, sharedPool, type Cluster, type Platform } from "../platform";
import { formatCpu, formatMemory, GIBIBYTE, showCores, showGibibytes } from "../quantities";
import { eachPool } from "./pools";
import type { Finding, Rule } from "./rule";

type Checked = Omit<Platform, "warnings">;

export const CAPACITY_RULES: readonly Rule[] = [
  {
    id: "shared-pool-missing",
    severity: "error",
    check: (platform) => {
      const poolless = platform.teams.filter((team) => team.nodePools.length === 0).map((team) => team.name);
      if (poolless.length === 0) return [];
      return platform.clusters
        .filter((cluster) => cluster.kind !== "local" && cluster.sharedPool === undefined)
        .map((cluster) => ({
          path: `clusters.${cluster.name}.sharedPool`,
          message: `is missing, but teams without node pools need it: ${poolless.join(", ")}; add it, or give them pools`,
        }));
    },
  },
  {
    id: "pool-too-small",
    severity: "error",
    check: (platform) => eachPool(platform, tooSmall),
  },
  {
    id: "production-nodes",
    severity: "error",
    check: (platform) => platform.clusters.flatMap((cluster) => tooFewNodes(platform, cluster)),
  },
  {
    id: "team-capacity",
    severity: "error",
    check: (platform) =>
      teamBalances(platform)
        .filter(({ balance }) => load(balance) > 1)
        .map(({ path, where, balance }) =>
          tooMuch(path, `the quotas ask more than the team's node pools can give on ${where}`, balance),
        ),
  },
  {
    id: "shared-capacity",
    severity: "error",
    check: (platform) =>
      sharedBalances(platform)
        .filter(({ balance }) => load(balance) > 1)
        .map(({ path, where, balance }) =>
          tooMuch(path, `more is asked of the shared pool on ${where} than it can give`, balance),
        ),
  },
  {
    id: "environment-cap",
    severity: "error",
    check: (platform) =>
      platform.environments.flatMap((environment) => {
        const balance = environmentBalance(platform, environment);
        return balance && load(balance) > 1
          ? [tooMuch(`environments.${environment.name}.cap`, "the environment needs more than its cap", balance)]
          : [];
      }),
  },
  {
    id: "container-max-on-node",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster) => platform.teams.flatMap((team) => containerBeyondNodes(team, cluster))),
  },
  {
    id: "tight-capacity",
    severity: "warning",
    check: (platform) =>
      [...teamBalances(platform), ...sharedBalances(platform)]
        .filter(({ balance }) => tightness(balance) > TIGHT && load(balance) <= 1)
        .map(({ path, where, balance }) => ({
          path,
          message: `${Math.round(tightness(balance) * 100)} % of what the nodes on ${where} can give is granted; rolling updates need room, too`,
        }))
        .concat(platform.environments.flatMap((environment) => tightCap(platform, environment))),
  },
];

/** Limits that not even one node of the smallest size fits into. A named VM size is judged by itself (azure-vm-size). */
function tooSmall(pool: NodePool, path: string): Finding[] {
  const cores = pool.cpus[0];
  const memory = cores * GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE;
  const than = (what: string) =>
    `less than one node of ${cores} cores, the smallest of cpus${what}; raise it, or allow smaller nodes`;
  if (pool.limits.cpu < cores * 1000)
    return [{ path: `${path}.limits.cpu`, message: `${formatCpu(pool.limits.cpu)} is ${than("")}` }];
  if (pool.limits.memory >= memory) return [];
  return [
    {
      path: `${path}.limits.memory`,
      message: `${formatMemory(pool.limits.memory)} is ${than(`, which has ${formatMemory(memory)}`)}`,
    },
  ];
}

/** In production the replicas of a component stand on different nodes, or do not come up: charts-values/production/. */
function tooFewNodes({ environments }: Checked, cluster: Cluster): Finding[] {
  const pool = sharedPool(cluster);
  const nodes = pool && mostNodes(pool, cluster);
  if (nodes === undefined || cluster.profile !== "production") return [];
  const etcd = environments.find(({ preset }) => preset === "prod");
  const needed = etcd ? 3 : 2;
  if (nodes >= needed) return [];
  const why = etcd ? `the etcd of the environment ${etcd.name}` : "every component";
  return [
    {
      path: `clusters.${cluster.name}.sharedPool.limits`,
      message: `hold ${nodes} ${nodes === 1 ? "node" : "nodes"} at most, and with the profile "production" ${why} stands on ${needed}; raise them, allow smaller nodes by cpus, or take the profile "small"`,
    },
  ];
}

interface Placed {
  readonly path: string;
  readonly where: string;
  readonly balance: Balance;
}

function teamBalances(platform: Checked): Placed[] {
  return platform.teams.flatMap((team) =>
    platform.clusters.flatMap((cluster) => {
      const balance = teamBalance(team, cluster);
      return balance ? [{ path: `teams.${team.name}`, where: cluster.name, balance }] : [];
    }),
  );
}

function sharedBalances(platform: Checked): Placed[] {
  return platform.clusters.flatMap((cluster) => {
    const balance = sharedBalance(platform, cluster);
    return balance ? [{ path: `clusters.${cluster.name}.sharedPool`, where: cluster.name, balance }] : [];
  });
}

function tightCap(platform: Checked, environment: Platform["environments"][number]): Finding[] {
  const balance = environmentBalance(platform, environment);
  return balance && tightness(balance) > TIGHT && load(balance) <= 1
    ? [
        {
          path: `environments.${environment.name}.cap`,
          message: `${Math.round(tightness(balance) * 100)} % of the cap is granted; the next team, or a larger quota, will not fit`,
        },
      ]
    : [];
}

const tooMuch = (path: string, what: string, balance: Balance): Finding => ({
  path,
  message: `${what}; lower what is asked, or raise what is offered\n${showBalance(balance)}`,
});

/** What a container asks for that says nothing, and the most that one may ask for: each needs a node that it fits on. */
function containerBeyondNodes(team: Platform["teams"][number], cluster: Cluster): Finding[] {
  const nodes = poolsOf(team, cluster).flatMap((pool) => {
    const node = largestNode(pool, cluster);
    return node ? [{ pool, node }] : [];
  });
  const largest = nodes
    .map(({ pool, node }) => `${poolId(pool)} ${showCores(node.cpu)} cores and ${showGibibytes(node.memory)} GiB`)
    .join("; ");
  return (["request", "max"] as const).flatMap((size) => {
    const of = team.containers[size];
    if (!of || nodes.length === 0 || nodes.some(({ node }) => node.cpu >= of.cpu && node.memory >= of.memory))
      return [];
    return [
      {
        path: `teams.${team.name}.containers.${size}`,
        message: `${formatCpu(of.cpu)} CPU and ${formatMemory(of.memory)} fit on no node of the team on ${cluster.name}, after the kubelet's share: ${largest}; lower it, or allow larger nodes`,
      },
    ];
  });
}
