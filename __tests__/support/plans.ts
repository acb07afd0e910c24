/** Plans as `terraform show -json` prints them, small and by hand. */
import type { Waived } from "../../policies/plan/waivers";
import { readPlan } from "../../review/read/plan";
import type { StackChange } from "../../review/read/stack-change";
import { reviewOf, type Review } from "../../review/review";

export const NO_POLICIES: Waived = { violations: [], waived: [], expired: [], unused: [] };

/** What a test says of one resource; the rest is filled in. */
export interface Planned {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly [more: string]: unknown;
}

/** @param more fields of the plan, such as `resource_drift` */
export function planOf(resources: readonly Planned[], more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: resources.map(planned),
    ...more,
  });
}

export function planned({ address, actions, before = null, after = null, ...more }: Planned): object {
  const [type = "", name = ""] = address.split(".").slice(-2);
  const { unknown = {}, beforeSensitive = {}, afterSensitive = {}, replacePaths, importing, ...rest } = more;
  return {
    address,
    mode: "managed",
    type,
    name,
    ...rest,
    change: {
      actions,
      before,
      after,
      after_unknown: unknown,
      before_sensitive: beforeSensitive,
      after_sensitive: afterSensitive,
      ...(replacePaths !== undefined && { replace_paths: replacePaths }),
      ...(importing !== undefined && { importing }),
    },
  };
}

export const changeOf = (
  resources: readonly Planned[],
  more: Readonly<Record<string, unknown>> = {},
  stack = "test",
): StackChange => readPlan(planOf(resources, more), { stack });

export const reviewOfPlan = (resources: readonly Planned[], more: Readonly<Record<string, unknown>> = {}): Review =>
  reviewOf([changeOf(resources, more)], NO_POLICIES);
