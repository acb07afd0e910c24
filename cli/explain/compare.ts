/** Two synths of one stack, field by field: what differs is what the difference between their configs becomes. */
import { parse } from "yaml";
import {
  asObject,
  asText,
  releaseValues,
  type Json,
  type SynthesizedResource,
  type SynthesizedStack,
} from "../../policies/plan/synthesized-stack";
import { showPath, type Path } from "./path";

export interface ExplainedField {
  /** @example 'spec.hard["requests.cpu"]' */
  readonly field: string;
  /** As it is now. @default - it is there only with another value in the config */
  readonly value?: Json;
}

export interface ExplainedObject {
  /** As a plan prints it. */
  readonly address: string;
  /** What it is in a few words: `ResourceQuota team-checkout/team`. */
  readonly what: string;
  /** Whether the object as a whole comes from the value, or is there only with another one. @default - it has fields that do */
  readonly whole?: "made" | "only with another value";
  readonly fields: readonly ExplainedField[];
}

/** What only says in which order, or where files lie. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["depends_on", "chart"]);

/** Objects of the first that are another in the second, in the order of their addresses. */
export function compareStacks(now: SynthesizedStack, other: SynthesizedStack): readonly ExplainedObject[] {
  const before = byAddress(now);
  const after = byAddress(other);
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((address): ExplainedObject[] => {
    const [mine, theirs] = [before.get(address), after.get(address)];
    if (mine && theirs) {
      const fields = compareResources(mine, theirs);
      return fields.length > 0 ? [{ address, what: describe(mine), fields }] : [];
    }
    const one = mine ?? theirs;
    return one ? [{ address, what: describe(one), whole: mine ? "made" : "only with another value", fields: [] }] : [];
  });
}

const byAddress = (stack: SynthesizedStack) => new Map(objectsOf(stack).map((object) => [object.address, object]));

/** What a stack makes, what it asks for (policies are put together by data sources), and its other blocks: providers, the backend, imports. */
export const objectsOf = ({
  resources,
  data = [],
  settings = [],
}: SynthesizedStack): readonly SynthesizedResource[] => [...resources, ...data, ...settings];

/** Fields in which two states of one object differ. */
export function compareResources(now: SynthesizedResource, other: SynthesizedResource): readonly ExplainedField[] {
  if (JSON.stringify(now.attributes) === JSON.stringify(other.attributes)) return [];
  return differences(contentOf(now), contentOf(other), []);
}

/** Attributes, with Helm's values as what they are. */
function contentOf(resource: SynthesizedResource): Json {
  const attributes = Object.entries(resource.attributes).filter(([name]) => !NOT_COMPARED.has(name));
  const [values] = releaseValues(resource);
  const rest = Object.fromEntries(attributes);
  return resource.type === "helm_release" && values !== undefined ? { ...rest, values: parse(values) as Json } : rest;
}

function differences(now: Json | undefined, other: Json | undefined, path: Path): readonly ExplainedField[] {
  if (now === other || JSON.stringify(now) === JSON.stringify(other)) return [];
  if (Array.isArray(now) && Array.isArray(other))
    return ofLists(now as readonly Json[], other as readonly Json[], path);
  if (isMap(now) && isMap(other))
    return [...new Set([...Object.keys(now), ...Object.keys(other)])].flatMap((key) =>
      differences(now[key], other[key], [...path, key]),
    );
  if (typeof now === "string" && typeof other === "string") return ofTexts(now, other, path);
  return [{ field: showPath(path), ...(now !== undefined && { value: now }) }];
}

/** Items of one name belong together, wherever they stand; without names, those of one place, or those that the other has not. */
function ofLists(now: readonly Json[], other: readonly Json[], path: Path): readonly ExplainedField[] {
  const nameOf = NAMES.find((name) => [now, other].every((items) => isTold(items, name)));
  if (nameOf) {
    const mine = new Map(now.map((item) => [nameOf(item) ?? "", item]));
    const theirs = new Map(other.map((item) => [nameOf(item) ?? "", item]));
    return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) =>
      differences(mine.get(name), theirs.get(name), [...path, name]),
    );
  }
  if (now.length === other.length)
    return now.flatMap((item, index) => differences(item, other[index], [...path, index]));
  const others = new Set(other.map((item) => JSON.stringify(item)));
  const own = now.flatMap((item, index) => (others.has(JSON.stringify(item)) ? [] : [{ item, index }]));
  if (own.length === 0) return [{ field: showPath(path) }];
  return own.map(({ item, index }) => ({ field: showPath([...path, index]), value: item }));
}

/** Whether each of these has a name, and no two the same. */
function isTold(items: readonly Json[], nameOf: Name): boolean {
  const names = items.map(nameOf);
  return !names.includes(undefined) && new Set(names).size === names.length;
}

/** JSON within text (policies, realms) by its fields, longer text by its lines. */
function ofTexts(now: string, other: string, path: Path): readonly ExplainedField[] {
  const [mine, theirs] = [jsonOf(now), jsonOf(other)];
  if (mine !== undefined && theirs !== undefined) return differences(mine, theirs, path);
  if (!now.includes("\n")) return [{ field: showPath(path), value: now }];
  const others = new Set(other.split("\n"));
  const lines = now.split("\n").filter((line) => !others.has(line));
  return [{ field: showPath(path), ...(lines.length > 0 && { value: lines.map((line) => line.trim()).join(" … ") }) }];
}

function jsonOf(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const isMap = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Name = (item: Json) => string | undefined;

/** How items of lists are told apart, the first that tells all of them: `NetworkPolicy/default`, `team-web/NetworkPolicy/default`, `eu-west-1a`. */
const NAMES: readonly Name[] = [
  (item) => joined([fieldOf(item, "kind")], fieldOf(item, "name")),
  (item) => joined([fieldOf(item, "namespace"), fieldOf(item, "kind")], fieldOf(item, "name")),
  ...["key", "id", "alias", "sid", "Sid", "hostname", "username", "path"].map(
    (field): Name =>
      (item) =>
        joined([], asText(asObject(item)[field])),
  ),
];

/** Of the item itself, or of its metadata. */
const fieldOf = (item: Json, field: string): string =>
  asText(asObject(item)[field]) || asText(asObject(asObject(item)["metadata"])[field]);

const joined = (before: readonly string[], name: string): string | undefined =>
  name === "" ? undefined : [...before, name].filter(Boolean).join("/");

/** `ResourceQuota team-checkout/team`, `release team-checkout of our chart team`, `aws_vpc`. */
export function describe({ type, attributes }: SynthesizedResource): string {
  const metadata = asObject(attributes["metadata"]);
  if (type === "helm_release") {
    const chart = asText(attributes["chart"]);
    const [, own] = /^assets\/chart-([^/]+)\//.exec(chart) ?? [];
    return `release ${asText(attributes["namespace"])}/${asText(attributes["name"])} of ${own === undefined ? chart : `charts/${own}`}`;
  }
  const [, kind] = /^kubernetes_(.+?)(_v\d+)?$/.exec(type) ?? [];
  if (kind === undefined) return type;
  const name = [metadata["namespace"], metadata["name"]].map(asText).filter(Boolean).join("/");
  return `${kind.replaceAll(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase())} ${name}`.trim();
}
