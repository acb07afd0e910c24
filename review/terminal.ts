/** The summary for a terminal: one screen per stack. */
import Table from "cli-table3";
import type { Colors } from "picocolors/types";
import type { Violation } from "../policies/plan/rule";
import { showCores, showGibibytes } from "../config/quantities";
import { describeUnused, type PlatformSummary, type StackSummary, type UsageSummary } from "./summary";

/** Characters of a table without lines. */
export const BORDERLESS = {
  top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  left: " ", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: " ",
} as const; // prettier-ignore

const WIDTH = 110;

export function formatSummary(summary: PlatformSummary, colors: Colors): string {
  return [
    ...summary.stacks.map((stack) => formatStack(stack, colors)),
    ...(summary.warnings.length > 0
      ? [
          [colors.yellow("warnings"), ...summary.warnings.map(({ path, message }) => `  ${path}: ${message}`)].join(
            "\n",
          ),
        ]
      : []),
    ...formatPolicies(summary, colors),
  ].join("\n\n");
}

/** What the policies say, and what of it somebody answers for; nothing where they say nothing. */
export function formatPolicies(
  { violations, waived, unusedWaivers }: Pick<PlatformSummary, "violations" | "waived" | "unusedWaivers">,
  colors: Colors,
): readonly string[] {
  const bearing = waived.map(({ violation: { stack, message, rule, address }, waiver: { owner, until, reason } }) =>
    [
      `  ${colors.green("waived")} ${stack}: ${message} [${rule}]`,
      `    ${colors.dim(address)}`,
      `    by ${owner} until ${until}: ${reason}`,
    ].join("\n"),
  );
  const unused = unusedWaivers.map((waiver) => `  ${colors.yellow("warning")} ${describeUnused(waiver)}`);
  if (violations.length + bearing.length + unused.length === 0) return [];
  const found = violations.length > 0 ? formatViolations(violations, colors) : colors.bold("policies");
  return [[found, ...bearing, ...unused].join("\n")];
}

export function formatViolations(violations: readonly Violation[], colors: Colors): string {
  const line = ({ rule, severity, stack, address, message, why, fix }: Violation): string =>
    [
      `  ${severity === "deny" ? colors.red("denied") : colors.yellow("warning")} ${stack}: ${message} [${rule}]`,
      `    ${colors.dim(address)}`,
      `    why: ${why}`,
      `    fix: ${fix}`,
    ].join("\n");
  return [colors.bold("policies"), ...violations.map(line)].join("\n");
}

function formatStack(stack: StackSummary, colors: Colors): string {
  const components = stack.releases.filter(({ version }) => version !== undefined);
  const own = stack.releases.filter(({ version }) => version === undefined);
  return [
    `${colors.bold(colors.cyan(stack.name))}  ${stack.what}, ${stack.domain}`,
    `  ${stack.resources} resources: ${stack.types
      .slice(0, 4)
      .map(([type, count]) => `${count} ${type}`)
      .join(", ")}, …`,
    ...list(
      `${components.length} charts`,
      components.map(({ name, version }) => `${name} ${version}`),
    ),
    ...list(
      `${own.length} releases of the platform's own charts`,
      own.map(({ name }) => name),
    ),
    ...list(
      "environments",
      stack.environments.map(
        ({ name, cluster, quota }) =>
          `${name} (${cluster}, ${showCores(quota.cpu)} cores, ${showGibibytes(quota.memory)} GiB)`,
      ),
    ),
    ...(stack.teams.length > 0 || stack.shared ? ["", teamTable(stack, colors)] : []),
  ].join("\n");
}

function teamTable(stack: StackSummary, colors: Colors): string {
  const table = new Table({
    head: ["team", "cost centre", "cores asked / offered", "GiB asked / offered", "load", "nodes"],
    chars: BORDERLESS,
    style: { head: ["dim"], border: [], "padding-left": 1, "padding-right": 1, compact: true },
  });
  if (!colors.isColorSupported) table.options.style.head = [];
  for (const team of stack.teams) {
    table.push([team.name, team.costCenter, ...usageCells(team, colors), team.pools.join("\n") || stack.otherNodes]);
  }
  if (stack.shared)
    table.push([
      colors.dim("shared pool"),
      "",
      ...usageCells(stack.shared, colors),
      colors.dim("components, control planes, teams without pools"),
    ]);
  return table.toString();
}

function usageCells({ asked, offered, load }: UsageSummary, colors: Colors): string[] {
  const pair = (show: (value: number) => string, of: "cpu" | "memory"): string =>
    `${show(asked[of]).padStart(6)} / ${offered ? show(offered[of]) : "–"}`;
  return [pair(showCores, "cpu"), pair(showGibibytes, "memory"), load === undefined ? "" : loadText(load, colors)];
}

function loadText(load: number, colors: Colors): string {
  const text = `${Math.round(load * 100)} %`.padStart(5);
  return load > 0.9 ? colors.yellow(text) : colors.green(text);
}

/** `what` and items, separated by commas, on as many lines as they need; nothing where there are none. */
function list(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const lines: string[] = [];
  let line = `  ${what}: `;
  items.forEach((item, index) => {
    const text = `${item}${index < items.length - 1 ? ", " : ""}`;
    if (line.length + text.length > WIDTH) {
      lines.push(line.trimEnd());
      line = "    ";
    }
    line += text;
  });
  return [...lines, line];
}
