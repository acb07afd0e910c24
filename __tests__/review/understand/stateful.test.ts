/** What a review says goes with an object. */
import { reviewOfPlan } from "../../support/plans";

test("with Argo CD go its custom resources and credentials, which no chart brings back", () => {
  const release = { name: "argo-cd", namespace: "argocd", chart: "argo-cd", version: "9.0.0", values: ["a: 1\n"] };
  const address = "helm_release.components_argo-cd_chart_release_1234ABCD";
  expect(reviewOfPlan([{ address, actions: ["delete"], before: release }]).verdict).toBe(
    "Dangerous: the component argo-cd is removed, with its Applications, projects and credentials of clusters and repositories (1 object).",
  );
});
