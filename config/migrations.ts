/** Configs of an older shape, brought to today's: one step from each version to the next. */
import type { Problem } from "./problems";

/** The version of the config's shape that this release reads and writes. A field that goes, moves or gets a new meaning makes a new one. */
export const CONFIG_VERSION = 1;

/** Rule of the warning that a config was migrated. */
export const OLDER_VERSION = "older-version";

/** A change that a config needs: where it stands as it is written, and how it is written now. */
export interface Change {
  /** @example "environments.dev.profile" */
  readonly path: string;
  /** @example 'is "preset" now' */
  readonly message: string;
}

/** From one version of the shape to the next. */
export interface Migration {
  /** Version that it reads; what it makes is of the next one. */
  readonly from: number;
  /**
   * Makes the next version of a config, and leaves the one that it gets as it is. What is not of the shape that it expects stays as it
   * stands: the schema reports it. `version` itself is set by `migrate`.
   */
  readonly step: (config: Readonly<Record<string, unknown>>) => {
    readonly config: Readonly<Record<string, unknown>>;
    readonly changes: readonly Change[];
  };
}

/** From the oldest. None so far: since the first kept state, fields have only been added. */
export const MIGRATIONS: readonly Migration[] = [];

export interface Migrated {
  /** The config in today's shape; as it was where it has no older version. */
  readonly input: unknown;
  /** What to tell whoever wrote it. @default - it is of today's version, or of one that nobody knows */
  readonly note: Problem | undefined;
}

/** Takes a config through all steps from its version on. */
export function migrate(written: unknown, migrations: readonly Migration[] = MIGRATIONS): Migrated {
  let input = written;
  const changes: Change[] = [];
  for (let next = stepFrom(input, migrations); next; next = stepFrom(input, migrations)) {
    const made = next.migration.step(next.config);
    changes.push(...made.changes);
    input = { ...made.config, version: next.migration.from + 1 };
  }
  return { input, note: input === written ? undefined : noteOf(written, input, changes) };
}

function stepFrom(input: unknown, migrations: readonly Migration[]) {
  if (typeof input !== "object" || input === null) return undefined;
  const config = input as Readonly<Record<string, unknown>>;
  const migration = migrations.find(({ from }) => from === config["version"]);
  return migration && { migration, config };
}

function noteOf(written: unknown, input: unknown, changes: readonly Change[]): Problem {
  const versionOf = (config: unknown): string => String((config as { readonly version: unknown }).version);
  const lines = [
    `${versionOf(written)} is an older version of the config's shape; it was read as ${versionOf(input)}. To write it so:`,
    ...[...changes, { path: "version", message: `is ${versionOf(input)} now` }].map(
      ({ path, message }) => `    ${path} ${message}`,
    ),
  ];
  return { rule: OLDER_VERSION, path: "version", message: lines.join("\n") };
}
