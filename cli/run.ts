import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createColors } from "picocolors";
import { isConfigError } from "../config/problems";
import { renderPage } from "../review/page";
import { summarize } from "../review/summary";
import { formatPolicies, formatSummary } from "../review/terminal";
import { loadConfig } from "./load-config";
import { warnOfOlderVersion } from "./older-version";
import { startProgress } from "./progress";
import { synthesize } from "./synthesize";
import { UsageError } from "./usage-error";

/** 0 fine, 1 a mistake in the config or its call, 3 a policy denies. */
export type ExitCode = 0 | 1 | 3;

export interface RunOptions {
  /** Absolute path of the config. */
  readonly config: string;
  /** Absolute path of cdktf's output directory. */
  readonly outdir: string;
  /** Print the summary and write the review page. @default false: only problems and denials are printed */
  readonly review: boolean;
  /** Colour what is printed. @default false */
  readonly colors?: boolean;
  /** @default - every stack of the config */
  readonly stacks?: readonly string[];
}

/** Config to stacks to policies, and what there is to say about it. */
export function run(options: RunOptions): ExitCode {
  const colors = createColors(options.colors ?? false);
  const progress = startProgress();
  try {
    const platform = loadConfig(options.config);
    const { plans, stacks, violations, waived, unusedWaivers } = synthesize({
      platform,
      outdir: options.outdir,
      onProgress: progress.step,
      ...(options.stacks && { stacks: options.stacks }),
    });
    if (options.review) {
      progress.step("writing the review page");
      const summary = summarize(platform, plans, stacks, violations, waived, unusedWaivers);
      const page = join(options.outdir, "review", "index.html");
      mkdirSync(join(options.outdir, "review"), { recursive: true });
      writeFileSync(page, renderPage(summary));
      progress.done();
      process.stdout.write(
        `${formatSummary(summary, colors)}\n\nthe same as a page: ${relative(process.cwd(), page)}\n`,
      );
    } else {
      progress.done();
      warnOfOlderVersion(platform, colors);
      for (const text of formatPolicies({ violations, waived, unusedWaivers }, colors))
        process.stderr.write(`${text}\n`);
    }
    return violations.some(({ severity }) => severity === "deny") ? 3 : 0;
  } catch (error) {
    progress.done();
    if (!isConfigError(error) && !(error instanceof UsageError)) throw error;
    process.stderr.write(`${colors.red("error:")} ${error.message}\n`);
    return 1;
  }
}
