/** Keys that somebody wrote, although nothing reads them. */
import type { Finding, Source } from "./rule";

/** One finding for each of `keys` that stands in the config under `path`. */
export function unused({ written }: Source, path: string, keys: readonly string[], why: string): Finding[] {
  return keys
    .filter((key) => at(written, `${path}.${key}`) !== undefined)
    .map((key) => ({ path: `${path}.${key}`, message: `does nothing, because ${why}; take it out` }));
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined,
      value,
    );
}
