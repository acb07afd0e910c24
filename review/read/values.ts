/** Small questions about values of a plan. */
import type { Json, JsonObject } from "../../policies/plan/synthesized-stack";

/** Not what every object of JavaScript has, such as `constructor`. */
export const own = (value: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A provider's null, "", [] and {} all say that nothing is there. */
export const isNothing = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** The one of a list of one, anything else as it is: a plan writes a block as a list. */
export const only = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) && value.length === 1 ? (value as readonly Json[])[0] : value;
