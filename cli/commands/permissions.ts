import type { Command } from "commander";
import { typesOf } from "../../policies/plan/synthesized-stack";
import type { CommandContext } from "../command-context";
import { CONFIG_OPTION, findTarget, type TargetOptions } from "../operations";
import { synthesizer } from "../lazy";

export function addPermissions(program: Command, context: CommandContext): void {
  program
    .command("permissions <stack>")
    .description("print the cloud's policy for whoever deploys a stack, computed from what the stack has")
    .option(...CONFIG_OPTION)
    .option("--plan", "only what a plan needs")
    .action((stack: string, options: TargetOptions & { readonly plan?: boolean }) => {
      const { platform, operations } = findTarget(stack, options, context);
      const types = typesOf(synthesizer().synthesizeInPassing(platform, [stack]));
      context.print(JSON.stringify(operations.permissions(stack, types, options.plan ?? false), undefined, 2));
    });
}
