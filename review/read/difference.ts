import type { Json } from "../../policies/plan/synthesized-stack";

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
