/** What a pool is on AKS: its VM size, how many nodes, what they offer, and its name. */
import { createHash } from "node:crypto";
import { poolId, type NodePool } from "../node-pools";
import { GIBIBYTE, MEBIBYTE } from "../quantities";
import type { AzureCluster } from "./azure";
import { zonesIn } from "./azure-locations";
import { GPUS, KNOWN_VM_SIZES, VM_SIZES, type VmSize } from "./azure-vm-sizes";
import type { Allocatable, Offer } from "./common";

/**
 * The one VM size of a pool's nodes: the largest of its class and architecture within its range of cores and its limits.
 * Undefined where there is none, or where the escape hatch names a size nobody described.
 */
export function azureVmSize(pool: NodePool): VmSize | undefined {
  const { vmSize, cpu, memoryGibibytes } = pool.azure;
  if (vmSize !== undefined) {
    const known = KNOWN_VM_SIZES.find((size) => size.name === vmSize);
    const described = {
      name: vmSize,
      cpu: cpu ?? known?.cpu,
      memoryGibibytes: memoryGibibytes ?? known?.memoryGibibytes,
    };
    return described.cpu === undefined || described.memoryGibibytes === undefined ? undefined : (described as VmSize);
  }
  return VM_SIZES.filter(
    (size) =>
      size.class === pool.class &&
      size.architecture === pool.architecture &&
      size.cpu >= pool.cpus[0] &&
      size.cpu <= pool.cpus[1] &&
      nodesWithin(pool, size) > 0,
  ).at(-1);
}

/** How many nodes of `size` the pool's limits allow. */
export function nodesWithin(pool: NodePool, size: VmSize): number {
  return Math.floor(
    Math.min(pool.limits.cpu / (size.cpu * 1000), pool.limits.memory / (size.memoryGibibytes * GIBIBYTE)),
  );
}

/**
 * What Linux sees of a machine's memory; firmware and kernel keep the rest. A node with 32 GiB has a capacity of 31.34:
 * https://learn.microsoft.com/azure/aks/best-practices-app-cluster-reliability
 */
const SEEN_MEMORY = 0.975;

/** What pods can have on one node: https://learn.microsoft.com/azure/aks/node-resource-reservations. */
export function azureLargestNode(pool: NodePool): Allocatable {
  const size = azureVmSize(pool);
  if (!size) return { cpu: 0, memory: 0 };
  const memory = size.memoryGibibytes * GIBIBYTE * SEEN_MEMORY;
  const reservedMemory = Math.min((20 * pool.azure.maxPods + 50) * MEBIBYTE, memory / 4) + 100 * MEBIBYTE;
  return { cpu: size.cpu * 1000 - reservedMillicores(size.cpu), memory: Math.floor(memory - reservedMemory) };
}

/** 60 m for the first core, 40 for the second, 20 for the third and fourth, 10 for each further one. */
const reservedMillicores = (cores: number): number =>
  60 + (cores > 1 ? 40 : 0) + 20 * Math.min(Math.max(cores - 2, 0), 2) + 10 * Math.max(cores - 4, 0);

/** AKS's pools have one size each. */
export function azureMostNodes(pool: NodePool): number {
  const size = azureVmSize(pool);
  return size ? nodesWithin(pool, size) : 0;
}

/** Nodes of a cluster when all these pools, in both their priorities, are at their limits, and the system's. */
export function azureMostNodesOf(
  pools: readonly NodePool[],
  { existing, systemNodes }: Pick<AzureCluster, "existing" | "systemNodes">,
): number {
  const ofPools = pools.map((pool) => azureMostNodes(pool) * azurePriorities(pool).length);
  return ofPools.reduce((sum, nodes) => sum + nodes, existing ? 0 : systemNodes.max);
}

/** Room for what is on every node: AKS's own agents for network, volumes and cloud, node-exporter, and with GPUs their plugin. */
const PODS_OF_EVERY_NODE = 8;

/** What the pool can give to all its pods together: as many nodes as its limits allow, less what AKS keeps of each. */
export function azurePoolOffer(pool: NodePool): Offer {
  const node = azureLargestNode(pool);
  const nodes = azureMostNodes(pool);
  const gpus = azureGpus(pool);
  return {
    cpu: node.cpu * nodes,
    memory: node.memory * nodes,
    pods: nodes * (pool.azure.maxPods - PODS_OF_EVERY_NODE),
    gpus: gpus === undefined ? undefined : nodes * gpus,
  };
}

/** GPUs of one node. */
function azureGpus(pool: NodePool): number | undefined {
  if (pool.class !== "gpu") return 0;
  const name = azureVmSize(pool)?.name;
  return name === undefined ? 0 : GPUS[name];
}

/** How many of AKS's node pools one pool becomes: a pair where spot falls back to on-demand, so that the autoscaler has both. */
export function azurePriorities(pool: NodePool): readonly ("Spot" | "Regular")[] {
  if (pool.capacity === "spot-with-fallback") return ["Regular", "Spot"];
  return [pool.capacity === "spot" ? "Spot" : "Regular"];
}

/** Availability zones of a pool's nodes; none in a location that has none. */
export function azurePoolZones(pool: NodePool, cluster: Pick<AzureCluster, "location">): readonly string[] {
  return [...new Set<string>(pool.azure.zones ?? zonesIn(cluster.location))].sort();
}

/** https://learn.microsoft.com/azure/aks/quotas-skus-regions: node pools per cluster. */
export const AZURE_POOLS_PER_CLUSTER = 100;

/**
 * Name of an AKS node pool: at most 12 lower-case letters and digits, the first a letter. The start is for people; the middle is a
 * hash of the pool and of all that cannot change in place, so that a replacement has a new name and can be made before the old
 * pool goes; the last letter is `s` for spot and `r` for regular, by which the autoscaler prefers spot (stacks/azure/autoscaler.ts).
 * A rule checks that no two pools of a cluster get one name.
 */
export function azurePoolName(
  pool: NodePool,
  priority: "Spot" | "Regular",
  cluster: Pick<AzureCluster, "location" | "hostEncryption"> & {
    readonly network: Pick<AzureCluster["network"], "existing">;
  },
): string {
  const fixed = [
    poolId(pool),
    azureVmSize(pool)?.name,
    pool.azure.maxPods,
    ...azurePoolZones(pool, cluster),
    ...(cluster.hostEncryption ? ["host-encryption"] : []),
    ...(pool.azure.osDisk === "Managed" ? ["managed"] : []),
    ...(cluster.network.existing ? [cluster.network.existing.nodeSubnet.toLowerCase()] : []),
  ];
  const hash = BigInt(`0x${createHash("sha256").update(JSON.stringify(fixed)).digest("hex")}`)
    .toString(36)
    .slice(0, 6);
  return `${poolId(pool)
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 5)}${hash}${priority === "Spot" ? "s" : "r"}`;
}
