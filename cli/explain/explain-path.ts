/** From a place in the config to the objects and fields that its value becomes: change it, synthesize again, compare. */
import { checkPlatform, uncheckedPlatform } from "../../config/define-platform";
import { allStacks } from "../../config/layers";
import { inputOf, type Platform } from "../../config/platform";
import { isConfigError, type Problem } from "../../config/problems";
import { platformSchema } from "../../config/schema";
import { suggest } from "../../config/zod";
import type { Json, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { UsageError } from "../usage-error";
import { compareStacks, type ExplainedObject } from "./compare";
import { at, childrenOf, readPath, showPath, withAt, type Path } from "./path";
import { knownKeys, schemasAt } from "./schema";
import { variationsOf, type Variation } from "./variations";

/** `synthesizeInPassing` */
export type Synthesize = (platform: Platform, stacks: readonly string[], only?: string) => readonly SynthesizedStack[];

export interface ExplainedStack {
  readonly stack: string;
  readonly cluster: string;
  readonly objects: readonly ExplainedObject[];
  /** What was put in the value's place, until something came of it. */
  readonly tried: readonly string[];
  /** Why there is nothing, where there is nothing; or what there is beside it. */
  readonly reason?: string;
}

export interface ExplainedPath {
  readonly path: string;
  /** For whoever looks up its line. */
  readonly place: Path;
  /** As the config has it. @default - it is left out, and its default holds */
  readonly value?: Json;
  readonly stacks: readonly ExplainedStack[];
  /** Rules that another value meets, and where: the sums and limits that it takes part in. */
  readonly rules: readonly { readonly rule: string; readonly path: string }[];
}

/** How often one stack is synthesized again, at most, until something of it differs. */
const MOST_TRIES = 4;

/**
 * @param text a place, such as `teams.checkout.quota.cpu`; one that is left out is changed from its default
 * @param onStep called before each stack with what is done. @default - silent
 * @throws UsageError for a place that the config cannot have, with the nearest one that it can
 */
export function explainPath(
  platform: Platform,
  text: string,
  stacks: readonly string[],
  synthesize: Synthesize,
  onStep: (step: string) => void = () => undefined,
): ExplainedPath {
  const input = inputOf(platform);
  const path = findPlace(input, text);
  const variations = variationsOf(input, path);
  const checked = variations.map((variation) => check(variation));
  const value = at(input, path) as Json | undefined;
  return {
    path: showPath(path),
    place: path,
    ...(value !== undefined && { value }),
    stacks: stacks.map((stack) => {
      onStep(`comparing ${stack}`);
      return explainStack(platform, stack, usable(checked), synthesize);
    }),
    rules: rulesMet(platform, input, path, checked),
  };
}

/** The place that a text means. */
export function findPlace(input: unknown, text: string): Path {
  if (text.trim() === "")
    throw new UsageError("the place is empty; name one, such as teams.checkout.quota.cpu, or an address of a plan");
  const { path, rest } = readPath(text, input);
  if (rest === "") return path;
  // Not written, but the schema may know it: its default can be changed, too.
  const unset = rest.replace(/^\./, "").split(".");
  const full = [...path, ...unset];
  if (schemasAt(platformSchema, full, input).length > 0 && !isEntryName(input, path, unset)) return full;
  const [here, left] = knownPart(input, path, unset);
  const known = [...new Set([...childrenOf(at(input, here)).map(String), ...knownKeys(platformSchema, here, input)])];
  const where = here.length === 0 ? "the config" : showPath(here);
  const [missing = "", ...below] = left;
  const hint =
    below.length > 0 && known.includes(missing)
      ? `; ${missing} is left out, so there are no names in it`
      : suggest(missing, known);
  throw new UsageError(`${where} has no "${left.join(".")}"${hint}`);
}

/** As far as keys are known, written or not, and what is left of them. */
function knownPart(input: unknown, path: Path, unset: readonly string[]): readonly [Path, readonly string[]] {
  const [key = "", ...rest] = unset;
  const next = [...path, key];
  const isKnown =
    rest.length > 0 &&
    knownKeys(platformSchema, path, input).includes(key) &&
    knownKeys(platformSchema, next, input).length > 0;
  return isKnown ? knownPart(input, next, rest) : [path, unset];
}

/** Whether the name of an entry that is not there is on the way: it would have to be made up. */
const isEntryName = (input: unknown, path: Path, unset: readonly string[]): boolean =>
  unset.some((key, index) => !knownKeys(platformSchema, [...path, ...unset.slice(0, index)], input).includes(key));

/** A variation, what it makes, and what rules say of it. */
interface Checked extends Variation {
  readonly platform: Platform | undefined;
  readonly problems: readonly Problem[];
  readonly allowed: boolean;
}

function check(variation: Variation): Checked {
  try {
    const platform = checkPlatform(variation.input, []);
    return { ...variation, platform, problems: platform.warnings, allowed: true };
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return { ...variation, platform: uncheckedPlatform(variation.input), problems: error.problems, allowed: false };
  }
}

/**
 * What is asked itself, then what the rules allow, then what only has the right shape: the question is what becomes of a value, not whether it
 * fits.
 */
function usable(checked: readonly Checked[]): readonly Checked[] {
  const rank = ({ asked, allowed }: Checked): number => (asked ? 0 : allowed ? 1 : 2);
  return checked.filter(({ platform }) => platform !== undefined).sort((a, b) => rank(a) - rank(b));
}

function explainStack(
  platform: Platform,
  stack: string,
  variations: readonly Checked[],
  synthesize: Synthesize,
): ExplainedStack {
  const cluster = allStacks(platform).find(({ name }) => name === stack)?.cluster.name ?? stack;
  const [now] = synthesize(platform, [stack]);
  const tried: string[] = [];
  let failed = "";
  // What goes with it is everything; what its values make, other variations show.
  const isThere = ({ platform: other }: Checked) => !other || allStacks(other).some(({ name }) => name === stack);
  const isOwn = !variations.every(isThere);
  for (const { tried: what, platform: other, note } of variations.filter(isThere).slice(0, MOST_TRIES)) {
    if (!now || !other) continue;
    try {
      tried.push(what);
      const [then] = synthesize(other, [stack]);
      const objects = then ? compareStacks(now, then) : [];
      const beside = isOwn ? "without it there is no such stack; of its values come" : note;
      if (objects.length > 0)
        return { stack, cluster, objects, tried, ...(beside !== undefined && { reason: beside }) };
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
  }
  const reason = isOwn
    ? "with another value there is no such stack"
    : tried.length === 0
      ? "no other value of the right shape was found to compare with"
      : failed !== ""
        ? `it could not be built with another value: ${failed}`
        : "nothing in this stack comes from it";
  return { stack, cluster, objects: [], tried, reason };
}

/** Findings that the config as it is does not have. */
function rulesMet(platform: Platform, input: unknown, path: Path, checked: readonly Checked[]) {
  const known = new Set(platform.warnings.map((problem) => keyOf(problem)));
  const found = [...checked, ...extremes(input, path).map((variation) => check(variation))]
    .filter((variation) => variation.platform)
    .flatMap(({ problems }) => problems)
    .filter((problem) => !known.has(keyOf(problem)));
  return [...new Map(found.map((problem) => [keyOf(problem), problem])).values()].map((problem) => ({
    rule: problem.rule,
    path: problem.path,
  }));
}

const keyOf = ({ rule, path }: Problem): string => `${rule} ${path}`;

/** So much and so little that whatever bounds a quantity says so. */
function extremes(input: unknown, path: Path): readonly Variation[] {
  const value = at(input, path);
  const others =
    typeof value === "number"
      ? [value * 1000, value / 1000]
      : typeof value === "string" && /^\d+(\.\d+)?(Mi|Gi|Ti|m)$/.test(value)
        ? [value.replace(/^\d+(\.\d+)?/, (number) => String(Number(number) * 1000)), value.endsWith("m") ? "1m" : "1Mi"]
        : [];
  return others.map((other) => ({ tried: String(other), input: withAt(input, path, other) }));
}
