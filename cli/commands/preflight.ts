import type { Command } from "commander";
import { typesOf } from "../../policies/plan/synthesized-stack";
import type { Finding, Severity } from "../../stacks/operations";
import { CONFIG_OPTION, findTarget, type TargetOptions } from "../operations";
import type { CommandContext } from "../command-context";
import { synthesizer } from "../lazy";
import { table } from "../../review/table";
import { counted } from "../counted";

export function addPreflight(program: Command, context: CommandContext): void {
  program
    .command("preflight <stack>")
    .description("look at what the first deploy needs; changes nothing. Exit 1 when something is wrong")
    .option(...CONFIG_OPTION)
    .option("--json", "print the findings as JSON")
    .action(async (stack: string, options: TargetOptions & { readonly json?: boolean }) => {
      const { platform, operations } = findTarget(stack, options, context);
      const types = typesOf(synthesizer().synthesizeInPassing(platform, [stack]));
      const findings = await operations.preflight(stack, types);
      context.print(options.json ? JSON.stringify({ stack, findings }, undefined, 2) : show(findings, context));
      if (count(findings, "error") > 0) context.exit(1);
    });
}

function show(findings: readonly Finding[], { colors }: CommandContext): string {
  const marks: Readonly<Record<Severity, string>> = {
    ok: colors.green("ok"),
    warn: colors.yellow("warning"),
    error: colors.red("error"),
  };
  const rows = findings.map(({ severity, subject, found, fix }) => [
    marks[severity],
    subject,
    fix === undefined ? found : `${found}\n${colors.dim("→")} ${fix}`,
  ]);
  const sum = `${counted(count(findings, "error"), "error")}, ${counted(count(findings, "warn"), "warning")}, ${count(findings, "ok")} ok`;
  return `${table(["", "looked at", "found"], rows, [9, 32, 96], colors)}\n\n${sum}`;
}

const count = (findings: readonly Finding[], wanted: Severity): number =>
  findings.filter(({ severity }) => severity === wanted).length;
