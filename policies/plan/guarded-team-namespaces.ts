import { TEAM_LABEL } from "../../config/names";
import { labelsOf, metadata, ofTypes, releasesOfOwn, when } from "./look";
import type { PlanRule } from "./rule";
import { asText, releaseValues } from "./synthesized-stack";

/** The namespaces in the values of charts/team, without parsing thousands of documents. */
const NAMESPACE_OF_GUARD = /^ {4}name: (\S+)$/gm;

export const guardedTeamNamespaces: PlanRule = {
  id: "guarded-team-namespaces",
  severity: "deny",
  why: "A team's namespace without a quota can take the whole cluster, and one without a LimitRange and network policies has no bounds at all.",
  fix: "Make team namespaces with the Team construct, which brings all of it.",
  links: ["CIS EKS 4.3.2", "https://kubernetes.io/docs/concepts/security/multi-tenancy/"],
  check: (stack) => {
    const withQuota = new Set(
      ofTypes(stack, ["kubernetes_resource_quota_v1"]).map((quota) => metadata(quota)["namespace"]),
    );
    const bounded = new Set(
      releasesOfOwn(stack, "team")
        .flatMap(releaseValues)
        .flatMap((text) => [...text.matchAll(NAMESPACE_OF_GUARD)].map(([, name]) => name)),
    );
    return ofTypes(stack, ["kubernetes_namespace_v1"])
      .filter((resource) => labelsOf(resource)[TEAM_LABEL] !== undefined)
      .flatMap((resource) => {
        const name = asText(metadata(resource)["name"]);
        return [
          ...when(!withQuota.has(name), "has no ResourceQuota"),
          ...when(!bounded.has(name), "has no release with its LimitRange and network policies"),
        ].map((message) => ({ resource, message: `namespace ${name} ${message}` }));
      });
  },
};
