import type { Command } from "commander";
import type { BootstrapOptions, Step } from "../../stacks/operations";
import { CONFIG_OPTION, findTarget, type TargetOptions } from "../operations";
import type { CommandContext } from "../command-context";
import { table } from "../../review/table";

export function addBootstrap(program: Command, context: CommandContext): void {
  program
    .command("bootstrap <stack>")
    .description("make what the Terraform state lies in, as far as it is not there; safe to run again")
    .option(...CONFIG_OPTION)
    .option("--dry-run", "only say what would be made")
    .option("--harden", "also change what an account that somebody else made has for everything in it")
    .action(async (stack: string, options: TargetOptions & Partial<BootstrapOptions>) => {
      const { operations } = findTarget(stack, options, context);
      const { dryRun = false, harden = false } = options;
      context.print(show(await operations.bootstrap({ dryRun, harden }), context));
    });
}

function show(steps: readonly Step[], { colors }: CommandContext): string {
  const words: Readonly<Record<Step["outcome"], string>> = {
    made: colors.green("made"),
    planned: colors.yellow("would make"),
    left: colors.yellow("not so, left"),
    "already so": colors.dim("already so"),
  };
  const count = (wanted: Step["outcome"]): number => steps.filter(({ outcome }) => outcome === wanted).length;
  const sum =
    count("made") > 0
      ? `${count("made")} made`
      : count("planned") > 0
        ? `${count("planned")} would be made`
        : "nothing to change";
  const left =
    count("left") > 0
      ? `; ${count("left")} left, because somebody else made the account: they hold for everything in it, and --harden makes them`
      : "";
  return `${table(
    ["", "what"],
    steps.map(({ outcome, what }) => [words[outcome], what]),
    [14, 90],
    colors,
  )}\n\n${sum}${left}`;
}
