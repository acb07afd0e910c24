import { COST_CENTER_LABEL, ENVIRONMENT_LABEL, TEAM_LABEL } from "../../config/names";
import { labelsOf, ofTypes } from "./look";
import type { PlanRule } from "./rule";
import { asText } from "./synthesized-stack";

const ENFORCED = "pod-security.kubernetes.io/enforce";

export const podSecurity: PlanRule = {
  id: "pod-security",
  severity: "deny",
  why: "A privileged pod is root on its node, and so has what every other pod there has: only the platform's own agents may be that.",
  fix: `Set podSecurity "baseline" or "restricted"; make namespaces with the platform's modules, which enforce a level.`,
  links: ["CIS EKS 4.2.1", "https://kubernetes.io/docs/concepts/security/pod-security-standards/"],
  check: (stack) =>
    ofTypes(stack, ["kubernetes_namespace_v1"]).flatMap((resource) => {
      const labels = labelsOf(resource);
      const level = asText(labels[ENFORCED]);
      // The platform's own: everybody pays for them, and nobody else runs in them.
      const own =
        labels[COST_CENTER_LABEL] === "shared" &&
        labels[TEAM_LABEL] === undefined &&
        labels[ENVIRONMENT_LABEL] === undefined;
      if (level === "") return [{ resource, message: "the namespace enforces no pod security level" }];
      return level === "privileged" && !own ? [{ resource, message: "the namespace allows privileged pods" }] : [];
    }),
};
