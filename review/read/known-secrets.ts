/** Secrets that a plan marks, so that none of them is shown where it stands unmarked: in another object, in a text, in a name. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import type { Json } from "../../policies/plan/synthesized-stack";
import type { StackChange } from "./stack-change";
import { harmless } from "./harmless";
import { isMarked, markOf } from "./marks";
import { HIDDEN } from "./secrets";

/** Shorter ones, and plain words and numbers, stand for other things as well. */
const TELLING = /^(?!(?:[a-z]{1,10}|\d{1,8}|true|false)$)[\s\S]{6,}$/;

/** Texts that stand under a mark somewhere in the change, and what they look like in base64. */
export function knownSecrets(change: StackChange): ReadonlySet<string> {
  const found = new Set<string>();
  const side = (value: Json | undefined, marks: Json | undefined): void => {
    collect(value ?? null, marks ?? false, found);
  };
  for (const { before, after, sensitive } of [...change.changes, ...change.drift] satisfies readonly ResourceChange[]) {
    side(before, sensitive?.before);
    side(after, sensitive?.after);
  }
  for (const { before, after, sensitive } of change.outputs) {
    side(before, sensitive.before);
    side(after, sensitive.after);
  }
  return new Set([...found].flatMap((secret) => [secret, ...linesOf(secret), ...inBase64(secret)]));
}

function collect(value: Json, marks: Json, found: Set<string>): void {
  if (marks === true) leaves(value, found);
  else if (isMarked(marks))
    if (typeof value !== "object" || value === null) leaves(value, found);
    else
      for (const key of Object.keys(value))
        collect((value as Readonly<Record<string, Json>>)[key] ?? null, markOf(marks, key), found);
}

function leaves(value: Json, found: Set<string>): void {
  if (typeof value === "string") {
    if (TELLING.test(value)) found.add(value);
    const trimmed = value.trim();
    if (trimmed !== value && TELLING.test(trimmed)) found.add(trimmed);
  } else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) leaves(inner, found);
}

/** Of a secret over several lines each that tells something: a diff shows them one by one. */
const linesOf = (secret: string): readonly string[] =>
  secret.includes("\n")
    ? secret
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line.length >= 16)
    : [];

/** As it stands in base64 of something longer: it may begin at any of three places of a group. */
function inBase64(secret: string): readonly string[] {
  if (secret.length < 8 || secret.length > 10_000) return [];
  const bytes = Buffer.from(secret);
  return [
    bytes.toString("base64"),
    ...[0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString("base64")
        .slice(offset === 0 ? 0 : 4, -4),
    ),
  ].filter((text) => text.length >= SHORTEST);
}

const SHORTEST = 6;

/** What a text ends with where it was cut. */
const CUT = "…";

/**
 * The same value with every one of these texts hidden in it, wherever it stands, and made harmless; what was one object stays one. Looks at each
 * character once, however many texts there are.
 */
export function scrubber(secrets: ReadonlySet<string>): <Value>(value: Value) => Value {
  const byHead = new Map<string, string[]>();
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    const head = secret.slice(0, SHORTEST);
    const known = byHead.get(head);
    if (known) known.push(secret);
    else byHead.set(head, [secret]);
  }
  const firsts = new Set([...byHead.keys()].map((head) => head.charCodeAt(0) * 65_536 + head.charCodeAt(1)));
  const lengthAt = (text: string, start: number): number => {
    for (const secret of byHead.get(text.slice(start, start + SHORTEST)) ?? []) {
      if (text.startsWith(secret, start)) return secret.length;
      const end = text.indexOf(CUT, start);
      if (end >= start + SHORTEST && secret.startsWith(text.slice(start, end))) return end - start;
    }
    return 0;
  };
  const scrubText = (text: string): string => {
    let shown = "";
    let from = 0;
    for (let index = 0; firsts.size > 0 && index + SHORTEST <= text.length; index++) {
      if (!firsts.has(text.charCodeAt(index) * 65_536 + text.charCodeAt(index + 1))) continue;
      const length = lengthAt(text, index);
      if (length === 0) continue;
      shown += `${text.slice(from, index)}${HIDDEN}`;
      from = index + length;
      index = from - 1;
    }
    return harmless(from === 0 ? text : shown + text.slice(from));
  };
  const done = new Map<object, unknown>();
  const scrub = (value: unknown): unknown => {
    if (typeof value === "string") return scrubText(value);
    if (typeof value !== "object" || value === null) return value;
    const known = done.get(value);
    if (known !== undefined) return known;
    const scrubbed = Array.isArray(value)
      ? value.map(scrub)
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [scrubText(key), scrub(inner)]));
    done.set(value, scrubbed);
    return scrubbed;
  };
  return <Value>(value: Value): Value => scrub(value) as Value;
}
