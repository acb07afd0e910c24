/** Whose an object is: a team's, an environment's, a component's, or everybody's. */
import { TEAM_LABEL } from "../../config/names";
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asObject, asText, type JsonObject } from "../../policies/plan/synthesized-stack";
import { teamOf } from "../../policies/plan/waivers";

export interface Owner {
  readonly kind: "team" | "environment" | "component" | "platform";
  /** Of the team, environment or component; the part of the stack for what is everybody's: `network`. */
  readonly name: string;
}

const OF_ENVIRONMENTS: ReadonlySet<string> = new Set(["environments", "environment-quotas"]);

export function ownerOf(change: Pick<ResourceChange, "path" | "before" | "after" | "team">): Owner {
  const { path, before, after } = change;
  const [part = "", name] = path.split("/");
  const team = change.team ?? teamOf({ path }) ?? labelledTeam(after) ?? labelledTeam(before);
  if (team !== undefined && team !== "shared") return { kind: "team", name: team };
  if (name !== undefined && OF_ENVIRONMENTS.has(part)) return { kind: "environment", name };
  if (name !== undefined && part === "components") return { kind: "component", name };
  return { kind: "platform", name: part };
}

/** Where objects of Kubernetes and of the clouds carry their labels. */
const LABELLED = ["labels", "node_labels", "tags"];
const TEAM_KEYS = [TEAM_LABEL, TEAM_LABEL.replace(".dev/", "-"), "team"];

function labelledTeam(attributes: JsonObject | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  for (const place of [attributes, asObject(attributes["metadata"])])
    for (const labelled of LABELLED) {
      // Most objects have none, and every object of a plan is asked several times.
      const labels = place[labelled];
      if (labels === undefined || labels === null) continue;
      for (const key of TEAM_KEYS) {
        const team = asText(asObject(labels)[key]);
        if (team !== "") return team;
      }
    }
  return undefined;
}
