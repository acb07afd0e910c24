import type { Command } from "commander";
import type { Step } from "../../stacks/operations";
import { CONFIG_OPTION, findTarget, type TargetOptions } from "../operations";
import type { CommandContext } from "../command-context";
import { table } from "../table";

export function addBootstrap(program: Command, context: CommandContext): void {
  program
    .command("bootstrap <stack>")
    .description("make what the Terraform state lies in, as far as it is not there; safe to run again")
    .option(...CONFIG_OPTION)
    .option("--dry-run", "only say what would be made")
    .action(async (stack: string, options: TargetOptions & { readonly dryRun?: boolean }) => {
      const { operations } = findTarget(stack, options, context);
      context.print(show(await operations.bootstrap({ dryRun: options.dryRun ?? false }), context));
    });
}

function show(steps: readonly Step[], { colors }: CommandContext): string {
  const words: Readonly<Record<Step["outcome"], string>> = {
    made: colors.green("made"),
    planned: colors.yellow("would make"),
    "already so": colors.dim("already so"),
  };
  const count = (wanted: Step["outcome"]): number => steps.filter(({ outcome }) => outcome === wanted).length;
  const sum =
    count("made") > 0
      ? `${count("made")} made`
      : count("planned") > 0
        ? `${count("planned")} would be made`
        : "nothing to change";
  return `${table(
    ["", "what"],
    steps.map(({ outcome, what }) => [words[outcome], what]),
    [14, 90],
    colors,
  )}\n\n${sum}`;
}
