/** YAML and JSON inside strings: Helm values, manifests in them, policies of a cloud. */
import { deepmergeCustom } from "deepmerge-ts";
import { parseAllDocuments } from "yaml";
import { asObject, type Json, type JsonObject } from "../../policies/plan/synthesized-stack";

/** Later values win, and lists are replaced, as Helm does: https://helm.sh/docs/chart_template_guide/values_files/ */
const merge = deepmergeCustom({ mergeArrays: false });

/** All values of a release as one document; a part that is not YAML stays a text. */
export function mergedValues(values: readonly Json[]): Json {
  const documents = values.map((text) => (typeof text === "string" ? yamlDocument(text) : undefined));
  return documents.every((document) => document !== undefined)
    ? documents.reduce<JsonObject>((all, document) => merge(all, asObject(document)) as JsonObject, {})
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

/** @returns undefined where it is not YAML; several documents as a list */
function yamlDocument(text: string): Json | undefined {
  if (text.length > LONGEST) return undefined;
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
