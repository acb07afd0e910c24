import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  Aspects,
  DefaultTokenResolver,
  StringConcat,
  TerraformDataSource,
  TerraformElement,
  TerraformResource,
  Tokenization,
  type TerraformStack,
} from "cdktf";
import { allStacks, type StackPlan } from "../config/layers";
import type { Cluster, Platform } from "../config/platform";
import type { Waiver } from "../config/waivers";
import { checkStacks, checkWaivers } from "../policies/plan/check";
import type { Violation } from "../policies/plan/rule";
import { PLAN_RULES } from "../policies/plan/rules";
import { parseSynthesizedStack, readSynthesizedStack, type SynthesizedStack } from "../policies/plan/synthesized-stack";
import type { WaivedViolation } from "../policies/plan/waivers";
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
  /** What nobody answers for. */
  readonly violations: readonly Violation[];
  readonly waived: readonly WaivedViolation[];
  /** Waivers that are about nothing; none where only some stacks were looked at. */
  readonly unusedWaivers: readonly Waiver[];
}

/**
 * Builds the stacks, writes them, and checks the policies.
 *
 * @throws UsageError when a stack is asked for that the config does not have, ConfigError when a waiver is of no rule; nothing is
 * written then.
 */
export function synthesize(options: SynthesizeOptions): Synthesized {
  const { platform, outdir, onProgress = () => undefined } = options;
  const plans = selectStacks(platform, options.stacks);
  checkWaivers(platform);
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
  const { violations, waived, unused } = checkStacks(platform, stacks);
  return { plans, stacks, violations, waived, unusedWaivers: options.stacks ? [] : unused.filter(isOfSynth) };
}

/** What waives a finding about changes has nothing to waive where there are none. */
const isOfSynth = ({ rule }: Waiver): boolean => PLAN_RULES.some(({ id, ofChanges }) => id === rule && !ofChanges);

/**
 * The stacks of these names, written nowhere that lasts, their policies not checked: in half of the time.
 *
 * @param only address of a resource or data source: of each stack this alone is looked at, in a third of the time. @default - all that there is
 */
export function synthesizeInPassing(
  platform: Platform,
  stacks: readonly string[],
  only?: string,
): readonly SynthesizedStack[] {
  const outdir = mkdtempSync(join(tmpdir(), "stackyard-"));
  const made: SynthesizedStack[] = [];
  try {
    withoutStackTraces(() => {
      const app = new App({ outdir });
      for (const { name, cluster } of selectStacks(platform, stacks)) {
        const stack = new (stackClass(cluster.kind))(app, name, platform);
        stack.ensureBackendExists();
        applyAspects(stack);
        const content: unknown = only === undefined ? stack.toTerraform() : contentOf(stack, only);
        made.push(parseSynthesizedStack(name, JSON.stringify(content, sortKeys)));
      }
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
  return made;
}

/** As files have them, so that nothing depends on the order in which constructs are made. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    : value;

/** What one object becomes, as it would be in the stack's file. */
function contentOf(scope: TerraformStack, address: string): unknown {
  for (const node of scope.node.findAll())
    if (TerraformElement.isTerraformElement(node) && addressOf(node) === address)
      return Tokenization.resolve(node.toTerraform(), {
        scope,
        resolver: new DefaultTokenResolver(new StringConcat()),
        preparing: false,
      });
  return {};
}

/** As cdktf does before it writes: those of a construct hold for all that is in it. */
function applyAspects(stack: TerraformStack): void {
  for (const construct of stack.node.findAll())
    for (const scope of construct.node.scopes) for (const aspect of Aspects.of(scope).all) aspect.visit(construct);
}

function addressOf(element: TerraformElement): string | undefined {
  if (TerraformResource.isTerraformResource(element))
    return `${element.terraformResourceType}.${element.friendlyUniqueId}`;
  return TerraformDataSource.isTerraformDataSource(element)
    ? `data.${element.terraformResourceType}.${element.friendlyUniqueId}`
    : undefined;
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
