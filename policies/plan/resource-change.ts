/** What a change does to one object of a stack: read from a plan, or from two synthesized stacks. */
import type { Json, JsonObject } from "./synthesized-stack";

/** `none` is an object that stays as it is; `forget` leaves the object where it is and takes it out of the state. */
export type Action = "create" | "update" | "replace" | "delete" | "read" | "forget" | "none";

export interface ResourceChange {
  /** `aws_vpc.network_vpc_1234ABCD` */
  readonly address: string;
  readonly type: string;
  /** Path of the construct below its stack: `network/vpc`. */
  readonly path: string;
  readonly action: Action;
  /** Whose it is, where other objects of the stack say it. @default - its path or its labels tell, or it is no team's */
  readonly team?: string;
  /** As it is. @default - it is not there */
  readonly before?: JsonObject;
  /** As it will be; what is not known before the apply is left out. @default - it goes */
  readonly after?: JsonObject;
  /** Parallel to `after`: true where a value is known after the apply only. */
  readonly unknown?: Json;
  /** Parallel to `before` and `after`: true where a value must not be shown. */
  readonly sensitive?: { readonly before: Json; readonly after: Json };
  /** Attributes that make it a replacement: `[["cidr_block"]]`. @default - none */
  readonly replacePaths?: readonly (readonly (string | number)[])[];
  /** A replacement that makes the new one first. @default false */
  readonly createBeforeDestroy?: boolean;
  /** Terraform's own word for why: `replace_because_tainted`. */
  readonly reason?: string;
  /** The address that it has had. @default - it has not moved */
  readonly movedFrom?: string;
  /** The id by which it is imported. @default - it is not imported */
  readonly importedFrom?: string;
}
