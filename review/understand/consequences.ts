/** What follows from what: replacements that others force, and all that refers to an object that goes. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import type { StackChange } from "../read/stack-change";

/** By address: everything that refers to it, directly or by others. */
export class Dependents {
  private readonly direct = new Map<string, string[]>();

  constructor(references: StackChange["references"]) {
    for (const [address, targets] of references)
      for (const target of targets) {
        const known = this.direct.get(target);
        if (known) known.push(address);
        else this.direct.set(target, [address]);
      }
  }

  /** Nearest first, without the object itself. */
  of(address: string): readonly string[] {
    const seen = new Set([address]);
    // The set grows while it is walked.
    for (const current of seen) for (const next of this.direct.get(current) ?? []) seen.add(next);
    seen.delete(address);
    return [...seen];
  }
}

/**
 * Replacements that something of their own forces, each with those that follow because what they refer to becomes another.
 *
 * @returns by the address of the first cause, in the order of the plan
 */
export function replacementCauses(
  changes: readonly ResourceChange[],
  dependents: Dependents,
): ReadonlyMap<string, readonly string[]> {
  const replaced = changes.filter(({ action }) => action === "replace");
  const roots = replaced.filter((change) => !followsOthers(change));
  const following = new Set(replaced.map(({ address }) => address));
  for (const { address } of roots) following.delete(address);
  const causes = new Map<string, readonly string[]>();
  for (const { address } of roots) {
    const own = dependents.of(address).filter((dependent) => following.has(dependent));
    for (const dependent of own) following.delete(dependent);
    causes.set(address, own);
  }
  // What only a data source or a function stands between.
  for (const address of following) causes.set(address, []);
  return causes;
}

/** Whether all that forces the replacement is a value that another object will have. */
function followsOthers({ replacePaths = [], unknown }: ResourceChange): boolean {
  return replacePaths.length > 0 && replacePaths.some((path) => isUnknown(unknown, path));
}

function isUnknown(unknown: ResourceChange["unknown"], path: readonly (string | number)[]): boolean {
  let here: unknown = unknown;
  for (const step of path) {
    if (here === true) return true;
    here = typeof here === "object" && here !== null ? (here as Record<string | number, unknown>)[step] : undefined;
  }
  return here === true || (Array.isArray(here) && here.includes(true));
}
