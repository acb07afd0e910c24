/** Helm values: read, layered, and written as one YAML document that Terraform can interpolate. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Token } from "cdktf";
import { deepmergeCustom } from "deepmerge-ts";
import { Document, parse, Scalar, YAMLMap } from "yaml";
import type { Profile } from "../../config/profiles";

export type HelmValues = Readonly<Record<string, unknown>>;

/** Maps merge, arrays replace: as Helm merges `-f` files. */
const merge = deepmergeCustom({ mergeArrays: false });

const files = new Map<string, HelmValues>();

/** A file of charts-values/, such as `"gitea"` or `"vcluster/dev"`. */
export function readValues(name: string): HelmValues {
  const known = files.get(name);
  if (known) return known;
  const values = (parse(readFileSync(path(name), "utf8")) ?? {}) as HelmValues;
  files.set(name, values);
  return values;
}

/** A file of charts-values/ and, on top of it, what the file of the same name in the profile's folder says, where there is one. */
export function readProfileValues(name: string, profile: Profile): HelmValues {
  const own = `${profile}/${name}`;
  return existsSync(path(own)) ? layerValues(readValues(name), readValues(own)) : readValues(name);
}

const path = (name: string): string => join(__dirname, "..", "..", "charts-values", `${name}.yaml`);

/** Later layers win. */
export function layerValues(...layers: readonly HelmValues[]): HelmValues {
  return merge(...layers) as HelmValues;
}

/**
 * YAML with sorted keys. Strings that hold Terraform references are quoted, so that no value can break the document; a literal
 * `${` is escaped, so that Terraform leaves it alone. Helm reads YAML 1.1, where a bare `yes` or `on` is a boolean: those are
 * quoted, too.
 *
 * Maps and lists are put together here, as the library would: a thousand teams say much the same, and it need write each text only once.
 */
export function renderValues(values: HelmValues): string {
  return `${block(values, "")}\n`;
}

/** A value as it stands after a key or a dash; its further lines begin with `indent`. */
function block(value: unknown, indent: string): string {
  if (typeof value === "string") return text(value).replaceAll(/\n(?=[^\n])/g, `\n${indent}`);
  if (typeof value !== "object" || value === null) return written(value);
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `- ${block(item, inner)}`)
    : entriesOf(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => `${key(name)}:${isNested(item) ? `\n${inner}` : " "}${block(item, inner)}`);
  return lines.join(`\n${indent}`) || (Array.isArray(value) ? "[]" : "{}");
}

const entriesOf = (value: object) => Object.entries(value).filter(([, item]) => item !== undefined);
const isNested = (value: unknown) => typeof value === "object" && value !== null && entriesOf(value).length > 0;

const text = once((value) => written(escaped(value)));
const key = once((name) => write(escaped(name), true).slice(0, -": true".length));

const written = (value: unknown): string => write("a", value).slice("a: ".length).replaceAll("\n  ", "\n");

const library = new Document({}, { compat: "yaml-1.1" });

function write(name: unknown, value: unknown): string {
  const map = new YAMLMap();
  map.add(library.createPair(name, value));
  library.contents = map;
  return library.toString({ lineWidth: 0, directives: false }).slice(0, -"\n".length);
}

function escaped(value: string): unknown {
  if (!Token.isUnresolved(value)) return value.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
  const quoted = new Scalar(value);
  quoted.type = Scalar.QUOTE_DOUBLE;
  return quoted;
}

/** Remembers what `work` made of each text. */
function once(work: (from: string) => string): (from: string) => string {
  const known = new Map<string, string>();
  return (from) => {
    const made = known.get(from) ?? work(from);
    known.set(from, made);
    return made;
  };
}
