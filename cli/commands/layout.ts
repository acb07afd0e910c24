import { resolve } from "node:path";
import type { Command } from "commander";
import { allStacks } from "../../config/layers";
import type { CommandContext } from "../command-context";
import { layouts } from "../lazy";
import { loadConfig } from "../load-config";
import type { TargetOptions } from "../operations";

export function addLayout(program: Command, context: CommandContext): void {
  program
    .command("layout <cluster>")
    .description("print the script that moves the state of one stack into layers; run it with bash")
    .option("--config <path>", "another config than PLATFORM_CONFIG or platform.config.ts")
    .action((cluster: string, { config }: TargetOptions) => {
      const platform = loadConfig(config === undefined ? context.config : resolve(config), context.load);
      const owner = allStacks(platform).find(({ name }) => name === cluster)?.cluster.name ?? cluster;
      context.print(layouts().layoutScript(platform, owner));
    });
}
