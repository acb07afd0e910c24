/** What a reviewer has to know of a change, by importance, in words. */
import { asObject } from "../../../policies/plan/synthesized-stack";
import { differencesOf } from "../../read/differences";
import type { StackChange } from "../../read/stack-change";
import type { Dependents } from "../consequences";
import type { ReleaseChange } from "../releases";
import type { TeamChange } from "../team-changes";
import { ofAdministrators } from "./administrators";
import { ofAdmission, ofPodSecurity } from "./admission";
import { folded, ofApi, ofRange, ofVersion } from "./clusters";
import { ofDeletions } from "./deletions";
import { inWords, objects, type Charts, type Finding, type Level } from "./finding";
import { ofRelease, ofRenamedValues } from "./releases";
import { ofReplacements } from "./replacements";
import { ofProtection, ofRights } from "./rights";
import { ofSharedPool, ofTeam } from "./teams";

/** The most important first; within a level in the order of the stack. */
export function findings(
  change: StackChange,
  teams: readonly TeamChange[],
  releases: readonly ReleaseChange[],
  charts: Charts,
  dependents: Dependents,
): readonly Finding[] {
  const found = [
    ...ofAdministrators(change),
    ...ofReplacements(change, charts, dependents),
    ...ofDeletions(change, teams, charts),
    ...teams.flatMap((team) => ofTeam(team, teams)),
    ...ofSharedPool(change),
    ...releases.flatMap(ofRelease),
    ...change.changes.flatMap(ofRenamedValues),
    ...folded(change.changes.flatMap(ofVersion)),
    ...change.changes.flatMap(ofApi),
    ...change.changes.flatMap(ofRights),
    ...ofAdmission(change.changes),
    ...change.changes.flatMap(ofPodSecurity),
    ...ofProtection(change.changes),
    ...ofRange(change.changes),
    ...ofAddresses(change),
    ...ofDrift(change),
    ...ofDeferred(change),
  ];
  const order: readonly Level[] = ["danger", "caution", "routine"];
  return order.flatMap((level) => found.filter((finding) => finding.level === level));
}

/** What people have in their bookmarks, and machines in their settings. */
function ofAddresses({ outputs }: StackChange): Finding[] {
  const urls = outputs.find(({ name, action }) => name === "urls" && action === "update");
  const [before, after] = [asObject(urls?.before), asObject(urls?.after)];
  const moved = Object.keys(before).filter((name) => name in after && before[name] !== after[name]);
  const [first] = moved;
  return first === undefined
    ? []
    : [
        {
          level: "caution",
          text: `${moved.join(", ")} ${moved.length === 1 ? "gets another address" : "get other addresses"}: ${inWords(before[first])} → ${inWords(after[first])}`,
          addresses: [],
        },
      ];
}

function ofDrift({ drift }: StackChange): Finding[] {
  const real = drift.filter((resource) => resource.action !== "none" && differencesOf(resource).list.length > 0);
  return real.length === 0
    ? []
    : [
        {
          level: "caution",
          text: `${objects(real.length)} ${real.length === 1 ? "was" : "were"} ${real.every(({ action }) => action === "delete") ? "removed" : "changed"} outside Terraform since the last apply`,
          addresses: real.map(({ address }) => address),
        },
      ];
}

const ofDeferred = ({ deferred }: StackChange): Finding[] =>
  deferred.length === 0
    ? []
    : [
        {
          level: "caution",
          text: `${objects(deferred.length)} can only be planned after this apply`,
          addresses: deferred.map(({ address }) => address),
        },
      ];
