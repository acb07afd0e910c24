import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { PUBLIC_REGISTRIES } from "../../config/registries";
import type { Platform } from "../../config/platform";
import { checkStacks } from "../../policies/plan/check";
import { PLAN_RULES } from "../../policies/plan/rules";
import type { SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { InfracostError, readInfracost, type Priced } from "../../review/read/infracost";
import { judgedSide, type StackChange } from "../../review/read/stack-change";
import { renderMarkdown } from "../../review/render/markdown";
import { renderReviewPage } from "../../review/render/page";
import { renderSarif } from "../../review/render/sarif";
import { renderTerminal } from "../../review/render/terminal";
import { reviewOf, type Review } from "../../review/review";
import type { CommandContext } from "../command-context";
import { loadConfig } from "../load-config";
import type { TargetOptions } from "../operations";
import { startProgress } from "../progress";
import { compareCommits } from "./base";
import { findPlans, openPlan } from "./plans";
import { UsageError } from "../usage-error";

/** What `--format` knows, and the names of the files. */
const FORMATS = ["md", "html", "json", "sarif"] as const;
type Format = (typeof FORMATS)[number];

export interface ReviewOptions extends TargetOptions {
  readonly stack: readonly string[];
  readonly plan: readonly string[];
  readonly base?: string;
  readonly head?: string;
  readonly format?: string;
  readonly out?: string;
  readonly check?: string;
  readonly date?: string;
  readonly infracost?: string;
  readonly footer: readonly string[];
}

/** What `stackyard review` does; see cli/commands/review.ts for its options. */
export async function runReview(options: ReviewOptions, context: CommandContext): Promise<void> {
  const formats = formatsOf(options);
  const changes = await changesOf(options, context);
  const review = judge(changes, options, context);
  emit(review, formats, options, context);
  if (options.check !== undefined) check(review, options.check);
  context.exit(exitCode(review));
}

function formatsOf({ format, out }: ReviewOptions): readonly Format[] {
  const asked = format?.split(",").map((name) => name.trim());
  const unknown = asked?.find((name) => !(FORMATS as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no format "${unknown}"; allowed: ${FORMATS.join(", ")}`);
  const formats = (asked ?? (out === undefined ? [] : FORMATS)) as readonly Format[];
  if (formats.length > 1 && out === undefined)
    throw new UsageError("several formats need a folder to be written to: --out review");
  return formats;
}

async function changesOf(options: ReviewOptions, context: CommandContext): Promise<readonly StackChange[]> {
  const { stack, plan, base, head } = options;
  if (base !== undefined && plan.length > 0)
    throw new UsageError("--base compares commits and --plan reads plans; give one of them");
  if (head !== undefined && base === undefined) throw new UsageError("--head needs --base, to compare with");
  const config = resolve(options.config ?? context.config);
  const project = projectOf(dirname(config));
  if (base !== undefined) {
    const progress = startProgress();
    try {
      const changes = await compareCommits({
        base,
        ...(head !== undefined && { head }),
        config,
        project,
        stacks: stack,
        onProgress: progress.step,
      });
      if (changes.length === 0)
        throw new UsageError(`neither side has ${stack.length > 0 ? `a stack ${stack.join(" or ")}` : "a stack"}`);
      return changes;
    } finally {
      progress.done();
    }
  }
  const files = plan.length > 0 ? plan : findPlans(join(project, "cdktf.out"), stack);
  if (files.length === 0)
    throw new UsageError(
      `there is no plan${stack.length > 0 ? ` of ${stack.join(" or ")}` : ""} in cdktf.out/stacks; make one (npx cdktf diff aws-platform), name one (--plan plan.json), or compare commits (--base main)`,
    );
  const changes: StackChange[] = [];
  // One after another: a plan of a large platform fills much memory.
  for (const file of files) {
    const change = await openPlan(file);
    const [only] = stack;
    changes.push(plan.length === 1 && stack.length === 1 && only !== undefined ? renamed(change, only) : change);
  }
  const twice = changes.find(({ stack: name }, index) => changes.findIndex((other) => other.stack === name) !== index);
  if (twice) throw new UsageError(`two plans are of ${twice.stack}; name each by its stack's folder or file name`);
  return changes;
}

/** `--stack NAME --plan FILE` says whose a plan is. */
function renamed(change: StackChange, stack: string): StackChange {
  const side = (of: SynthesizedStack | undefined): SynthesizedStack | undefined => of && { ...of, name: stack };
  const [before, after] = [side(change.before), side(change.after)];
  return { ...change, stack, ...(before && { before }), ...(after && { after }) };
}

/** The nearest folder above with a cdktf.json. */
function projectOf(folder: string): string {
  if (existsSync(join(folder, "cdktf.json"))) return folder;
  return dirname(folder) === folder ? process.cwd() : projectOf(dirname(folder));
}

function judge(
  changes: readonly StackChange[],
  { config, date, infracost }: ReviewOptions,
  context: CommandContext,
): Review {
  const today = date ?? context.now().toISOString().slice(0, 10);
  if (!/^\d{4}-\d\d-\d\d$/.test(today)) throw new UsageError(`--date ${today} is no day; write it as 2026-12-01`);
  const path = resolve(config ?? context.config);
  // A plan of somebody else's stack has no config; one that is there counts, with its mirrors and waivers.
  const platform: Pick<Platform, "registries" | "waivers"> =
    config !== undefined || existsSync(path)
      ? loadConfig(path, context.load)
      : { registries: PUBLIC_REGISTRIES, waivers: [] };
  const { violations, waived, expired, unused } = checkStacks(platform, changes.map(judgedSide), PLAN_RULES, today);
  const looked = new Set(changes.map(({ stack }) => stack));
  return reviewOf(
    changes,
    { violations, waived, expired, unused: unused.filter(({ stack }) => looked.has(stack)) },
    infracost === undefined ? undefined : openInfracost(infracost),
  );
}

function openInfracost(file: string): Priced {
  try {
    return readInfracost(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof InfracostError) throw new UsageError(`${file} ${error.message}`);
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new UsageError(`there is no file ${file}`);
    throw error;
  }
}

function emit(review: Review, formats: readonly Format[], options: ReviewOptions, context: CommandContext): void {
  const { out, footer } = options;
  if (formats.length === 0 || out !== undefined) context.print(renderTerminal(review, context.colors));
  const files = formats.flatMap((format) => filesOf(review, format, footer, options, context));
  if (out === undefined) {
    context.print(files.map(([, text]) => text.trimEnd()).join("\n\n"));
    return;
  }
  mkdirSync(out, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(out, name), text);
  context.print(`\nwritten to ${out}: ${files.map(([name]) => name).join(", ")}`);
}

function filesOf(
  review: Review,
  format: Format,
  footer: readonly string[],
  { config }: ReviewOptions,
  context: CommandContext,
): readonly (readonly [name: string, text: string])[] {
  switch (format) {
    case "md":
      return review.stacks.map((stack) => [
        `${stack.name}.md`,
        renderMarkdown(stack, review.policies, { footer, whole: "index.html among the files of this run" }),
      ]);
    case "html":
      return [["index.html", renderReviewPage(review, { footer })]];
    case "json":
      return [["review.json", `${JSON.stringify(review, undefined, 2)}\n`]];
    case "sarif":
      return [
        [
          "review.sarif",
          renderSarif(review, PLAN_RULES, ownVersion(), relative(process.cwd(), resolve(config ?? context.config))),
        ],
      ];
  }
}

function ownVersion(): string {
  const root = [join(__dirname, "..", ".."), join(__dirname, "..", "..", "..")].find((folder) =>
    existsSync(join(folder, "package.json")),
  );
  return (JSON.parse(readFileSync(join(root ?? "", "package.json"), "utf8")) as { version: string }).version;
}

/** @throws UsageError where none of the stacks, nor all of them together, has this fingerprint */
function check(review: Review, fingerprint: string): void {
  const known = [
    review.fingerprint,
    ...(review.stacks.length === 1 ? review.stacks.map((stack) => stack.fingerprint) : []),
  ];
  if (!known.includes(fingerprint))
    throw new UsageError(
      `this is not the change that was reviewed: its fingerprint is ${review.fingerprint}, and ${fingerprint} was reviewed; review it again`,
    );
}

function exitCode({ level, policies }: Review): 0 | 2 | 3 {
  if (policies.violations.some(({ severity }) => severity === "deny")) return 3;
  return level === "none" ? 0 : 2;
}
