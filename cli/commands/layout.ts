import type { Command } from "commander";
import { allStacks } from "../../config/layers";
import type { CommandContext } from "../command-context";
import { layouts } from "../lazy";
import { CONFIG_OPTION, loadPlatform, type TargetOptions } from "../operations";

export function addLayout(program: Command, context: CommandContext): void {
  program
    .command("layout <cluster>")
    .description("print the script that moves the state of one stack into layers; run it with bash")
    .option(...CONFIG_OPTION)
    .action((cluster: string, options: TargetOptions) => {
      const platform = loadPlatform(options, context);
      const owner = allStacks(platform).find(({ name }) => name === cluster)?.cluster.name ?? cluster;
      context.print(layouts().layoutScript(platform, owner));
    });
}
