import { z } from "zod";
import type { Finding } from "../../../operations";
import { deployActions } from "../../deploy-permissions";
import type { Identity } from "../identity";
import { inside } from "../rest-api";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check, type CheckContext } from "./check";
import { listOf } from "./shapes";

const subject = "permissions";

/** What one of the caller's roles allows: https://learn.microsoft.com/azure/role-based-access-control/role-definitions */
const permission = z.object({
  actions: listOf(z.string()),
  notActions: listOf(z.string()),
  dataActions: listOf(z.string()),
  notDataActions: listOf(z.string()),
});
export type Permission = Pick<z.output<typeof permission>, "actions" | "notActions">;

/** What a deploy does in one place, and what the caller may do there. */
export interface Ask {
  readonly group: string;
  readonly actions: readonly string[];
  readonly roles: readonly Permission[];
}

/** Compares what `stackyard permissions` prints for the stack with what the caller's roles allow; nothing is tried. */
export const permissions: Check = {
  subject,
  needs: "Microsoft.Authorization/permissions/read",
  look: async (context) => {
    const scope = subscriptionOf(context);
    const onSubscription = await permissionsOn(context, scope);
    const asks = await Promise.all(
      placesOf(context).map(async ({ group, actions }): Promise<Ask> => {
        // A group that is not there yet has what the subscription gives.
        const inGroup = await permissionsOn(context, `${scope}/resourceGroups/${group}`);
        return { group, actions, roles: [...onSubscription, ...inGroup] };
      }),
    );
    return [judgePermissions(context.identity, context.stack.name, asks)];
  },
};

/** Where the deploy does what: all in the platform's group, but for what the config gives it in others. */
export function placesOf({
  cluster,
  resourceGroup,
  stack,
  types,
}: Pick<CheckContext, "cluster" | "resourceGroup" | "stack" | "types">): readonly Omit<Ask, "roles">[] {
  const actions = deployActions(types, false);
  const of = (provider: string): readonly string[] => actions.filter((action) => action.startsWith(`${provider}/`));
  const { dns, existing } = cluster;
  const onCluster = existing ? of("Microsoft.ContainerService") : [];
  return [
    { group: resourceGroup, actions: actions.filter((action) => !onCluster.includes(action)) },
    ...(existing ? [{ group: existing.resourceGroup, actions: onCluster }] : []),
    // The identities of what writes records get their roles on the zone and its group.
    ...(dns.resourceGroup !== undefined && stack.layers.includes("platform")
      ? [{ group: dns.resourceGroup, actions: of("Microsoft.Authorization") }]
      : []),
  ];
}

/** The caller's, on a scope and what it is in; none where it is not there. */
export function permissionsOn(
  { clients }: Pick<CheckContext, "clients">,
  scope: string,
): Promise<readonly z.output<typeof permission>[]> {
  return inside(
    clients.resourceManager.list(
      { path: `${scope}/providers/Microsoft.Authorization/permissions`, apiVersion: VERSIONS.permissions },
      permission,
    ),
  );
}

/** Whether some role allows an action: `*` stands for anything, and `notActions` take away from their own role only. */
export function allows(roles: readonly Permission[], action: string): boolean {
  const matches = (pattern: string): boolean =>
    new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "i").test(action);
  return roles.some(({ actions, notActions }) => actions.some(matches) && !notActions.some(matches));
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** @param stack name of the one that is to be deployed */
export function judgePermissions({ name }: Identity, stack: string, asks: readonly Ask[]): Finding {
  const denied = asks
    .map(({ group, actions, roles }) => ({ group, missing: actions.filter((action) => !allows(roles, action)) }))
    .filter(({ missing }) => missing.length > 0);
  if (denied.length > 0)
    return {
      severity: "error",
      subject,
      found: `${name} may not: ${denied.map(({ group, missing }) => `${missing.join(", ")} in the group ${group}`).join("; ")}`,
      fix: `assign the role that \`npx stackyard permissions ${stack}\` prints (docs/azure-permissions.md says where); one that waits in Privileged Identity Management must be activated first`,
    };
  const count = new Set(asks.flatMap(({ actions }) => actions)).size;
  return {
    severity: "ok",
    subject,
    found: `all ${count} actions are allowed to ${name}; conditions and deny assignments are not looked at`,
  };
}
