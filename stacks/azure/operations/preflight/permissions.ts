import { z } from "zod";
import type { Finding } from "../../../operations";
import { deployActions } from "../../deploy-permissions";
import type { Identity } from "../identity";
import { inside } from "../rest-api";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check, type CheckContext } from "./check";

const subject = "permissions";

/** What one of the caller's roles allows: https://learn.microsoft.com/azure/role-based-access-control/role-definitions */
const permission = z.object({ actions: z.array(z.string()).default([]), notActions: z.array(z.string()).default([]) });
export type Permission = z.output<typeof permission>;

/** Compares what `stackyard permissions` prints for all stacks of the cluster with what the caller's roles allow; nothing is tried. */
export const permissions: Check = {
  subject,
  needs: "Microsoft.Authorization/permissions/read",
  look: async (context) => {
    const subscription = subscriptionOf(context);
    const { resourceGroup, cluster } = context;
    // A role may be given on a group only: on the cluster's once it is there, and on that of the zone.
    const groups = [resourceGroup, cluster.dns.resourceGroup].flatMap((group) => group ?? []);
    const allowed = await Promise.all(
      [subscription, ...groups.map((group) => `${subscription}/resourceGroups/${group}`)].map((scope) =>
        permissionsOn(context, scope),
      ),
    );
    return [judgePermissions(context.identity, deployActions(context.types, false), allowed.flat())];
  },
};

function permissionsOn({ clients }: CheckContext, scope: string): Promise<readonly Permission[]> {
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

export function judgePermissions(
  { name }: Identity,
  actions: readonly string[],
  roles: readonly Permission[],
): Finding {
  const denied = actions.filter((action) => !allows(roles, action));
  return denied.length > 0
    ? {
        severity: "error",
        subject,
        found: `${name} may not: ${denied.join(", ")}`,
        fix: "assign the role that `npx stackyard permissions` prints (docs/azure-permissions.md says where); one that waits in Privileged Identity Management must be activated first",
      }
    : {
        severity: "ok",
        subject,
        found: `all ${actions.length} actions are allowed to ${name}; conditions and deny assignments are not looked at`,
      };
}
