/** Quotas of virtual cores as arithmetic: what the config may come to use against what the account may run. */
import type { Instance } from "@aws-sdk/client-ec2";
import { poolId, type NodePool } from "../../../../config/node-pools";
import { showCores } from "../../../../config/quantities";
import type { Finding } from "../../../operations";

/** EC2 counts cores by family of instance types and by how they are bought: each pair has a quota. */
export type Family = "standard" | "graphics";
export type Market = "on-demand" | "spot";

export interface VcpuQuota {
  readonly code: string;
  readonly family: Family;
  readonly market: Market;
  readonly subject: string;
}

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
export const VCPU_QUOTAS: readonly VcpuQuota[] = [
  { code: "L-1216C47A", family: "standard", market: "on-demand", subject: "quota: on-demand vCPUs" },
  { code: "L-34B43A08", family: "standard", market: "spot", subject: "quota: spot vCPUs" },
  { code: "L-DB2E81BA", family: "graphics", market: "on-demand", subject: "quota: on-demand vCPUs of G and VT" },
  { code: "L-3819A6DF", family: "graphics", market: "spot", subject: "quota: spot vCPUs of G and VT" },
];

const STANDARD = ["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"];

/** The family that an instance type is counted in; undefined for those with quotas of their own (P, X, Inf, …). */
export function familyOf(instanceType: string): Family | undefined {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? "";
  if (letters.startsWith("g") || letters === "vt") return "graphics";
  return STANDARD.includes(letters) ? "standard" : undefined;
}

/** What one part of the config may come to use. */
export interface Demand {
  readonly who: string;
  readonly families: readonly Family[];
  /** In order of preference. */
  readonly markets: readonly Market[];
  /** All its nodes together, at most. */
  readonly most: number;
  /** What it cannot do without: for system nodes the first ones, for a pool its smallest node. */
  readonly least: number;
}

export function poolDemand(pool: NodePool): Demand {
  const { instanceTypes } = pool.aws;
  const families = instanceTypes
    ? [...new Set(instanceTypes.flatMap((type) => familyOf(type) ?? []))]
    : ([pool.class === "gpu" ? "graphics" : "standard"] as const);
  const markets = { "on-demand": ["on-demand"], spot: ["spot"], "spot-with-fallback": ["spot", "on-demand"] } as const;
  return {
    who: `pool ${poolId(pool)}`,
    families,
    markets: markets[pool.capacity],
    most: Math.ceil(pool.limits.cpu / 1000),
    least: pool.cpus[0],
  };
}

/** Cores of the machines that run, by how they count. `vcpus` is 0 where EC2 does not say. */
export function vcpusInUse(
  instances: readonly Instance[],
  { family, market }: Pick<VcpuQuota, "family" | "market">,
): number {
  return instances
    .filter(
      ({ InstanceType = "", InstanceLifecycle }) =>
        familyOf(InstanceType) === family && (InstanceLifecycle === "spot" ? "spot" : "on-demand") === market,
    )
    .reduce((sum, { CpuOptions }) => sum + (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 0), 0);
}

export function countsIn({ family, market }: VcpuQuota, { families, markets }: Demand): boolean {
  return families.includes(family) && markets.includes(market);
}

/**
 * A quota against the demands that count in it. Too little for what cannot do without is an error; too little for every pool at its limit
 * is a warning, because Karpenter makes fewer nodes then.
 *
 * @param inUse cores that others in the account use, not this cluster
 */
export function judgeVcpus(
  quota: VcpuQuota,
  value: number,
  inUse: number,
  demands: readonly Demand[],
  region: string,
): Finding {
  const ours = demands.filter((demand) => countsIn(quota, demand));
  const free = value - inUse;
  const most = ours.reduce((sum, demand) => sum + demand.most, 0);
  const sum = `${ours.map(({ who, most }) => `${who} ${most}`).join(" + ")} = ${most} at most; ${value} allowed, ${inUse} in use by others`;
  const stuck = ours.filter(({ markets, least }) => markets.length === 1 && least > free);
  const { subject } = quota;
  const fix = `aws service-quotas request-service-quota-increase --region ${region} --service-code ec2 --quota-code ${quota.code} --desired-value ${inUse + most}`;
  if (stuck.length > 0)
    return {
      severity: "error",
      subject,
      found: `${sum}: too little for the first nodes of ${stuck.map(({ who }) => who).join(", ")}`,
      fix,
    };
  if (most > free) return { severity: "warn", subject, found: `${sum}: pools stop growing before their limits`, fix };
  return { severity: "ok", subject, found: sum };
}

/** Pools whose types count in quotas that are not looked at; undefined where there are none. */
export function uncounted(pools: readonly NodePool[]): Finding | undefined {
  const found = pools
    .map((pool) => ({ pool, types: (pool.aws.instanceTypes ?? []).filter((type) => familyOf(type) === undefined) }))
    .filter(({ types }) => types.length > 0);
  if (found.length === 0) return undefined;
  const cores = found.reduce((sum, { pool }) => sum + pool.limits.cpu, 0);
  return {
    severity: "warn",
    subject: "quota: other vCPUs",
    found: `${found.map(({ pool, types }) => `${types.join(", ")} of pool ${poolId(pool)}`).join("; ")} count in quotas of their own, which were not looked at`,
    fix: `see that they allow ${showCores(cores)}: aws service-quotas list-service-quotas --service-code ec2`,
  };
}
