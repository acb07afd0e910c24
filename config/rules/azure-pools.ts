/** Node pools that AKS would refuse, or that could not be what they say. */
import type { AzureCluster } from "../clouds/azure";
import { zonesIn } from "../clouds/azure-locations";
import {
  AZURE_POOLS_PER_CLUSTER,
  azureMostNodes,
  azureMostNodesOf,
  azurePoolName,
  azurePriorities,
  azureVmSize,
  nodesWithin,
} from "../clouds/azure-node-pools";
import { KNOWN_VM_SIZES, lacksLocalDisk, parseVmSize } from "../clouds/azure-vm-sizes";
import type { NodePool } from "../node-pools";
import { poolsOn, type Platform } from "../platform";
import { formatCpu, formatMemory } from "../quantities";
import { azureClusters } from "./azure";
import { duplicates } from "./names";
import { eachPool } from "./pools";
import type { Finding, Rule } from "./rule";

type Checked = Omit<Platform, "warnings">;

export const AZURE_POOL_RULES: readonly Rule[] = [
  {
    id: "azure-pod-range",
    severity: "error",
    // The ranges of a cluster of somebody else are theirs.
    check: (platform) =>
      azureClusters(platform)
        .filter(({ existing }) => existing === undefined)
        .flatMap((cluster) => roomForNodes(platform, cluster)),
  },
  {
    id: "azure-pool-zones",
    severity: "error",
    check: (platform) =>
      azureClusters(platform)
        .filter(({ location }) => zonesIn(location).length === 0)
        .flatMap((cluster) =>
          poolsOn(platform, cluster)
            .filter((pool) => pool.azure.zones !== undefined)
            .map((pool) => ({
              path: `${pathOf(pool, cluster)}.azure.zones`,
              message: `names zones, but ${cluster.name} is in ${cluster.location}, which has none; take them out, or take another location`,
            })),
        ),
  },
  {
    id: "azure-vm-size",
    severity: "error",
    check: (platform) =>
      azureClusters(platform).length === 0
        ? []
        : eachPool(platform, (pool, path, cluster) =>
            cluster !== undefined && cluster.kind !== "azure" ? [] : sizeOf(pool, path),
          ),
  },
  {
    id: "azure-pool-name",
    severity: "error",
    check: (platform) =>
      azureClusters(platform).flatMap((cluster) =>
        duplicates(
          poolsOn(platform, cluster).flatMap((pool) =>
            azurePriorities(pool).map((priority) => ({
              path: pathOf(pool, cluster),
              name: azurePoolName(pool, priority, cluster),
            })),
          ),
          `on ${cluster.name} an AKS node pool`,
        ),
      ),
  },
  {
    id: "azure-pool-count",
    severity: "error",
    check: (platform) =>
      azureClusters(platform).flatMap((cluster): Finding[] => {
        const pools = 1 + poolsOn(platform, cluster).reduce((count, pool) => count + azurePriorities(pool).length, 0);
        if (pools <= AZURE_POOLS_PER_CLUSTER) return [];
        const message = `needs ${pools} AKS node pools with the system pool (two for each pool with "spot-with-fallback"); AKS allows ${AZURE_POOLS_PER_CLUSTER} per cluster: let teams share the cluster's pool, or spread them over clusters`;
        return [{ path: `clusters.${cluster.name}`, message }];
      }),
  },
  {
    id: "azure-node-count",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap((cluster) => tooManyNodes(platform, cluster)),
  },
];

/** https://learn.microsoft.com/azure/aks/best-practices-performance-scale-large: AKS cluster and node pool limits. */
const NODES_PER_POOL = 1000;
const NODES_PER_CLUSTER = 5000;

const pathOf = (pool: NodePool, cluster: AzureCluster): string =>
  pool.team === undefined ? `clusters.${cluster.name}.sharedPool` : `teams.${pool.team}.nodePools.${pool.name}`;

/** Room that an upgrade needs: a third more nodes in each pool. */
const SURGE = 4 / 3;

function roomForNodes(platform: Checked, cluster: AzureCluster): Finding[] {
  const { cidr, podCidr, existing } = cluster.network;
  const path = `clusters.${cluster.name}.network`;
  const nodes = azureMostNodesOf(poolsOn(platform, cluster), cluster);
  // Azure keeps five addresses of each subnet.
  const addresses = Math.floor((2 ** (31 - prefixOf(cidr)) - 5) / SURGE);
  const room = Math.floor(2 ** (24 - prefixOf(podCidr)) / SURGE);
  const tail = `but the pools may grow to ${nodes} and a third more while they are upgraded; take a shorter prefix, or lower limits. It cannot be changed later`;
  return [
    ...(existing !== undefined || nodes <= addresses
      ? []
      : [
          {
            path: `${path}.cidr`,
            message: `${cidr} gives nodes half of its addresses, room for ${addresses}, ${tail}`,
          },
        ]),
    ...(nodes <= room
      ? []
      : [{ path: `${path}.podCidr`, message: `${podCidr} has room for ${room} nodes, a /24 each, ${tail}` }]),
  ];
}

function tooManyNodes(platform: Checked, cluster: AzureCluster): Finding[] {
  const pools = poolsOn(platform, cluster).flatMap((pool): Finding[] => {
    const nodes = azureMostNodes(pool);
    return nodes <= NODES_PER_POOL
      ? []
      : [
          {
            path: `${pathOf(pool, cluster)}.limits`,
            message: `hold ${nodes} nodes of ${azureVmSize(pool)?.name ?? ""}, and AKS allows ${NODES_PER_POOL} in a pool; lower them, or allow larger nodes`,
          },
        ];
  });
  const nodes = azureMostNodesOf(poolsOn(platform, cluster), cluster);
  return nodes <= NODES_PER_CLUSTER
    ? pools
    : [
        ...pools,
        {
          path: `clusters.${cluster.name}`,
          message: `may grow to ${nodes} nodes, and AKS allows ${NODES_PER_CLUSTER} per cluster; lower the limits of pools, or spread teams over clusters`,
        },
      ];
}

const prefixOf = (range: string): number => Number(range.split("/")[1]);

function sizeOf(pool: NodePool, path: string): Finding[] {
  const { vmSize, cpu, memoryGibibytes } = pool.azure;
  if (vmSize === undefined && (cpu ?? memoryGibibytes) !== undefined)
    return [{ path: `${path}.azure`, message: "describes a VM size, but names none; add vmSize, or take it out" }];
  const message = vmSize === undefined ? noSizeOfClass(pool) : wrongSize(pool, vmSize);
  return message === undefined ? [] : [{ path: vmSize === undefined ? path : `${path}.azure.vmSize`, message }];
}

function noSizeOfClass(pool: NodePool): string | undefined {
  if (azureVmSize(pool)) return undefined;
  const wanted = `class "${pool.class}", ${pool.architecture}, ${pool.cpus.join(" to ")} cores, within ${formatCpu(pool.limits.cpu)} CPU and ${formatMemory(pool.limits.memory)}`;
  return `no VM size of AKS fits: ${wanted}; widen cpus, raise limits, or name one with azure: { vmSize, cpu, memoryGibibytes }`;
}

/** GPUs of AMD, which have no driver here, and sizes with a part of a GPU, which a quota of whole GPUs would count as one. */
const NO_WHOLE_NVIDIA_GPU = /^Standard_NV((6|12|18)ads_A10_v5|\d+as_v4|\d+adm?s_V710_v5)$|_MI300X_/;

/** Why a named size cannot be the pool's. */
function wrongSize(pool: NodePool, name: string): string | undefined {
  const size = parseVmSize(name);
  if (size === undefined) return `"${name}" is not the name of a VM size; allowed: such as "Standard_D8ds_v5"`;
  const described = azureVmSize(pool);
  if (described === undefined)
    return `"${name}" is not in the platform's table; say what it has: azure: { vmSize, cpu, memoryGibibytes }`;
  if (size.cpu !== undefined && size.cpu !== described.cpu)
    return `"${name}" has ${size.cpu} cores by its name, but azure.cpu says ${described.cpu}; correct one of them`;
  if (size.architecture !== pool.architecture)
    return `"${name}" is ${size.architecture}, but the pool is ${pool.architecture}, given or by default; set architecture, or take another size`;
  const inTable = KNOWN_VM_SIZES.find((other) => other.name === name);
  if (inTable && inTable.memoryGibibytes !== described.memoryGibibytes)
    return `"${name}" has ${inTable.memoryGibibytes} GiB, but azure.memoryGibibytes says ${described.memoryGibibytes}; take that out`;
  const known = inTable?.class;
  const isGpu = size.family.startsWith("N");
  if (known === undefined ? isGpu !== (pool.class === "gpu") : known !== pool.class)
    return `"${name}" is of class "${known ?? (isGpu ? "gpu" : "general")}", but the pool is of class "${pool.class}"; set class, or take another size`;
  if (NO_WHOLE_NVIDIA_GPU.test(name))
    return `"${name}" has no whole GPU of NVIDIA's, which quotas count; take another size, such as "Standard_NC8as_T4_v3"`;
  if (pool.azure.osDisk === "Ephemeral" && lacksLocalDisk(name))
    return `"${name}" has no local disk for the OS disk; set azure.osDisk to "Managed", or take a size with a "d" in its features`;
  if (nodesWithin(pool, described) === 0)
    return `"${name}" has ${described.cpu} cores and ${described.memoryGibibytes} GiB, more than the limits of ${formatCpu(pool.limits.cpu)} CPU and ${formatMemory(pool.limits.memory)}; raise limits, or take a smaller size`;
  return undefined;
}
