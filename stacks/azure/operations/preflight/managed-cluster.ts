import { z } from "zod";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type CheckContext } from "./check";

const enabled = z.object({ enabled: z.boolean().nullish() }).nullish();

/** What there is to know of an AKS cluster: https://learn.microsoft.com/rest/api/aks/managed-clusters/get */
const managedCluster = z.object({
  location: z.string(),
  properties: z.object({
    provisioningState: z.string().nullish(),
    powerState: z.object({ code: z.string().nullish() }).nullish(),
    kubernetesVersion: z.string().nullish(),
    currentKubernetesVersion: z.string().nullish(),
    nodeResourceGroup: z.string().nullish(),
    oidcIssuerProfile: enabled,
    securityProfile: z.object({ workloadIdentity: enabled }).nullish(),
    aadProfile: z.object({ managed: z.boolean().nullish(), enableAzureRBAC: z.boolean().nullish() }).nullish(),
    disableLocalAccounts: z.boolean().nullish(),
    networkProfile: z.object({ networkPolicy: z.string().nullish() }).nullish(),
    storageProfile: z.object({ diskCSIDriver: enabled, snapshotController: enabled }).nullish(),
  }),
});
export type ManagedCluster = z.output<typeof managedCluster>;

/** The path of the cluster, there or not. */
export function clusterPath(context: Pick<CheckContext, "cluster" | "name" | "resourceGroup">): string {
  const { cluster, name, resourceGroup } = context;
  const group = cluster.existing?.resourceGroup ?? resourceGroup;
  return `${subscriptionOf(context)}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

export function findCluster(context: CheckContext): Promise<ManagedCluster | undefined> {
  return context.clients.resourceManager.find({ path: clusterPath(context), apiVersion: VERSIONS.aks }, managedCluster);
}
