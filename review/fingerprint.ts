/** Tells whether a change is still the one that was reviewed. */
import { createHash } from "node:crypto";
import type { ObjectChange, OutputReview } from "./review";

/**
 * A hash over what will be done, and nothing that two plans of the same change differ in: no times, no order, no values that only the
 * apply will tell. What must not be shown counts by whether it changes.
 */
export function fingerprint(objects: readonly ObjectChange[], outputs: readonly OutputReview[]): string {
  const lines = [
    ...objects.map(({ address, action, movedFrom, importedFrom, differences }) =>
      JSON.stringify([address, action, movedFrom ?? "", importedFrom ?? "", differences]),
    ),
    ...outputs.map(({ name, action, before, after }) =>
      JSON.stringify(["output", name, action, before ?? "", after ?? ""]),
    ),
  ];
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex").slice(0, 16);
}
