/** Node pools that cannot be, or that nothing could run on. */
import type { Allocatable } from "../clouds/common";
import { LABEL_PREFIX } from "../names";
import type { NodePool } from "../node-pools";
import { poolsOf, sharedPool, type Cluster, type Platform } from "../platform";
import { formatMemory, GIBIBYTE } from "../quantities";
import type { Finding, Rule } from "./rule";

type Checked = Omit<Platform, "warnings">;

/** Prefixes of labels that Kubernetes, Karpenter, AKS or the platform own. A kubelet may not set the first two itself. */
const RESERVED_LABELS = [
  "kubernetes.io",
  "k8s.io",
  "karpenter.sh",
  "karpenter.k8s.aws",
  "kubernetes.azure.com",
  LABEL_PREFIX,
];

export const POOL_RULES: readonly Rule[] = [
  {
    id: "pool-gpu-architecture",
    severity: "error",
    check: (platform) =>
      eachPool(platform, (pool, path) =>
        pool.class === "gpu" && pool.architecture === "arm64"
          ? [
              {
                path: `${path}.architecture`,
                message: '"arm64" does not go with class "gpu": no cloud has the pair for general use; take "amd64"',
              },
            ]
          : [],
      ),
  },
  {
    id: "reserved-label",
    severity: "error",
    check: (platform) =>
      eachPool(platform, (pool, path) =>
        Object.keys(pool.labels)
          .filter((key) =>
            RESERVED_LABELS.some((domain) => key.split("/")[0] === domain || key.split("/")[0]?.endsWith(`.${domain}`)),
          )
          .map((key) => ({
            path: `${path}.labels`,
            message: `"${key}" is in a reserved domain (${RESERVED_LABELS.join(", ")}); take a prefix of your own`,
          })),
      ),
  },
  {
    id: "shared-pool-unusable",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster) => {
        const pool = sharedPool(cluster);
        const path = `clusters.${cluster.name}.sharedPool`;
        const why = "the platform's components run on it, and could not";
        return [
          ...(pool?.class === "gpu"
            ? [{ path: `${path}.class`, message: `"gpu" nodes keep other pods off: ${why}; give the GPUs to a team` }]
            : []),
          ...(pool?.capacity === "spot"
            ? [
                {
                  path: `${path}.capacity`,
                  message: `"spot" alone may be gone at any time: ${why}; take "spot-with-fallback" or "on-demand"`,
                },
              ]
            : []),
        ];
      }),
  },
  {
    id: "high-memory-pool",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team): Finding[] => {
        const { max } = team.containers;
        if (!max || max.memory <= HIGH_MEMORY) return [];
        return platform.clusters
          .map((cluster) => ({ cluster, pools: poolsOf(team, cluster) }))
          .filter(({ pools }) => pools.length > 0 && pools.every(({ class: of }) => of !== "memory" && of !== "gpu"))
          .slice(0, 1)
          .map(({ cluster }) => ({
            path: `teams.${team.name}.containers.max.memory`,
            message: `${formatMemory(max.memory)} for one container is more than ${formatMemory(HIGH_MEMORY)}, and on ${cluster.name} the team has no pool of class "memory" (or "gpu"); add one, such as highMemory() of node-pool-presets.ts, or lower it`,
          }));
      }),
  },
  {
    id: "guaranteed-containers",
    severity: "error",
    check: (platform) =>
      platform.teams
        .filter(({ containers: { guaranteed, request, limit } }) => guaranteed && !isSame(request, limit))
        .map(({ name }) => ({
          path: `teams.${name}.containers.limit`,
          message: "is other than request, and with guaranteed a container has the two alike; leave limit out",
        })),
  },
];

/** A container with more goes to nodes of class memory: on others it would leave half of the cores without memory. */
const HIGH_MEMORY = 64 * GIBIBYTE;

const isSame = (one: Allocatable, other: Allocatable): boolean => one.cpu === other.cpu && one.memory === other.memory;

/** Every pool of the config once; `cluster` only for a cluster's shared pool. */
export function eachPool(
  platform: Checked,
  check: (pool: NodePool, path: string, cluster?: Cluster) => Finding[],
): Finding[] {
  const ofClusters = platform.clusters.flatMap((cluster) => {
    const pool = sharedPool(cluster);
    return pool ? check(pool, `clusters.${cluster.name}.sharedPool`, cluster) : [];
  });
  return [
    ...ofClusters,
    ...platform.teams.flatMap((team) =>
      team.nodePools.flatMap((pool) => check(pool, `teams.${team.name}.nodePools.${pool.name}`)),
    ),
  ];
}
