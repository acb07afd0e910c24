import { z } from "zod";
import { zonesIn } from "../../../../config/clouds/azure-locations";
import { azurePoolZones } from "../../../../config/clouds/azure-node-pools";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { VERSIONS } from "./api-versions";
import { locationOf, subscriptionOf, type Check, type CheckContext } from "./check";
import { listOf } from "./shapes";

const subject = "location";

const kubernetesVersion = z.object({
  version: z.string(),
  isPreview: z.boolean().nullish(),
  capabilities: z.object({ supportPlan: z.array(z.string()).nullish() }).nullish(),
});
export type KubernetesVersion = z.output<typeof kubernetesVersion>;

/** Whether the subscription has the location, and it offers AKS, the zones of nodes, and the version of Kubernetes. */
export const location: Check = {
  subject,
  needs:
    "Microsoft.Resources/subscriptions/locations/read and Microsoft.ContainerService/locations/kubernetesversions/read",
  look: async (context) => {
    const { cluster, clients } = context;
    const found = await findLocation(context);
    const provider = await clients.resourceManager.get(
      { path: `${subscriptionOf(context)}/providers/Microsoft.ContainerService`, apiVersion: VERSIONS.resources },
      z.object({
        resourceTypes: listOf(z.object({ resourceType: z.string(), locations: listOf(z.string()) })),
      }),
    );
    const offers =
      provider.resourceTypes.find(({ resourceType }) => resourceType.toLowerCase() === "managedclusters")?.locations ??
      [];
    const where = judgeLocation(cluster.location, found, offers);
    // Nothing else can be asked of a location that is none.
    if (where.severity === "error") return [where];
    return [
      where,
      judgeZones(cluster.location, found?.zones ?? [], wantedZones(context)),
      ...(cluster.existing ? [] : [judgeVersion(cluster, await versions(context))]),
    ];
  },
};

async function findLocation(context: CheckContext): Promise<Location | undefined> {
  const all = await context.clients.resourceManager.list(
    { path: `${subscriptionOf(context)}/locations`, apiVersion: VERSIONS.subscriptions },
    z.object({
      name: z.string(),
      displayName: z.string(),
      availabilityZoneMappings: listOf(z.object({ logicalZone: z.string() })),
    }),
  );
  const found = all.find(({ name }) => name === context.cluster.location);
  return (
    found && {
      displayName: found.displayName,
      zones: found.availabilityZoneMappings.map(({ logicalZone }) => logicalZone).sort(),
    }
  );
}

/** Of system nodes, and of every pool. */
function wantedZones({ platform, cluster }: CheckContext): readonly string[] {
  const system = cluster.existing ? [] : zonesIn(cluster.location);
  const pools = poolsOn(platform, cluster).flatMap((pool) => azurePoolZones(pool, cluster));
  return [...new Set([...system, ...pools])].sort();
}

async function versions(context: CheckContext): Promise<readonly KubernetesVersion[]> {
  const answer = await context.clients.resourceManager.get(
    { path: `${locationOf(context, "Microsoft.ContainerService")}/kubernetesVersions`, apiVersion: VERSIONS.aks },
    z.object({ values: z.array(kubernetesVersion) }),
  );
  return answer.values;
}

export interface Location {
  /** Such as `Sweden Central`. */
  readonly displayName: string;
  /** Of the subscription: the same zone may have another number in another one. */
  readonly zones: readonly string[];
}

/** @param offers names of the locations of AKS, for people */
export function judgeLocation(name: string, found: Location | undefined, offers: readonly string[]): Finding {
  const fix =
    "choose one that `az account list-locations` lists, or ask for access: https://learn.microsoft.com/troubleshoot/azure/general/region-access-request-process";
  if (!found) return { severity: "error", subject, found: `the subscription has no ${name}`, fix };
  const plain = (text: string): string => text.toLowerCase().replaceAll(" ", "");
  if (!offers.some((offer) => plain(offer) === plain(name) || plain(offer) === plain(found.displayName)))
    return { severity: "error", subject, found: `${name} does not offer AKS to the subscription`, fix };
  return { severity: "ok", subject, found: `${name} (${found.displayName}), with AKS` };
}

export function judgeZones(name: string, zones: readonly string[], wanted: readonly string[]): Finding {
  const about = { subject: "zones" };
  const missing = wanted.filter((zone) => !zones.includes(zone));
  if (missing.length > 0)
    return {
      severity: "error",
      ...about,
      found: `the subscription has ${zones.join(", ") || "none"} in ${name}, nodes shall be in ${wanted.join(", ")}`,
      fix: "name azure.zones of pools that are there, or choose another location",
    };
  return {
    severity: "ok",
    ...about,
    found: wanted.length > 0 ? wanted.join(", ") : `${name} has none: one failure can take all nodes`,
  };
}

/** https://learn.microsoft.com/azure/aks/supported-kubernetes-versions */
export function judgeVersion(
  {
    name,
    kubernetes,
    location: where,
  }: { readonly name: string; readonly kubernetes: string; readonly location: string },
  offered: readonly KubernetesVersion[],
): Finding {
  const about = { subject: "kubernetes" };
  const isSupported = ({ capabilities }: KubernetesVersion): boolean =>
    capabilities?.supportPlan?.includes("KubernetesOfficial") ?? true;
  const supported = offered.filter((one) => isSupported(one) && one.isPreview !== true).map(({ version }) => version);
  const fix = `set clusters.${name}.kubernetes to one of ${supported.sort(byMinor).join(", ") || "those of `az aks get-versions`"}`;
  const found = offered.find(({ version }) => version === kubernetes);
  if (!found) return { severity: "error", ...about, found: `AKS does not offer ${kubernetes} in ${where}`, fix };
  if (!isSupported(found))
    return {
      severity: "error",
      ...about,
      found: `AKS offers ${kubernetes} in ${where} with long-term support only, which is another tier`,
      fix,
    };
  if (found.isPreview)
    return { severity: "warn", ...about, found: `${kubernetes} is a preview in ${where}: without support`, fix };
  return { severity: "ok", ...about, found: `${kubernetes} is offered in ${where}` };
}

const byMinor = (a: string, b: string): number => Number(a.split(".")[1]) - Number(b.split(".")[1]);
