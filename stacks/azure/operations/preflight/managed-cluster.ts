import { z } from "zod";
import { managedClusterId } from "../../../../config/clouds/azure-names";
import { VERSIONS } from "./api-versions";
import type { CheckContext } from "./check";

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
export function clusterPath({
  cluster,
  name,
  resourceGroup,
}: Pick<CheckContext, "cluster" | "name" | "resourceGroup">): string {
  const group = cluster.existing?.resourceGroup ?? resourceGroup;
  return managedClusterId(cluster.subscription, group, name);
}

export function findCluster(context: CheckContext): Promise<ManagedCluster | undefined> {
  return context.clients.resourceManager.find({ path: clusterPath(context), apiVersion: VERSIONS.aks }, managedCluster);
}
