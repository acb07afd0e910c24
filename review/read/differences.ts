/** What differs between two states of one object, as key paths, with nothing in it that must not be shown. */
import { diffLines } from "diff";
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asObject, type Json, type JsonObject } from "../../policies/plan/synthesized-stack";
import { changedValues, embeddedDocument, mergedValues } from "./documents";
import { isMarked, markOf } from "./marks";
import {
  HIDDEN,
  hideSecrets,
  hideShapes,
  hideText,
  isSecretFlag,
  isSecretKey,
  namedSecret,
  saysWhere,
  secretBelow,
} from "./secrets";

/** Stands where only the apply will tell. */
export const UNKNOWN = "(known after apply)";

export interface Difference {
  /** @example 'values.resources[NodePool ml-gpu].spec.limits.cpu' */
  readonly path: string;
  /** @default - it is not there */
  readonly before?: Json;
  /** @default - it goes */
  readonly after?: Json;
  /** Of a text of several lines: those that change, `-` and `+` before them, with a few around them. */
  readonly patch?: string;
  /** Makes Terraform replace the object. @default false */
  readonly forces?: boolean;
}

export interface Differences {
  readonly list: readonly Difference[];
  /** Paths that only the apply will tell. */
  readonly unknown: readonly string[];
}

/** What a provider fills in, and what says nothing about a change. */
const NOISE: readonly (readonly [type: RegExp, path: RegExp])[] = [
  [/^helm_release$/, /^(metadata|status|manifest|id|resources)(\.|\[|$)/],
  [/^kubernetes_/, /^(metadata\.(generation|resource_version|uid)|id)$/],
  [/./, /^(depends_on|lifecycle|provider)(\.|\[|$)/],
];

/** A version that AKS reports with its patch is the one that was asked for: https://github.com/hashicorp/terraform-provider-azurerm/issues/32625 */
const ALIASED_VERSION = /^(kubernetes_version|orchestrator_version)$/;

const known = new WeakMap<ResourceChange, Differences>();

/** @param change of an object that is there before or after; compared once, however often it is asked for */
export function differencesOf(change: ResourceChange): Differences {
  const differences = known.get(change) ?? compare(change);
  known.set(change, differences);
  return differences;
}

function compare(change: ResourceChange): Differences {
  const walk = new Walk();
  const [before, after] = preparedSides(change);
  const { sensitive, unknown } = change;
  walk.compare("", "", before ?? {}, after ?? {}, {
    before: wholeValues(change.type, sensitive?.before ?? false),
    after: wholeValues(change.type, sensitive?.after ?? false),
    unknown:
      change.action === "delete" || change.action === "forget" ? false : wholeValues(change.type, unknown ?? false),
    secret: false,
  });
  const forced = (change.replacePaths ?? []).map(pathOfReplacement);
  const seen = walk.found.filter(
    ({ path, before: was, after: is }) =>
      !isNoise(change.type, path) &&
      !(ALIASED_VERSION.test(path) && isAlias(was, is)) &&
      !(path.startsWith("tags_all") && walk.found.some((other) => other.path === path.replace("tags_all", "tags"))),
  );
  const marked = seen.map((difference) =>
    isForced(difference.path, forced) ? { ...difference, forces: true } : difference,
  );
  const unseen = forced.filter((path) => !marked.some((other) => other.forces && isForced(other.path, [path])));
  return {
    list: [
      ...unseen.map((path): Difference => ({
        path,
        before: isMarkedAt(sensitive?.before ?? false, path) ? HIDDEN : hideSecrets(at(before, path), path, false),
        after: UNKNOWN,
        forces: true,
      })),
      ...marked.sort((a, b) => Number(b.forces ?? false) - Number(a.forces ?? false)),
    ],
    unknown: walk.unknown.filter((path) => !isNoise(change.type, path)),
  };
}

const isNoise = (type: string, path: string): boolean =>
  NOISE.some(([types, noise]) => types.test(type) && noise.test(path));

const isAlias = (was: Json | undefined, is: Json | undefined): boolean =>
  typeof was === "string" && typeof is === "string" && was.startsWith(`${is}.`);

/** Terraform's `["vpc_config", 0, "subnet_ids"]` as paths are written here. */
const pathOfReplacement = (path: readonly (string | number)[]): string =>
  path
    .filter((step) => typeof step === "string")
    .map(hideShapes)
    .join(".");

const isForced = (path: string, forced: readonly string[]): boolean => {
  const plain = path.replace(/\[[^\]]*\]/g, "");
  return forced.some((force) => plain === force || plain.startsWith(`${force}.`));
};

const at = (value: Json | undefined, path: string): Json =>
  path.split(".").reduce<Json | undefined>((inner, key) => own(asObject(only(inner)), key), value) ?? null;

const isMarkedAt = (marks: Json, path: string): boolean =>
  isMarked(path.split(".").reduce<Json>((inner, key) => markOf(inner, key), marks));

const only = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) && value.length === 1 ? (value as readonly Json[])[0] : value;

/** A release's values are compared as one document: what is marked in one part of them is marked in all. */
function wholeValues(type: string, marks: Json): Json {
  const values = asObject(marks)["values"];
  return type === "helm_release" && values !== undefined && isMarked(values)
    ? { ...asObject(marks), values: true }
    : marks;
}

function preparedSides({ type, before, after }: ResourceChange): readonly (JsonObject | undefined)[] {
  const [was, is] = [before?.["values"], after?.["values"]];
  if (type !== "helm_release" || !Array.isArray(was) || !Array.isArray(is))
    return [prepared(type, before), prepared(type, after)];
  const [from, to] = changedValues(was as readonly Json[], is as readonly Json[]);
  return [prepared(type, { ...before, values: from }), prepared(type, { ...after, values: to })];
}

/** A release's values as one document, and the project's own charts by their names. */
function prepared(type: string, attributes: JsonObject | undefined): JsonObject | undefined {
  if (attributes === undefined || type !== "helm_release") return attributes;
  const { values, chart, ...rest } = attributes;
  const own = typeof chart === "string" ? /^assets\/chart-([a-z-]+)\/(\w{8})/.exec(chart) : null;
  return {
    ...rest,
    ...(chart !== undefined && {
      chart: own ? `charts/${own[1] ?? ""} (content ${own[2]?.toLowerCase() ?? ""})` : chart,
    }),
    ...(Array.isArray(values) && { values: mergedValues(values as readonly Json[]) }),
  };
}

interface Marks {
  readonly before: Json;
  readonly after: Json;
  readonly unknown: Json;
  /** Below a key that holds secrets. */
  readonly secret: boolean;
}

class Walk {
  readonly found: Difference[] = [];
  readonly unknown: string[] = [];

  compare(path: string, key: string, before: Json | undefined, after: Json | undefined, marks: Marks): void {
    if (marks.unknown === true) {
      this.unknown.push(path);
      return;
    }
    if (isNothing(before) && isNothing(after)) return;
    // Marks on parts of what has no parts, such as of a document that is written as a text, are about all of it.
    if (isHidden(before, marks.before) || isHidden(after, marks.after)) {
      this.hidden(path, before, after);
      return;
    }
    const [was, is] = [unwrapped(before, after), unwrapped(after, before)];
    const inner = was.unwrapped || is.unwrapped ? unwrappedMarks(marks) : marks;
    if (isObject(was.value) && isObject(is.value)) this.objects(path, key, was.value, is.value, inner);
    else if (Array.isArray(was.value) && Array.isArray(is.value))
      this.lists(path, key, was.value as readonly Json[], is.value as readonly Json[], inner);
    else if (typeof was.value === "string" && typeof is.value === "string")
      this.texts(path, key, was.value, is.value, inner);
    else if (was.value !== is.value) this.differ(path, key, was.value, is.value, inner);
  }

  private objects(path: string, key: string, before: JsonObject, after: JsonObject, marks: Marks): void {
    const below = secretBelow({ ...before, ...after }, key, marks.secret);
    const named = namedSecret(before) || namedSecret(after);
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      this.compare(
        joined(path, name),
        named && /^(value|default|content)$/i.test(name) ? "password" : name,
        own(before, name),
        own(after, name),
        {
          before: markOf(marks.before, name),
          after: markOf(marks.after, name),
          unknown: markOf(marks.unknown, name),
          secret: below(name),
        },
      );
    }
  }

  private lists(path: string, key: string, before: readonly Json[], after: readonly Json[], marks: Marks): void {
    const both = identified(before, after);
    if (both) {
      const [was, is] = both;
      for (const identity of new Set([...was.keys(), ...is.keys()])) {
        const [from, to] = [was.get(identity), is.get(identity)];
        this.compare(`${path}[${hideShapes(identity).replace(/\s+/g, " ")}]`, key, from?.value, to?.value, {
          before: markOf(marks.before, from?.index),
          after: markOf(marks.after, to?.index),
          unknown: markOf(marks.unknown, to?.index),
          secret: marks.secret,
        });
      }
      return;
    }
    // Marked or unknown elements have no other name than their place.
    if (before.length === after.length && (before.some(isObject) || hasMarks(marks))) {
      if (!hasMarks(marks) && sameSet(before, after)) return;
      before.forEach((value, index) => {
        const isSecret = isSecretFlag(before[index - 1]) || isSecretFlag(after[index - 1]);
        this.compare(`${path}[${index}]`, isSecret ? "password" : key, value, after[index], {
          before: markOf(marks.before, index),
          after: markOf(marks.after, index),
          unknown: markOf(marks.unknown, index),
          secret: marks.secret,
        });
      });
      return;
    }
    if (hasMarks(marks)) {
      this.hidden(path, before, after);
      return;
    }
    const [gone, come] = [without(before, after), without(after, before)];
    if (gone.length === 0 && come.length === 0) return;
    const short = JSON.stringify([before, after]).length <= 160;
    // The whole list is masked before it is cut: a flag and its value stand beside each other.
    const [hiddenBefore, hiddenAfter] = [before, after].map(
      (list) => hideSecrets(list, key, marks.secret) as readonly Json[],
    );
    this.found.push({
      path,
      before: short
        ? (hiddenBefore ?? [])
        : (hiddenBefore ?? []).filter((_, index) => gone.includes(before[index] ?? null)),
      after: short
        ? (hiddenAfter ?? [])
        : (hiddenAfter ?? []).filter((_, index) => come.includes(after[index] ?? null)),
    });
  }

  private texts(path: string, key: string, before: string, after: string, marks: Marks): void {
    if (before === after) return;
    const [was, is] = [embeddedDocument(before), embeddedDocument(after)];
    if (was !== undefined && is !== undefined) {
      const found = this.found.length;
      this.compare(path, key, was, is, { before: false, after: false, unknown: false, secret: marks.secret });
      if (this.found.length > found) return;
      // Only its order or its comments changed.
      return;
    }
    const hide = (marks.secret && !saysWhere(key)) || isSecretKey(key);
    if (!hide && (before.includes("\n") || after.includes("\n")))
      this.found.push({ path, patch: patchOf(before, after) });
    else this.differ(path, key, before, after, marks);
  }

  private differ(path: string, key: string, before: Json | undefined, after: Json | undefined, marks: Marks): void {
    this.found.push({
      path,
      ...(!isNothing(before) && { before: shown(before, marks.before, key, marks.secret) }),
      ...(!isNothing(after) && { after: shown(after, marks.after, key, marks.secret) }),
    });
  }

  private hidden(path: string, before: Json | undefined, after: Json | undefined): void {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    this.found.push({
      path,
      ...(!isNothing(before) && { before: HIDDEN }),
      ...(!isNothing(after) && { after: HIDDEN }),
    });
  }
}

/** A key that a path can carry without quotes. */
const joined = (path: string, key: string): string => {
  const shown = hideShapes(key);
  if (!/^[\w-]+$/.test(shown)) return `${path}[${JSON.stringify(shown)}]`;
  return path === "" ? shown : `${path}.${shown}`;
};

const isHidden = (value: Json | undefined, marks: Json): boolean =>
  marks === true || ((typeof value !== "object" || value === null) && !isNothing(value) && isMarked(marks));

const hasMarks = ({ before, after, unknown }: Marks): boolean => [before, after, unknown].some(isMarked);

/** A value with what is marked hidden, and what must not be shown in the rest of it. */
const shown = (value: Json | undefined, marks: Json, key: string, secret: boolean): Json =>
  hideSecrets(withoutMarked(value ?? null, marks), key, secret);

/** A value with everything hidden that is marked. */
export function withoutMarked(value: Json, marks: Json): Json {
  if (isHidden(value, marks)) return HIDDEN;
  if (typeof value !== "object" || value === null || !isMarked(marks)) return value;
  return Array.isArray(value)
    ? (value as readonly Json[]).map((inner, index) => withoutMarked(inner, markOf(marks, index)))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMarked(inner, markOf(marks, key))]));
}

/** Not what every object of JavaScript has, such as `constructor`. */
const own = (value: JsonObject, key: string): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A provider's null, "", [] and {} all say that nothing is there. */
const isNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** A block of a plan is a list of one; beside another one or nothing it is read as the one. */
function unwrapped(value: Json | undefined, other: Json | undefined): { value: Json | undefined; unwrapped: boolean } {
  const one = only(value);
  const counterpart = only(other);
  const single = Array.isArray(value) && value.length === 1 && isObject(one);
  const named = Array.isArray(value) && Array.isArray(other) && identified(value, other) !== undefined;
  return single && !named && (isObject(counterpart) || isNothing(other))
    ? { value: one, unwrapped: true }
    : { value, unwrapped: false };
}

const unwrappedMarks = (marks: Marks): Marks => ({
  ...marks,
  before: only(marks.before) ?? false,
  after: only(marks.after) ?? false,
  unknown: only(marks.unknown) ?? false,
});

/** What elements of lists are known by, the surest first. */
const IDENTITIES: readonly ((value: JsonObject) => Json | undefined)[] = [
  ({ kind, metadata }) => {
    const { namespace, name } = asObject(metadata);
    return typeof kind === "string" && typeof name === "string"
      ? [kind, ...(typeof namespace === "string" ? [namespace] : []), name].join(" ")
      : undefined;
  },
  ({ key, operator }) => (typeof key === "string" && typeof operator === "string" ? `${key} ${operator}` : undefined),
  ...["name", "key", "id", "host", "hostname", "deviceName", "device_name", "alias", "alert", "record", "cluster"].map(
    (field) => (value: JsonObject) => value[field],
  ),
];

type Identified = ReadonlyMap<string, { readonly value: Json; readonly index: number }>;

/** Elements of two lists by what all of both are known by, where there is such a thing. */
function identified(before: readonly Json[], after: readonly Json[]): readonly [Identified, Identified] | undefined {
  if (![...before, ...after].every(isObject)) return undefined;
  for (const identity of IDENTITIES) {
    const [was, is] = [before, after].map((list) => byIdentity(list as readonly JsonObject[], identity));
    if (was && is) return [was, is];
  }
  return undefined;
}

function byIdentity(
  list: readonly JsonObject[],
  identity: (value: JsonObject) => Json | undefined,
): Identified | undefined {
  const found = new Map<string, { value: Json; index: number }>();
  for (const [index, value] of list.entries()) {
    const name = identity(value);
    if (typeof name !== "string" || name === "" || found.has(name)) return undefined;
    found.set(name, { value, index });
  }
  return found;
}

/** Elements of the first that the second does not have, as often as they stand there. */
function without(list: readonly Json[], other: readonly Json[]): readonly Json[] {
  const counts = new Map<string, number>();
  for (const value of other) counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1);
  return list.filter((value) => {
    const text = JSON.stringify(value);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

const sameSet = (a: readonly Json[], b: readonly Json[]): boolean =>
  a.length === b.length && without(a, b).length === 0;

/** Lines around a change that say where it is. */
const CONTEXT = 2;

/** Changed lines of a long text with a few around them; the whole text is masked before, for secrets of several lines. */
function patchOf(before: string, after: string): string {
  const parts = diffLines(hideText(before), hideText(after));
  const lines = parts.flatMap(({ value, added, removed }, index) => {
    const all = value.replace(/\n$/, "").split("\n");
    if (added || removed) return all.map((line) => `${added ? "+" : "-"} ${line}`);
    const head = index === 0 ? [] : all.slice(0, CONTEXT);
    const tail = index === parts.length - 1 ? [] : all.slice(-CONTEXT);
    return all.length <= head.length + tail.length
      ? all.map((line) => `  ${line}`)
      : [...head.map((line) => `  ${line}`), "  …", ...tail.map((line) => `  ${line}`)];
  });
  return lines.length === 0 || parts.every(({ added, removed }) => !added && !removed)
    ? `  ${HIDDEN}, changed`
    : lines.join("\n");
}
