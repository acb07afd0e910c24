/** Who may do what, and what protects from whom. */
import { ENVIRONMENT_LABEL, PROTECTED_MARK, TEAM_LABEL } from "../../../config/names";
import type { ResourceChange } from "../../../policies/plan/resource-change";
import { asObject, asText, type JsonObject } from "../../../policies/plan/synthesized-stack";
import { differencesOf } from "../../read/differences";
import { inWords, teamOf, type Finding } from "./finding";

/** Objects that say what an identity may do, or who may take it on. */
const RIGHTS = /^(aws_iam_(policy|role|role_policy)|aws_(kms_key|s3_bucket|sqs_queue)_policy|azurerm_role_definition)$/;

/** A policy that changes in place; one that only refers to what becomes another says the same. */
export function ofRights(change: ResourceChange): Finding[] {
  if (change.action !== "update" || !RIGHTS.test(change.type)) return [];
  const changed = differencesOf(change).list.filter(({ path }) => /policy|permissions|actions/.test(path));
  const [first] = changed;
  if (!first) return [];
  const more = changed.length > 1 ? `; and ${changed.length - 1} more` : "";
  return [
    {
      level: "caution",
      text: `what ${change.path} may do changes: ${first.path.replace(/^.*Statement\.?/, "")} ${inWords(first.before)} → ${inWords(first.after)}${more}`,
      ...teamOf(change),
      addresses: [change.address],
    },
  ];
}

/** Without the mark nothing refuses to delete what is in there. */
export function ofProtection(changes: readonly ResourceChange[]): Finding[] {
  const lifted = changes.filter(({ before, after }) => isMarked(before) && after !== undefined && !isMarked(after));
  const whose = [...new Set(lifted.map(({ after }) => nameOf(labelsOf(after))))].filter((name) => name !== "");
  return lifted.length === 0
    ? []
    : [
        {
          level: "caution",
          text: `deletion protection is lifted${whose.length > 0 ? ` from ${whose.join(", ")}` : ""}: from then on nothing refuses to delete what is theirs`,
          addresses: lifted.map(({ address }) => address),
        },
      ];
}

const labelsOf = (attributes: JsonObject | undefined): JsonObject =>
  asObject(asObject(attributes?.["metadata"])["labels"]);

function isMarked(attributes: JsonObject | undefined): boolean {
  const labels = labelsOf(attributes);
  return Object.entries(PROTECTED_MARK).every(([key, value]) => labels[key] === value);
}

function nameOf(labels: JsonObject): string {
  const [team, environment] = [asText(labels[TEAM_LABEL]), asText(labels[ENVIRONMENT_LABEL])];
  if (team !== "") return `team ${team}`;
  return environment === "" ? "" : `environment ${environment}`;
}
