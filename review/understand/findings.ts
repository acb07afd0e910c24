/** What a reviewer has to know of a change, by importance, in words. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asObject, asText, type Json } from "../../policies/plan/synthesized-stack";
import { differencesOf, type Difference } from "../read/differences";
import type { StackChange } from "../read/stack-change";
import { Dependents, replacementCauses } from "./consequences";
import { ownerOf } from "./owner";
import { jumpOf, type ReleaseChange } from "./releases";
import { renamedValues } from "./renamed-values";
import { stateful } from "./stateful";
import { amountSentence, showAmount, type AmountChange, type TeamChange } from "./team-changes";

/** `danger` may lose data or service; `caution` deserves a second look; `routine` is what such a change looks like. */
export type Level = "danger" | "caution" | "routine";

export interface Finding {
  readonly level: Level;
  /** A sentence without its full stop. */
  readonly text: string;
  /** @default - of nobody in particular */
  readonly team?: string;
  /** Addresses that it is about, the cause first. */
  readonly addresses: readonly string[];
}

/** The most important first; within a level in the order of the stack. */
export function findings(
  change: StackChange,
  teams: readonly TeamChange[],
  releases: readonly ReleaseChange[],
): readonly Finding[] {
  const found = [
    ...ofReplacements(change, releases),
    ...teams.flatMap((team) => ofTeam(team, teams)),
    ...ofDeletions(change, teams, releases),
    ...releases.flatMap(ofRelease),
    ...change.changes.flatMap(ofRenamedValues),
    ...folded(change.changes.flatMap(ofVersion)),
    ...change.changes.flatMap(ofApi),
    ...change.changes.flatMap(ofRange),
    ...ofAddresses(change),
    ...ofDrift(change),
    ...ofDeferred(change),
  ];
  const order: readonly Level[] = ["danger", "caution", "routine"];
  return order.flatMap((level) => found.filter((finding) => finding.level === level));
}

const chartOf = (address: string, releases: readonly ReleaseChange[]): string | undefined =>
  releases.find((release) => release.address === address)?.chart;

function ofReplacements(change: StackChange, releases: readonly ReleaseChange[]): Finding[] {
  const dependents = new Dependents(change.references);
  const causes = replacementCauses(change.changes, dependents);
  const byAddress = new Map(change.changes.map((resource) => [resource.address, resource]));
  return [...causes].map(([address, following]): Finding => {
    const resource = byAddress.get(address) as ResourceChange;
    const what = describe(resource, chartOf(address, releases));
    const all = [address, ...following];
    const lost = all
      .map((one) => byAddress.get(one))
      .filter((one) => one !== undefined)
      .filter((one) => stateful(one, chartOf(one.address, releases)) !== undefined && one !== resource)
      .map((one) => stateful(one, chartOf(one.address, releases))?.what ?? "");
    const forced = differencesOf(resource).list.filter(({ forces }) => forces);
    const follow =
      following.length === 0
        ? ""
        : `; ${objects(following.length)} ${following.length === 1 ? "follows" : "follow"}${lost.length > 0 ? `, ${lost.slice(0, 3).join(", ")} among them` : ""}`;
    // Without a plan nobody knows which of them a provider replaces.
    const referring = change.source === "comparison" ? dependents.of(address).length - following.length : 0;
    const refer =
      referring > 0
        ? `; ${following.length > 0 ? `${referring} more` : objects(referring)} refer${referring === 1 ? "s" : ""} to it`
        : "";
    return {
      level: what.stateful || lost.length > 0 ? "danger" : "caution",
      text: `${what.text} is replaced${because(forced, resource)}${follow}${refer}${what.loss}`,
      ...teamOf(resource),
      addresses: all,
    };
  });
}

const teamOf = (resource: ResourceChange): { team?: string } => {
  const { kind, name } = ownerOf(resource);
  return kind === "team" ? { team: name } : {};
};

function because(forced: readonly Difference[], { reason }: ResourceChange): string {
  const [first] = forced;
  if (first)
    return `, because ${first.path} changes${first.patch ? "" : `: ${inWords(first.before)} → ${inWords(first.after)}`}`;
  if (reason === "replace_because_tainted") return ", because its last creation failed halfway";
  if (reason === "replace_by_request") return ", as asked for by -replace";
  if (reason === "replace_by_triggers") return ", because of what triggers it";
  return "";
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** `the network (network/vpc)` */
function describe(
  resource: ResourceChange,
  chart: string | undefined,
): { readonly text: string; readonly loss: string; readonly stateful: boolean } {
  const state = stateful(resource, chart);
  if (state) return { text: `${state.what} (${resource.path})`, loss: `: ${state.loss}`, stateful: true };
  const name = asText((resource.before ?? resource.after ?? {})["name"]);
  return {
    text:
      chart === undefined
        ? `${resource.type} ${resource.path}${/\[.*\]$/.exec(resource.address)?.[0] ?? ""}`
        : `the release ${name} (${chart})`,
    loss: "",
    stateful: false,
  };
}

/** What goes with a team, an environment or a component is said once, with it. */
function ofDeletions(change: StackChange, teams: readonly TeamChange[], releases: readonly ReleaseChange[]): Finding[] {
  const removedTeams = new Set(teams.filter(({ action }) => action === "removed").map(({ team }) => team));
  const gone = change.changes.filter(({ action }) => action === "delete");
  const left = new Set(change.changes.filter(({ after }) => after !== undefined).map((resource) => wholeOf(resource)));
  const wholes = new Map<string, ResourceChange[]>();
  const single: ResourceChange[] = [];
  for (const resource of gone) {
    const whole = wholeOf(resource);
    if (removedTeams.has(teamOf(resource).team ?? "")) continue;
    if (whole === undefined || left.has(whole)) single.push(resource);
    else wholes.set(whole, [...(wholes.get(whole) ?? []), resource]);
  }
  return [
    ...[...wholes].map(([whole, resources]) => ofWhole(whole, resources, releases)),
    ...single.map((resource): Finding => {
      const what = describe(resource, chartOf(resource.address, releases));
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
        text: `${describe(resource, chartOf(resource.address, releases)).text} is forgotten: it stays where it is, and Terraform no longer manages it`,
        ...teamOf(resource),
        addresses: [resource.address],
      })),
  ];
}

/** `environment dev`, `component gitea` */
function wholeOf(resource: ResourceChange): string | undefined {
  const { kind, name } = ownerOf(resource);
  return kind === "environment" || kind === "component" ? `${kind} ${name}` : undefined;
}

/** A component's namespace holds nothing of its own beside what its releases keep. */
function ofWhole(whole: string, resources: readonly ResourceChange[], releases: readonly ReleaseChange[]): Finding {
  const losses = resources
    .filter(({ type }) => type !== "kubernetes_namespace_v1")
    .flatMap((resource) => stateful(resource, chartOf(resource.address, releases))?.loss ?? []);
  return {
    level: losses.length > 0 ? "danger" : "caution",
    text: `the ${whole} is removed${losses.length > 0 ? `, ${[...new Set(losses)].join(", ")}` : ""} (${objects(resources.length)})`,
    addresses: resources.map(({ address }) => address),
  };
}

/** From here on a larger figure is called a jump: a zero too many is ten times, and a doubling is common. */
const JUMP = 4;

function ofTeam(change: TeamChange, teams: readonly TeamChange[]): Finding[] {
  const { team, action, amounts, notes, objects: addresses } = change;
  const about = { team, addresses };
  if (action === "added")
    return [
      {
        level: "routine",
        text: `team ${team} is new${amounts.length > 0 ? `: ${byPlace(amounts)}` : ""}`,
        ...about,
      },
    ];
  if (action === "removed")
    return [
      {
        level: "danger",
        text: `team ${team} is removed, with its namespaces and everything in them, volumes included (${objects(addresses.length)})${renamedTo(change, teams)}`,
        ...about,
      },
    ];
  const comesOrGoes = new Map(notes.map((note) => [note.replace(/ (is new|goes)$/, ""), note]));
  return [
    ...amounts
      .filter(({ where }) => !comesOrGoes.has(where))
      .map((amount): Finding => ({ level: levelOf(amount), text: amountText(team, amount), ...about })),
    ...[...comesOrGoes].map(([place, note]): Finding => {
      const own = amounts.filter(({ where, after }) => where === place && after !== undefined);
      return {
        level: / (goes|loses|gets|asks|reach)\b/.test(note) ? "caution" : "routine",
        text: `${team}: ${note}${own.length > 0 ? `, with ${list(own)}` : ""}`,
        ...about,
      };
    }),
  ];
}

/** Places that a sentence can hold. */
const MOST_PLACES = 3;

/** `1 core and 2 GiB of memory in environment dev` */
function byPlace(amounts: readonly AmountChange[]): string {
  const places = [...new Set(amounts.map(({ where }) => where))];
  const told = places.slice(0, MOST_PLACES).map((place) => {
    return `${list(amounts.filter(({ where }) => where === place))} in ${place}`;
  });
  const left = places.length - told.length;
  return `${told.join("; ")}${left > 0 ? `; and in ${left} more place${left === 1 ? "" : "s"}` : ""}`;
}

/** `1 core and 2 GiB of memory` */
function list(amounts: readonly AmountChange[]): string {
  const all = amounts.map(({ unit, after }) => showAmount(after ?? "0", unit));
  return `${all.length > 1 ? `${all.slice(0, -1).join(", ")} and ` : ""}${all.at(-1) ?? ""}`;
}

/** Another name in the config is another team: what the one had does not move to the other. */
function renamedTo(gone: TeamChange, teams: readonly TeamChange[]): string {
  const had = shape(gone, "before");
  const successor = teams.find((other) => other.action === "added" && had !== "" && shape(other, "after") === had);
  return successor === undefined
    ? ""
    : `; ${successor.team} is new and gets the same: under another name a team starts anew, and nothing moves to it`;
}

/** What a team may use, without its name. */
const shape = ({ team, amounts }: TeamChange, side: "before" | "after"): string =>
  amounts
    .map(({ where, resource, [side]: amount }) => `${where.replace(team, "")} ${resource} ${amount ?? ""}`)
    .sort()
    .join();

const amountText = (team: string, amount: AmountChange): string =>
  `${amountSentence(team, amount)}${amount.factor !== undefined && amount.factor >= JUMP ? `, ${Math.round(amount.factor)} times as much` : ""}`;

function levelOf({ before, after, factor }: AmountChange): Level {
  if (before !== undefined && after === undefined) return "caution";
  if (factor === undefined) return "routine";
  return factor < 1 || factor >= JUMP ? "caution" : "routine";
}

function ofRelease({ name, chart, action, versions, jump, crds, address }: ReleaseChange): Finding[] {
  if (action !== "update" || jump === undefined) return [];
  const text = `${name === chart ? "the chart" : `the release ${name} of the chart`} ${chart} goes from ${versions?.before ?? ""} to ${versions?.after ?? ""}`;
  const word = {
    major: "a major version",
    minor: "a minor version",
    patch: "a patch",
    downgrade: "back to an older version",
    other: "another version",
  }[jump];
  return [
    {
      level: jump === "major" || jump === "downgrade" ? "caution" : "routine",
      text: `${text}, ${word}${crds ? ", with CRDs" : ""}`,
      addresses: [address],
    },
  ];
}

const ofRenamedValues = (change: ResourceChange): Finding[] =>
  renamedValues(change).map(({ before, after }) => ({
    level: "caution",
    text: `the value ${before} of the release ${asText(change.after?.["name"])} is now called ${after}; see that its chart knows that key`,
    ...teamOf(change),
    addresses: [change.address],
  }));

/** What Terraform calls the version of Kubernetes. */
const VERSIONS = ["version", "kubernetes_version", "orchestrator_version"];
const CLUSTER_PARTS = /^(aws_eks_(cluster|node_group|addon)|azurerm_kubernetes_cluster(_node_pool)?)$/;

/** Nodes and add-ons follow their cluster by the dozen, which is one thing to know. */
function folded(found: readonly Finding[]): Finding[] {
  const following = found.filter(({ level }) => level === "routine");
  if (following.length < 2) return [...found];
  return [
    ...found.filter(({ level }) => level !== "routine"),
    {
      level: "routine",
      text: `${following.length} groups of nodes and add-ons go to another version`,
      addresses: following.flatMap(({ addresses }) => addresses),
    },
  ];
}

function ofVersion({ type, action, before, after, address, path }: ResourceChange): Finding[] {
  if (!CLUSTER_PARTS.test(type) || action !== "update") return [];
  return VERSIONS.flatMap((attribute): Finding[] => {
    const key = type === "aws_eks_addon" ? "addon_version" : attribute;
    const [from, to] = [asText(before?.[key]), asText(after?.[key])];
    if (
      from === "" ||
      to === "" ||
      from === to ||
      from.startsWith(`${to}.`) ||
      (key !== attribute && attribute !== "version")
    )
      return [];
    const jump = jumpOf(from, to);
    const isCluster = /cluster$/.test(type);
    return [
      {
        level: jump === "downgrade" ? "danger" : isCluster ? "caution" : "routine",
        text: `${isCluster ? "Kubernetes" : path} goes from ${from} to ${to}${isCluster ? "; there is no way back" : ""}`,
        addresses: [address],
      },
    ];
  });
}

/** Who may reach the API server. */
function ofApi(change: ResourceChange): Finding[] {
  if (change.action !== "update" || !/^(aws_eks_cluster|azurerm_kubernetes_cluster)$/.test(change.type)) return [];
  return differencesOf(change)
    .list.filter(({ path }) =>
      /public_access_cidrs|authorized_ip_ranges|endpoint_public_access|private_cluster_enabled/.test(path),
    )
    .map(({ path, before, after }) => ({
      level: "caution",
      text: `who may reach the API server changes: ${path} ${inWords(before)} → ${inWords(after)}`,
      addresses: [change.address],
    }));
}

/**
 * Azure has no replacement for it: the plan says that it changes in place, and the apply is refused while something has an address there.
 * https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#change-a-virtual-network
 */
function ofRange(change: ResourceChange): Finding[] {
  if (change.action !== "update" || !/^azurerm_(virtual_network|subnet)$/.test(change.type)) return [];
  return differencesOf(change)
    .list.filter(({ path }) => /^(address_space|address_prefixes)\b/.test(path))
    .map(({ path, before, after }) => ({
      level: "danger",
      text: `${describe(change, undefined).text} changes its range, ${path} ${inWords(before)} → ${inWords(after)}: Azure refuses that while something has an address in it`,
      addresses: [change.address],
    }));
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
          text: `${objects(real.length)} ${real.length === 1 ? "was" : "were"} changed outside Terraform since the last apply`,
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

/** `1 object`, `24 objects` */
export const objects = (count: number): string => `${count} object${count === 1 ? "" : "s"}`;
