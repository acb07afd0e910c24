import { ENVIRONMENT_LABEL, TEAM_LABEL } from "../../config/names";
import { departures } from "./departures";
import { areProtected, labelsOf, removals, texts } from "./look";
import { IRREPLACEABLE } from "./resource-types";
import type { ResourceChange } from "./resource-change";
import type { PlanRule, RuleFinding } from "./rule";
import { asText, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

/** A volume in Helm values: `size: 10Gi` of a chart's persistence, `storage: 20Gi` of a database or a claim. */
const VOLUME = /^ *(size|storage): *"?\d+(\.\d+)?[KMGT]i?"?$/m;

export const protectedNotDestroyed: PlanRule = {
  id: "protected-not-destroyed",
  severity: "deny",
  ofChanges: true,
  why: "Nothing makes it again as it was: a cluster with all that runs on it, a network with all that is in it, a key with all that it encrypted, a volume with its data.",
  fix: "Take the change back; if it is meant, move or save what is in there first (docs/operations.md). What deletionProtection keeps may go once that is lifted and applied; for all else, waive the rule for this address.",
  links: ["https://developer.hashicorp.com/terraform/language/meta-arguments#prevent_destroy", "CKV_AWS_293"],
  check: (stack) => [...destroyed(stack), ...left(stack)],
};

const destroyed = (stack: SynthesizedStack): readonly RuleFinding[] =>
  removals(stack).flatMap((change) => {
    const what = whatGoes(change);
    if (what === undefined) return [];
    const forcedBy = (change.replacePaths ?? []).map((path) => path.join("."));
    const how =
      change.action === "delete"
        ? "is deleted"
        : `is destroyed and made anew${forcedBy.length > 0 ? `, because of ${forcedBy.join(", ")}` : ""}`;
    return [{ resource: change, message: `${what} ${how}` }];
  });

/** What a team has in an environment is deleted by its release, and protected there: the deploy would fail half way. */
const left = (stack: SynthesizedStack): readonly RuleFinding[] =>
  departures(stack).map(({ resource, team, environment }) => ({
    resource,
    message: `team ${team} is protected from deletion, and leaves the environment ${environment} with all it has there`,
  }));

function whatGoes({ type, before = {}, path }: ResourceChange): string | undefined {
  if (IRREPLACEABLE.includes(type)) return `${type} ${asText(before["name"]) || path}`;
  if (type === "helm_release" && texts(before["values"]).some((text) => VOLUME.test(text)))
    return `the release ${asText(before["name"])}, which has volumes,`;
  if (isProtected(before))
    return `${holderOf(before)}, and its ${type.replace(/^kubernetes_(.*)_v1$/, "$1").replaceAll("_", " ")}`;
  return undefined;
}

function holderOf(attributes: JsonObject): string {
  const { [TEAM_LABEL]: team, [ENVIRONMENT_LABEL]: environment } = labelsOf({ attributes });
  return asText(team)
    ? `team ${asText(team)} is protected from deletion`
    : `the environment ${asText(environment)} holds protected teams`;
}

/** Whether it has the label by which an admission policy keeps it. */
export const isProtected = (attributes: JsonObject): boolean => areProtected(labelsOf({ attributes }));
