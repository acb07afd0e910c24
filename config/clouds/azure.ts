/** The config section of a cluster on Azure: its input, its schema, and what its nodes can offer. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { nodePoolSchema, poolId, type NodeClass, type NodePool, type NodePoolInput } from "../node-pools";
import { GIBIBYTE, MEBIBYTE } from "../quantities";
import { count, nonEmpty, object } from "../zod";
import { addressRange, domain, minorVersion, type Allocatable, type KubernetesVersion } from "./common";

/** An AKS cluster in a virtual network of its own, with one autoscaling node pool per team pool. */
export interface AzureClusterInput<Group extends string = string> {
  readonly kind: "azure";
  /** DNS domain of the cluster's components: `argocd.<domain>`. No two clusters share one. */
  readonly domain: string;
  /** @example "swedencentral" */
  readonly location: string;
  /** Subscription that everything is made in. */
  readonly subscription: string;
  /** Minor version of Kubernetes; AKS keeps the patch level up to date. */
  readonly kubernetes: KubernetesVersion;
  readonly network: {
    /** Range of the virtual network, /16 to /24, not used elsewhere. Pods have a range of their own. */
    readonly cidr: string;
    /** Range of pods (overlay): each node takes a /24 of it. Clusters may use the same. @default "192.168.0.0/16" */
    readonly podCidr?: string;
    /** Range of Kubernetes Services. @default "172.16.0.0/16" */
    readonly serviceCidr?: string;
  };
  readonly access: {
    /** Ranges that may reach the API server from the internet. @default - none: the API server is private */
    readonly public?: readonly string[];
    /** Groups with full rights. Whoever runs Terraform must be in one of them. */
    readonly admins: readonly [Group, ...Group[]];
  };
  /** Azure DNS zone that holds `domain`, and its resource group; both must exist. */
  readonly dns: { readonly zone: string; readonly resourceGroup: string };
  /** Nodes of AKS's own add-ons. @default two to three Standard_D4ds_v5 */
  readonly systemNodes?: { readonly vmSize?: string; readonly min?: number; readonly max?: number };
  /** Nodes of the platform's components and of teams without pools. Required when a team has none. */
  readonly sharedPool?: Omit<NodePoolInput, "taint" | "aws">;
  /** Storage account of the Terraform state (container `tfstate` unless said otherwise). @default - a local file */
  readonly state?: { readonly storageAccount: string; readonly resourceGroup: string; readonly container?: string };
}

/** `azure({ … })` in the config. */
export function azure<const Group extends string = never>(
  input: Omit<AzureClusterInput<Group>, "kind">,
): AzureClusterInput<Group> {
  return { kind: "azure", ...input };
}

export type AzureCluster = z.output<typeof azureSchema> & { readonly name: string };

export const azureSchema = object({
  kind: z.literal("azure"),
  domain,
  location: z.string().regex(/^[a-z][a-z0-9]+$/, 'must be an Azure location, such as "swedencentral"'),
  subscription: z.guid("must be a UUID, such as 00000000-0000-0000-0000-000000000000"),
  kubernetes: minorVersion,
  network: object({
    cidr: addressRange(16, 24),
    podCidr: addressRange(10, 20).default("192.168.0.0/16"),
    // https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning: smaller than /12
    serviceCidr: addressRange(13, 24).default("172.16.0.0/16"),
  }),
  access: object({
    public: z.array(addressRange(0, 32)).default([]),
    admins: z
      .array(nonEmpty)
      .min(1, "needs at least one group: nobody else gets rights on the cluster, Terraform included"),
  }),
  dns: object({ zone: domain, resourceGroup: nonEmpty }),
  systemNodes: object({
    vmSize: nonEmpty.default("Standard_D4ds_v5"),
    min: count.min(2, "must be at least 2: one node is no high availability").default(2),
    max: count.default(3),
  }).prefault({}),
  sharedPool: nodePoolSchema.omit({ taint: true, aws: true }).optional(),
  state: object({
    storageAccount: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, "must be a storage account: 3 to 24 lower-case letters and digits"),
    resourceGroup: nonEmpty,
    container: nonEmpty.default("tfstate"),
  }).optional(),
});

/** A VM size that AKS nodes can be made of. */
export interface VmSize {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGibibytes: number;
}

/** Sizes with a local disk, so that the OS disk can be ephemeral. From https://learn.microsoft.com/azure/virtual-machines/sizes, November 2026. */
export const VM_SIZES: readonly (VmSize & { readonly class: NodeClass; readonly architecture: "amd64" | "arm64" })[] = [
  ...family("general", "amd64", (cpu) => `Standard_D${cpu}ds_v5`, 4, [2, 4, 8, 16, 32, 48, 64]),
  ...family("general", "arm64", (cpu) => `Standard_D${cpu}pds_v5`, 4, [2, 4, 8, 16, 32]),
  ...family("compute", "amd64", (cpu) => `Standard_D${cpu}lds_v5`, 2, [2, 4, 8, 16, 32, 48, 64]),
  ...family("compute", "arm64", (cpu) => `Standard_D${cpu}plds_v5`, 2, [2, 4, 8, 16, 32]),
  ...family("memory", "amd64", (cpu) => `Standard_E${cpu}ds_v5`, 8, [2, 4, 8, 16, 32, 48, 64]),
  ...family("memory", "arm64", (cpu) => `Standard_E${cpu}pds_v5`, 8, [2, 4, 8, 16]),
  { class: "gpu", architecture: "amd64", name: "Standard_NC4as_T4_v3", cpu: 4, memoryGibibytes: 28 },
  { class: "gpu", architecture: "amd64", name: "Standard_NC8as_T4_v3", cpu: 8, memoryGibibytes: 56 },
  { class: "gpu", architecture: "amd64", name: "Standard_NC16as_T4_v3", cpu: 16, memoryGibibytes: 110 },
  { class: "gpu", architecture: "amd64", name: "Standard_NC64as_T4_v3", cpu: 64, memoryGibibytes: 440 },
];

function family(
  nodeClass: NodeClass,
  architecture: "amd64" | "arm64",
  name: (cpu: number) => string,
  gibibytesPerCore: number,
  cpus: readonly number[],
) {
  return cpus.map((cpu) => ({
    class: nodeClass,
    architecture,
    name: name(cpu),
    cpu,
    memoryGibibytes: cpu * gibibytesPerCore,
  }));
}

/**
 * The one VM size of a pool's nodes: the largest of its class and architecture within its range of cores and its limits.
 * Undefined where there is none, or where the escape hatch names a size nobody described.
 */
export function azureVmSize(pool: NodePool): VmSize | undefined {
  const { vmSize, cpu, memoryGibibytes } = pool.azure;
  if (vmSize !== undefined) {
    const known = VM_SIZES.find((size) => size.name === vmSize);
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

/** What pods can have on one node: https://learn.microsoft.com/azure/aks/node-resource-reservations. */
export function azureLargestNode(pool: NodePool): Allocatable {
  const size = azureVmSize(pool);
  if (!size) return { cpu: 0, memory: 0 };
  const memory = size.memoryGibibytes * GIBIBYTE;
  const reservedMemory = Math.min((20 * pool.azure.maxPods + 50) * MEBIBYTE, memory / 4) + 100 * MEBIBYTE;
  return { cpu: size.cpu * 1000 - reservedMillicores(size.cpu), memory: Math.floor(memory - reservedMemory) };
}

/** 60 m for the first core, 40 for the second, 20 for the third and fourth, 10 for each further one. */
const reservedMillicores = (cores: number): number =>
  60 + (cores > 1 ? 40 : 0) + 20 * Math.min(Math.max(cores - 2, 0), 2) + 10 * Math.max(cores - 4, 0);

/** What the pool can give to all its pods together: as many nodes as its limits allow, less what AKS keeps of each. */
export function azurePoolOffer(pool: NodePool): Allocatable {
  const size = azureVmSize(pool);
  const node = azureLargestNode(pool);
  const nodes = size ? nodesWithin(pool, size) : 0;
  return { cpu: node.cpu * nodes, memory: node.memory * nodes };
}

/** How many of AKS's node pools one pool becomes: a pair where spot falls back to on-demand, so that the autoscaler has both. */
export function azurePriorities(pool: NodePool): readonly ("Spot" | "Regular")[] {
  if (pool.capacity === "spot-with-fallback") return ["Regular", "Spot"];
  return [pool.capacity === "spot" ? "Spot" : "Regular"];
}

/** https://learn.microsoft.com/azure/aks/quotas-skus-regions: node pools per cluster. */
export const AZURE_POOLS_PER_CLUSTER = 100;

/**
 * Name of an AKS node pool: at most 12 lower-case letters and digits, the first a letter. The start is for people; the middle is a
 * hash of the pool and of all that cannot change in place, so that a replacement has a new name and can be made before the old
 * pool goes; the last letter is `s` for spot and `r` for regular, by which the autoscaler prefers spot (stacks/azure/autoscaler.ts).
 * A rule checks that no two pools of a cluster get one name.
 */
export function azurePoolName(pool: NodePool, priority: "Spot" | "Regular"): string {
  const fixed = [poolId(pool), azureVmSize(pool)?.name, pool.azure.maxPods, ...[...pool.azure.zones].sort()];
  const hash = BigInt(`0x${createHash("sha256").update(JSON.stringify(fixed)).digest("hex")}`)
    .toString(36)
    .slice(0, 6);
  return `${poolId(pool)
    .replace(/[^a-z0-9]/g, "")
    .slice(0, 5)}${hash}${priority === "Spot" ? "s" : "r"}`;
}
