import type { Command } from "commander";
import type { CommandContext } from "../command-context";
import { reviewing } from "../lazy";
import { CONFIG_OPTION } from "../operations";
import type { ReviewOptions } from "../review/run-review";

export function addReview(program: Command, context: CommandContext): void {
  program
    .command("review")
    .description(
      "say what a change does to the platform and to each team; exit 0 no change, 2 changes, 3 a policy denies, 1 error",
    )
    .option(...CONFIG_OPTION)
    .option("--stack <name>", "review this stack only; may be given several times", collect)
    .option("--plan <file>", "a plan, as JSON or as saved; by default those in cdktf.out/stacks", collect)
    .option("--base <ref>", "compare with what this commit synthesizes: needs no plan, no credentials and no network")
    .option("--head <ref>", "with --base: review this commit (the work tree by default)")
    .option("--format <list>", "md, html, json, sarif, separated by commas; for the terminal by default")
    .option("--out <folder>", "write <stack>.md, index.html, review.json and review.sarif there")
    .option("--check <fingerprint>", "fail where the change is another than the one with this fingerprint")
    .option("--date <day>", "the day on which waivers are judged, such as 2026-12-01 (today by default)")
    .option("--infracost <file>", "what Infracost says of the same change (an upper bound from a table by default)")
    .option("--footer <text>", "a line below each comment; may be given several times", collect)
    .action((options: Partial<ReviewOptions>) =>
      reviewing().runReview({ stack: [], plan: [], footer: [], ...options }, context),
    );
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
