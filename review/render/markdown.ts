/** A stack's review as a comment of a pull request. */
import type { Waived } from "../../policies/plan/waivers";
import type { Finding } from "../understand/findings/finding";
import type { AmountChange, TeamChange } from "../understand/team-changes";
import { objects as countObjects } from "../understand/findings/finding";
import { largestFirst, showCost, totalOf } from "../understand/cost";
import { showCounts } from "../understand/verdict";
import type { ObjectChange, StackReview } from "../review";
import { UNKNOWN } from "../read/difference";
import { isObject } from "../read/values";
import { code, fenced, html, plain } from "./markdown-text";
import { ACTION_WORDS, cut, differenceLines, reasonWords, unknownLine } from "./lines";

/** GitHub refuses a comment of more than 65,536 characters: https://github.com/orgs/community/discussions/41331 */
export const COMMENT_BUDGET = 60_000;

export interface MarkdownOptions {
  /** Characters. @default 60000 */
  readonly budget?: number;
  /** Lines of its own below the review: commits, a link to the run. @default - none */
  readonly footer?: readonly string[];
  /** Where the whole review is to be read: `the artifact of this run`. @default - nowhere else */
  readonly whole?: string;
}

/** Finds the comment of a stack again, whatever version wrote it. */
export const markerOf = (stack: string): string =>
  `<!-- platform-review:v1 stack=${stack.slice(0, 200).replace(/[^\w.-]|-(?=-)/g, "_")} -->`;

/** Characters of an address and of a sentence that anybody reads. */
const NAME = 300;
const SENTENCE = 1500;

/** How much of a review is told; each step leaves out what is least missed. */
interface Detail {
  /** Lines of one object's diff. */
  readonly lines: number;
  /** Objects that have a diff, the most important first. */
  readonly diffs: number;
  /** Objects in a list of those that come or go. */
  readonly listed: number;
  /** Rows of a table, and findings. */
  readonly rows: number;
  /** Characters of a line. */
  readonly width: number;
}

const STEPS: readonly Detail[] = [
  { lines: 400, diffs: Infinity, listed: Infinity, rows: Infinity, width: 1000 },
  { lines: 40, diffs: Infinity, listed: 200, rows: 200, width: 300 },
  { lines: 12, diffs: 60, listed: 50, rows: 100, width: 200 },
  { lines: 6, diffs: 20, listed: 25, rows: 50, width: 160 },
  { lines: 0, diffs: 0, listed: 10, rows: 25, width: 160 },
  { lines: 0, diffs: 0, listed: 0, rows: 8, width: 120 },
];

/** Where even that is too much. */
const LEAST: Detail = { lines: 0, diffs: 0, listed: 0, rows: 3, width: 80 };

/** Never longer than the budget; what was left out is said, and no fence is cut. */
export function renderMarkdown(stack: StackReview, policies: Waived, options: MarkdownOptions = {}): string {
  const { budget = COMMENT_BUDGET } = options;
  for (const detail of STEPS) {
    const text = joined(partsOf(stack, policies, options, detail));
    if (text.length <= budget) return text;
  }
  return withinBudget(partsOf(stack, policies, options, LEAST), budget);
}

/** Names alone are longer than the budget: whole parts as long as there is room, the head first, which has what matters. */
function withinBudget(parts: readonly string[], budget: number): string {
  const end = "…and more than a comment can hold.";
  const kept: string[] = [];
  for (const part of parts) if (part !== "" && joined([...kept, part, end]).length <= budget) kept.push(part);
  const text = joined([...kept, end]);
  return text.length <= budget ? text : "";
}

const joined = (parts: readonly string[]): string => `${parts.filter((part) => part !== "").join("\n\n")}\n`;

function partsOf(stack: StackReview, policies: Waived, options: MarkdownOptions, detail: Detail): readonly string[] {
  return [
    `${markerOf(stack.name)}\n## ${plain(cut(stack.name, NAME))}: ${HEADINGS[stack.level]}`,
    `**${plain(cut(stack.verdict, SENTENCE))}**`,
    stack.level === "none" ? "" : `${plain(showCounts(stack.counts))}${unknownCount(stack)}`,
    policiesPart(stack.name, policies, detail),
    findingsPart(stack.findings, detail),
    teamsPart(stack.teams, detail),
    releasesPart(stack, detail),
    costPart(stack, detail),
    sharedPart(stack),
    driftPart(stack, detail),
    outputsPart(stack, detail),
    objectsPart(stack, detail),
    ...(stack.notes.length > 0 ? [stack.notes.map((note) => `> ${plain(cut(note, SENTENCE))}`).join("\n>\n")] : []),
    footerPart(stack, options, detail),
  ];
}

const HEADINGS = {
  danger: "🛑 dangerous",
  caution: "⚠️ look twice",
  routine: "✅ routine",
  none: "➖ nothing changes",
} as const;

const unknownCount = ({ counts }: StackReview): string =>
  counts.unknown === 0 ? "" : `; ${counts.unknown} value${counts.unknown === 1 ? "" : "s"} known after the apply only`;

const SIGNS = { danger: "🛑", caution: "⚠️", routine: "▫️" } as const;

function findingsPart(findings: readonly Finding[], { rows }: Detail): string {
  if (findings.length === 0) return "";
  const shown = findings.slice(0, rows).map(({ level, text }) => `- ${SIGNS[level]} ${plain(cut(text, SENTENCE))}`);
  return ["### What to look at", "", ...shown, ...more(findings.length - shown.length, "finding")].join("\n");
}

const more = (left: number, what: string): string[] =>
  left > 0 ? [`- …and ${left} more ${what}${left === 1 ? "" : "s"}`] : [];

function policiesPart(name: string, { violations, waived, expired, unused }: Waived, { rows }: Detail): string {
  const own = violations.filter(({ stack }) => stack === name);
  const overdue = new Map(expired.map(({ violation, waiver }) => [violation, waiver]));
  const lines = [
    ...own.map((violation) => {
      const { severity, rule, message, address, fix } = violation;
      const waiver = overdue.get(violation);
      const since =
        waiver === undefined
          ? ""
          : ` (waived by ${plain(waiver.owner)} until ${plain(waiver.until)}, which has passed)`;
      return `- ${severity === "deny" ? "🛑 denied" : "⚠️ warning"} **${plain(rule)}**: ${plain(cut(message, SENTENCE))}${since} ${code(cut(address, NAME))}<br>${plain(cut(fix, SENTENCE))}`;
    }),
    ...waived
      .filter(({ violation }) => violation.stack === name)
      .map(
        ({ violation: { rule, message, address }, waiver }) =>
          `- ▫️ waived by ${plain(waiver.owner)} until ${plain(waiver.until)} **${plain(rule)}**: ${plain(cut(message, SENTENCE))} ${code(cut(address, NAME))}<br>${plain(cut(waiver.reason, SENTENCE))}`,
      ),
    ...unused
      .filter(({ stack }) => stack === name)
      .map(({ rule, owner }) => `- ⚠️ the waiver of ${plain(rule)} is about nothing; ${plain(owner)} may take it out`),
  ];
  if (lines.length === 0) return "";
  return ["### Policies", "", ...lines.slice(0, rows), ...more(lines.length - rows, "finding")].join("\n");
}

function teamsPart(teams: readonly TeamChange[], { rows }: Detail): string {
  if (teams.length === 0) return "";
  const all = teams.flatMap((team) => teamRows(team));
  return [
    "### Teams",
    "",
    "| team | where | what | before | after |",
    "| --- | --- | --- | ---: | ---: |",
    ...all.slice(0, rows),
    ...(all.length > rows ? [`| … | ${all.length - rows} more rows | | | |`] : []),
  ].join("\n");
}

function teamRows({ team, action, amounts, notes, objects }: TeamChange): string[] {
  const name = `**${cell(team)}**${action === "added" ? " (new)" : action === "removed" ? " (removed)" : ""}`;
  const rows = [
    ...amounts.map(({ where, unit, before, after }: AmountChange) => [where, unit, before ?? "–", after ?? "–"]),
    ...notes.map((note) => ["", note, "", ""]),
    ...(amounts.length + notes.length === 0
      ? [["", `${countObjects(objects.length)} of it; its quotas, pools and access stay`, "", ""]]
      : []),
  ];
  return rows.map((row, index) => `| ${index === 0 ? name : ""} | ${row.map(cell).join(" | ")} |`);
}

function releasesPart({ releases }: StackReview, { rows }: Detail): string {
  const bumped = releases.filter(({ jump, action }) => jump !== undefined || action !== "update");
  if (bumped.length === 0) return "";
  const shown = bumped.slice(0, rows).map(({ name, namespace, chart, action, versions, jump, crds, changelog }) => {
    const version =
      jump === undefined
        ? (versions?.after ?? versions?.before ?? "")
        : `${versions?.before ?? ""} → ${versions?.after ?? ""}`;
    return `| ${cell(name)} | ${cell(namespace)} | ${cell(chart)} | ${cell(version)} | ${cell(jump ?? ACTION_WORDS[action])}${crds ? ", CRDs" : ""} | ${changelog === undefined ? "" : `[changes](${changelog})`} |`;
  });
  return [
    "### Charts",
    "",
    "| release | namespace | chart | version | jump | |",
    "| --- | --- | --- | --- | --- | --- |",
    ...shown,
    ...(bumped.length > shown.length ? [`| … | ${bumped.length - shown.length} more | | | | |`] : []),
  ].join("\n");
}

/** Of a month; the largest differences first. */
function costPart({ cost }: StackReview, { rows }: Detail): string {
  if (cost === undefined) return "";
  const { currency, basis, atMost } = cost;
  const { before, after } = totalOf(cost);
  const show = (amount: number, signed = false): string => cell(showCost(amount, currency, signed));
  const all = largestFirst(cost).map(
    (item) =>
      `| ${cell(item.team ?? "all")} | ${cell(cut(item.what, NAME))} | ${show(item.before)} | ${show(item.after)} | ${show(item.after - item.before, true)} |`,
  );
  return [
    `### Cost of a month${atMost ? ", at most" : ""}: ${show(after - before, true)}`,
    "",
    "| team | what | before | after | difference |",
    "| --- | --- | ---: | ---: | ---: |",
    ...all.slice(0, rows),
    ...(all.length > rows ? [`| … | ${all.length - rows} more | | | |`] : []),
    "",
    `<sub>${plain(atMost ? `Every node there may be, all month: ${basis}.` : `${basis}.`)}</sub>`,
  ].join("\n");
}

/** What is nobody's own, and so everybody's. */
function sharedPart({ objects, teams, picture }: StackReview): string {
  // Of a stack without teams nothing is theirs to share.
  const { drawn, left } = picture.teams;
  if (teams.length + drawn.length + left.changing + left.staying === 0) return "";
  const counts = new Map<string, number>();
  for (const { owner, action } of objects) {
    if (owner.kind === "team" || action === "read") continue;
    const name = owner.kind === "platform" ? owner.name : `${owner.kind} ${owner.name}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return "";
  const all = [...counts].sort(([, a], [, b]) => b - a);
  const names = all.slice(0, 12).map(([name, count]) => `${plain(cut(name, NAME))} (${count})`);
  return `**Shared by all teams**${teams.length === 0 ? "" : ", beside what is a team's own"}: ${names.join(", ")}${all.length > 12 ? `, and ${all.length - 12} more` : ""}`;
}

function driftPart({ drift }: StackReview, detail: Detail): string {
  if (drift.length === 0) return "";
  return `### Changed outside Terraform\n\n${drift
    .slice(0, detail.rows)
    .map((object) => withDiff(object, detail, object.action === "delete" ? "gone" : undefined))
    .join("\n")}${drift.length > detail.rows ? `\n- …and ${drift.length - detail.rows} more` : ""}`;
}

function outputsPart({ outputs }: StackReview, { rows, width }: Detail): string {
  if (outputs.length === 0) return "";
  const all = outputs.flatMap(({ name, before, after }) => outputValues(name, before, after));
  const shown = all
    .slice(0, rows)
    .map(
      ({ name, before, after }) =>
        `- ${code(cut(name, NAME))}: ${valueCode(before, width)} → ${valueCode(after, width)}`,
    );
  return ["### Outputs", "", ...shown, ...more(all.length - shown.length, "output")].join("\n");
}

type OutputValue = Pick<StackReview["outputs"][number], "name" | "before" | "after">;

/** Of two objects, the keys that differ: `urls.gitea`. */
function outputValues(name: string, before: OutputValue["before"], after: OutputValue["after"]): OutputValue[] {
  if (!isObject(before) || !isObject(after)) return [{ name, ...sides(before, after) }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({ name: `${name}.${key}`, ...sides(before[key], after[key]) }));
}

const sides = (before: OutputValue["before"], after: OutputValue["after"]): Omit<OutputValue, "name"> => ({
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

const valueCode = (value: unknown, width: number): string =>
  value === undefined ? "nothing" : code(cut(typeof value === "string" ? value : JSON.stringify(value), width));

function objectsPart({ objects }: StackReview, detail: Detail): string {
  const of = (...actions: readonly ObjectChange["action"][]): readonly ObjectChange[] =>
    objects.filter(({ action }) => actions.includes(action));
  const following = of("replace").filter(isFollower);
  const changed = of("replace", "update", "none").filter((object) => !following.includes(object));
  const lists = [
    listPart("Destroyed", of("delete"), detail),
    listPart("Forgotten", of("forget"), detail),
    changed.length === 0 ? "" : changedPart(changed, detail),
    listPart("Replaced, because what they refer to becomes another", following.map(withoutReason), detail),
    listPart("Created", of("create"), detail),
    listPart("Read at the apply", of("read"), detail),
  ].filter((part) => part !== "");
  return lists.length === 0 ? "" : ["### Objects", ...lists].join("\n\n");
}

/** Nothing of its own makes it a new one. */
const isFollower = ({ differences, loss }: ObjectChange): boolean =>
  loss === undefined &&
  differences.some(({ forces }) => forces) &&
  differences.every(({ forces, after }) => !forces || after === UNKNOWN);

/** The heading says why. */
const withoutReason = ({ reason: _, ...object }: ObjectChange): ObjectChange => object;

function listPart(title: string, objects: readonly ObjectChange[], { listed }: Detail): string {
  if (objects.length === 0) return "";
  if (listed === 0) return `${title}: ${objects.length}`;
  const shown = objects.slice(0, listed).map((object) => `- ${oneLine(object)}`);
  return folded(
    `${title} (${objects.length})`,
    [...shown, ...more(objects.length - shown.length, "object")].join("\n"),
  );
}

function oneLine({ address, loss, dependents, reason }: ObjectChange): string {
  const said = [
    loss === undefined ? "" : `**${plain(loss)}**`,
    dependents === undefined || dependents === 0
      ? ""
      : `${countObjects(dependents)} refer${dependents === 1 ? "s" : ""} to it`,
    plain(reasonWords(reason)),
  ].filter((text) => text !== "");
  return `${code(cut(address, NAME))}${said.length === 0 ? "" : `: ${said.join("; ")}`}`;
}

function changedPart(objects: readonly ObjectChange[], detail: Detail): string {
  if (detail.listed === 0) return `Changed or replaced: ${objects.length}`;
  const withDiffs = objects.slice(0, detail.diffs);
  const rest = objects.slice(detail.diffs);
  const listed = rest.slice(0, detail.listed);
  return [
    ...withDiffs.map((object) => withDiff(object, detail)),
    ...(rest.length === 0
      ? []
      : [
          folded(
            `${withDiffs.length > 0 ? "Also c" : "C"}hanged or replaced, without their diffs (${rest.length})`,
            [
              ...listed.map((object) => `- ${ACTION_WORDS[object.action]} ${oneLine(object)}`),
              ...more(rest.length - listed.length, "object"),
            ].join("\n"),
          ),
        ]),
  ].join("\n");
}

/** @param done what has happened to it. @default - what will */
function withDiff(object: ObjectChange, detail: Detail, done?: string): string {
  const { address, path, action, differences, movedFrom, importedFrom, createBeforeDestroy, loss } = object;
  const said = [
    movedFrom === undefined ? "" : `moved from <code>${html(cut(movedFrom, NAME))}</code>`,
    importedFrom === undefined ? "" : `imported from <code>${html(cut(importedFrom, NAME))}</code>`,
    action === "replace" ? (createBeforeDestroy === true ? "the new one first" : "the old one goes first") : "",
    loss === undefined ? "" : html(loss),
  ].filter((text) => text !== "");
  const word = done ?? (action === "none" && importedFrom !== undefined ? "import" : ACTION_WORDS[action]);
  const summary = `<b>${word}</b> <code>${html(cut(path, NAME))}</code>${said.length === 0 ? "" : `, ${said.join(", ")}`}`;
  const lines = [...differences.flatMap(differenceLines), ...unknownLine(object)].map((line) =>
    cut(line, detail.width),
  );
  const shown = lines.slice(0, detail.lines);
  const left = lines.length - shown.length;
  const text = [...shown, ...(left > 0 ? [`… and ${left} more line${left === 1 ? "" : "s"}`] : [])].join("\n");
  return folded(summary, [code(cut(address, NAME)), ...(text === "" ? [] : [fenced(text, "diff")])].join("\n\n"), true);
}

/** @param summary HTML where `isHtml`, text else */
const folded = (summary: string, body: string, isHtml = false): string =>
  `<details><summary>${isHtml ? summary : html(summary)}</summary>\n\n${body}\n\n</details>`;

function footerPart(stack: StackReview, { footer = [], whole }: MarkdownOptions, detail: Detail): string {
  const left =
    detail === STEPS[0]
      ? ""
      : `This comment leaves out details to stay within its size${whole === undefined ? "" : `; all of it is in ${whole}`}.`;
  const lines = [...footer.map(plain), `fingerprint ${code(stack.fingerprint)}`];
  return `${left === "" ? "" : `${plain(left)}\n\n`}<sub>${lines.join(" · ")}</sub>`;
}

const cell = (text: string): string => plain(cut(text, NAME));
