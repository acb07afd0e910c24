/**
 * Node pools for common purposes, as functions that return what `nodePools` takes: `nodePools: { build: cpuLarge({ capacity: "spot" }) }`.
 * Whatever is given wins over the preset. Pods choose a pool of their team by the label `stackyard.dev/node-pool: <its key>`.
 */
import type { NodePoolInput } from "./node-pools";

/** What may be other than in the preset; maps are merged. */
export type PresetOptions = Omit<Partial<NodePoolInput>, "class">;

/** 2 to 8 cores with 4 GiB each, mostly spot, up to 100 cores; no taint, so whatever is not the team's may share it. */
export const generalDev = (options: PresetOptions = {}): NodePoolInput =>
  merged(
    {
      class: "general",
      cpus: [2, 8],
      capacity: "spot-with-fallback",
      limits: { cpu: 100, memory: "400Gi" },
      taint: false,
    },
    options,
  );

/**
 * 16 to 64 cores with 8 GiB each, never spot: data sets of 100 to 250 GiB in memory. A container above 64 GiB needs a pool of this class
 * (the rule `high-memory-pool`); with `containers.guaranteed` nothing can take from it what it asked for.
 */
export const highMemory = (options: PresetOptions = {}): NodePoolInput =>
  merged({ class: "memory", cpus: [16, 64], capacity: "on-demand", limits: { cpu: 128, memory: "1Ti" } }, options);

/** 4 to 8 cores with one small GPU, such as a T4, never spot. */
export const gpu = (options: PresetOptions = {}): NodePoolInput =>
  merged({ class: "gpu", cpus: [4, 8], capacity: "on-demand", limits: { cpu: 32, memory: "224Gi" } }, options);

/** Nodes of 2 cores and 8 GiB, labelled `pool: cpu-small`. */
export const cpuSmall = (options: PresetOptions = {}): NodePoolInput =>
  merged(
    { class: "general", cpus: [2, 2], limits: { cpu: 16, memory: "64Gi" }, labels: { pool: "cpu-small" } },
    options,
  );

/** Nodes of 8 to 16 cores with 4 GiB each, labelled `pool: cpu-large`. */
export const cpuLarge = (options: PresetOptions = {}): NodePoolInput =>
  merged(
    { class: "general", cpus: [8, 16], limits: { cpu: 64, memory: "256Gi" }, labels: { pool: "cpu-large" } },
    options,
  );

/** A100 GPUs, labelled `pool: gpu-a100`: eight in one machine on AWS, one in each of up to four on Azure. Never spot, and costly. */
export const gpuA100 = (options: PresetOptions = {}): NodePoolInput =>
  merged(
    {
      class: "gpu",
      cpus: [24, 96],
      capacity: "on-demand",
      limits: { cpu: 96, memory: "1152Gi" },
      labels: { pool: "gpu-a100" },
      aws: { instanceTypes: ["p4d.24xlarge"] },
      azure: { vmSize: "Standard_NC24ads_A100_v4" },
    },
    options,
  );

/** Every preset by the name under which the docs list it. */
export const NODE_POOL_PRESETS = {
  "general-dev": generalDev,
  "high-memory": highMemory,
  gpu,
  "cpu-small": cpuSmall,
  "cpu-large": cpuLarge,
  "gpu-a100": gpuA100,
} as const;

const merged = (preset: NodePoolInput, options: PresetOptions): NodePoolInput => ({
  ...preset,
  ...options,
  ...mergedMap("labels", preset, options),
  ...mergedMap("aws", preset, options),
  ...mergedMap("azure", preset, options),
});

function mergedMap(key: "labels" | "aws" | "azure", preset: NodePoolInput, options: PresetOptions): object {
  const map = { ...preset[key], ...options[key] };
  return Object.keys(map).length > 0 ? { [key]: map } : {};
}
