/** Kubernetes goes forward, one minor at a time. */
import { CLUSTERS } from "./resource-types";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asText, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

const LINKS = ["https://kubernetes.io/releases/version-skew-policy/", "docs/operations.md#upgrade"];

export const oneMinorAtATime: PlanRule = {
  id: "one-minor-at-a-time",
  severity: "deny",
  ofChanges: true,
  why: "Clouds refuse to skip a minor, after half of the change was made; and each minor takes APIs away that something may still use.",
  fix: "Go to the next minor, look that everything runs, and go on from there.",
  links: [...LINKS, "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html"],
  check: (stack) =>
    jumps(stack)
      .filter(({ from, to }) => to > from + 1)
      .map(({ resource, from, to }) => ({
        resource,
        message: `goes from Kubernetes 1.${from} to 1.${to}, over ${to - from - 1} in between`,
      })),
};

export const noKubernetesDowngrade: PlanRule = {
  id: "no-kubernetes-downgrade",
  severity: "deny",
  ofChanges: true,
  why: "No control plane goes back: the cloud refuses, or makes the cluster anew, without anything that was in it.",
  fix: "Set the version that the cluster has, or a newer one.",
  links: LINKS,
  check: (stack) =>
    jumps(stack)
      .filter(({ from, to }) => to < from)
      .map(({ resource, from, to }) => ({ resource, message: `goes back from Kubernetes 1.${from} to 1.${to}` })),
};

function jumps({
  changes = [],
}: SynthesizedStack): readonly { readonly resource: ResourceChange; readonly from: number; readonly to: number }[] {
  return changes
    .filter(({ type }) => (CLUSTERS as readonly string[]).includes(type))
    .flatMap((resource) => {
      const [from, to] = [minor(resource.before), minor(resource.after)];
      return from === undefined || to === undefined ? [] : [{ resource, from, to }];
    });
}

function minor(attributes: JsonObject = {}): number | undefined {
  const version = asText(attributes["version"]) || asText(attributes["kubernetes_version"]);
  const found = /^1\.(\d+)/.exec(version)?.[1];
  return found === undefined ? undefined : Number(found);
}
