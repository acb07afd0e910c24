/** VM sizes of AKS nodes: which there are, by the purpose of a pool. */
import type { NodeClass } from "../node-pools";

/** A VM size that AKS nodes can be made of. */
export interface VmSize {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGibibytes: number;
}

interface OfferedVmSize extends VmSize {
  readonly class: NodeClass;
  readonly architecture: "amd64" | "arm64";
}

/**
 * What the classes are made of; of those that fit a pool, the last is taken. Each has a local disk that an ephemeral OS disk of 64 GiB fits
 * on: 75 GiB with two cores and more with each, 176 and more with a T4. From the pages of the series below
 * https://learn.microsoft.com/azure/virtual-machines/sizes/overview, November 2026: no series of them is to be retired. The sixth
 * generation costs about a tenth more on amd64.
 */
export const VM_SIZES: readonly OfferedVmSize[] = [
  ...family("general", "amd64", (cpu) => `Standard_D${cpu}ds_v5`, 4, [2, 4, 8, 16, 32, 48, 64]),
  ...family("general", "arm64", (cpu) => `Standard_D${cpu}pds_v5`, 4, [2, 4, 8, 16, 32]),
  ...family("compute", "amd64", (cpu) => `Standard_D${cpu}lds_v5`, 2, [2, 4, 8, 16, 32, 48, 64]),
  ...family("compute", "arm64", (cpu) => `Standard_D${cpu}plds_v5`, 2, [2, 4, 8, 16, 32]),
  ...family("memory", "amd64", (cpu) => `Standard_E${cpu}ds_v5`, 8, [2, 4, 8, 16, 32, 48, 64]),
  ...family("memory", "arm64", (cpu) => `Standard_E${cpu}pds_v5`, 8, [2, 4, 8, 16]),
  gpu("Standard_NC4as_T4_v3", 4, 28),
  gpu("Standard_NC8as_T4_v3", 8, 56),
  gpu("Standard_NC16as_T4_v3", 16, 110),
  gpu("Standard_NC64as_T4_v3", 64, 440),
];

/**
 * Known, so that `azure.vmSize` needs no description, but of no class's choice: they cost many times what a T4 does. Each has whole GPUs of
 * NVIDIA's with a driver that AKS installs, and a local disk of 64 GiB or more.
 */
const BY_NAME_ONLY: readonly OfferedVmSize[] = [
  gpu("Standard_NV36ads_A10_v5", 36, 440),
  gpu("Standard_NV36adms_A10_v5", 36, 880),
  gpu("Standard_NV72ads_A10_v5", 72, 880),
  gpu("Standard_NC24ads_A100_v4", 24, 220),
  gpu("Standard_NC48ads_A100_v4", 48, 440),
  gpu("Standard_NC96ads_A100_v4", 96, 880),
  gpu("Standard_NC40ads_H100_v5", 40, 320),
  gpu("Standard_NC80adis_H100_v5", 80, 640),
];

/** GPUs of the sizes that are known, as the pages of their series say. */
export const GPUS: Readonly<Record<string, number>> = {
  Standard_NC4as_T4_v3: 1,
  Standard_NC8as_T4_v3: 1,
  Standard_NC16as_T4_v3: 1,
  Standard_NC64as_T4_v3: 4,
  Standard_NV36ads_A10_v5: 1,
  Standard_NV36adms_A10_v5: 1,
  Standard_NV72ads_A10_v5: 2,
  Standard_NC24ads_A100_v4: 1,
  Standard_NC48ads_A100_v4: 2,
  Standard_NC96ads_A100_v4: 4,
  Standard_NC40ads_H100_v5: 1,
  Standard_NC80adis_H100_v5: 2,
};

/** Every size whose cores and memory need not be written into the config. */
export const KNOWN_VM_SIZES: readonly OfferedVmSize[] = [...VM_SIZES, ...BY_NAME_ONLY];

/** What a size's name says. */
export interface VmSizeName {
  /** Family and subfamily. @example "D" or "NC" */
  readonly family: string;
  /** Cores that can be used; undefined in the oldest series, which only count their sizes. */
  readonly cpu: number | undefined;
  readonly architecture: "amd64" | "arm64";
  /** Additive features, a letter each. @example "ds" */
  readonly features: string;
  readonly version: number;
}

const NAME = /^Standard_([A-Z]+)(\d+)(?:-(\d+))?([a-z]*)(?:_(?:xl|(?!V\d+$)[A-Z][A-Za-z0-9]+))*(?:_v(\d+))?$/;

/** Series whose number is no number of cores: `DS3_v2` has four. */
const COUNTED = /^(A|DS?|GS?)$/;

/** https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions; undefined where a name does not follow it. */
export function parseVmSize(name: string): VmSizeName | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, family = "", cpu, constrained, features = "", suffix] = match;
  const version = Number(suffix ?? 1);
  return {
    family,
    cpu: COUNTED.test(family) && version < 3 ? undefined : Number(constrained ?? cpu),
    architecture: features.includes("p") ? "arm64" : "amd64",
    features,
    version,
  };
}

/** The version from which on a family's names say by a `d` that there is a local disk; before it, and in other families, there is one. */
const SAYS_ITS_DISK: Readonly<Record<string, number>> = { B: 2, D: 4, DC: 3, E: 4, EC: 5, F: 6, FX: 2 };

/** Whether a size has no local disk by its name, and so no ephemeral OS disk; false also where the name does not say. */
export function lacksLocalDisk(name: string): boolean {
  const size = parseVmSize(name);
  if (!size || size.features.includes("d")) return false;
  // D4as_v4 and E4as_v4 have one that their names do not tell.
  if (size.version === 4 && size.features.includes("a")) return false;
  return size.version >= (SAYS_ITS_DISK[size.family] ?? Infinity);
}

function gpu(name: string, cpu: number, memoryGibibytes: number): OfferedVmSize {
  return { class: "gpu", architecture: "amd64", name, cpu, memoryGibibytes };
}

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
