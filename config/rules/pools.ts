/** Node pools that cannot be, or that nothing could run on. */
import { LABEL_PREFIX } from "../names";
import type { NodePool } from "../node-pools";
import { sharedPool, type Cluster, type Platform } from "../platform";
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
    id: "pool-range",
    severity: "error",
    check: (platform) =>
      eachPool(platform, (pool, path) =>
        pool.cpus[0] <= pool.cpus[1]
          ? []
          : [
              {
                path: `${path}.cpus`,
                message: `[${pool.cpus.join(", ")}] has the larger number first; write [smallest, largest]`,
              },
            ],
      ),
  },
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
];

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
