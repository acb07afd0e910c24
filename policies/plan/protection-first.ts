import { block, isTrue, removals, when } from "./look";
import { isProtected } from "./protected-not-destroyed";
import { IRREPLACEABLE } from "./resource-types";
import type { PlanRule } from "./rule";
import type { JsonObject } from "./synthesized-stack";

export const protectionFirst: PlanRule = {
  id: "protection-first",
  severity: "deny",
  ofChanges: true,
  why: "Protection that is lifted by the very change that destroys has protected nothing: two changes are two looks.",
  fix: "Apply the change that lifts the protection alone, and the removal after it.",
  links: ["https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"],
  check: (stack) => {
    const goes = removals(stack).filter(
      ({ type, before = {} }) =>
        IRREPLACEABLE.includes(type) || type === "kubernetes_namespace_v1" || protections(before).length > 0,
    );
    return (stack.changes ?? [])
      .filter(
        ({ before, after }) => before && after && protections(before).some((one) => !protections(after).includes(one)),
      )
      .flatMap((resource) =>
        goes.slice(0, 1).map(({ address }) => ({
          resource,
          message: `loses its protection from deletion in the change that destroys ${address}`,
        })),
      );
  },
};

/** By what it is kept. */
function protections(attributes: JsonObject): readonly string[] {
  return [
    ...when(isTrue(attributes["deletion_protection"]), "cloud"),
    ...when(isTrue(block(attributes["lifecycle"])["prevent_destroy"]), "terraform"),
    ...when(isProtected(attributes), "admission"),
  ];
}
