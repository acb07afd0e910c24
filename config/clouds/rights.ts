/** Rights in a cloud that a team asks for, one shape per cloud. */
import { z } from "zod";
import { object } from "../zod";

/** What a role on AWS may do: policies that exist, and statements. */
export interface AwsRightsInput {
  /** ARNs of managed policies. @default - none */
  readonly managedPolicies?: readonly `arn:${string}`[];
  /** Statements of an inline policy. @default - none */
  readonly statements?: readonly AwsStatementInput[];
}

/** One statement that allows; there are none that deny. */
export interface AwsStatementInput {
  /** @example ["s3:GetObject"] */
  readonly actions: readonly [string, ...string[]];
  /**
   * ARNs, or `"*"` for actions that know no resource; IAM's policy variables are written as there, `${aws:PrincipalTag/kubernetes-namespace}`.
   * @example ["arn:aws:s3:::checkout-uploads/*"]
   */
  readonly resources: readonly [string, ...string[]];
}

/** What an identity on Azure may do: roles, each on something. */
export interface AzureRightsInput {
  readonly roleAssignments: readonly [AzureRoleAssignmentInput, ...AzureRoleAssignmentInput[]];
}

export interface AzureRoleAssignmentInput {
  /** Name of a built-in role. @example "Storage Blob Data Contributor" */
  readonly role: string;
  /** Resource id of a resource group, a resource, or a part of one. */
  readonly scope: string;
}

/** At least a service and the start of an action: `*` and `s3:*` are nobody's need. */
const ACTION = /^[a-z0-9-]+:[A-Za-z][A-Za-z0-9]*\*?$/;

/** Of all inline policies of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_POLICY = 10_240;

/** Characters of the policy, blanks not counted. */
const sizeOf = (
  statements: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[],
) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources }) => ({ Effect: "Allow", Action: actions, Resource: resources })),
  }).length;

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
const ARN = /^(\*|arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+)$/;

export const awsRightsSchema = object({
  managedPolicies: z
    .array(
      z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/\S+$/, "must be the ARN of an IAM policy")
        .refine(
          (arn) => !arn.endsWith(":policy/AdministratorAccess"),
          "would let the team do everything in the account",
        ),
    )
    .max(20, "has more than the twenty policies that IAM attaches to a role")
    .default([]),
  statements: z
    .array(
      object({
        actions: z
          .array(
            z
              .string()
              .regex(ACTION, 'must be an action such as "s3:GetObject" or "s3:Get*", of one service and not all of it'),
          )
          .min(1, "needs at least one action"),
        resources: z
          .array(z.string().regex(ARN, 'must be an ARN such as "arn:aws:s3:::checkout-uploads/*", or "*"'))
          .min(1, "needs at least one ARN"),
      }),
    )
    .refine((statements) => sizeOf(statements) <= INLINE_POLICY, {
      error: `makes a policy of more than the ${INLINE_POLICY} characters that IAM takes; use a managed policy`,
    })
    .default([]),
});

/** Roles that give rights to others, or all of them. */
const RULING_ROLES = ["owner", "contributor", "user access administrator", "role based access control administrator"];

export const azureRightsSchema = object({
  roleAssignments: z
    .array(
      object({
        role: z
          .string()
          .trim()
          .min(1, "must not be empty")
          .refine(
            (role) => !RULING_ROLES.includes(role.toLowerCase()),
            "would let the team do everything there; name a role for what it needs",
          ),
        scope: z
          .string()
          .regex(
            /^\/subscriptions\/[0-9a-fA-F-]{36}\/resourceGroups\/[^/]+(\/.+[^/])?$/i,
            'must be the id of a resource group or of something in one, "/subscriptions/…/resourceGroups/…"',
          ),
      }),
    )
    .min(1, "needs at least one role"),
});
