/** What a platform is made of, in the order in which it stands on itself, and what a change does to each part of it. */
import type { Action, ResourceChange } from "../../policies/plan/resource-change";
import { asText } from "../../policies/plan/synthesized-stack";
import { resourcesOf, type StackChange } from "../read/stack-change";
import { ownerOf } from "./owner";
import { chartName } from "./releases";
import { unitOf, type TeamChange } from "./team-changes";
import { teamFacts, type Amounts, type PoolFacts, type TeamFacts } from "./team-facts";

export interface Picture {
  /** What the cloud has for the cluster, by part of the stack: `network` before `control-plane`. */
  readonly foundation: Drawn<PicturedPart>;
  /** Releases that are not a team's own: each layer needs one of the layer before it. */
  readonly layers: readonly (readonly PicturedRelease[])[];
  /** Releases that the layers leave out. */
  readonly otherReleases: Left;
  /** Releases that go: what they needed is no longer written down. */
  readonly leaving: readonly PicturedRelease[];
  readonly environments: Drawn<PicturedPart>;
  /** Pools of nodes that teams without their own share. */
  readonly sharedPools: readonly PicturedPool[];
  readonly teams: Drawn<PicturedTeam>;
}

/** All, or where there are too many only what changes. */
export interface Drawn<Part> {
  readonly drawn: readonly Part[];
  readonly left: Left;
}

/** How many are not drawn. */
export interface Left {
  readonly changing: number;
  readonly staying: number;
}

/** `touched` is a whole that stays, and objects of it change; `none` stays as it is. */
export type PartAction = "added" | "removed" | "changed" | "touched" | "none";

export interface PicturedPart {
  readonly name: string;
  readonly action: PartAction;
  /** How many of its objects each thing happens to. */
  readonly counts: readonly { readonly action: Action; readonly count: number }[];
}

export interface PicturedRelease {
  readonly name: string;
  readonly chart: string;
  readonly action: Action;
}

export interface PicturedTeam {
  readonly name: string;
  readonly action: PartAction;
  /** By where: `namespace team-checkout`. */
  readonly quotas: readonly PicturedLimits[];
  readonly pools: readonly PicturedPool[];
}

export interface PicturedLimits {
  readonly name: string;
  readonly amounts: readonly PicturedAmount[];
}

export interface PicturedPool extends PicturedLimits {
  readonly action: PartAction;
}

export interface PicturedAmount {
  /** `cores` */
  readonly unit: string;
  /** @default - not limited, or not there */
  readonly before?: string;
  /** @default - not limited, or gone */
  readonly after?: string;
}

/** What a page can show at once. */
const MOST_PARTS = 60;
const MOST_RELEASES = 120;

/**
 * Reads the values of the drawn teams' releases only: those of a thousand would take seconds.
 *
 * @param objects what is seen to change
 */
export function pictureOf(
  change: StackChange,
  teams: readonly TeamChange[],
  objects: readonly { readonly address: string; readonly action: Action }[],
): Picture {
  const actions = new Map(objects.map(({ address, action }) => [address, action]));
  const owned = change.changes.filter(({ action }) => action !== "read").map((resource) => owning(resource, actions));
  return {
    foundation: foundation(owned, change.references),
    ...releases(owned, change.references),
    environments: drawn(parts(owned.filter(({ kind }) => kind === "environment")), MOST_PARTS),
    ...teamsAndPools(change, teams, owned),
  };
}

interface Owned {
  readonly resource: ResourceChange;
  readonly kind: ReturnType<typeof ownerOf>["kind"];
  readonly owner: string;
  /** As it is seen: an update in which nothing changes is none. */
  readonly action: Action;
}

function owning(resource: ResourceChange, actions: ReadonlyMap<string, Action>): Owned {
  const { kind, name } = ownerOf(resource);
  return { resource, kind, owner: name, action: actions.get(resource.address) ?? "none" };
}

function drawn<Part extends { readonly action: string }>(all: readonly Part[], most: number): Drawn<Part> {
  const changing = all.filter(({ action }) => action !== "none");
  const shown = all.length <= most ? all : changing.slice(0, most);
  const shownChanging = shown.filter(({ action }) => action !== "none").length;
  return {
    drawn: shown,
    left: {
      changing: changing.length - shownChanging,
      staying: all.length - changing.length - (shown.length - shownChanging),
    },
  };
}

function foundation(owned: readonly Owned[], references: StackChange["references"]): Drawn<PicturedPart> {
  const cloud = owned.filter(
    ({ kind, resource: { type } }) => kind === "platform" && !/^(helm|kubernetes)_/.test(type),
  );
  const depth = depths(references, () => true);
  // A part stands when the last of its objects does.
  const last = new Map<string, number>();
  for (const { owner, resource } of cloud)
    last.set(owner, Math.max(last.get(owner) ?? 0, depth.get(resource.address) ?? 0));
  return drawn(
    [...parts(cloud)].sort((a, b) => (last.get(a.name) ?? 0) - (last.get(b.name) ?? 0) || (a.name < b.name ? -1 : 1)),
    MOST_PARTS,
  );
}

/** The worst first. */
const ORDER: readonly Action[] = ["delete", "replace", "forget", "update", "create"];

function parts(owned: readonly Owned[]): readonly PicturedPart[] {
  const byName = new Map<string, Owned[]>();
  for (const one of owned) {
    const known = byName.get(one.owner);
    if (known) known.push(one);
    else byName.set(one.owner, [one]);
  }
  return [...byName].map(([name, all]): PicturedPart => {
    const counts = ORDER.map((action) => ({
      action,
      count: all.filter((one) => one.action === action).length,
    })).filter(({ count }) => count > 0);
    const [was, is] = [all.some(({ resource }) => resource.before), all.some(({ resource }) => resource.after)];
    return { name, action: !was ? "added" : !is ? "removed" : counts.length > 0 ? "touched" : "none", counts };
  });
}

function releases(
  owned: readonly Owned[],
  references: StackChange["references"],
): Pick<Picture, "layers" | "leaving" | "otherReleases"> {
  const all = owned.filter(({ kind, resource: { type } }) => type === "helm_release" && kind !== "team");
  const isRelease = new Set(owned.filter(({ resource: { type } }) => type === "helm_release").map(addressOf));
  const depth = depths(references, (address) => isRelease.has(address));
  const pictured = all.map((one) => ({ ...picturedRelease(one), depth: depth.get(addressOf(one)) ?? 0 }));
  const { drawn: shown, left } = drawn(pictured, MOST_RELEASES);
  const layers = new Map<number, PicturedRelease[]>();
  const leaving: PicturedRelease[] = [];
  for (const { depth: layer, ...release } of [...shown].sort(
    (a, b) => a.depth - b.depth || (a.name < b.name ? -1 : 1),
  )) {
    const known = release.action === "delete" || release.action === "forget" ? leaving : layers.get(layer);
    if (known) known.push(release);
    else layers.set(layer, [release]);
  }
  return { layers: [...layers.values()], leaving, otherReleases: left };
}

const addressOf = ({ resource }: Owned): string => resource.address;

function picturedRelease({ resource: { before, after }, action }: Owned): PicturedRelease {
  const attributes = after ?? before ?? {};
  return { name: asText(attributes["name"]), chart: chartName(asText(attributes["chart"])), action };
}

/** By address: how many of what counts stand below it, one on the other. What refers to itself in a circle stands somewhere. */
function depths(
  references: StackChange["references"],
  counts: (address: string) => boolean,
): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const open = new Set<string>();
  for (const start of references.keys()) {
    // Not by recursion: a plan may be a chain of thousands.
    const path = [start];
    for (let here = path.at(-1); here !== undefined; here = path.at(-1)) {
      const targets = references.get(here) ?? [];
      const ahead = open.has(here) ? [] : targets.filter((target) => !known.has(target) && !open.has(target));
      if (!known.has(here) && ahead.length > 0) {
        open.add(here);
        path.push(...ahead);
        continue;
      }
      if (!known.has(here))
        known.set(
          here,
          targets.reduce(
            (deepest, target) => Math.max(deepest, (known.get(target) ?? 0) + (counts(target) ? 1 : 0)),
            0,
          ),
        );
      path.pop();
    }
  }
  return known;
}

function teamsAndPools(
  { stack }: StackChange,
  changes: readonly TeamChange[],
  owned: readonly Owned[],
): Pick<Picture, "teams" | "sharedPools"> {
  const ofTeams = owned.filter(({ kind }) => kind === "team");
  const changing = new Set(ofTeams.filter(({ action }) => action !== "none").map(({ owner }) => owner));
  const said = new Map(changes.map(({ team, action }) => [team, action]));
  const names = [...new Set(ofTeams.map(({ owner }) => owner))].sort();
  const { drawn: shown, left } = drawn(
    names.map((name) => ({ name, action: changing.has(name) ? (said.get(name) ?? "touched") : ("none" as const) })),
    MOST_PARTS,
  );
  const wanted = new Set(shown.map(({ name }) => name));
  const relevant = owned.filter(({ kind, owner }) => (kind === "team" ? wanted.has(owner) : kind === "platform"));
  const facts = (side: "before" | "after", of: readonly Owned[]): ReadonlyMap<string, TeamFacts> =>
    teamFacts(
      resourcesOf(
        stack,
        of.map(({ resource }) => resource),
        side,
      ),
    );
  const is = facts("after", relevant);
  const was = facts(
    "before",
    relevant.filter(({ kind, owner }) => kind === "platform" || changing.has(owner)),
  );
  // A team that does not change was what it is.
  const before = (name: string): TeamFacts | undefined => (changing.has(name) ? was : is).get(name);
  return {
    teams: {
      drawn: shown.map(({ name, action }) => ({
        name,
        action,
        quotas: quotas(before(name)?.quotas, is.get(name)?.quotas),
        pools: pools(before(name)?.pools, is.get(name)?.pools),
      })),
      left,
    },
    sharedPools: pools(was.get("")?.pools, is.get("")?.pools),
  };
}

type ByName<Value> = ReadonlyMap<string, Value>;

const NONE: ByName<never> = new Map<string, never>();

const quotas = (was: ByName<Amounts> = NONE, is: ByName<Amounts> = NONE): readonly PicturedLimits[] =>
  union(was, is)
    .map((name) => ({ name, amounts: amounts(was.get(name), is.get(name)) }))
    .filter((quota) => quota.amounts.length > 0);

const pools = (was: ByName<PoolFacts> = NONE, is: ByName<PoolFacts> = NONE): readonly PicturedPool[] =>
  union(was, is).map((name) => {
    const [from, to] = [was.get(name), is.get(name)];
    const action = !from ? "added" : !to ? "removed" : JSON.stringify(from) === JSON.stringify(to) ? "none" : "changed";
    return { name, action, amounts: amounts(from?.limits, to?.limits) };
  });

const union = (a: ByName<unknown>, b: ByName<unknown>): readonly string[] => [...new Set([...a.keys(), ...b.keys()])];

/** What a quota is known by; others are drawn where they change. */
const MAIN = /^(requests\.)?(cpu|memory|nodes|nvidia\.com\/gpu)$/;

const amounts = (was: Amounts = {}, is: Amounts = {}): readonly PicturedAmount[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((resource) => MAIN.test(resource) || was[resource] !== is[resource])
    .filter((resource) => (was[resource] ?? 0) !== 0 || (is[resource] ?? 0) !== 0)
    .map((resource) => {
      const { unit, show } = unitOf(resource);
      const [before, after] = [was[resource], is[resource]];
      return {
        unit,
        ...(before !== undefined && { before: show(before) }),
        ...(after !== undefined && { after: show(after) }),
      };
    });
