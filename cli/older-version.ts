import type { Colors } from "picocolors/types";
import { OLDER_VERSION } from "../config/migrations";
import type { Platform } from "../config/platform";

/** Says on stderr that a config was brought to today's shape, and how to write it so. The review has it among its other warnings. */
export function warnOfOlderVersion({ warnings }: Platform, colors: Colors): void {
  for (const { rule, message } of warnings)
    if (rule === OLDER_VERSION) process.stderr.write(`${colors.yellow("warning:")} the config's version ${message}\n`);
}
