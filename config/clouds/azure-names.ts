/** Names on Azure that the stack, the rules and the commands that look for them spell the same way. */
import { shortened } from "../names";

/** The resource group that AKS makes for a cluster's nodes, disks and load balancers; nothing of ours is put into it. */
export const nodeResourceGroup = (cluster: string): string => `${cluster}-nodes`;

/** Resource id of a cluster, there or not. */
export const managedClusterId = (subscription: string, resourceGroup: string, cluster: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`;

/** https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update */
const LONGEST_BUDGET = 63;

/** @param owner what the cluster's tags say, `ownName` */
export const budgetName = (owner: string): string => shortened(owner, LONGEST_BUDGET);
