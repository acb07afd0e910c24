import { TEAM_LABEL } from "../../config/names";
import { departures } from "./departures";
import { block, isTrue, labelsOf, removals, when } from "./look";
import { isProtected } from "./protected-not-destroyed";
import type { ResourceChange } from "./resource-change";
import { IRREPLACEABLE } from "./resource-types";
import type { PlanRule, RuleFinding } from "./rule";
import { asText, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

export const protectionFirst: PlanRule = {
  id: "protection-first",
  severity: "deny",
  ofChanges: true,
  why: "Protection that is lifted by the very change that destroys has protected nothing: two changes are two looks.",
  fix: "Apply the change that lifts the protection alone, and the removal after it.",
  links: ["https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"],
  check: (stack) => {
    const lifted = (stack.changes ?? []).filter(losesProtection);
    return [...destroyedAtOnce(stack, lifted), ...leftAtOnce(stack, lifted)];
  },
};

const losesProtection = ({ before, after }: ResourceChange): boolean =>
  before !== undefined && after !== undefined && protections(before).some((one) => !protections(after).includes(one));

function destroyedAtOnce(stack: SynthesizedStack, lifted: readonly ResourceChange[]): readonly RuleFinding[] {
  const goes = removals(stack).filter(
    ({ type, before = {} }) =>
      IRREPLACEABLE.includes(type) || type === "kubernetes_namespace_v1" || protections(before).length > 0,
  );
  return lifted.flatMap((resource) =>
    goes.slice(0, 1).map(({ address }) => ({
      resource,
      message: `loses its protection from deletion in the change that destroys ${address}`,
    })),
  );
}

/** The guard of a team says whether it is protected, also where it leaves the last environment and its release says nothing any more. */
function leftAtOnce(stack: SynthesizedStack, lifted: readonly ResourceChange[]): readonly RuleFinding[] {
  const teams = lifted.map(({ before = {} }) => asText(labelsOf({ attributes: before })[TEAM_LABEL]));
  return departures(stack)
    .filter(({ team }) => teams.includes(team))
    .map(({ resource, team, environment }) => ({
      resource,
      message: `team ${team} loses its protection from deletion in the change in which it leaves the environment ${environment}`,
    }));
}

/** By what it is kept. */
function protections(attributes: JsonObject): readonly string[] {
  return [
    ...when(isTrue(attributes["deletion_protection"]), "cloud"),
    ...when(isTrue(block(attributes["lifecycle"])["prevent_destroy"]), "terraform"),
    ...when(isProtected(attributes), "admission"),
  ];
}
