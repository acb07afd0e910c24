import { createHash } from "node:crypto";
import type { TeamServiceAccount } from "../../config/platform";

/** A built-in role on something: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export interface RoleOn {
  /** @example "DNS Zone Contributor" */
  readonly role: string;
  /** Resource id. */
  readonly scope: string;
}

/** By the construct ids of their assignments. */
export type Roles = Readonly<Record<string, RoleOn>>;

/** What a team asked for. Azure knows neither upper nor lower case in the name of a role and in an id, and refuses the same twice. */
export function teamRoles({ roleAssignments }: NonNullable<TeamServiceAccount["azure"]>): Roles {
  return Object.fromEntries(roleAssignments.map((assignment) => [assignmentId(assignment), assignment]));
}

function assignmentId({ role, scope }: RoleOn): string {
  const name = role.toLowerCase();
  const hash = createHash("sha256").update(`${name} ${scope.toLowerCase()}`).digest("hex").slice(0, 8);
  return `${name.replace(/[^a-z0-9]+/g, "-")}-${hash}`;
}
