/** A change of one stack, from a plan or from two commits: what everything else in review looks at. */
import type { Action, ResourceChange } from "../../policies/plan/resource-change";
import type { Json, SynthesizedResource, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { teamsOfIdentities } from "../../policies/plan/team-identities";

export interface StackChange {
  readonly stack: string;
  /** A plan knows what is there; a comparison of two commits knows only what was written. */
  readonly source: "plan" | "comparison";
  /** Every object, in the order of the source; `none` where nothing happens to it. */
  readonly changes: readonly ResourceChange[];
  /** What has changed outside Terraform since the last apply. */
  readonly drift: readonly ResourceChange[];
  /** What Terraform will only plan in a later run. */
  readonly deferred: readonly Deferred[];
  readonly outputs: readonly OutputChange[];
  /** By address: the addresses that it refers to or waits for. */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** The stack as it is; undefined where there was none. */
  readonly before?: SynthesizedStack;
  /** The stack as it will be; undefined where it is destroyed. */
  readonly after?: SynthesizedStack;
  /** What to know about the source before believing it. */
  readonly notes: readonly string[];
}

export interface Deferred {
  readonly address: string;
  /** `provider_config_unknown` */
  readonly reason: string;
}

export interface OutputChange {
  readonly name: string;
  readonly action: Action;
  readonly before?: Json;
  readonly after?: Json;
  readonly unknown: boolean;
  /** As of a {@link ResourceChange}: an output that holds several values may have some of them marked. */
  readonly sensitive: { readonly before: Json; readonly after: Json };
}

/** The logical id of a construct ends with a hash of its path: https://developer.hashicorp.com/terraform/cdktf/concepts/constructs */
const HASHED = /^(.+)_[0-9A-F]{8}$/;

/** The construct's path below its stack that an id was made of: `network_vpc_1234ABCD` was `network/vpc`. */
export const pathOfId = (id: string): string => (HASHED.exec(id)?.[1] ?? id).replaceAll("_", "/");

/** Changes that only others of the same stack tell the team of, with it. */
export function withTeams(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const teamOf = teamsOfIdentities(
    changes.map(({ type, path, before, after }) => ({ type, path, attributes: after ?? before ?? {} })),
  );
  return changes.map((change) => {
    const team = teamOf(change.path);
    return team === undefined ? change : { ...change, team };
  });
}

/** What rules judge: the stack as it will be, and where all of it goes, its changes alone. */
export const judgedSide = ({ stack, after, changes }: StackChange): SynthesizedStack =>
  after ?? { name: stack, resources: [], dataSources: [], backend: {}, changes };

/** What the objects of a change are on one side of it. */
export const resourcesOf = (
  stack: string,
  changes: readonly ResourceChange[],
  side: "before" | "after",
): readonly SynthesizedResource[] =>
  changes.flatMap(({ address, type, path, [side]: attributes }) =>
    attributes === undefined ? [] : [{ address, type, path: `${stack}/${path}`, attributes }],
  );

/** One side of a change as a stack; undefined where there is nothing on that side. */
export function sideOf(
  stack: string,
  changes: readonly ResourceChange[],
  side: "before" | "after",
): SynthesizedStack | undefined {
  const managed = changes.filter(({ action }) => action !== "read");
  const resources = resourcesOf(stack, managed, side);
  return resources.length === 0 ? undefined : { name: stack, resources, dataSources: [], backend: {} };
}
