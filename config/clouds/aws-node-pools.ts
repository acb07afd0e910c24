/** What a pool is on EKS: its instance types, and what their nodes offer. */
import { GIBIBYTES_PER_CORE, type NodeClass, type NodePool } from "../node-pools";
import { GIBIBYTE, MEBIBYTE } from "../quantities";
import type { Allocatable } from "./common";

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

/**
 * What pods can have on a node of the pool's largest size: cores and memory less the kubelet's reservations on AL2023
 * (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go) with up to 110 pods, and the 7.5 %
 * that Karpenter sets aside until it has seen a type (`VM_MEMORY_OVERHEAD_PERCENT`).
 */
export function awsLargestNode(pool: NodePool): Allocatable {
  const cores = pool.cpus[1];
  const memory = cores * GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE;
  const reservedMemory = (11 * 110 + 255 + 100) * MEBIBYTE;
  const reservedCpu =
    60 + 10 * Math.min(cores - 1, 1) + 5 * Math.min(Math.max(cores - 2, 0), 2) + 2.5 * Math.max(cores - 4, 0);
  return { cpu: Math.floor(cores * 1000 - reservedCpu), memory: Math.floor(memory * 0.925 - reservedMemory) };
}

/** Karpenter may make all of them of the smallest size. */
export function awsMostNodes({ cpus, limits, ...pool }: NodePool): number {
  const memory = cpus[0] * GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE;
  return Math.floor(Math.min(limits.cpu / (cpus[0] * 1000), limits.memory / memory));
}

/** What the pool can give to all its pods together: Karpenter makes nodes up to the limits. */
export function awsPoolOffer(pool: NodePool): Allocatable {
  return pool.limits;
}
