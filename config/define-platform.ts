/** `definePlatform`: from what the config says to a checked, frozen platform, or to all of its problems. */
import type { z } from "zod";
import type { PlatformInput } from "./input";
import { migrate, MIGRATIONS, type Migration } from "./migrations";
import { markPlatform, resolvePlatform, type Platform } from "./platform";
import { ConfigError, type Problem } from "./problems";
import { RULES } from "./rules";
import { platformSchema, type ParsedPlatform } from "./schema";
import { shapeProblems, withoutBroken } from "./shape";

/**
 * Checks a config and returns the platform that every stack is made from. One of an older version of the shape is brought to today's
 * first, which a warning then says.
 *
 * @throws ConfigError with every problem: the shape's, and those of the rules on whatever of the config has the right shape.
 */
export function definePlatform<const Environment extends string, const Group extends string>(
  input: PlatformInput<Environment, Group>,
): Platform {
  return checkPlatform(input, MIGRATIONS);
}

/** `definePlatform` of whatever somebody wrote, with these migrations. */
export function checkPlatform(written: unknown, migrations: readonly Migration[]): Platform {
  const { input, note } = migrate(written, migrations);
  // Of an older config, paths of other problems are those of today's shape: the note says which are others now.
  const notes = note ? [note] : [];
  const parsed = platformSchema.safeParse(input, { reportInput: true });
  if (!parsed.success)
    throw new ConfigError([...shapeProblems(parsed.error), ...problemsOfTheRest(input, parsed.error), ...notes]);
  const platform = resolvePlatform(parsed.data);
  const { errors, warnings } = applyRules(platform, parsed.data, input);
  if (errors.length > 0) throw new ConfigError([...errors, ...notes]);
  return deepFreeze(markPlatform({ ...platform, warnings: [...notes, ...warnings] }, input));
}

/** The platform of a config of the right shape, whatever the rules say of it: to look at, never to deploy. @default - its shape is wrong */
export function uncheckedPlatform(input: unknown): Platform | undefined {
  const parsed = platformSchema.safeParse(input);
  return parsed.success
    ? deepFreeze(markPlatform({ ...resolvePlatform(parsed.data), warnings: [] }, input))
    : undefined;
}

/** Problems of the entries whose shape is right, so that a typo in one team does not hide a clash between two clusters. */
function problemsOfTheRest(input: unknown, error: z.ZodError): readonly Problem[] {
  const rest = platformSchema.safeParse(withoutBroken(input, error));
  return rest.success ? applyRules(resolvePlatform(rest.data), rest.data, input).errors : [];
}

/** `written` is the config as it stands: it also has the names of entries that were set aside because their shape is wrong. */
function applyRules(
  platform: Omit<Platform, "warnings">,
  parsed: ParsedPlatform,
  written: unknown,
): { errors: Problem[]; warnings: Problem[] } {
  const known = {
    clusters: namesOf(written, "clusters"),
    groups: namesOf(written, "groups"),
    environments: namesOf(written, "environments"),
  };
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  for (const rule of RULES) {
    const found = rule.check(platform, { parsed, written, known }).map((finding) => ({ rule: rule.id, ...finding }));
    (rule.severity === "error" ? errors : warnings).push(...found);
  }
  return { errors, warnings };
}

function namesOf(written: unknown, section: string): readonly string[] {
  const found = isRecord(written) ? written[section] : undefined;
  return isRecord(found) ? Object.keys(found) : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
