/** What a pool is on EKS: its instance types, and what their nodes offer. */
import { GIBIBYTES_PER_CORE, type NodeClass, type NodePool } from "../node-pools";
import { GIBIBYTE, MEBIBYTE } from "../quantities";
import type { Allocatable, Offer } from "./common";

/** Instance categories by purpose, of generations that have Nitro, NVMe and current prices. */
export const AWS_CATEGORIES: Readonly<Record<NodeClass, readonly string[]>> = {
  general: ["m"],
  compute: ["c"],
  memory: ["r"],
  gpu: ["g"],
};
export const AWS_OLDEST_GENERATION: Readonly<Record<NodeClass, number>> = {
  general: 5,
  compute: 5,
  memory: 5,
  gpu: 4,
};

const GRAVITON = [1, 2, 4, 8, 16, 32, 48, 64, 96, 192];
/** Cores that instance types of these categories come with, without bare metal: Karpenter 1.14's list of types, July 2026. */
const CORES: Readonly<Record<NodeClass, Readonly<Record<"amd64" | "arm64", readonly number[]>>>> = {
  general: { amd64: [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 384], arm64: GRAVITON },
  compute: { amd64: [1, 2, 4, 8, 16, 32, 36, 48, 64, 72, 96, 128, 192, 384], arm64: GRAVITON },
  memory: { amd64: [1, 2, 4, 8, 16, 32, 48, 64, 96, 128, 192, 384], arm64: GRAVITON },
  // With arm64 no pool of this class passes another rule.
  gpu: { amd64: [4, 8, 16, 32, 48, 64, 96, 192], arm64: [] },
};

/** Numbers of cores that a pool's class and architecture come with on AWS. */
export function awsInstanceCores(pool: NodePool): readonly number[] {
  return CORES[pool.class][pool.architecture];
}

/** A size of node as the arithmetic sees it. */
interface NodeSize {
  readonly cores: number;
  readonly gibibytes: number;
  /** Pods that its network interfaces have addresses for. */
  readonly pods: number;
  readonly gpus: number | undefined;
}

/**
 * Pods of a node by its cores: the fewest that one of its types has, `ENIs × (addresses of each − 1) + 2`, because prefixes are not
 * delegated. From the same list as CORES; newer generations have up to twice as many.
 */
const PODS: Readonly<Record<number, number>> = {
  ...{ 1: 8, 2: 29, 4: 58, 8: 58, 12: 234, 16: 234, 24: 234, 32: 234, 36: 234, 48: 234 },
  ...{ 64: 737, 72: 737, 96: 737, 128: 394, 192: 590, 384: 758 },
};
const PODS_WITH_GPU: Readonly<Record<number, number>> = {
  ...{ 4: 29, 8: 29, 16: 29, 32: 58, 48: 234, 64: 58, 96: 492, 192: 345 },
};

/** GPUs of a node by its cores: the most that one of its types has, because Karpenter takes a type that has what a pod asks for. */
const GPUS: Readonly<Record<number, number>> = { 4: 1, 8: 1, 16: 1, 32: 1, 48: 4, 64: 1, 96: 4, 192: 8 };

/** Types of no class's choice that are known all the same, so that a pool may name them: what costs many times a T4. */
const BY_NAME_ONLY: Readonly<Record<string, NodeSize>> = {
  "p4d.24xlarge": { cores: 96, gibibytes: 1152, pods: 737, gpus: 8 },
  "p4de.24xlarge": { cores: 96, gibibytes: 1152, pods: 737, gpus: 8 },
  "p5.4xlarge": { cores: 16, gibibytes: 256, pods: 118, gpus: 1 },
  "p5.48xlarge": { cores: 192, gibibytes: 2048, pods: 100, gpus: 8 },
};

/** Sizes that the pool's nodes may have. Those of types that only the config knows are what `class` and `cpus` say of them. */
function nodeSizes(pool: NodePool): readonly NodeSize[] {
  const named = (pool.aws.instanceTypes ?? []).flatMap((type) => BY_NAME_ONLY[type] ?? []);
  if (named.length > 0 && named.length === pool.aws.instanceTypes?.length) return named;
  const [smallest, largest] = pool.cpus;
  return awsInstanceCores(pool)
    .filter((cores) => cores >= smallest && cores <= largest)
    .map((cores) => ({
      cores,
      gibibytes: cores * GIBIBYTES_PER_CORE[pool.class],
      pods: (pool.class === "gpu" ? PODS_WITH_GPU : PODS)[cores] ?? 0,
      gpus: pool.class !== "gpu" ? 0 : pool.aws.instanceTypes ? undefined : GPUS[cores],
    }));
}

/** The share of a type's memory that Karpenter reckons with until it has seen one: it sets 7.5 % aside (`VM_MEMORY_OVERHEAD_PERCENT`). */
const EXPECTED_MEMORY = 0.925;

/**
 * What pods can have on a node of the pool's largest size: cores and memory less the kubelet's reservations on AL2023
 * (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go), which grow with the number of pods, and
 * what Karpenter sets aside, on arm64 another 64 MiB.
 */
export function awsLargestNode(pool: NodePool): Allocatable {
  const largest = nodeSizes(pool).at(-1);
  const cores = largest?.cores ?? pool.cpus[1];
  const memory = (largest?.gibibytes ?? cores * GIBIBYTES_PER_CORE[pool.class]) * GIBIBYTE;
  const reservedMemory =
    (11 * (largest?.pods ?? 110) + 255 + 100 + (pool.architecture === "arm64" ? 64 : 0)) * MEBIBYTE;
  const reservedCpu =
    60 + 10 * Math.min(cores - 1, 1) + 5 * Math.min(Math.max(cores - 2, 0), 2) + 2.5 * Math.max(cores - 4, 0);
  return { cpu: Math.floor(cores * 1000 - reservedCpu), memory: Math.floor(memory * EXPECTED_MEMORY - reservedMemory) };
}

/** Karpenter may make all of them of the smallest size. */
export function awsMostNodes({ cpus, limits, ...pool }: NodePool): number {
  const memory = cpus[0] * GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE;
  return Math.floor(Math.min(limits.cpu / (cpus[0] * 1000), limits.memory / memory));
}

/** On every node: aws-node, kube-proxy, eks-pod-identity-agent, ebs-csi-node, node-exporter, and with GPUs their plugin. */
const PODS_OF_EVERY_NODE = 6;

/** Memory that types of a class have at most for each core: those with GPUs differ, the others are all alike. */
const MOST_GIBIBYTES_PER_CORE: Readonly<Record<NodeClass, number>> = { ...GIBIBYTES_PER_CORE, gpu: 8 };

/**
 * CPU and memory of all the nodes that Karpenter can make: the limits, or less where no nodes of the pool's sizes add up to both of
 * them. What types have that the config names is not the class's, so they are taken to reach the limits.
 */
function reachable(pool: NodePool): Allocatable {
  const { limits } = pool;
  const sizes = nodeSizes(pool).map(({ cores }) => cores);
  if (pool.aws.instanceTypes !== undefined || sizes.length === 0) return limits;
  const memoryPerCore = GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE * EXPECTED_MEMORY;
  const cores = greatestSum(sizes, Math.floor(Math.min(limits.cpu / 1000, limits.memory / memoryPerCore)));
  return {
    cpu: Math.min(limits.cpu, cores * 1000),
    memory: Math.min(limits.memory, cores * MOST_GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE),
  };
}

/** The greatest sum of these whole numbers, each taken as often as one likes, that is at most `room`. */
function greatestSum(numbers: readonly number[], room: number): number {
  const largest = Math.max(...numbers);
  // So many of the others that they come to the square of the largest can be exchanged for some of the largest.
  const whole = Math.max(0, Math.floor((room - largest ** 2) / largest)) * largest;
  const reached = [true];
  for (let sum = 1; sum <= room - whole; sum++) reached.push(numbers.some((number) => reached[sum - number] ?? false));
  return whole + reached.lastIndexOf(true);
}

/**
 * What the pool can give to all its pods together: all nodes that Karpenter can make within the limits. Pods and GPUs are those of as many nodes of
 * one size as the limits hold, of the size that gives most.
 */
export function awsPoolOffer(pool: NodePool): Offer {
  const { limits } = pool;
  const of = nodeSizes(pool).map(({ cores, gibibytes, pods, gpus }) => {
    const nodes = Math.floor(Math.min(limits.cpu / (cores * 1000), limits.memory / (gibibytes * GIBIBYTE)));
    return { pods: nodes * (pods - PODS_OF_EVERY_NODE), gpus: gpus === undefined ? undefined : nodes * gpus };
  });
  const known = of.flatMap(({ gpus }) => gpus ?? []);
  return {
    ...reachable(pool),
    pods: Math.max(0, ...of.map(({ pods }) => pods)),
    gpus: known.length < of.length ? undefined : Math.max(0, ...known),
  };
}
