import { z } from "zod";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type CheckContext } from "./check";

const enabled = z.object({ enabled: z.boolean().optional() }).optional();

/** What there is to know of an AKS cluster: https://learn.microsoft.com/rest/api/aks/managed-clusters/get */
const managedCluster = z.object({
  location: z.string(),
  properties: z.object({
    provisioningState: z.string().optional(),
    powerState: z.object({ code: z.string().optional() }).optional(),
    kubernetesVersion: z.string().optional(),
    currentKubernetesVersion: z.string().optional(),
    nodeResourceGroup: z.string().optional(),
    oidcIssuerProfile: enabled,
    securityProfile: z.object({ workloadIdentity: enabled }).optional(),
    aadProfile: z.object({ managed: z.boolean().optional(), enableAzureRBAC: z.boolean().optional() }).nullish(),
    disableLocalAccounts: z.boolean().optional(),
    networkProfile: z.object({ networkPolicy: z.string().nullish() }).optional(),
    storageProfile: z.object({ diskCSIDriver: enabled, snapshotController: enabled }).optional(),
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
