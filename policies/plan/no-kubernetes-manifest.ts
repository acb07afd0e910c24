import type { PlanRule } from "./rule";

export const noKubernetesManifest: PlanRule = {
  id: "no-kubernetes-manifest",
  severity: "deny",
  why: "A kubernetes_manifest asks the API server at every plan and needs the CRD to be there before, so a first plan fails.",
  fix: "Put the object into a small chart in charts/ and install it as a HelmRelease that depends on the release with its CRD.",
  links: ["https://github.com/hashicorp/terraform-provider-kubernetes/issues/1775"],
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === "kubernetes_manifest")
      .map((resource) => ({ resource, message: "is a kubernetes_manifest" })),
};
