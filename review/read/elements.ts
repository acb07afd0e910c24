/** Elements of two lists, brought together. */
import { asObject, type Json, type JsonObject } from "../../policies/plan/synthesized-stack";
import { isObject } from "./values";

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
export function identified(
  before: readonly Json[],
  after: readonly Json[],
): readonly [Identified, Identified] | undefined {
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
export function without(list: readonly Json[], other: readonly Json[]): readonly Json[] {
  const counts = new Map<string, number>();
  for (const value of other) counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1);
  return list.filter((value) => {
    const text = JSON.stringify(value);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

/** Whether the lists hold the same, in whatever order. */
export const sameSet = (a: readonly Json[], b: readonly Json[]): boolean =>
  a.length === b.length && without(a, b).length === 0;
