import { PROTECTED_MARK, TEAM_LABEL } from "../../config/names";
import { labelsOf, removals, texts } from "./look";
import { IRREPLACEABLE } from "./resource-types";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asText, type JsonObject } from "./synthesized-stack";

const [PROTECTED = "", PROTECTED_VALUE] = Object.entries(PROTECTED_MARK)[0] ?? [];

/** A volume in Helm values: `size: 10Gi` of a chart's persistence, `storage: 20Gi` of a database or a claim. */
const VOLUME = /^ *(size|storage): *"?\d+(\.\d+)?[KMGT]i?"?$/m;

export const protectedNotDestroyed: PlanRule = {
  id: "protected-not-destroyed",
  severity: "deny",
  ofChanges: true,
  why: "Nothing makes it again as it was: a cluster with all that runs on it, a network with all that is in it, a key with all that it encrypted, a volume with its data.",
  fix: "Take the change back; if it is meant, move or save what is in there first (docs/operations.md), and waive the rule for this address.",
  links: ["https://developer.hashicorp.com/terraform/language/meta-arguments#prevent_destroy", "CKV_AWS_293"],
  check: (stack) =>
    removals(stack).flatMap((change) => {
      const what = whatGoes(change);
      if (what === undefined) return [];
      const forcedBy = (change.replacePaths ?? []).map((path) => path.join("."));
      const how =
        change.action === "delete"
          ? "is deleted"
          : `is destroyed and made anew${forcedBy.length > 0 ? `, because of ${forcedBy.join(", ")}` : ""}`;
      return [{ resource: change, message: `${what} ${how}` }];
    }),
};

function whatGoes({ type, before = {}, path }: ResourceChange): string | undefined {
  if (IRREPLACEABLE.includes(type)) return `${type} ${asText(before["name"]) || path}`;
  if (type === "helm_release" && texts(before["values"]).some((text) => VOLUME.test(text)))
    return `the release ${asText(before["name"])}, which has volumes,`;
  if (isProtected(before))
    return `team ${asText(labelsOf({ attributes: before })[TEAM_LABEL])} is protected from deletion, and its ${type.replace(/^kubernetes_(.*)_v1$/, "$1").replaceAll("_", " ")}`;
  return undefined;
}

/** Whether it has the label by which an admission policy keeps it. */
export const isProtected = (attributes: JsonObject): boolean => labelsOf({ attributes })[PROTECTED] === PROTECTED_VALUE;
