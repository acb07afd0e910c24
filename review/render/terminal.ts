/** A review for a terminal: what to look at first, details last. */
import type { Colors } from "picocolors/types";
import type { Violation } from "../../policies/plan/rule";
import { formatViolations } from "../terminal";
import { wrap } from "../table";
import type { ObjectChange, Review, StackReview } from "../review";
import { objects as countObjects, type Level } from "../understand/findings/finding";
import type { TeamChange } from "../understand/team-changes";
import { showCost, totalOf } from "../understand/cost";
import { showCounts } from "../understand/verdict";
import { ACTION_WORDS, cut, differenceLines, reasonWords, unknownLine } from "./lines";

/** Lines of one object; the page has all of them. */
const LINES = 20;

export function renderTerminal(review: Review, colors: Colors): string {
  const { violations } = review.policies;
  return [
    ...review.stacks.map((stack) => stackText(stack, colors)),
    ...(violations.length > 0 ? [formatViolations(violations.map(onLines), colors)] : []),
    ...waivers(review, colors),
    `${paint(review.level, colors)(line(review.verdict, 1500))}\n${colors.dim(`fingerprint ${review.fingerprint}`)}`,
  ].join("\n\n");
}

const onLines = (violation: Violation): Violation => ({
  ...violation,
  address: line(violation.address),
  message: line(violation.message, 1500),
});

function stackText(stack: StackReview, colors: Colors): string {
  const head = `${colors.bold(colors.cyan(stack.name))}  ${paint(stack.level, colors)(stack.level === "none" ? "nothing changes" : showCounts(stack.counts))}`;
  return [
    head,
    ...stack.findings.map(({ level, text }) => indented(`${paint(level, colors)(SIGNS[level])} ${text}`)),
    ...(stack.teams.length > 0 ? [colors.bold("teams"), ...stack.teams.flatMap((team) => teamLines(team))] : []),
    ...costLines(stack, colors),
    ...(stack.objects.length > 0
      ? [colors.bold("objects"), ...stack.objects.flatMap((object) => objectLines(object, colors))]
      : []),
    ...(stack.drift.length > 0
      ? [colors.bold("changed outside Terraform"), ...stack.drift.flatMap((object) => objectLines(object, colors))]
      : []),
    ...stack.notes.map((note) => colors.dim(indented(note))),
  ].join("\n");
}

function costLines({ cost }: StackReview, colors: Colors): string[] {
  if (cost === undefined) return [];
  const { before, after } = totalOf(cost);
  const show = (from: number, to: number): string =>
    `${showCost(from, cost.currency)} → ${showCost(to, cost.currency)} (${showCost(to - from, cost.currency, true)})`;
  return [
    `${colors.bold("cost of a month")}${cost.atMost ? ", at most" : ""}: ${show(before, after)}`,
    ...cost.items.map(
      (item) =>
        `  ${line(`${item.team === undefined ? "" : `${item.team}, `}${item.what}`)}: ${show(item.before, item.after)}`,
    ),
    colors.dim(indented(cost.basis)),
  ];
}

/** Characters that anybody reads. */
const LONGEST = 300;

/** A name or a sentence, on one line whatever is in it. */
const line = (text: string, width = LONGEST): string => cut(text.replace(/\s+/g, " "), width);

const SIGNS: Readonly<Record<Level, string>> = { danger: "!!", caution: "! ", routine: "· " };

const paint = (level: StackReview["level"], colors: Colors) =>
  ({ danger: colors.red, caution: colors.yellow, routine: colors.green, none: colors.green })[level];

/** Wrapped under its beginning. */
const indented = (text: string): string => `  ${wrap(line(text, 1500), 104).split("\n").join("\n  ")}`;

function teamLines({ team, action, amounts, notes, objects }: TeamChange): string[] {
  const state = {
    added: "new",
    removed: "removed",
    changed: "",
    touched: `${countObjects(objects.length)} of it; its quotas, pools and access stay`,
  }[action];
  return [
    `  ${line(team)}${state === "" ? "" : `  ${state}`}`,
    ...amounts.map(
      ({ where, unit, before, after }) => `    ${line(where)}: ${before ?? "–"} → ${after ?? "–"} ${unit}`,
    ),
    ...notes.map((note) => `    ${line(note)}`),
  ];
}

const MARKS: Readonly<Record<ObjectChange["action"], string>> = {
  delete: "-",
  replace: "±",
  update: "~",
  create: "+",
  forget: "○",
  read: "?",
  none: "→",
};

function objectLines(object: ObjectChange, colors: Colors): string[] {
  const { action, address, reason, loss, movedFrom, importedFrom, differences } = object;
  const color = {
    delete: colors.red,
    replace: colors.red,
    update: colors.yellow,
    create: colors.green,
    forget: colors.yellow,
    read: colors.dim,
    none: colors.dim,
  }[action];
  const said = [
    ...(loss === undefined ? [] : [loss]),
    ...(action === "delete" || action === "read" ? [reasonWords(reason)] : []),
    ...(movedFrom === undefined ? [] : [`moved from ${line(movedFrom)}`]),
    ...(importedFrom === undefined ? [] : [`imported from ${line(importedFrom)}`]),
  ].filter((text) => text !== "");
  const lines =
    action === "create" || action === "delete" || action === "read"
      ? []
      : [...differences.flatMap(differenceLines), ...unknownLine(object)];
  const shown = lines.slice(0, LINES).map((text) => cut(text, LONGEST));
  return [
    `  ${color(`${MARKS[action]} ${ACTION_WORDS[action]}`)} ${line(address)}${said.length > 0 ? colors.dim(`  ${said.join("; ")}`) : ""}`,
    ...shown.map(
      (line) => `      ${line.startsWith("-") ? colors.red(line) : line.startsWith("+") ? colors.green(line) : line}`,
    ),
    ...(lines.length > shown.length ? [colors.dim(`      … and ${lines.length - shown.length} more lines`)] : []),
  ];
}

function waivers({ policies: { waived, expired, unused } }: Review, colors: Colors): string[] {
  const lines = [
    ...expired.map(
      ({ violation: { rule, stack }, waiver: { owner, until } }) =>
        `  ${colors.red("expired")} ${stack}: ${rule}, waived by ${owner} until ${until}`,
    ),
    ...waived.map(
      ({ violation: { rule, stack, message }, waiver: { owner, until, reason } }) =>
        `  waived ${stack}: ${message} [${rule}] by ${owner} until ${until}: ${reason}`,
    ),
    ...unused.map(
      ({ rule, stack, owner }) =>
        `  ${colors.yellow("unused")} ${stack}: the waiver of ${rule} is about nothing; ${owner} may take it out`,
    ),
  ];
  return lines.length === 0 ? [] : [[colors.bold("waivers"), ...lines].join("\n")];
}
