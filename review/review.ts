/** A change as a reviewer needs it: plain data, with nothing secret in it, that every renderer shows. */
import type { Action, ResourceChange } from "../policies/plan/resource-change";
import type { Violation } from "../policies/plan/rule";
import type { Json } from "../policies/plan/synthesized-stack";
import type { Waived, WaivedViolation } from "../policies/plan/waivers";
import { fingerprint } from "./fingerprint";
import { UNKNOWN, type Difference } from "./read/difference";
import { differencesOf } from "./read/differences";
import { withoutMarked } from "./read/walk";
import type { Priced } from "./read/infracost";
import { knownSecrets, scrubber } from "./read/known-secrets";
import { hideInName, hideSecrets, hideShapes } from "./read/secrets";
import type { Deferred, StackChange } from "./read/stack-change";
import { costOf, type CostChange } from "./understand/cost";
import { Dependents } from "./understand/consequences";
import type { Finding, Level } from "./understand/findings/finding";
import { findings } from "./understand/findings/findings";
import { ownerOf, type Owner } from "./understand/owner";
import { pictureOf, type Picture } from "./understand/picture";
import { releaseChange, type ReleaseChange } from "./understand/releases";
import { stateful } from "./understand/stateful";
import { teamChanges, type TeamChange } from "./understand/team-changes";
import { verdict } from "./understand/verdict";

/** Of the JSON that `stackyard review` writes; a new number where a field goes or changes its meaning. */
export const REVIEW_VERSION = 1;

export interface Review {
  readonly version: typeof REVIEW_VERSION;
  readonly level: Level | "none";
  /** One sentence. */
  readonly verdict: string;
  readonly stacks: readonly StackReview[];
  readonly policies: Waived;
  /** Of all stacks together. */
  readonly fingerprint: string;
}

export interface StackReview {
  readonly name: string;
  readonly source: StackChange["source"];
  readonly level: Level | "none";
  readonly verdict: string;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  readonly teams: readonly TeamChange[];
  readonly releases: readonly ReleaseChange[];
  /** What changes, the most important first. */
  readonly objects: readonly ObjectChange[];
  readonly drift: readonly ObjectChange[];
  readonly deferred: readonly Deferred[];
  readonly outputs: readonly OutputReview[];
  /** @default - nothing that has a price changes */
  readonly cost?: CostChange;
  /** The platform, and what changes in it. */
  readonly picture: Picture;
  readonly notes: readonly string[];
  readonly fingerprint: string;
}

export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly read: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
  readonly drift: number;
  /** Values that only the apply will tell. */
  readonly unknown: number;
}

export interface ObjectChange {
  readonly address: string;
  readonly type: string;
  /** Path of the construct below its stack. */
  readonly path: string;
  readonly action: Action;
  readonly owner: Owner;
  /** Holds what cannot be made again: `with its data`. @default - it can be made again */
  readonly loss?: string;
  readonly differences: readonly Difference[];
  /** Paths that only the apply will tell. */
  readonly unknown: readonly string[];
  /** How many objects refer to it, directly or by others; counted for what goes or is replaced. */
  readonly dependents?: number;
  readonly createBeforeDestroy?: boolean;
  readonly reason?: string;
  readonly movedFrom?: string;
  readonly importedFrom?: string;
}

export interface OutputReview {
  readonly name: string;
  readonly action: Action;
  readonly before?: Json;
  readonly after?: Json;
}

/**
 * @param policies what the rules say of the same stacks
 * @param priced what Infracost says of them. @default - an upper bound, from a table of machines
 */
export function reviewOf(changes: readonly StackChange[], policies: Waived, priced?: Priced): Review {
  const stacks = changes.map((change) => hideInWords(reviewStack(change, policies, priced)));
  const scrub = scrubber(new Set(changes.flatMap((change) => [...knownSecrets(change)])));
  const all = verdict(stacks, policies.violations);
  return scrub({
    version: REVIEW_VERSION,
    ...all,
    stacks,
    policies: hideInPolicies(policies),
    fingerprint: fingerprint(
      stacks.flatMap(({ objects }) => objects),
      stacks.flatMap(({ outputs }) => outputs),
    ),
  });
}

/** Names and sentences, beside the differences, in which {@link differencesOf} has hidden what it must. */
function hideInWords(review: StackReview): StackReview {
  const objects = (list: readonly ObjectChange[]): readonly ObjectChange[] =>
    list.map((object) => ({
      ...hideStrings({ ...object, differences: [] }),
      differences: object.differences,
    }));
  return {
    ...review,
    verdict: hideInName(review.verdict),
    findings: hideStrings(review.findings),
    teams: hideStrings(review.teams),
    releases: hideStrings(review.releases),
    deferred: hideStrings(review.deferred),
    objects: objects(review.objects),
    drift: objects(review.drift),
    outputs: review.outputs.map((output) => ({ ...output, name: hideInName(output.name) })),
  };
}

/** What a rule says of an object may quote it; a violation stays the same one wherever it stands. */
function hideInPolicies(policies: Waived): Waived {
  const hidden = new Map<Violation, Violation>();
  const hide = (violation: Violation): Violation => {
    const known = hidden.get(violation) ?? {
      ...violation,
      address: hideInName(violation.address),
      path: hideInName(violation.path),
      message: hideShapes(violation.message),
    };
    hidden.set(violation, known);
    return known;
  };
  const waived = (list: readonly WaivedViolation[]): readonly WaivedViolation[] =>
    list.map((one) => ({ ...one, violation: hide(one.violation) }));
  return {
    ...policies,
    violations: policies.violations.map(hide),
    waived: waived(policies.waived),
    expired: waived(policies.expired),
  };
}

function hideStrings<Value>(value: Value): Value {
  if (typeof value === "string") return hideInName(value) as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(hideStrings) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hideStrings<unknown>(inner)])) as Value;
}

function reviewStack(change: StackChange, { violations }: Waived, priced?: Priced): StackReview {
  const teams = teamChanges(change);
  const releases = change.changes.flatMap((resource) => releaseChange(resource) ?? []);
  const dependents = new Dependents(change.references);
  const charts = new Map(releases.map(({ address, chart }) => [address, chart]));
  const objects = change.changes
    .filter(isChange)
    .map((resource) => objectChange(resource, dependents, charts.get(resource.address)))
    // An update in which nothing can be seen to change is a provider's way to write the same thing.
    .filter(
      ({ action, differences, unknown, movedFrom, importedFrom }) =>
        action !== "update" ||
        differences.length + unknown.length > 0 ||
        movedFrom !== undefined ||
        importedFrom !== undefined,
    )
    .sort((a, b) => importance(a) - importance(b));
  const outputs = change.outputs.map(outputReview);
  const drift = change.drift
    .filter(({ action }) => action !== "none")
    .map((resource) => objectChange(resource, dependents, charts.get(resource.address)))
    .filter(({ action, differences }) => action !== "update" || differences.length > 0);
  const found = findings(change, teams, releases, charts, dependents);
  const counts = countsOf(objects, drift);
  const cost = costOf(change, priced);
  const reviewed = { name: change.stack, counts, findings: found, outputs, drift };
  return {
    ...reviewed,
    source: change.source,
    ...verdict(
      [reviewed],
      violations.filter(({ stack }) => stack === change.stack),
    ),
    teams,
    releases,
    objects,
    deferred: change.deferred,
    ...(cost && { cost }),
    picture: pictureOf(change, teams, objects),
    notes: change.notes,
    fingerprint: fingerprint(objects, outputs),
  };
}

const isChange = ({ action, movedFrom, importedFrom }: ResourceChange): boolean =>
  action !== "none" || movedFrom !== undefined || importedFrom !== undefined;

function objectChange(resource: ResourceChange, dependents: Dependents, chart: string | undefined): ObjectChange {
  const { address, type, path, action, createBeforeDestroy, reason, movedFrom, importedFrom } = resource;
  const goes = action === "delete" || action === "replace";
  const { list, unknown } = action === "delete" ? { list: [], unknown: [] } : differencesOf(resource);
  const loss = goes ? stateful(resource, chart)?.loss : undefined;
  return {
    address,
    type,
    path,
    action,
    owner: ownerOf(resource),
    ...(loss !== undefined && { loss }),
    differences: list,
    unknown: action === "update" ? unknown : [],
    ...(goes && { dependents: dependents.of(address).length }),
    ...(createBeforeDestroy && { createBeforeDestroy }),
    ...(reason !== undefined && { reason }),
    ...(movedFrom !== undefined && { movedFrom }),
    ...(importedFrom !== undefined && { importedFrom }),
  };
}

/** What goes before what stays, what has data before the rest. */
function importance({ action, loss }: ObjectChange): number {
  const rank = ["delete", "replace", "forget", "update", "create", "none", "read"].indexOf(action);
  return loss === undefined ? rank + 10 : rank;
}

function countsOf(objects: readonly ObjectChange[], drift: readonly ObjectChange[]): Counts {
  const count = (action: Action): number => objects.filter((object) => object.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    read: count("read"),
    import: objects.filter(({ importedFrom }) => importedFrom !== undefined).length,
    move: objects.filter(({ movedFrom }) => movedFrom !== undefined).length,
    forget: count("forget"),
    drift: drift.length,
    unknown: objects.reduce((sum, { unknown }) => sum + unknown.length, 0),
  };
}

function outputReview({
  name,
  action,
  before,
  after,
  unknown,
  sensitive,
}: StackChange["outputs"][number]): OutputReview {
  const show = (value: Json, marks: Json): Json => hideSecrets(withoutMarked(value, marks), name);
  return {
    name,
    action,
    ...(before !== undefined && before !== null && { before: show(before, sensitive.before) }),
    ...(unknown
      ? { after: UNKNOWN }
      : after !== undefined && after !== null && { after: show(after, sensitive.after) }),
  };
}
