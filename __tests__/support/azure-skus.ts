/** VM sizes as Azure lists them, with the capabilities of Standard_D4ds_v5 unless said otherwise. */
import type { Sku } from "../../stacks/azure/operations/preflight/skus";

export interface SkuInput {
  readonly family?: string;
  readonly zones?: readonly string[];
  readonly capabilities?: Readonly<Record<string, string>>;
  readonly restrictions?: readonly {
    readonly type: string;
    readonly reasonCode?: string;
    readonly zones?: readonly string[];
  }[];
}

export function vmSize(
  name: string,
  { family, zones = ["3", "1", "2"], capabilities, restrictions = [] }: SkuInput = {},
): Sku & { readonly resourceType: string } {
  const all = {
    MaxResourceVolumeMB: "153600",
    // No CachedDiskBytes: the series has none. https://github.com/Azure/AKS/issues/2699
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
    restrictions: restrictions.map(({ type, reasonCode, zones: closed }) => ({
      type,
      reasonCode,
      restrictionInfo: closed && { zones: [...closed] },
    })),
  };
}
