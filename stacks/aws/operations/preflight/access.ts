import { adminGroups, type Group } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { policySource } from "../identity";
import type { Check } from "./check";

const subject = "access to the cluster";

/** Whether the caller will have rights on the cluster: without, the first release fails when everything else is there. */
export const access: Check = {
  subject,
  needs: "nothing",
  look: ({ platform, cluster, identity }) =>
    Promise.resolve([judgeAccess(identity.arn, adminGroups(platform, cluster))]),
};

/** EKS knows a session by its role, of whose ARN the path is the one part that the session does not show. */
export function judgeAccess(arn: string, admins: readonly Group[]): Finding {
  const source = policySource(arn);
  const named = admins.find(({ aws = "" }) =>
    source?.kind === "role" ? aws.split("/").at(-1) === source.name : source?.kind === "user" && aws === source.name,
  );
  if (named) return { severity: "ok", subject, found: `you are in access.admins as ${named.name}` };
  return {
    severity: "warn",
    subject,
    found: `${arn} is none of access.admins (${admins.map(({ name, aws }) => `${name} is ${aws ?? "nobody"}`).join(", ")}): Terraform would make the cluster, and then not be let in`,
    fix: "assume one of these roles before you deploy, or add your own as a group",
  };
}
