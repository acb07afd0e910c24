/** A synthesized stack as plain JSON: what rules and reviews look at. They never import a stack. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ResourceChange } from "./resource-change";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface SynthesizedResource {
  /** `aws_vpc.network_vpc_1234ABCD` */
  readonly address: string;
  readonly type: string;
  /** Path of the construct: `aws-platform/network/vpc`. */
  readonly path: string;
  readonly attributes: JsonObject;
}

export interface SynthesizedStack {
  readonly name: string;
  readonly resources: readonly SynthesizedResource[];
  /** Types of what it only reads. */
  readonly dataSources: readonly string[];
  /** The same with what they ask for. @default - not looked at */
  readonly data?: readonly SynthesizedResource[];
  /** What else is in its file, such as providers and what is imported. @default - not looked at */
  readonly settings?: readonly SynthesizedResource[];
  /** Where its state is, as its `terraform` block says; empty where that is not known. */
  readonly backend: JsonObject;
  /** Configuration of its providers, by their names. @default - not looked at */
  readonly providers?: JsonObject;
  /** What becomes of each object, those that stay as they are included. @default - not known: the stack alone was read */
  readonly changes?: readonly ResourceChange[];
}

/** Reads `<directory>/stacks/<name>/cdk.tf.json`. */
export function readSynthesizedStack(directory: string, name: string): SynthesizedStack {
  return parseSynthesizedStack(name, readFileSync(join(directory, "stacks", name, "cdk.tf.json"), "utf8"));
}

/** @param text content of a `cdk.tf.json` */
export function parseSynthesizedStack(name: string, text: string): SynthesizedStack {
  const file = JSON.parse(text) as JsonObject;
  return {
    name,
    resources: blocksOf(file["resource"]),
    dataSources: Object.keys(asObject(file["data"])),
    data: blocksOf(file["data"], "data."),
    settings: Object.entries(file).flatMap(([section, body]) => settingsOf(section, body)),
    backend: asObject(asObject(file["terraform"])["backend"]),
    providers: asObject(file["provider"]),
  };
}

/** `provider.aws`, `import.<to>`, `output.<name>`, `terraform.backend`: a block each. */
function settingsOf(section: string, body: Json): readonly SynthesizedResource[] {
  if (["//", "resource", "data"].includes(section)) return [];
  const block = (name: string, content: Json): SynthesizedResource => {
    const { "//": _comment, ...attributes } = isMap(content) ? content : { value: content };
    const address = `${section}.${name}`;
    return { address, type: section, path: address, attributes };
  };
  if (Array.isArray(body))
    return (body as readonly Json[]).map((one, index) => block(asText(asObject(one)["to"]) || String(index), one));
  return Object.entries(asObject(body)).flatMap(([name, content]) =>
    section === "provider"
      ? asList(content).map((one) => block([name, asText(asObject(one)["alias"])].filter(Boolean).join("."), one))
      : [block(name, content)],
  );
}

const isMap = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function blocksOf(section: Json | undefined, prefix = ""): readonly SynthesizedResource[] {
  return Object.entries(asObject(section)).flatMap(([type, byName]) =>
    Object.entries(asObject(byName)).map(([id, body]): SynthesizedResource => {
      const { "//": comment, ...attributes } = asObject(body);
      const path = asText(asObject(asObject(comment)["metadata"])["path"]) || id;
      return { address: `${prefix}${type}.${id}`, type, path, attributes };
    }),
  );
}

/** A construct's path without the stack's name, which only those have that a construct made. */
export const pathBelow = (stack: string, path: string): string =>
  path.startsWith(`${stack}/`) ? path.slice(stack.length + 1) : path;

/** An object, or the only one of a list: a plan writes a block as a list of one. */
export function asObject(value: Json | undefined): JsonObject {
  if (Array.isArray(value)) return value.length === 1 ? asObject((value as readonly Json[])[0]) : {};
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : value === undefined || value === null ? [] : [value];
}

/** A string as it is, everything else as nothing. */
export function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Every text of a release's values: one YAML document each. */
export function releaseValues(resource: SynthesizedResource): readonly string[] {
  return asList(resource.attributes["values"]).filter((text): text is string => typeof text === "string");
}

const documents = new WeakMap<SynthesizedResource, readonly Json[]>();

/**
 * The same, parsed: once, however many rules look. On a platform with a thousand teams that takes seconds, so a rule looks at the text
 * first, and asks only for what may be wrong.
 */
export function releaseDocuments(resource: SynthesizedResource): readonly Json[] {
  const known = documents.get(resource) ?? releaseValues(resource).map((text) => parse(text) as Json);
  documents.set(resource, known);
  return known;
}

/** Types of all that stacks have and read, data sources with `data.` before them. */
export function typesOf(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  return new Set(
    stacks.flatMap(({ resources, dataSources }) => [
      ...resources.map(({ type }) => type),
      ...dataSources.map((type) => `data.${type}`),
    ]),
  );
}
