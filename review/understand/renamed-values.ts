/** A key of Helm values that gives way to one that is nearly called so: Helm reads no key that its chart does not know, and says nothing. */
import { distance } from "fastest-levenshtein";
import type { ResourceChange } from "../../policies/plan/resource-change";
import type { Difference } from "../read/difference";
import { differencesOf } from "../read/differences";

export interface RenamedValue {
  /** `applicationSet` */
  readonly before: string;
  readonly after: string;
}

/** Letters that a slip of the hand adds, leaves out or changes; two that change places are two. */
const SLIP = 2;

/** @param change of a release */
export function renamedValues(change: ResourceChange): readonly RenamedValue[] {
  if (change.type !== "helm_release" || change.action !== "update") return [];
  const { list } = differencesOf(change);
  const gone = list.filter(({ path, after, patch }) => isValue(path) && after === undefined && patch === undefined);
  const come = list.filter(({ path, before, patch }) => isValue(path) && before === undefined && patch === undefined);
  return gone.flatMap((was) => {
    const is = come.find((other) => isSame(was, other) && isSlip(was.path, other.path));
    return is === undefined ? [] : [{ before: keyOf(was.path), after: keyOf(is.path) }];
  });
}

/** Below an element of a list, keys are names that somebody gave. */
const isValue = (path: string): boolean => path.startsWith("values.") && !path.includes("[");

const isSame = (was: Difference, is: Difference): boolean => JSON.stringify(was.before) === JSON.stringify(is.after);

const keyOf = (path: string): string => path.replace(/^values\./, "");

function isSlip(was: string, is: string): boolean {
  const [parent, key] = split(was);
  const [otherParent, otherKey] = split(is);
  return parent === otherParent && key.length > SLIP && distance(key, otherKey) <= SLIP;
}

const split = (path: string): [string, string] => {
  const at = path.lastIndexOf(".");
  return [path.slice(0, at), path.slice(at + 1)];
};
