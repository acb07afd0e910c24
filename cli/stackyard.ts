/** The command `stackyard`: what there is to do around a cluster beside synth, diff, deploy and destroy. */
import { Command, CommanderError } from "commander";
import { createColors } from "picocolors";
import { isConfigError, type ConfigError } from "../config/problems";
import { OperationError, type Surroundings } from "../stacks/operations";
import { addBootstrap } from "./commands/bootstrap";
import { addCapacity } from "./commands/capacity";
import { addExplain } from "./commands/explain";
import { addCharts, addImages } from "./commands/inventory";
import { addKubeconfig } from "./commands/kubeconfig";
import { addLayout } from "./commands/layout";
import { addLeftovers } from "./commands/leftovers";
import { addPermissions } from "./commands/permissions";
import { addPreflight } from "./commands/preflight";
import { addReview } from "./commands/review";
import type { CommandContext } from "./command-context";
import { publicSurroundings } from "./surroundings";
import { UsageError } from "./usage-error";

/** Each adds one subcommand: a new one is a file in commands/ and its name here. */
const SUBCOMMANDS: readonly ((program: Command, context: CommandContext) => void)[] = [
  addPreflight,
  addLeftovers,
  addBootstrap,
  addPermissions,
  addLayout,
  addCharts,
  addImages,
  addCapacity,
  addExplain,
  addKubeconfig,
  addReview,
];

export interface CommandOptions {
  /** Absolute path of the config where `--config` names none. */
  readonly config: string;
  /** Colour what is printed. @default false */
  readonly colors?: boolean;
  /** Reads a config file. @default require, with whatever hooks it has */
  readonly load?: (path: string) => unknown;
  /** @default - DNS and the tools on the PATH */
  readonly surroundings?: Surroundings;
  /** @default - the process's environment */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default - the clock */
  readonly now?: () => Date;
}

/**
 * Runs a command line.
 *
 * @param args what follows the command's name
 * @returns 0 fine, 1 a mistake in the call, in the config or in what preflight looked at, 2 something is left over
 */
export async function stackyard(args: readonly string[], options: CommandOptions): Promise<number> {
  const colors = createColors(options.colors ?? false);
  let code = 0;
  const context: CommandContext = {
    config: options.config,
    colors,
    load: options.load,
    surroundings: options.surroundings ?? publicSurroundings,
    // eslint-disable-next-line no-restricted-properties -- KUBECONFIG and VAULT_… are of whoever runs it; nothing here synthesizes
    env: options.env ?? process.env,
    now: options.now ?? (() => new Date()),
    print: (text) => process.stdout.write(`${text}\n`),
    exit: (other) => {
      code = other;
    },
  };
  const program = new Command("stackyard")
    .description(
      "Around a platform's clusters: what they are made of, before the first deploy, between layouts, and after a destroy.",
    )
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error:/, colors.red("error:")));
      },
    })
    .exitOverride();
  for (const add of SUBCOMMANDS) add(program, context);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!isMistake(error)) throw error;
    process.stderr.write(`${colors.red("error:")} ${error.message}\n`);
    return 1;
  }
}

/** The user's, not the program's: the message is all there is to say. */
const isMistake = (error: unknown): error is ConfigError | UsageError | OperationError =>
  isConfigError(error) || error instanceof UsageError || error instanceof OperationError;
