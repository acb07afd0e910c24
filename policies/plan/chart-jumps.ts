/** What a change of a chart's version is about. */
import { coerce, diff, gt, type SemVer } from "semver";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asText, type SynthesizedStack } from "./synthesized-stack";

export const chartMajor: PlanRule = {
  id: "chart-major",
  severity: "warn",
  ofChanges: true,
  why: "A chart's new major may rename values, replace what cannot be changed in place, or bring new CRDs: values that nobody reads any more are silent.",
  fix: "Read the chart's changelog; apply the change alone, first where nobody depends on it.",
  links: ["https://semver.org/", "https://helm.sh/docs/chart_best_practices/custom_resource_definitions/"],
  check: (stack) =>
    jumps(stack)
      .filter(({ from, to }) => gt(to, from) && isBreaking(from, to))
      .map(({ resource, from, to }) => ({
        resource,
        message: `${chartOf(resource)} goes from ${from.version} to ${to.version}`,
      })),
};

export const chartDowngrade: PlanRule = {
  id: "chart-downgrade",
  severity: "warn",
  ofChanges: true,
  why: "What a newer version has written, in its CRDs or its database, an older one seldom reads.",
  fix: "Go on to a version with the fault mended; if it must be this one, restore the data of before.",
  links: ["https://helm.sh/docs/helm/helm_rollback/"],
  check: (stack) =>
    jumps(stack)
      .filter(({ from, to }) => gt(from, to))
      .map(({ resource, from, to }) => ({
        resource,
        message: `${chartOf(resource)} goes back from ${from.version} to ${to.version}`,
      })),
};

export const crdsStay: PlanRule = {
  id: "crds-stay",
  severity: "warn",
  ofChanges: true,
  why: "With a definition, Kubernetes deletes every object of its kind, those of teams and environments included.",
  fix: "Look first that nobody has such objects: kubectl get <kind> --all-namespaces.",
  links: [
    "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#delete-a-customresourcedefinition",
  ],
  check: ({ changes = [] }) =>
    changes
      .filter(
        ({ type, action, before = {} }) =>
          type === "helm_release" &&
          (action === "delete" || action === "replace") &&
          /\bcrds?$/.test(asText(before["chart"])),
      )
      .map((resource) => ({ resource, message: `${chartOf(resource)} goes, and its definitions with it` })),
};

/** Releases that stay what they are, with another version of their chart. */
function jumps({
  changes = [],
}: SynthesizedStack): readonly { readonly resource: ResourceChange; readonly from: SemVer; readonly to: SemVer }[] {
  return changes
    .filter(({ type, before, after }) => type === "helm_release" && before?.["chart"] === after?.["chart"])
    .flatMap((resource) => {
      const [from, to] = [resource.before, resource.after].map((release) => coerce(asText(release?.["version"])));
      return from && to ? [{ resource, from, to }] : [];
    });
}

/** Before 1.0.0 every minor may break. */
const isBreaking = (from: SemVer, to: SemVer): boolean => {
  const size = diff(from, to);
  return size === "major" || (size === "minor" && from.major === 0);
};

const chartOf = ({ before = {} }: ResourceChange): string => `the chart ${asText(before["chart"])}`;
