import type { Command } from "commander";
import type { Leftovers } from "../../stacks/operations";
import { findTarget, type TargetOptions } from "../operations";
import type { CommandContext } from "../command-context";
import { table } from "../table";

export function addLeftovers(program: Command, context: CommandContext): void {
  program
    .command("leftovers <stack>")
    .description("list what a destroy has left behind; changes nothing. Exit 2 when something is left")
    .option("--config <path>", "another config than PLATFORM_CONFIG or platform.config.ts")
    .option("--json", "print what is left as JSON")
    .action(async (stack: string, options: TargetOptions & { readonly json?: boolean }) => {
      const { operations } = findTarget(stack, options, context);
      const found = await operations.leftovers();
      context.print(options.json ? JSON.stringify({ stack, ...found }, undefined, 2) : show(stack, found, context));
      // Not having seen everything is no proof that nothing is left.
      context.exit(found.left.length > 0 ? 2 : found.unseen.length > 0 ? 1 : 0);
    });
}

function show(stack: string, { left, unseen, running }: Leftovers, { colors }: CommandContext): string {
  const parts: string[] = [];
  if (running)
    parts.push(
      `${colors.yellow("the cluster still runs")}: what follows is in use. Destroy it first: npx cdktf destroy ${stack}`,
    );
  if (left.length > 0) {
    const rows = left.map(({ type, id, why }) => [type, id, why]);
    parts.push(table(["type", "id", "why it is listed"], rows, [36, 48, 60], colors));
    // Not in the table, which would break the lines: they are there to be copied.
    parts.push(["to remove them, in this order:", ...new Set(left.map(({ remove }) => `  ${remove}`))].join("\n"));
  }
  if (unseen.length > 0) parts.push([colors.yellow("not looked at"), ...unseen.map((what) => `  ${what}`)].join("\n"));
  parts.push(
    left.length === 0 ? (unseen.length === 0 ? "nothing is left" : "nothing else is left") : `${left.length} left`,
  );
  return parts.join("\n\n");
}
