import { z } from "zod";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type CheckContext } from "./check";
import { listOf } from "./shapes";

/** A VM size in one location, as the subscription sees it: https://learn.microsoft.com/rest/api/compute/resource-skus/list */
const sku = z.object({
  name: z.string(),
  /** Name of the quota of its cores. */
  family: z.string().nullish(),
  locationInfo: listOf(z.object({ location: z.string(), zones: listOf(z.string()) })),
  capabilities: listOf(z.object({ name: z.string(), value: z.string() })),
  restrictions: listOf(
    z.object({
      type: z.string(),
      reasonCode: z.string().nullish(),
      restrictionInfo: z.object({ zones: listOf(z.string()) }).nullish(),
    }),
  ),
});
export type Sku = z.output<typeof sku>;

/** Every VM size that the location knows, whether the subscription may use it or not. */
export async function findSkus(context: Pick<CheckContext, "clients" | "cluster">): Promise<readonly Sku[]> {
  const all = await context.clients.resourceManager.list(
    {
      path: `${subscriptionOf(context)}/providers/Microsoft.Compute/skus`,
      apiVersion: VERSIONS.skus,
      query: { $filter: `location eq '${context.cluster.location}'` },
    },
    z.object({ resourceType: z.string() }).loose(),
  );
  // Of the thousands, one that is written otherwise must not hide the few that the config wants.
  return all
    .filter(({ resourceType }) => resourceType === "virtualMachines")
    .flatMap((one) => sku.safeParse(one).data ?? []);
}

/** Names of sizes and families are written in more than one way. */
export const named = (skus: readonly Sku[], name: string): Sku | undefined =>
  skus.find((one) => one.name.toLowerCase() === name.toLowerCase());

export const capability = ({ capabilities }: Sku, name: string): string | undefined =>
  capabilities.find((one) => one.name === name)?.value;

export const can = (one: Sku, name: string): boolean => capability(one, name)?.toLowerCase() === "true";

/** Cores that a machine of this size offers: of some sizes a part is switched off. */
export const coresOf = (one: Sku): number => Number(capability(one, "vCPUsAvailable") ?? capability(one, "vCPUs") ?? 0);

/**
 * GiB that an ephemeral OS disk may have: on the NVMe disk where the size supports that, else in the cache, else on the temporary disk.
 * https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks
 */
export function ephemeralGibibytes(one: Sku): number {
  const number = (name: string): number => Number(capability(one, name) ?? 0);
  if (!can(one, "EphemeralOSDiskSupported")) return 0;
  const onNvme = capability(one, "SupportedEphemeralOSDiskPlacements")?.split(",").includes("NvmeDisk") ?? false;
  if (onNvme && number("NvmeDiskSizeInMiB") > 0) return number("NvmeDiskSizeInMiB") / 1024;
  // Despite its name in MiB.
  return number("CachedDiskBytes") > 0 ? number("CachedDiskBytes") / 1024 ** 3 : number("MaxResourceVolumeMB") / 1024;
}

/** Zones in which the subscription may use it; none in a location that has none. */
export function zonesOf(one: Sku): readonly string[] {
  const closed = one.restrictions
    .filter(({ type }) => type === "Zone")
    .flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  const offered = one.locationInfo.flatMap(({ zones }) => zones);
  return [...new Set(offered)].filter((zone) => !closed.includes(zone)).sort();
}
