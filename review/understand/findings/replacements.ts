import type { ResourceChange } from "../../../policies/plan/resource-change";
import type { Difference } from "../../read/difference";
import { differencesOf } from "../../read/differences";
import type { StackChange } from "../../read/stack-change";
import { replacementCauses, type Dependents } from "../consequences";
import { stateful } from "../stateful";
import { describe, inWords, objects, teamOf, type Charts, type Finding } from "./finding";

/** Each first cause, with what follows from it. */
export function ofReplacements(change: StackChange, charts: Charts, dependents: Dependents): Finding[] {
  const causes = replacementCauses(change.changes, dependents);
  const byAddress = new Map(change.changes.map((resource) => [resource.address, resource]));
  return [...causes].map(([address, following]): Finding => {
    const resource = byAddress.get(address) as ResourceChange;
    const what = describe(resource, charts.get(address));
    const all = [address, ...following];
    const hit = following
      .map((one) => byAddress.get(one))
      .flatMap((one) => (one && stateful(one, charts.get(one.address))) ?? []);
    const forced = differencesOf(resource).list.filter(({ forces }) => forces);
    const follow =
      following.length === 0
        ? ""
        : `; ${objects(following.length)} ${following.length === 1 ? "follows" : "follow"}${
            hit.length > 0
              ? `, ${hit
                  .slice(0, 3)
                  .map((state) => state.what)
                  .join(", ")} among them`
              : ""
          }`;
    // Without a plan nobody knows which of them a provider replaces.
    const referring = change.source === "comparison" ? dependents.of(address).length - following.length : 0;
    const refer =
      referring > 0
        ? `; ${following.length > 0 ? `${referring} more` : objects(referring)} refer${referring === 1 ? "s" : ""} to it`
        : "";
    return {
      level: what.stateful || hit.some(({ isLost }) => isLost) ? "danger" : "caution",
      text: `${what.text} is replaced${because(forced, resource)}${follow}${refer}${what.loss}`,
      ...teamOf(resource),
      addresses: all,
    };
  });
}

function because(forced: readonly Difference[], { reason }: ResourceChange): string {
  const [first] = forced;
  if (first)
    return `, because ${first.path} changes${first.patch ? "" : `: ${inWords(first.before)} → ${inWords(first.after)}`}`;
  if (reason === "replace_because_tainted") return ", because its last creation failed halfway";
  if (reason === "replace_by_request") return ", as asked for by -replace";
  if (reason === "replace_by_triggers") return ", because of what triggers it";
  return "";
}
