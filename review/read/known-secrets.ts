/** Secrets that a plan marks, so that none of them is shown where it stands unmarked: in another object, in a text, in a name. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import type { Json } from "../../policies/plan/synthesized-stack";
import type { StackChange } from "./stack-change";
import { HIDDEN } from "./secrets";

/** Shorter ones, and plain words and numbers, stand for other things as well. */
const TELLING = /^(?!(?:[a-z]{1,10}|\d{1,8}|true|false)$)[\s\S]{6,}$/;

/** Texts that stand under a mark somewhere in the change. */
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
    side(before, sensitive);
    side(after, sensitive);
  }
  return found;
}

function collect(value: Json, marks: Json, found: Set<string>): void {
  if (marks === true) {
    leaves(value, found);
    return;
  }
  if (typeof marks !== "object" || marks === null || typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(marks)) {
    const below = (value as Readonly<Record<string, Json>>)[key];
    if (below !== undefined) collect(below, inner, found);
  }
}

function leaves(value: Json, found: Set<string>): void {
  if (typeof value === "string") {
    if (TELLING.test(value)) found.add(value);
  } else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) leaves(inner, found);
}

/** The same value with every one of these texts hidden in it, wherever it stands. */
export function scrubber(secrets: ReadonlySet<string>): <Value>(value: Value) => Value {
  if (secrets.size === 0) return (value) => value;
  // The longest first: one may be the beginning of another.
  const sorted = [...secrets].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(sorted.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const scrub = (value: unknown): unknown => {
    if (typeof value === "string") return value.replace(pattern, HIDDEN);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key.replace(pattern, HIDDEN), scrub(inner)]),
    );
  };
  return <Value>(value: Value): Value => scrub(value) as Value;
}
