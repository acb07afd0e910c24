import { valid } from "semver";
import type { PlanRule } from "./rule";
import type { SynthesizedResource } from "./synthesized-stack";

export const pinnedReleases: PlanRule = {
  id: "pinned-releases",
  severity: "deny",
  why: "A chart without an exact version changes under an unchanged config; one that is not atomic leaves half an installation behind; a namespace that Helm makes outlives its release.",
  fix: "Install charts with HelmRelease, from the chart table.",
  links: ["https://helm.sh/docs/helm/helm_upgrade/"],
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === "helm_release")
      .flatMap((resource) => faults(resource).map((message) => ({ resource, message }))),
};

function faults({ attributes }: SynthesizedResource): string[] {
  const { version, repository } = attributes;
  const pinned = (repository ?? "") === "" || (typeof version === "string" && valid(version) !== null);
  return [
    ...(pinned ? [] : [`version ${JSON.stringify(version ?? null)} is not an exact version`]),
    ...(attributes["atomic"] === true ? [] : ["is not atomic"]),
    ...(attributes["create_namespace"] === true ? ["lets Helm create its namespace"] : []),
  ];
}
