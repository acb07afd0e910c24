import type { ResourceChange } from "../../../policies/plan/resource-change";
import type { StackChange } from "../../read/stack-change";
import { ownerOf } from "../owner";
import { stateful } from "../stateful";
import type { TeamChange } from "../team-changes";
import { describe, objects, teamOf, type Charts, type Finding } from "./finding";

/** What goes with a team, an environment or a component is said once, with it. */
export function ofDeletions(change: StackChange, teams: readonly TeamChange[], charts: Charts): Finding[] {
  const removedTeams = new Set(teams.filter(({ action }) => action === "removed").map(({ team }) => team));
  const gone = change.changes.filter(({ action }) => action === "delete");
  const left = new Set(change.changes.filter(({ after }) => after !== undefined).flatMap(wholesOf));
  const wholes = new Map<string, ResourceChange[]>();
  const single: ResourceChange[] = [];
  for (const resource of gone) {
    const whole = wholesOf(resource).find((candidate) => !left.has(candidate));
    if (removedTeams.has(teamOf(resource).team ?? "")) continue;
    if (whole === undefined) single.push(resource);
    else wholes.set(whole, [...(wholes.get(whole) ?? []), resource]);
  }
  return [
    ...[...wholes].map(([whole, resources]) => ofWhole(whole, resources, charts)),
    ...single.map((resource): Finding => {
      const what = describe(resource, charts.get(resource.address));
      return {
        level: what.stateful ? "danger" : "caution",
        text: `${what.text} is destroyed${what.loss}`,
        ...teamOf(resource),
        addresses: [resource.address],
      };
    }),
    ...change.changes
      .filter(({ action }) => action === "forget")
      .map((resource): Finding => ({
        level: "caution",
        text: `${describe(resource, charts.get(resource.address)).text} is forgotten: it stays where it is, and Terraform no longer manages it`,
        ...teamOf(resource),
        addresses: [resource.address],
      })),
  ];
}

/** `environment dev`, or `component monitoring` and the part `kube-prometheus-stack` of it: the largest first. */
function wholesOf(resource: ResourceChange): string[] {
  const { kind, name } = ownerOf(resource);
  if (kind !== "environment" && kind !== "component") return [];
  const part = resource.path.split("/")[2];
  return [`${kind} ${name}`, ...(kind === "component" && part !== undefined ? [`part ${part} of ${name}`] : [])];
}

/** A component's namespace holds nothing of its own beside what its releases keep. */
function ofWhole(whole: string, resources: readonly ResourceChange[], charts: Charts): Finding {
  const losses = resources
    .filter(({ type }) => type !== "kubernetes_namespace_v1")
    .flatMap((resource) => stateful(resource, charts.get(resource.address))?.loss ?? []);
  return {
    level: losses.length > 0 ? "danger" : "caution",
    text: `the ${whole} is removed${losses.length > 0 ? `, ${[...new Set(losses)].join(", ")}` : ""} (${objects(resources.length)})`,
    addresses: resources.map(({ address }) => address),
  };
}
