import { z } from "zod";
import { azurePoolName, azurePriorities } from "../../../../config/clouds/azure-node-pools";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { az } from "../az";
import { inside } from "../rest-api";
import { VERSIONS } from "./api-versions";
import { locationOf, subscriptionOf, type Check, type CheckContext } from "./check";
import { findCluster } from "./managed-cluster";
import { coresOf, named, type Sku } from "./skus";
import { judgeVcpus, poolDemand, quotasOf, type Demand, type VcpuQuota } from "./vcpus";

/** Quotas of the location against what the config asks for. */
export const quotas: Check = {
  subject: "quotas",
  needs:
    "Microsoft.Compute/locations/usages/read, Microsoft.Network/locations/usages/read and Reader on the cluster's groups",
  look: async (context) => {
    const nodeGroup = (await findCluster(context))?.properties.nodeResourceGroup ?? undefined;
    return [...(await vcpus(context, nodeGroup)), ...(await addresses(context, nodeGroup))];
  },
};

const usage = z.object({
  name: z.object({ value: z.string() }),
  currentValue: z.coerce.number(),
  limit: z.coerce.number(),
});
export type Usage = z.output<typeof usage>;

async function vcpus(context: CheckContext, nodeGroup: string | undefined): Promise<readonly Finding[]> {
  const scope = locationOf(context, "Microsoft.Compute");
  const [skus, usages, ours] = await Promise.all([
    context.skus(),
    context.clients.resourceManager.list({ path: `${scope}/usages`, apiVersion: VERSIONS.compute }, usage),
    ourMachines(context, nodeGroup),
  ]);
  const demands = demandsOf(context, skus);
  return quotasOf(demands).map((quota) => {
    const found = usageOf(usages, quota.name);
    return found
      ? judgeVcpus(quota, found.limit, found.currentValue - coresInUse(ours, quota, skus), demands, scope)
      : unknown(quota.subject, `${quota.name} has no value in this location`);
  });
}

/** What system nodes and every pool may come to use; without those whose size the location does not know. */
export function demandsOf(
  { platform, cluster }: Pick<CheckContext, "platform" | "cluster">,
  skus: readonly Sku[],
): readonly Demand[] {
  const { vmSize, min, max } = cluster.systemNodes;
  const system = named(skus, vmSize);
  const ofSystem: readonly Demand[] =
    // A cluster of somebody else has nodes already.
    system && !cluster.existing
      ? [
          {
            who: "system nodes",
            family: system.family ?? "",
            markets: ["on-demand"],
            most: max * coresOf(system),
            least: min * coresOf(system),
            node: coresOf(system),
          },
        ]
      : [];
  return [...ofSystem, ...poolsOn(platform, cluster).flatMap((pool) => poolDemand(pool, skus) ?? [])];
}

/** The machines of one node pool. */
const scaleSet = z.object({
  sku: z.object({ name: z.string(), capacity: z.coerce.number().nullish() }).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.object({ virtualMachineProfile: z.object({ priority: z.string().nullish() }).nullish() }).nullish(),
});
export type ScaleSet = z.output<typeof scaleSet>;

/** Those of the cluster's own pools: they are counted in the usage already. */
async function ourMachines(context: CheckContext, nodeGroup: string | undefined): Promise<readonly ScaleSet[]> {
  const { platform, cluster } = context;
  const ours = new Set([
    ...(cluster.existing ? [] : ["system"]),
    ...poolsOn(platform, cluster).flatMap((pool) =>
      azurePriorities(pool).map((priority) => azurePoolName(pool, priority, cluster)),
    ),
  ]);
  const all = await inGroup(
    context,
    nodeGroup,
    "Microsoft.Compute/virtualMachineScaleSets",
    VERSIONS.compute,
    scaleSet,
  );
  return all.filter(({ tags }) => ours.has(tags?.["aks-managed-poolName"] ?? ""));
}

/** Cores of machines that run, by how they count. */
export function coresInUse(machines: readonly ScaleSet[], quota: VcpuQuota, skus: readonly Sku[]): number {
  return machines
    .filter(
      ({ properties }) =>
        (properties?.virtualMachineProfile?.priority === "Spot" ? "spot" : "on-demand") === quota.market,
    )
    .map(({ sku }) => ({ capacity: sku?.capacity ?? 0, size: named(skus, sku?.name ?? "") }))
    .filter(({ size }) => quota.family === undefined || size?.family === quota.family)
    .reduce((sum, { capacity, size }) => sum + capacity * (size ? coresOf(size) : 0), 0);
}

/** The quota of public addresses was renamed when there came to be one for each version of IP. */
const ADDRESSES = ["IPv4StandardSkuPublicIpAddresses", "StandardSkuPublicIpAddresses"];

async function addresses(context: CheckContext, nodeGroup: string | undefined): Promise<readonly Finding[]> {
  const { cluster, clients, resourceGroup } = context;
  const subject = "quota: public addresses";
  const scope = locationOf(context, "Microsoft.Network");
  const usages = await clients.resourceManager.list({ path: `${scope}/usages`, apiVersion: VERSIONS.network }, usage);
  const quota = ADDRESSES.map((name) => usageOf(usages, name)).find((found) => found !== undefined);
  if (!quota) return [unknown(subject, `${ADDRESSES.join(" and ")} have no value in this location`)];
  const type = "Microsoft.Network/publicIPAddresses";
  const [own, ofNodes] = await Promise.all(
    [resourceGroup, nodeGroup].map((group) =>
      inGroup(context, group, type, VERSIONS.network, z.object({ id: z.string() })),
    ),
  );
  // Of the gateway's load balancer, and of the way out.
  const needed =
    1 + (cluster.existing || cluster.network.outbound === "user-defined-routing" || ownGateway(context) ? 0 : 1);
  const ours = (own?.length ?? 0) + (ofNodes?.length ?? 0);
  return [
    judgeCount({ subject, name: quota.name.value, needed, inUse: quota.currentValue - ours, scope }, quota.limit),
  ];
}

/** A NAT gateway that is there has its address already. */
const ownGateway = ({ cluster }: CheckContext): boolean =>
  cluster.network.existing !== undefined && cluster.network.outbound === "nat-gateway";

/** How many there may be against how many are needed beside those of others. */
export function judgeCount(
  count: {
    readonly subject: string;
    readonly name: string;
    readonly needed: number;
    readonly inUse: number;
    readonly scope: string;
  },
  value: number,
): Finding {
  const { subject, name, needed, inUse, scope } = count;
  const found = `${needed} needed, ${value} allowed, ${inUse} in use by others`;
  if (needed <= value - inUse) return { severity: "ok", subject, found };
  return {
    severity: "error",
    subject,
    found,
    fix: az({ subscription: scope.split("/")[2] ?? "" }, "quota update", {
      "resource-name": name,
      scope,
      "limit-object": `value=${inUse + needed}`,
      "resource-type": "PublicIpAddresses",
    }),
  };
}

const usageOf = (usages: readonly Usage[], name: string): Usage | undefined =>
  usages.find((one) => one.name.value.toLowerCase() === name.toLowerCase());

/** What a group holds of a type; nothing where the group is not there yet. */
async function inGroup<T>(
  context: CheckContext,
  group: string | undefined,
  type: string,
  apiVersion: string,
  shape: z.ZodType<T>,
): Promise<readonly T[]> {
  if (group === undefined) return [];
  const path = `${subscriptionOf(context)}/resourceGroups/${group}/providers/${type}`;
  return inside(context.clients.resourceManager.list({ path, apiVersion }, shape));
}

function unknown(subject: string, why: string): Finding {
  return {
    severity: "warn",
    subject,
    found: `could not be looked at: ${why}`,
    fix: "look for yourself: az vm list-usage, az network list-usages",
  };
}
