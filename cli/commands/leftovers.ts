import type { Command } from "commander";
import { stacksOf } from "../../config/layers";
import type { Cluster } from "../../config/platform";
import type { Leftovers } from "../../stacks/operations";
import { CONFIG_OPTION, findTarget, type TargetOptions } from "../operations";
import type { CommandContext } from "../command-context";

export function addLeftovers(program: Command, context: CommandContext): void {
  program
    .command("leftovers <stack>")
    .description("list what a destroy has left behind; changes nothing. Exit 2 when something is left")
    .option(...CONFIG_OPTION)
    .option("--json", "print what is left as JSON")
    .action(async (stack: string, options: TargetOptions & { readonly json?: boolean }) => {
      const { cluster, operations } = findTarget(stack, options, context);
      const found = await operations.leftovers();
      context.print(
        options.json ? JSON.stringify({ stack, ...found }, undefined, 2) : show(destroyOrder(cluster), found, context),
      );
      // Not having seen everything is no proof that nothing is left.
      context.exit(found.left.length > 0 ? 2 : found.unseen.length > 0 ? 1 : 0);
    });
}

/** Of the stacks that there are: teams before the platform, and that before the cluster. */
const destroyOrder = (cluster: Cluster): string =>
  stacksOf(cluster)
    .map(({ name }) => `npx cdktf destroy ${name}`)
    .reverse()
    .join(", then ");

function show(destroy: string, { left, waiting = [], unseen, running }: Leftovers, { colors }: CommandContext): string {
  const parts: string[] = [];
  if (running)
    parts.push(`${colors.yellow("the cluster still runs")}: what follows is in use. Destroy it first: ${destroy}`);
  // Not a table, whose columns would break ids and commands: they are there to be copied.
  parts.push(
    ...left.map(
      ({ type, id, why, remove }) => `${colors.bold(type)} ${id}\n  ${colors.dim(`because of ${why}`)}\n  ${remove}`,
    ),
  );
  if (waiting.length > 0)
    parts.push(
      ["deleted; a deploy under the same name brings it back", ...waiting.map((what) => `  ${what}`)].join("\n"),
    );
  if (unseen.length > 0) parts.push([colors.yellow("not looked at"), ...unseen.map((what) => `  ${what}`)].join("\n"));
  const end = unseen.length > 0 ? "nothing else is left" : "nothing is left";
  parts.push(left.length > 0 ? `${left.length} left, in the order in which they can be removed` : end);
  return parts.join("\n\n");
}
