/** One sentence that says whether to look, and at what first. */
import type { Violation } from "../../policies/plan/rule";
import type { Counts, OutputReview } from "../review";
import type { Finding, Level } from "./findings/finding";

interface Judged {
  readonly name: string;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  readonly outputs: readonly OutputReview[];
}

export interface Verdict {
  readonly level: Level | "none";
  readonly verdict: string;
}

const NO_CHANGES = "no changes";

/** Causes that one sentence can hold. */
const MOST = 3;

export function verdict(stacks: readonly Judged[], violations: readonly Violation[] = []): Verdict {
  const denials = [...new Set(violations.filter(({ severity }) => severity === "deny").map(({ rule }) => rule))];
  const refused =
    denials.length === 0
      ? ""
      : `Denied by ${denials.slice(0, MOST).join(", ")}${denials.length > MOST ? ` and ${denials.length - MOST} more policies` : ""}. `;
  const changes = total(stacks);
  const level = levelOf(stacks, changes);
  if (level === "none")
    return { level, verdict: `${refused}Nothing changes${stacks.length === 1 ? ` in ${stacks[0]?.name ?? ""}` : ""}.` };
  const found = stacks.flatMap((stack) => stack.findings.filter((finding) => finding.level === level));
  const told = [...new Set(found.map(({ text }) => text))];
  const more = told.length > MOST ? `; and ${told.length - MOST} more` : "";
  const opening = { danger: "Dangerous", caution: "Look twice", routine: "Routine" }[level];
  const said =
    told.length > 0
      ? told.slice(0, MOST).join("; ") + more
      : `${summed(changes, stacks.flatMap((stack) => stack.outputs).length)}, nothing of it out of the ordinary`;
  return { level, verdict: `${refused}${opening}: ${said}.` };
}

/** Outputs count where nothing else changes. */
const summed = (changes: Counts, outputs: number): string => {
  const counts = showCounts(changes);
  return counts === NO_CHANGES && outputs > 0
    ? `${outputs} output${outputs === 1 ? " changes" : "s change"} and no object`
    : counts;
};

function levelOf(stacks: readonly Judged[], changes: Counts): Level | "none" {
  for (const level of ["danger", "caution", "routine"] as const)
    if (stacks.some(({ findings }) => findings.some((finding) => finding.level === level))) return level;
  const any =
    changes.create + changes.update + changes.replace + changes.delete + changes.forget + changes.move + changes.import;
  return any + stacks.flatMap(({ outputs }) => outputs).length > 0 ? "routine" : "none";
}

const NONE: Counts = {
  create: 0,
  update: 0,
  replace: 0,
  delete: 0,
  read: 0,
  import: 0,
  move: 0,
  forget: 0,
  drift: 0,
  unknown: 0,
};

function total(stacks: readonly Judged[]): Counts {
  const sum: { -readonly [Key in keyof Counts]: number } = { ...NONE };
  for (const { counts } of stacks) for (const key of Object.keys(NONE) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}

/** `2 to create, 1 to destroy`; what there is none of is left out. */
export function showCounts(counts: Counts): string {
  const words: readonly (readonly [keyof Counts, string])[] = [
    ["delete", "to destroy"],
    ["replace", "to replace"],
    ["update", "to change"],
    ["create", "to create"],
    ["import", "to import"],
    ["move", "moved"],
    ["forget", "to forget"],
    ["drift", "drifted"],
  ];
  return (
    words
      .filter(([key]) => counts[key] > 0)
      .map(([key, word]) => `${counts[key]} ${word}`)
      .join(", ") || NO_CHANGES
  );
}
