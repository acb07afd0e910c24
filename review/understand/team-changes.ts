/** What a change does to each team, in figures and in words. */
import { showCores, showGibibytes } from "../../config/quantities";
import type { ResourceChange } from "../../policies/plan/resource-change";
import { resourcesOf, type StackChange } from "../read/stack-change";
import { ownerOf } from "./owner";
import { teamFacts, type Amounts, type Groups, type PoolFacts, type TeamFacts } from "./team-facts";

export interface TeamChange {
  readonly team: string;
  /** `touched` is a team whose objects change, and not what it may use. */
  readonly action: "added" | "removed" | "changed" | "touched";
  readonly amounts: readonly AmountChange[];
  /** `the pool gpu is new`, `group ml-scientists gets edit` */
  readonly notes: readonly string[];
  /** Addresses of its objects that change. */
  readonly objects: readonly string[];
}

export interface AmountChange {
  /** `namespace team-checkout`, `environment prod`, `pool ml-gpu` */
  readonly where: string;
  /** `requests.cpu` */
  readonly resource: string;
  /** As a person says it: `cores`. */
  readonly unit: string;
  /** @default - not limited, or not there */
  readonly before?: string;
  /** @default - not limited, or gone */
  readonly after?: string;
  /** How many times as much; undefined where one side is none. */
  readonly factor?: number;
}

export function teamChanges({ stack, changes }: StackChange): readonly TeamChange[] {
  // Most objects stay as they are, and reading the values of all would cost seconds on a large platform.
  const changed = changes.filter(({ action }) => action !== "none" && action !== "read");
  const [before, after] = (["before", "after"] as const).map((side) => teamFacts(resourcesOf(stack, changed, side)));
  const [had, has] = (["before", "after"] as const).map((side) => teamsOf(changes.filter((change) => change[side])));
  return [...teamsOf(changed)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([team, objects]): TeamChange => {
      const [was, is] = [before?.get(team), after?.get(team)];
      const amounts = [...compareQuotas(was, is), ...comparePools(was, is)];
      const [isNew, isGone] = [!had?.has(team), !has?.has(team)];
      const notes = isNew || isGone ? [] : compareRest(was ?? NOTHING, is ?? NOTHING);
      const action = isNew ? "added" : isGone ? "removed" : amounts.length + notes.length > 0 ? "changed" : "touched";
      return { team, action, amounts, notes, objects };
    });
}

/** Pools that all teams share, as of a team; a new cluster's are no change. */
export function sharedPoolChange({ stack, before, after, changes }: StackChange): TeamChange | undefined {
  const changed = changes.filter(
    (change) =>
      change.action !== "none" && change.path.startsWith("shared-pool/") && ownerOf(change).kind === "platform",
  );
  if (!before || !after || changed.length === 0) return undefined;
  const [was, is] = (["before", "after"] as const).map((side) => teamFacts(resourcesOf(stack, changed, side)).get(""));
  return {
    team: "the cluster",
    action: "changed",
    amounts: comparePools(was, is),
    notes: compareRest(was ?? NOTHING, is ?? NOTHING),
    objects: changed.map(({ address }) => address),
  };
}

const NOTHING: TeamFacts = {
  quotas: new Map(),
  pools: new Map(),
  groups: new Map(),
  signIns: new Map(),
  namespaces: [],
  extras: [],
  egress: [],
  containers: new Map(),
};

/** Addresses of each team's objects. */
function teamsOf(changes: readonly ResourceChange[]): ReadonlyMap<string, readonly string[]> {
  const objects = new Map<string, string[]>();
  for (const change of changes) {
    const { kind, name } = ownerOf(change);
    if (kind !== "team") continue;
    const known = objects.get(name);
    if (known) known.push(change.address);
    else objects.set(name, [change.address]);
  }
  return objects;
}

const compareQuotas = (was: TeamFacts | undefined, is: TeamFacts | undefined): AmountChange[] =>
  union(was?.quotas, is?.quotas).flatMap((where) =>
    compareAmounts(where, was?.quotas.get(where), is?.quotas.get(where)),
  );

const comparePools = (was: TeamFacts | undefined, is: TeamFacts | undefined): AmountChange[] =>
  union(was?.pools, is?.pools).flatMap((pool) =>
    compareAmounts(`pool ${pool}`, was?.pools.get(pool)?.limits, is?.pools.get(pool)?.limits),
  );

function compareAmounts(where: string, was: Amounts = {}, is: Amounts = {}): AmountChange[] {
  return (
    [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((resource) => was[resource] !== is[resource])
      // What a team may not have at all is no news where it comes or goes, unless it was free to have it.
      .filter(
        (resource) =>
          (was[resource] ?? 0) !== 0 || (is[resource] ?? 0) !== 0 || (isBound(resource) && hasSome(was) && hasSome(is)),
      )
      .map((resource): AmountChange => {
        const { unit, show } = unitOf(resource);
        const [from, to] = [was[resource], is[resource]];
        return {
          where,
          resource,
          unit,
          ...(from !== undefined && { before: show(from) }),
          ...(to !== undefined && { after: show(to) }),
          ...(from && to && { factor: to / from }),
        };
      })
  );
}

/** Of which a quota that does not name it leaves as much as there is; of cpu, memory and GPUs each names what there is for the team. */
export const isBound = (resource: string): boolean => /^(pods$|limits\.)|storage$/.test(resource);

const hasSome = (amounts: Amounts): boolean => Object.keys(amounts).length > 0;

/** How a resource of a quota is said and shown. */
export function unitOf(resource: string): { readonly unit: string; readonly show: (amount: number) => string } {
  const limits = resource.startsWith("limits.") ? " of limits" : "";
  if (/(^|\.)cpu$/.test(resource)) return { unit: `cores${limits}`, show: showCores };
  if (/(^|\.)memory$/.test(resource)) return { unit: `GiB of memory${limits}`, show: showGibibytes };
  if (/storage$/.test(resource)) {
    const [, ofClass] = /^(.+)\.storageclass\.storage\.k8s\.io\//.exec(resource) ?? [];
    return { unit: `GiB of ${ofClass === undefined ? "" : `${ofClass} `}storage`, show: showGibibytes };
  }
  if (/gpu$/.test(resource)) return { unit: "GPUs", show: String };
  return { unit: resource.replace(/^requests\.|^count\//, ""), show: String };
}

function compareRest(was: TeamFacts, is: TeamFacts): string[] {
  return [
    ...listed("namespace", was.namespaces, is.namespaces),
    ...listed("pool", [...was.pools.keys()], [...is.pools.keys()]),
    ...union(was.pools, is.pools).flatMap((pool) => {
      const [from, to] = [was.pools.get(pool), is.pools.get(pool)];
      return from && to ? comparePool(pool, from, to) : [];
    }),
    ...compareGroups(was.groups, is.groups),
    ...compareSignIns(was, is),
    ...listed("environment", environments(was), environments(is)),
    ...listed("its", was.extras, is.extras),
    ...compareContainers(was, is),
    ...missing(is.egress, was.egress).map((range) => `its pods may now reach ${range}`),
    ...missing(was.egress, is.egress).map((range) => `its pods may no longer reach ${range}`),
  ];
}

/** Of a pool that stays. */
function comparePool(pool: string, was: PoolFacts, is: PoolFacts): string[] {
  const [requirements, nodes] = [swapped(was.requirements, is.requirements), swapped(was.nodes, is.nodes)];
  return [
    ...(requirements === "" ? [] : [`pool ${pool} asks for other nodes: ${requirements}`]),
    ...(nodes === "" ? [] : [`nodes of pool ${pool} are replaced: ${nodes}`]),
    ...missing(is.taints, was.taints).map((taint) => `pods that do not tolerate ${taint} find no node in pool ${pool}`),
    ...missing(was.labels, is.labels).map((label) => `pods that ask for ${label} find no node in pool ${pool}`),
  ];
}

/** Differences that a sentence can hold. */
const MOST_DIFFERENCES = 4;

/** `no longer arch In amd64; arch In arm64` */
function swapped(was: readonly string[], is: readonly string[]): string {
  const all = [...missing(was, is).map((it) => `no longer ${it}`), ...missing(is, was)];
  const more = all.length > MOST_DIFFERENCES ? [`and ${all.length - MOST_DIFFERENCES} more`] : [];
  return [...all.slice(0, MOST_DIFFERENCES), ...more].join("; ");
}

const compareGroups = (was: Groups, is: Groups): string[] =>
  union(was, is).flatMap((role) => {
    const [from, to] = [was.get(role) ?? [], is.get(role) ?? []];
    return [
      ...missing(to, from).map((group) => `group ${group} gets ${role}`),
      ...missing(from, to).map(
        (group) => `group ${group} loses ${role}${to.length === 0 ? ", and no group has it" : ""}`,
      ),
    ];
  });

/** Where only the one side has such a place, it is the place that comes or goes; and what holds on the cluster holds everywhere. */
function compareSignIns(was: TeamFacts, is: TeamFacts): string[] {
  const onCluster = compareGroups(was.groups, is.groups);
  const places = new Map<string, string[]>();
  for (const [place, from] of was.signIns) {
    const to = is.signIns.get(place);
    for (const note of to === undefined ? [] : missing(compareGroups(from, to), onCluster))
      places.set(note, [...(places.get(note) ?? []), place]);
  }
  return [...places].map(([note, where]) => note.replace(/(,|$)/, ` in ${where.join(" and ")}$1`));
}

/** Where the team is before and after; mostly the same everywhere, and then said once. */
function compareContainers(was: TeamFacts, is: TeamFacts): string[] {
  const changed = [...was.containers].flatMap(([place, from]) => {
    const to = is.containers.get(place);
    // Without a quota there is no LimitRange either, which is said of the quota.
    return to === undefined || from.size === 0 || to.size === 0
      ? []
      : union(from, to)
          .filter((bound) => from.get(bound) !== to.get(bound))
          .map((bound) => `${bound} ${from.get(bound) ?? "none"} → ${to.get(bound) ?? "none"}`);
  });
  return changed.length === 0 ? [] : [`bounds of its containers change: ${[...new Set(changed)].join(", ")}`];
}

const environments = ({ quotas }: TeamFacts): string[] =>
  [...quotas.keys()].filter((where) => where.startsWith("environment ")).map((where) => where.slice(12));

const listed = (what: string, was: readonly string[], is: readonly string[]): string[] => [
  ...missing(is, was).map((name) => `${what} ${name} is new`),
  ...missing(was, is).map((name) => `${what} ${name} goes`),
];

const missing = (list: readonly string[], from: readonly string[]): string[] =>
  list.filter((item) => !from.includes(item));

const union = (a: ReadonlyMap<string, unknown> | undefined, b: ReadonlyMap<string, unknown> | undefined): string[] => [
  ...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]),
];

/** `1 core`, `4 cores of limits` */
export const showAmount = (amount: string, unit: string): string =>
  `${amount} ${amount === "1" ? unit.replace(/^(core|GPU|pod|node)s\b/, "$1") : unit}`;

/** `checkout gains 4 cores in namespace team-checkout (8 → 12)` */
export function amountSentence(team: string, { where, resource, unit, before, after }: AmountChange): string {
  const [from, to] = [Number(before), Number(after)];
  if (isBound(resource) && before === undefined)
    return `${team} is now bound to ${showAmount(after ?? "", unit)} in ${where}`;
  if (isBound(resource) && after === undefined)
    return `${team} is no longer bound in ${unit.replace(/^GiB of /, "")} in ${where}`;
  if (before === undefined) return `${team} gets ${showAmount(after ?? "", unit)} in ${where}`;
  if (after === undefined) return `${team} has no longer its ${showAmount(before, unit)} in ${where}`;
  const difference = Math.round(Math.abs(to - from) * 1000) / 1000;
  return `${team} ${to > from ? "gains" : "loses"} ${showAmount(String(difference), unit)} in ${where} (${before} → ${after})`;
}
