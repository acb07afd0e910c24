/** Quotas of virtual cores as arithmetic: what the config may come to use against what the subscription may run. */
import { azurePriorities, azureVmSize, nodesWithin } from "../../../../config/clouds/azure-node-pools";
import { poolId, type NodePool } from "../../../../config/node-pools";
import type { Finding } from "../../../operations";
import { az } from "../az";
import { coresOf, named, type Sku } from "./skus";

/** How machines are bought. Azure counts spot apart, whatever the size. */
export type Market = "on-demand" | "spot";

/** A limit on cores: https://learn.microsoft.com/azure/quotas/per-vm-quota-requests */
export interface VcpuQuota {
  /** As Azure calls it, such as `standardDDSv5Family`. */
  readonly name: string;
  readonly market: Market;
  /** Whose cores count in it. @default - those of every size */
  readonly family?: string;
  readonly subject: string;
}

const REGION: VcpuQuota = { name: "cores", market: "on-demand", subject: "quota: vCPUs of the region" };
const SPOT: VcpuQuota = { name: "lowPriorityCores", market: "spot", subject: "quota: spot vCPUs" };

/** What one part of the config may come to use. */
export interface Demand {
  readonly who: string;
  /** Of its VM size. */
  readonly family: string;
  /** In order of preference. */
  readonly markets: readonly Market[];
  /** Cores of all its nodes together, at most. */
  readonly most: number;
  /** Of the nodes that are always there, on demand; none for a pool that may be empty. */
  readonly least: number;
  /** Of one node. */
  readonly node: number;
}

/** Undefined for a size that the location does not know, which another check says. */
export function poolDemand(pool: NodePool, skus: readonly Sku[]): Demand | undefined {
  const size = azureVmSize(pool);
  const sku = size && named(skus, size.name);
  if (!size || !sku) return undefined;
  const markets = azurePriorities(pool).map((priority): Market => (priority === "Spot" ? "spot" : "on-demand"));
  return {
    who: `pool ${poolId(pool)}`,
    family: sku.family ?? "",
    markets: [...markets].reverse(),
    most: nodesWithin(pool, size) * coresOf(sku),
    least: firstNodes(pool) * coresOf(sku),
    node: coresOf(sku),
  };
}

/** As in stacks/azure/node-pools.ts, which would load cdktf: only a pool of everybody that is no spot pool keeps a node. */
const firstNodes = (pool: NodePool): number =>
  pool.team === undefined && azurePriorities(pool).includes("Regular") ? 1 : 0;

/** The quotas that some demand counts in. */
export function quotasOf(demands: readonly Demand[]): readonly VcpuQuota[] {
  const families = [
    ...new Set(demands.filter(({ markets }) => markets.includes("on-demand")).map(({ family }) => family)),
  ];
  const all = [
    REGION,
    ...families.sort().map((family): VcpuQuota => ({
      name: family,
      market: "on-demand",
      family,
      subject: `quota: vCPUs of ${family}`,
    })),
    SPOT,
  ];
  return all.filter((quota) => demands.some((demand) => countsIn(quota, demand)));
}

export function countsIn({ market, family }: VcpuQuota, demand: Demand): boolean {
  return demand.markets.includes(market) && (family === undefined || family === demand.family);
}

/**
 * A quota against the demands that count in it. Too little for the nodes that are always there is an error: the deploy makes them. Too
 * little for one node of a pool that begins empty, or for every pool at its limit, is a warning: the autoscaler makes fewer nodes then.
 *
 * @param inUse cores that others in the subscription use, not this cluster
 * @param scope of the quota, as `az quota` wants it
 */
export function judgeVcpus(
  quota: VcpuQuota,
  value: number,
  inUse: number,
  demands: readonly Demand[],
  scope: string,
): Finding {
  const ours = demands.filter((demand) => countsIn(quota, demand));
  const free = value - inUse;
  const most = ours.reduce((sum, demand) => sum + demand.most, 0);
  const least = quota.market === "spot" ? 0 : ours.reduce((sum, demand) => sum + demand.least, 0);
  const sum = `${ours.map((demand) => `${demand.who} ${demand.most}`).join(" + ")} = ${most} at most; ${value} allowed, ${inUse} in use by others`;
  const empty = ours.filter(
    (demand) => demand.markets.length === 1 && demand.least === 0 && least + demand.node > free,
  );
  const { subject, name } = quota;
  const fix = az({ subscription: scope.split("/")[2] ?? "" }, "quota update", {
    "resource-name": name,
    scope,
    "limit-object": `value=${inUse + most}`,
    "resource-type": quota.market === "spot" ? "lowPriority" : "dedicated",
  });
  if (least > free)
    return {
      severity: "error",
      subject,
      found: `${sum}: too little for the ${least} of the first nodes`,
      fix,
    };
  if (empty.length > 0)
    return {
      severity: "warn",
      subject,
      found: `${sum}: beside the first nodes there is no room for one of ${empty.map(({ who }) => who).join(", ")}`,
      fix,
    };
  if (most > free) return { severity: "warn", subject, found: `${sum}: pools stop growing before their limits`, fix };
  return { severity: "ok", subject, found: sum };
}
