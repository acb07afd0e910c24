import type { AzureCluster } from "../../config/clouds/azure";
import type { Platform } from "../../config/platform";

/** What everything on Azure is made from. */
export interface AzureContext {
  /** Name of the AKS cluster. */
  readonly name: string;
  /** Start of the names of all that the platform makes: the cluster's own, unless somebody else made that. */
  readonly prefix: string;
  /** Name of the resource group that all of it lies in, beside the nodes; in the stack that makes it known only when it is there. */
  readonly resourceGroup: string;
  readonly platform: Platform;
  readonly config: AzureCluster;
  /** Of the subscription; from the provider. */
  readonly tenant: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Resource id of the group. Nothing is looked up: it follows from the names. */
export function resourceGroupId({ config, resourceGroup }: Pick<AzureContext, "config" | "resourceGroup">): string {
  return `/subscriptions/${config.subscription}/resourceGroups/${resourceGroup}`;
}
