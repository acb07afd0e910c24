import type { StackChange } from "../../read/stack-change";
import {
  amountSentence,
  isBound,
  sharedPoolChange,
  showAmount,
  type AmountChange,
  type TeamChange,
} from "../team-changes";
import { objects, type Finding, type Level } from "./finding";

/** From here on a larger figure is called a jump: a zero too many is ten times, and a doubling is common. */
const JUMP = 4;

/** What a team gets and loses. */
export function ofTeam(change: TeamChange, teams: readonly TeamChange[]): Finding[] {
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
      if (/^environment .* goes$/.test(note))
        return { level: "danger", text: `${team}: ${note}, with everything it has there, volumes included`, ...about };
      return {
        level: / (goes|loses|gets|asks|reach|replaced|find)\b/.test(note) ? "caution" : "routine",
        text: `${team}: ${note}${own.length > 0 ? `, with ${list(own)}` : ""}`,
        ...about,
      };
    }),
  ];
}

/** What becomes of the pools that all teams share. */
export function ofSharedPool(change: StackChange): Finding[] {
  const shared = sharedPoolChange(change);
  return shared === undefined
    ? []
    : ofTeam(shared, []).map(({ level, text, addresses }) => ({ level, text, addresses }));
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

function levelOf({ resource, before, after, factor }: AmountChange): Level {
  if (isBound(resource) && (before === undefined || after === undefined)) return "caution";
  if (before !== undefined && after === undefined) return "caution";
  if (factor === undefined) return "routine";
  return factor < 1 || factor >= JUMP ? "caution" : "routine";
}
