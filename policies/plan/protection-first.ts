import { block, isTrue, removals } from "./look";
import { isProtected } from "./protected-not-destroyed";
import { IRREPLACEABLE } from "./resource-types";
import type { PlanRule } from "./rule";
import type { JsonObject } from "./synthesized-stack";

export const protectionFirst: PlanRule = {
  id: "protection-first",
  severity: "deny",
  why: "Protection that is lifted by the very change that destroys has protected nothing: two changes are two looks.",
  fix: "Apply the change that lifts the protection alone, and the removal after it.",
  links: ["https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html"],
  check: (stack) => {
    const goes = removals(stack).filter(
      ({ type, before = {} }) =>
        IRREPLACEABLE.includes(type) || type === "kubernetes_namespace_v1" || hasProtection(before),
    );
    return (stack.changes ?? [])
      .filter(({ before, after }) => before && after && hasProtection(before) && !hasProtection(after))
      .flatMap((resource) =>
        goes.slice(0, 1).map(({ address }) => ({
          resource,
          message: `loses its protection from deletion in the change that destroys ${address}`,
        })),
      );
  },
};

const hasProtection = (attributes: JsonObject): boolean =>
  isTrue(attributes["deletion_protection"]) ||
  isTrue(block(attributes["lifecycle"])["prevent_destroy"]) ||
  isProtected(attributes);
