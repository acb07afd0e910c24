import type { Platform } from "../platform";
import type { ParsedPlatform } from "../schema";

/** What a rule may look at beside the platform: the config before references were resolved, and every name written in it. */
export interface Source {
  readonly parsed: ParsedPlatform;
  /** The config as it stands, before defaults. */
  readonly written: unknown;
  readonly known: {
    readonly clusters: readonly string[];
    readonly groups: readonly string[];
    readonly environments: readonly string[];
  };
}

export interface Finding {
  readonly path: string;
  readonly message: string;
}

/** One check across the config. Its id stands in every message, in the tests and in docs/config.md. */
export interface Rule {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly check: (platform: Omit<Platform, "warnings">, source: Source) => readonly Finding[];
}
