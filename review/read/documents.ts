/** YAML and JSON inside strings: Helm values, manifests in them, policies of a cloud. */
import { parseAllDocuments } from "yaml";
import { asObject, type Json, type JsonObject } from "../../policies/plan/synthesized-stack";
import { isObject } from "./values";

/** Later values win, and lists are replaced, as Helm does: https://helm.sh/docs/chart_template_guide/values_files/ */
const merge = (early: JsonObject, late: JsonObject): JsonObject =>
  Object.fromEntries([
    ...Object.entries(early),
    ...Object.entries(late).map(([key, value]): [string, Json] => {
      const known = Object.hasOwn(early, key) ? early[key] : undefined;
      return [key, isObject(known) && isObject(value) ? merge(known, value) : value];
    }),
  ]);

type Texts = readonly [before: readonly Json[], after: readonly Json[]];

/**
 * Two lists of values without the top-level keys under which nothing differs: parsing thousands of lines of which one changes takes long. As they
 * are where that cannot be told from the lines alone.
 */
export function changedValues(before: readonly Json[], after: readonly Json[]): Texts {
  const [was, is] = [before.map(sectionsOf), after.map(sectionsOf)];
  if (was.length !== is.length || [...was, ...is].includes(undefined)) return [before, after];
  const changed = new Set<string>();
  was.forEach((sections, index) => {
    for (const key of new Set([...(sections?.keys() ?? []), ...(is[index]?.keys() ?? [])]))
      if (sections?.get(key) !== is[index]?.get(key)) changed.add(key);
  });
  const kept = (all: typeof was): readonly string[] =>
    all.map((sections) => [...(sections ?? [])].map(([key, text]) => (changed.has(key) ? text : "")).join(""));
  return [kept(was), kept(is)];
}

/** Top-level keys of YAML as it is mostly written, each with its lines; undefined where it is written otherwise. */
function sectionsOf(text: Json): ReadonlyMap<string, string> | undefined {
  // Anchors may be used in another section than their own.
  if (typeof text !== "string" || /^(---|\.\.\.|%)|[:\s-] *[&*]\w|<<:/m.test(text)) return undefined;
  const sections = new Map<string, string>();
  for (const part of `${text}${text.endsWith("\n") ? "" : "\n"}`.split(/^(?=[^\s#])/m)) {
    const [, key] = /^("[^"\n]*"|'[^'\n]*'|[\w./-]+):(?:\s|$)/.exec(part) ?? [];
    if (key === undefined && /^\s*(#.*\s*)*$/.test(part.slice(0, 10_000))) continue;
    if (key === undefined || sections.has(key)) return undefined;
    sections.set(key, part);
  }
  return sections;
}

const known = new WeakMap<readonly Json[], Json>();

/** All values of a release as one document; a part that is not YAML stays a text. Read once, however often it is asked for. */
export function mergedValues(values: readonly Json[]): Json {
  const merged = known.get(values) ?? mergeDocuments(values);
  known.set(values, merged);
  return merged;
}

function mergeDocuments(values: readonly Json[]): Json {
  const documents = values.map((text) => (typeof text === "string" ? yamlDocument(text) : undefined));
  return documents.every((document) => document !== undefined)
    ? documents.reduce<JsonObject>((all, document) => merge(all, asObject(document)), {})
    : values;
}

/** Levels that no document of a person has; those below are walked by functions that call themselves. */
export const DEEPEST = 200;

/** Whether something stands deeper than so many levels. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeeper((value as Readonly<Record<string, unknown>>)[key], levels - 1)) return true;
  return false;
}

/** What a text holds, where it is a JSON or YAML object or list. */
export function embeddedDocument(text: string): Json | undefined {
  if (/^\s*[[{]/.test(text)) {
    try {
      const parsed = JSON.parse(text) as Json;
      return isDeeper(parsed, DEEPEST) ? undefined : parsed;
    } catch {
      return undefined;
    }
  }
  if (!text.includes("\n") || !/^(---|- |[\w"'./-]+:(\s|$))/m.test(text)) return undefined;
  const parsed = yamlDocument(text);
  return typeof parsed === "object" && parsed !== null ? parsed : undefined;
}

/** Characters of a document that somebody wrote; parsing takes a second for each few millions. */
const LONGEST = 2_000_000;

/** The parser takes long for brackets in brackets without end. */
function opensTooMany(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open += bracket === "[" || bracket === "{" ? 1 : -1;
    if (open > 5 * DEEPEST) return true;
  }
  return false;
}

/** @returns undefined where it is not YAML; several documents as a list */
function yamlDocument(text: string): Json | undefined {
  if (text.length > LONGEST || opensTooMany(text)) return undefined;
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0))
      return documents.length === 0 ? {} : undefined;
    const values = documents.map((document) => document.toJS({ maxAliasCount: 100 }) as Json);
    if (isDeeper(values, DEEPEST)) return undefined;
    return values.length === 1 ? (values[0] ?? {}) : values;
  } catch {
    // Aliases that multiply beyond reason, and lists in lists without end.
    return undefined;
  }
}
