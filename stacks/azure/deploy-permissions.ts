/** What a stack's deploy may do in Azure, and no more: from the types of its resources to a role. `stackyard permissions` prints it. */
import type { AzureCluster } from "../../config/clouds/azure";
import type { Platform } from "../../config/platform";
import { actionsOf } from "./deploy-actions";

export interface DeployPermissionsProps {
  /** Name of the stack, by which the role is named. */
  readonly stack: string;
  /** Name of what the platform makes, by which the role is named as well: two platforms may share a subscription. */
  readonly prefix: string;
  /** Ids of the subscriptions in which it may be assigned. */
  readonly subscriptions: readonly string[];
  /** Where the stack's state lies, as a resource id. @default - a local file */
  readonly stateContainer?: string | undefined;
  /** Types of the stack's resources, and of its data sources with `data.` before them. */
  readonly types: ReadonlySet<string>;
  /** Only what a plan needs. */
  readonly planOnly: boolean;
}

/** What `az role definition create --role-definition` takes: https://learn.microsoft.com/azure/role-based-access-control/role-definitions */
export interface RoleDefinition {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly Actions: readonly string[];
  readonly NotActions: readonly string[];
  readonly DataActions: readonly string[];
  readonly NotDataActions: readonly string[];
  readonly AssignableScopes: readonly string[];
}

/** The provider asks these before anything else, whatever the stack has. */
const EVERY_RUN = ["Microsoft.Resources/subscriptions/providers/read", "Microsoft.Resources/subscriptions/read"];

/** What the deploy of a stack does in Azure, in the order of the alphabet. @throws Error for a type that deploy-actions.ts does not have */
export function deployActions(types: ReadonlySet<string>, planOnly: boolean): readonly string[] {
  const actions = [...types].flatMap((type) => {
    const { read, write } = actionsOf(type);
    return planOnly ? read : [...read, ...write];
  });
  return [...new Set([...EVERY_RUN, ...actions])].sort();
}

/**
 * The role of whoever plans or deploys a stack. What it may do in Kubernetes is `access.admins`. The state is not in it: a role has one
 * scope for all that it holds, and the state lies in one container; see docs/azure-permissions.md.
 */
export function deployRole(props: DeployPermissionsProps): RoleDefinition {
  const { stack, prefix, subscriptions, stateContainer, types, planOnly } = props;
  const does = planOnly ? "Plans" : "Deploys";
  const state =
    stateContainer === undefined ? "" : `; beside it Storage Blob Data Contributor on ${stateContainer} for the state`;
  return {
    Name: `${prefix} ${planOnly ? "plan" : "deploy"} ${stack}`,
    IsCustom: true,
    Description: `${does} the stack ${stack} of ${prefix}${state}`,
    Actions: deployActions(types, planOnly),
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: subscriptions.map((subscription) => `/subscriptions/${subscription}`),
  };
}

/** Ids of the cluster's own subscription, and of those of all that the config names by resource ids, such as a network. */
export function subscriptionsOf(platform: Pick<Platform, "teams">, cluster: AzureCluster): readonly string[] {
  const rights = platform.teams.flatMap(({ serviceAccounts }) => serviceAccounts.map(({ azure }) => azure));
  const named = JSON.stringify([cluster, rights]).matchAll(/"\/subscriptions\/([0-9a-f-]{36})\//gi);
  return [...new Set([cluster.subscription, ...[...named].map(([, id = ""]) => id)].map((id) => id.toLowerCase()))];
}
