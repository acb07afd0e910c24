import { blocks, faultsOf, texts, when } from "./look";
import type { PlanRule } from "./rule";
import { asList, asObject, asText, type Json, type JsonObject } from "./synthesized-stack";

interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly allBut: boolean;
  readonly principals: readonly string[];
  readonly conditional: boolean;
}

/** Every action of one service that is allowed all the same, and to whom. The same stand in .ci/iam-excuses.json. */
const EXCUSED: readonly { readonly action: string; readonly principal: RegExp }[] = [
  // The account's own administrators: a key whose policy leaves them out could never be changed or deleted again.
  { action: "kms:*", principal: /^arn:[^*]+:iam::[^*]+:root$/ },
];

/** Attributes that hold a policy as JSON. */
const POLICIES = ["policy", "assume_role_policy", "inline_policy"];

/** Rights that nothing of a platform needs. */
const TOO_MUCH = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;
const TOO_MUCH_ON_AZURE = ["Owner", "Contributor", "User Access Administrator"];

export const iamWithoutWildcards: PlanRule = {
  id: "iam-without-wildcards",
  severity: "deny",
  why: "A wildcard gives rights that nobody has listed, those of services that do not exist yet included; a wildcard principal gives them to everybody.",
  fix: "List the actions, and who may do them; for a team, in its serviceAccounts.",
  links: [
    "CKV_AWS_62",
    "CKV_AWS_63",
    "CKV_AWS_274",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  ],
  check: (stack) => [
    ...(stack.data ?? [])
      .filter(({ type }) => type === "aws_iam_policy_document")
      .flatMap((resource) =>
        blocks(resource.attributes["statement"])
          .map(ofDocument)
          .flatMap(faults)
          .map((message) => ({ resource, message })),
      ),
    ...stack.resources
      .filter(({ type }) => type.startsWith("aws_"))
      .flatMap((resource) =>
        POLICIES.flatMap((key) => statementsIn(asText(resource.attributes[key])))
          .flatMap(faults)
          .map((message) => ({ resource, message })),
      ),
    ...faultsOf(stack, ["aws_iam_role_policy_attachment"], ({ policy_arn: policy }) =>
      when(TOO_MUCH.test(asText(policy)), `attaches ${asText(policy).split("/").at(-1) ?? ""}`),
    ),
    ...faultsOf(stack, ["azurerm_role_assignment"], ({ role_definition_name: role, scope }) =>
      when(
        TOO_MUCH_ON_AZURE.includes(asText(role)) && /^\/subscriptions\/[^/]+$/.test(asText(scope)),
        `gives ${asText(role)} on the whole subscription`,
      ),
    ),
  ],
};

function faults({ allows, actions, allBut, principals, conditional }: Statement): readonly string[] {
  if (!allows) return [];
  return [
    ...actions
      .filter((action) => /^(\*|[\w-]+:\*)$/.test(action))
      .filter((action) => !isExcused(action, principals))
      .map((action) => `allows ${action}`),
    ...when(allBut, "allows all actions but those that it lists"),
    ...when(principals.includes("*") && !conditional, "allows it everybody, on no condition"),
  ];
}

const isExcused = (action: string, principals: readonly string[]): boolean =>
  EXCUSED.some(
    (excuse) =>
      excuse.action === action &&
      principals.length > 0 &&
      principals.every((principal) => excuse.principal.test(principal)),
  );

const ofDocument = (statement: JsonObject): Statement => ({
  allows: (asText(statement["effect"]) || "Allow") === "Allow",
  actions: texts(statement["actions"]),
  allBut: asList(statement["not_actions"]).length > 0,
  principals: blocks(statement["principals"]).flatMap(({ identifiers }) => texts(identifiers)),
  conditional: blocks(statement["condition"]).length > 0,
});

function statementsIn(policy: string): readonly Statement[] {
  if (!policy.startsWith("{")) return [];
  return blocks((JSON.parse(policy) as JsonObject)["Statement"]).map((statement) => ({
    allows: statement["Effect"] === "Allow",
    actions: texts(statement["Action"]),
    allBut: statement["NotAction"] !== undefined,
    principals: principalsIn(statement["Principal"]),
    conditional: statement["Condition"] !== undefined,
  }));
}

const principalsIn = (principal: Json | undefined): readonly string[] =>
  typeof principal === "string" ? [principal] : Object.values(asObject(principal)).flatMap(texts);
