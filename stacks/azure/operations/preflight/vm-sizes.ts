import { azurePoolZones, azurePriorities, azureVmSize } from "../../../../config/clouds/azure-node-pools";
import { zonesIn } from "../../../../config/clouds/azure-locations";
import { VM_SIZES } from "../../../../config/clouds/azure-vm-sizes";
import { poolId } from "../../../../config/node-pools";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import type { Check, CheckContext } from "./check";
import { can, capability, coresOf, ephemeralGibibytes, named, zonesOf, type Sku } from "./skus";

/** GiB of a node's OS disk. */
const OS_DISK = 64;

/** Whether the subscription may use the VM sizes of all nodes, and these can what the platform asks of them. */
export const vmSizes: Check = {
  subject: "VM sizes",
  needs: "Microsoft.Compute/skus/read",
  look: async (context) => {
    const skus = await context.skus();
    return wishes(context).map((wish) => judgeSize(wish, named(skus, wish.size), context.cluster.location));
  },
};

/** What a part of the config asks of its nodes' VM size. */
export interface Wish {
  readonly who: string;
  readonly size: string;
  /** As the config's table or its escape hatch says. @default - the config says nothing of it */
  readonly cpu: number | undefined;
  readonly memoryGibibytes: number | undefined;
  readonly architecture: "amd64" | "arm64";
  readonly zones: readonly string[];
  readonly spot: boolean;
  readonly gpu: boolean;
  /** Whether the OS disk is on the machine itself. */
  readonly ephemeral: boolean;
  readonly hostEncryption: boolean;
}

export function wishes({ platform, cluster }: Pick<CheckContext, "platform" | "cluster">): readonly Wish[] {
  const { hostEncryption, systemNodes } = cluster;
  const known = VM_SIZES.find(({ name }) => name === systemNodes.vmSize);
  const system: Wish = {
    who: "systemNodes",
    size: systemNodes.vmSize,
    cpu: known?.cpu,
    memoryGibibytes: known?.memoryGibibytes,
    architecture: known?.architecture ?? "amd64",
    zones: zonesIn(cluster.location),
    spot: false,
    gpu: false,
    ephemeral: true,
    hostEncryption,
  };
  const pools = poolsOn(platform, cluster).flatMap((pool): readonly Wish[] => {
    const size = azureVmSize(pool);
    // A rule of the config has checked it.
    if (!size) return [];
    return [
      {
        who: `pool ${poolId(pool)}`,
        size: size.name,
        cpu: size.cpu,
        memoryGibibytes: size.memoryGibibytes,
        architecture: pool.architecture,
        zones: azurePoolZones(pool, cluster),
        spot: azurePriorities(pool).includes("Spot"),
        gpu: pool.class === "gpu",
        ephemeral: pool.azure.osDisk === "Ephemeral",
        hostEncryption,
      },
    ];
  });
  // A cluster of somebody else has system nodes already.
  return cluster.existing ? pools : [system, ...pools];
}

/** @param sku undefined where the location does not know the size */
export function judgeSize(wish: Wish, sku: Sku | undefined, location: string): Finding {
  const subject = `VM size of ${wish.who}`;
  const fix = `choose another size (az vm list-skus --location ${location} --resource-type virtualMachines --all), or another location`;
  if (!sku) return { severity: "error", subject, found: `${location} does not offer ${wish.size}`, fix };
  const closed = sku.restrictions.find(({ type }) => type === "Location");
  if (closed)
    return {
      severity: "error",
      subject,
      found: `the subscription may not use ${wish.size} in ${location} (${closed.reasonCode ?? "restricted"})`,
      fix: `${fix}; or ask for it: https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process`,
    };
  const lacks = lacksOf(wish, sku);
  if (lacks.length > 0) return { severity: "error", subject, found: `${wish.size} ${lacks.join("; ")}`, fix };
  const wrong = misdescribed(wish, sku);
  if (wrong !== undefined) return { severity: "warn", subject, ...wrong };
  const where = wish.zones.length > 0 ? `zones ${wish.zones.join(", ")}` : location;
  return { severity: "ok", subject, found: `${wish.size}: offered in ${where}` };
}

/** What the size cannot, as the end of a sentence. */
function lacksOf(wish: Wish, sku: Sku): readonly string[] {
  const zones = zonesOf(sku);
  const missing = wish.zones.filter((zone) => !zones.includes(zone));
  const disk = ephemeralGibibytes(sku);
  const architecture = capability(sku, "CpuArchitectureType")?.toLowerCase() === "arm64" ? "arm64" : "amd64";
  const lacks: readonly (readonly [boolean, string])[] = [
    [
      missing.length > 0,
      `is not offered to the subscription in zone ${missing.join(", ")}, only in ${zones.join(", ") || "none"}`,
    ],
    [architecture !== wish.architecture, `is ${architecture}, the config says ${wish.architecture}`],
    [
      wish.ephemeral && disk < OS_DISK,
      `has room for an ephemeral OS disk of ${Math.floor(disk)} GiB, and ${OS_DISK} are needed (or azure.osDisk: "Managed" of a pool)`,
    ],
    [wish.hostEncryption && !can(sku, "EncryptionAtHostSupported"), "cannot encrypt its disks itself (hostEncryption)"],
    [!can(sku, "PremiumIO"), "takes no premium disks, which the platform's volumes are"],
    [wish.spot && !can(sku, "LowPriorityCapable"), "is not sold as spot"],
    [wish.gpu && Number(capability(sku, "GPUs") ?? 0) === 0, "has no GPU"],
  ];
  return lacks.filter(([lacking]) => lacking).map(([, what]) => what);
}

/** A size that is not what the config says: the sum of quotas would not hold. */
function misdescribed({ size, cpu, memoryGibibytes }: Wish, sku: Sku): Pick<Finding, "found" | "fix"> | undefined {
  const [cores, memory] = [coresOf(sku), Number(capability(sku, "MemoryGB") ?? 0)];
  const differs = (said: number | undefined, is: number): boolean => said !== undefined && is > 0 && said !== is;
  if (!differs(cpu, cores) && !differs(memoryGibibytes, memory)) return undefined;
  return {
    found: `${size} has ${cores} cores and ${memory} GiB, the config counts with ${cpu ?? cores} and ${memoryGibibytes ?? memory}`,
    fix: "correct azure.cpu and azure.memoryGibibytes of the pool; where it names no size, Stackyard's table is wrong: please report it",
  };
}
