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
 * Replacements that nothing else that is replaced brings about, each with those that refer to it, directly or by others.
 *
 * @returns by the address of the first cause, in the order of the plan
 */
export function replacementCauses(
  changes: readonly ResourceChange[],
  dependents: Dependents,
): ReadonlyMap<string, readonly string[]> {
  const replaced = new Set(changes.filter(({ action }) => action === "replace").map(({ address }) => address));
  const following = new Map(
    [...replaced].map((address) => [address, dependents.of(address).filter((one) => replaced.has(one))]),
  );
  const followers = new Set([...following.values()].flat());
  return new Map([...following].filter(([address]) => !followers.has(address)));
}
