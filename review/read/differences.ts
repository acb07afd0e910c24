/** What differs between two states of one object, as key paths, with nothing in it that must not be shown. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asObject, type Json, type JsonObject } from "../../policies/plan/synthesized-stack";
import { UNKNOWN, type Difference } from "./difference";
import { changedValues, mergedValues } from "./documents";
import { isMarked, markOf } from "./marks";
import { HIDDEN, hideSecrets, hideShapes } from "./secrets";
import { only, own } from "./values";
import { Walk } from "./walk";

export interface Differences {
  readonly list: readonly Difference[];
  /** Paths that only the apply will tell. */
  readonly unknown: readonly string[];
}

/** What a provider fills in, and what says nothing about a change. */
const NOISE: readonly (readonly [type: RegExp, path: RegExp])[] = [
  [/^helm_release$/, /^(metadata|status|manifest|id|resources)(\.|\[|$)/],
  [/^kubernetes_/, /^(metadata(\[[^\]]*\])?\.(generation|resource_version|uid)|id)$/],
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
  const walk = new Walk(change.type === "helm_release" ? ["values"] : []);
  const [before, after] = preparedSides(change);
  const { sensitive, unknown } = change;
  walk.compare("", "", before ?? {}, after ?? {}, {
    before: wholeValues(change.type, sensitive?.before ?? false),
    after: wholeValues(change.type, sensitive?.after ?? false),
    unknown:
      change.action === "delete" || change.action === "forget" ? false : wholeValues(change.type, unknown ?? false),
    secret: false,
    document: false,
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
