/** VM sizes as Azure lists them, with the capabilities of Standard_D4ds_v5 unless said otherwise. */
import type { Sku } from "../../stacks/azure/operations/preflight/skus";

export interface SkuInput {
  readonly family?: string;
  readonly zones?: readonly string[];
  readonly capabilities?: Readonly<Record<string, string>>;
  readonly restrictions?: Sku["restrictions"];
}

export function vmSize(
  name: string,
  { family, zones = ["3", "1", "2"], capabilities, restrictions = [] }: SkuInput = {},
): Sku {
  const all = {
    MaxResourceVolumeMB: "153600",
    CachedDiskBytes: "107374182400",
    vCPUs: "4",
    MemoryGB: "16",
    CpuArchitectureType: "x64",
    EphemeralOSDiskSupported: "True",
    EncryptionAtHostSupported: "True",
    LowPriorityCapable: "True",
    PremiumIO: "True",
    ...capabilities,
  };
  return {
    resourceType: "virtualMachines",
    name,
    family: family ?? "standardDDSv5Family",
    locationInfo: [{ location: "swedencentral", zones: [...zones] }],
    capabilities: Object.entries(all).map(([capability, value]) => ({ name: capability, value })),
    restrictions,
  };
}
