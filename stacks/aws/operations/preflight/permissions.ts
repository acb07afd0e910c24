import type { EvaluationResult } from "@aws-sdk/client-iam";
import type { Finding } from "../../../operations";
import { backupBucketPrefix } from "../../backups";
import { deployPolicy } from "../../deploy-permissions";
import { policySource } from "../identity";
import type { Check, CheckContext } from "./check";

const subject = "permissions";

/** Actions that a plan needs, and what they act on. */
export interface Ask {
  readonly actions: readonly string[];
  readonly resource: string;
}

/** What `stackyard permissions` prints for the stack, statement by statement. */
export function asks({ platform, cluster, name, identity, stack, types }: AsksProps): readonly Ask[] {
  const { Statement } = deployPolicy({
    cluster: name,
    states: [stack.state],
    backupBucket: `${backupBucketPrefix(platform, cluster)}${identity.account}`,
    region: cluster.region,
    account: identity.account,
    partition: identity.partition,
    stateBucket: cluster.state?.bucket,
    permissionsBoundary: cluster.permissionsBoundary,
    types,
    planOnly: false,
  });
  return Statement.map(({ Action, Resource }) => ({ actions: Action, resource: Resource[0] ?? "*" }));
}

type AsksProps = Pick<CheckContext, "platform" | "cluster" | "name" | "identity" | "stack" | "types">;

/** Asks IAM what the caller's policies say about all that; nothing is tried. */
export const permissions: Check = {
  subject,
  needs: "iam:SimulatePrincipalPolicy (and iam:GetRole for a role)",
  look: async (context) => {
    const { clients, cluster, identity } = context;
    const source = policySource(identity.arn);
    if (source === undefined)
      return [
        {
          severity: "warn",
          subject,
          found: `cannot be simulated for ${identity.arn}: its rights come with the session`,
          fix: "look for yourself, or sign in as a role",
        },
      ];
    if (source.kind === "root")
      return [
        {
          severity: "warn",
          subject,
          found: "you are the account's root user, who may do everything",
          fix: "sign in as a role: EKS access entries cannot name the root user",
        },
      ];
    const iam = clients.iam();
    const arn =
      source.kind === "user" ? source.name : ((await iam.getRole({ RoleName: source.name })).Role?.Arn ?? identity.arn);
    const results: EvaluationResult[] = [];
    for (const { actions, resource } of asks(context)) {
      for await (const page of iam.paginateSimulatePrincipalPolicy({
        PolicySourceArn: arn,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: [
          { ContextKeyName: "aws:RequestedRegion", ContextKeyType: "string", ContextKeyValues: [cluster.region] },
          { ContextKeyName: "iam:PassedToService", ContextKeyType: "string", ContextKeyValues: ["eks.amazonaws.com"] },
          { ContextKeyName: "iam:AWSServiceName", ContextKeyType: "string", ContextKeyValues: ["eks.amazonaws.com"] },
          ...(cluster.permissionsBoundary === undefined
            ? []
            : [
                {
                  ContextKeyName: "iam:PermissionsBoundary",
                  ContextKeyType: "string" as const,
                  ContextKeyValues: [cluster.permissionsBoundary],
                },
              ]),
        ],
      }))
        results.push(...(page.EvaluationResults ?? []));
    }
    return judgePermissions(arn, results);
  },
};

/** Denied for sure is an error; what hangs on a condition that the simulation cannot know (a tag, an address) is a warning. */
export function judgePermissions(arn: string, results: readonly EvaluationResult[]): readonly Finding[] {
  const denied = results.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  const unsure = denied.filter(({ MissingContextValues = [] }) => MissingContextValues.length > 0);
  const sure = denied.filter((result) => !unsure.includes(result));
  const list = (some: readonly EvaluationResult[]): string =>
    some.map(({ EvalActionName }) => EvalActionName).join(", ");
  const findings: Finding[] = [];
  if (sure.length > 0)
    findings.push({
      severity: "error",
      subject,
      found: `${arn} may not: ${list(sure)}`,
      fix: "extend its policies; an organisation's policy or a permissions boundary may be what denies",
    });
  if (unsure.length > 0)
    findings.push({
      severity: "warn",
      subject,
      found: `whether ${arn} may ${list(unsure)} depends on ${[...new Set(unsure.flatMap(({ MissingContextValues = [] }) => MissingContextValues))].join(", ")}`,
      fix: "compare these conditions with what the plan makes",
    });
  return findings.length > 0
    ? findings
    : [{ severity: "ok", subject, found: `all ${results.length} that were asked about are allowed to ${arn}` }];
}
