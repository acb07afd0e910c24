/** YAML and JSON inside strings: Helm values, manifests in them, policies of a cloud. */
import { deepmergeCustom } from "deepmerge-ts";
import { parseAllDocuments } from "yaml";
import { asObject, type Json } from "../../policies/plan/synthesized-stack";

/** Later values win, and lists are replaced, as Helm does: https://helm.sh/docs/chart_template_guide/values_files/ */
const merge = deepmergeCustom({ mergeArrays: false });

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
    ? documents.map(asObject).reduce((all, document) => merge(all, document), {})
    : values;
}

/** What a text holds, where it is a JSON or YAML object or list. */
export function embeddedDocument(text: string): Json | undefined {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return undefined;
    }
  }
  if (!text.includes("\n") || !/^(---|- |[\w"'./-]+:(\s|$))/m.test(text)) return undefined;
  const parsed = yamlDocument(text);
  return typeof parsed === "object" ? parsed : undefined;
}

/** @returns undefined where it is not YAML; several documents as a list */
function yamlDocument(text: string): Json | undefined {
  const documents = parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0))
    return documents.length === 0 ? {} : undefined;
  try {
    const values = documents.map((document) => document.toJS({ maxAliasCount: 100 }) as Json);
    return values.length === 1 ? (values[0] ?? {}) : values;
  } catch {
    // Aliases that multiply beyond reason.
    return undefined;
  }
}
