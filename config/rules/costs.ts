/** What the cost tool's licence allows. */
import { costTool } from "../cost-tool";
import { poolId } from "../node-pools";
import { poolsOn, sum, type Cluster, type Platform } from "../platform";
import { showCores } from "../quantities";
import type { Finding, Rule } from "./rule";

/** Kubecost without a product key: https://www.kubecost.com/pricing */
const FREE_CORES = 250;
const FREE_DAYS = 15;

export const COST_RULES: readonly Rule[] = [
  {
    id: "kubecost-licence",
    severity: "warning",
    check: (platform) =>
      platform.clusters
        .filter((cluster) => costTool(platform, cluster) === "kubecost" && !hasProductKey(platform))
        .flatMap((cluster) => beyondFree(platform, cluster)),
  },
];

function beyondFree(platform: Omit<Platform, "warnings">, cluster: Cluster): Finding[] {
  const pools = poolsOn(platform, cluster);
  const cores = sum(pools.map((pool) => pool.limits)).cpu;
  if (cores <= FREE_CORES * 1000) return [];
  const parts = pools.map((pool) => `${poolId(pool)} ${showCores(pool.limits.cpu)}`).join(", ");
  return [
    {
      path: "components.kubecost",
      message:
        `the pools of ${cluster.name} may grow to ${showCores(cores)} cores (${parts}), and Kubecost without a licence is for ${FREE_CORES} cores and keeps ${FREE_DAYS} days; ` +
        "use OpenCost, which has no limit, by components: { kubecost: false }, or give Kubecost its product key by components.kubecost.values",
    },
  ];
}

/** https://github.com/kubecost/kubecost: `kubecostProductConfigs.productKey`. */
function hasProductKey({ components }: Pick<Platform, "components">): boolean {
  const { kubecostProductConfigs } = components.kubecost.values as {
    readonly kubecostProductConfigs?: { readonly productKey?: { readonly enabled?: unknown } };
  };
  return kubecostProductConfigs?.productKey?.enabled === true;
}
