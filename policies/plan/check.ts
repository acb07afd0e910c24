import type { Platform } from "../../config/platform";
import { ConfigError } from "../../config/problems";
import { applyRules, type PlanRule } from "./rule";
import { PLAN_RULES } from "./rules";
import type { SynthesizedStack } from "./synthesized-stack";
import { applyWaivers, unknownRules, type Waived } from "./waivers";

/**
 * What the rules say of a platform's stacks, and what of it the config waives.
 *
 * @param rules @default - those of the platform; a list of one's own has them first: `[...PLAN_RULES, ownRule]`
 * @param today an ISO date. @default - no clock: waivers hold whatever their day
 * @throws ConfigError when a waiver is of none of the rules.
 */
export function checkStacks(
  platform: Pick<Platform, "registries" | "waivers">,
  stacks: readonly SynthesizedStack[],
  rules: readonly PlanRule[] = PLAN_RULES,
  today?: string,
): Waived {
  checkWaivers(platform, rules);
  return applyWaivers(applyRules(rules, stacks, platform), platform.waivers, today);
}

/** @throws ConfigError when a waiver is of none of the rules. */
export function checkWaivers({ waivers }: Pick<Platform, "waivers">, rules: readonly PlanRule[] = PLAN_RULES): void {
  const unknown = unknownRules(waivers, rules);
  if (unknown.length > 0) throw new ConfigError(unknown);
}
