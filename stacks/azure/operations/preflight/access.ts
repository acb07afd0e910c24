import { z } from "zod";
import { adminGroups, usedGroups, type Group } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { describe, isAzureError } from "../errors";
import type { Identity } from "../identity";
import type { Check, CheckContext } from "./check";

const subject = "access to the cluster";

/** Whether the caller will have rights on the cluster: without, the first release fails when everything else is there. */
export const access: Check = {
  subject,
  needs: "GroupMember.Read.All of Microsoft Graph",
  look: async (context) => {
    const admins = adminGroups(context.platform, context.cluster);
    const groups = usedGroups(context.platform, admins);
    const [memberships, missing] = await Promise.all([membershipsIn(context, admins), missingOf(context, groups)]);
    return [
      typeof memberships === "string"
        ? unknown(`whether you are in access.admins could not be looked at: ${memberships}`)
        : judgeAccess(context.identity, admins, memberships),
      ...(typeof missing === "string"
        ? [unknown(`whether the config's groups are in Entra could not be looked at: ${missing}`)]
        : judgeGroups(missing)),
    ];
  },
};

/** Object ids of those of the groups that the caller is in, directly or by another group; why not where Graph does not say. */
async function membershipsIn(
  { clients, identity }: CheckContext,
  groups: readonly Group[],
): Promise<string[] | string> {
  const who = identity.kind === "User" ? "/me" : `/servicePrincipals/${identity.principal}`;
  try {
    const answer = await clients.graph.post(
      { path: `${who}/checkMemberGroups`, body: { groupIds: groups.flatMap(({ azure }) => azure ?? []) } },
      z.object({ value: z.array(z.string()) }),
    );
    return answer.value;
  } catch (error) {
    if (!isAzureError(error)) throw error;
    return describe(error);
  }
}

/** Groups that Entra does not have; why not where Graph does not say. */
async function missingOf({ clients }: CheckContext, groups: readonly Group[]): Promise<Group[] | string> {
  try {
    const found = await Promise.all(
      groups.map(({ azure = "" }) =>
        clients.graph.find({ path: `/groups/${azure}`, query: { $select: "id" } }, z.object({ id: z.string() })),
      ),
    );
    return groups.filter((_, index) => found[index] === undefined);
  } catch (error) {
    if (!isAzureError(error)) throw error;
    return describe(error);
  }
}

/** @param memberships object ids of groups that the caller is in */
export function judgeAccess(
  { name, kind, principal }: Identity,
  admins: readonly Group[],
  memberships: readonly string[],
): Finding {
  const isIn = ({ azure }: Group): boolean => memberships.some((id) => id.toLowerCase() === azure?.toLowerCase());
  const found = admins.find(isIn);
  if (found) return { severity: "ok", subject, found: `you are in access.admins as ${found.name}` };
  const [first] = admins;
  return {
    severity: "warn",
    subject,
    found: `${kind === "User" ? name : `the service principal ${name}`} is in none of access.admins (${admins.map((group) => `${group.name} is ${group.azure ?? "nobody"}`).join(", ")}): Terraform would make the cluster, and then not be let in`,
    fix: `az ad group member add --group ${first?.azure ?? "<group>"} --member-id ${principal}, and sign in again; or add a group of yours to access.admins`,
  };
}

/** @param missing groups that Entra does not have */
export function judgeGroups(missing: readonly Group[]): readonly Finding[] {
  if (missing.length === 0) return [];
  return [
    {
      severity: "error",
      subject: "groups",
      found: `Entra has no ${missing.map(({ name, azure }) => `${name} (${azure ?? ""})`).join(", ")}: nobody could be given rights`,
      fix: `correct groups.${missing.map(({ name }) => name).join(", groups.")}: \`azure\` is a group's object id (az ad group list --query '[].[displayName, id]')`,
    },
  ];
}

function unknown(found: string): Finding {
  return {
    severity: "warn",
    subject,
    found,
    fix: `allow ${access.needs} to whoever runs this, or look for yourself: az ad group member check`,
  };
}
