import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type TerraformStack } from "cdktf";
import { allStacks, type StackPlan } from "../config/layers";
import type { Cluster, Platform } from "../config/platform";
import { applyRules, type Violation } from "../policies/plan/rule";
import { PLAN_RULES } from "../policies/plan/rules";
import { readSynthesizedStack, type SynthesizedStack } from "../policies/plan/synthesized-stack";
import { withQuickTokens } from "./quick-tokens";
import { UsageError } from "./usage-error";

export interface SynthesizeOptions {
  readonly platform: Platform;
  /** Where cdktf writes, such as `cdktf.out`; removed before, because leftovers there break `terraform init`. */
  readonly outdir: string;
  /** Names of the stacks to build. @default - every one that the config asks for */
  readonly stacks?: readonly string[];
  /** Called before each step with what it is about. @default - silent */
  readonly onProgress?: (step: string) => void;
}

export interface Synthesized {
  readonly plans: readonly StackPlan[];
  /** In the order of the plans. */
  readonly stacks: readonly SynthesizedStack[];
  readonly violations: readonly Violation[];
}

/**
 * Builds the stacks, writes them, and checks the policies.
 *
 * @throws UsageError when a stack is asked for that the config does not have; nothing is written then.
 */
export function synthesize(options: SynthesizeOptions): Synthesized {
  const { platform, outdir, onProgress = () => undefined } = options;
  const plans = selectStacks(platform, options.stacks);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  withoutStackTraces(() => {
    const app = new App({ outdir });
    const built = new Map<string, TerraformStack>();
    for (const { name, cluster } of plans) {
      onProgress(`building ${name}`);
      const stack = new (stackClass(cluster.kind))(app, name, platform);
      // Preparing resolves everything once more, for references between stacks. There are none: a stack gets the config and its name.
      stack.prepareStack = () => stack.ensureBackendExists();
      // cdktf deploys what is asked for at once, but for what it is told: the layers of a cluster go one after another.
      const earlier = built.get(cluster.name);
      if (earlier) stack.addDependency(earlier);
      built.set(cluster.name, stack);
    }
    onProgress("writing stacks");
    withQuickTokens(() => {
      app.synth();
    });
  });
  onProgress("checking policies");
  const stacks = plans.map(({ name }) => readSynthesizedStack(outdir, name));
  return { plans, stacks, violations: applyRules(PLAN_RULES, stacks) };
}

/** The stacks of these names, written nowhere that lasts. */
export function synthesizeInPassing(platform: Platform, stacks: readonly string[]): readonly SynthesizedStack[] {
  const outdir = mkdtempSync(join(tmpdir(), "stackyard-"));
  try {
    return synthesize({ platform, outdir, stacks }).stacks;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function selectStacks(platform: Platform, names: readonly string[] | undefined): readonly StackPlan[] {
  const plans = allStacks(platform);
  if (names === undefined) return plans;
  const unknown = names.filter((name) => !plans.some((plan) => plan.name === name));
  if (unknown.length > 0) {
    throw new UsageError(
      `PLATFORM_STACKS names ${unknown.join(", ")}, but the config's stacks, separated by commas, are ${plans.map(({ name }) => name).join(", ")}`,
    );
  }
  return plans.filter(({ name }) => names.includes(name));
}

/**
 * cdktf takes a stack trace of unlimited depth for every token that it makes; nobody ever reads them. Without the formatting synth
 * takes a fifth less, and a little less again without the trace. An error has its own all the same, formatted when it is read, after this.
 */
export function withoutStackTraces(work: () => void): void {
  const format: unknown = Reflect.get(Error, "prepareStackTrace");
  const capture: unknown = Reflect.get(Error, "captureStackTrace");
  Error.prepareStackTrace = () => "";
  Error.captureStackTrace = () => undefined;
  try {
    work();
  } finally {
    Reflect.set(Error, "prepareStackTrace", format);
    Reflect.set(Error, "captureStackTrace", capture);
  }
}

/** Only the stacks that are built load their cloud's bindings: all of them would cost a second and half the memory. */
/* eslint-disable @typescript-eslint/no-require-imports -- see above: import() would make the whole synth asynchronous */
export function stackClass(kind: Cluster["kind"]) {
  switch (kind) {
    case "aws":
      return (require("../stacks/aws/stack") as typeof import("../stacks/aws/stack")).AwsPlatformStack;
    case "azure":
      return (require("../stacks/azure/stack") as typeof import("../stacks/azure/stack")).AzurePlatformStack;
    case "local":
      return (require("../stacks/local/stack") as typeof import("../stacks/local/stack")).LocalPlatformStack;
  }
}
