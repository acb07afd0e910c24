/** The summary for a terminal: one screen per stack. */
import type { Colors } from "picocolors/types";
import type { Violation } from "../policies/plan/rule";
import { showLoad, TIGHT } from "../config/capacity";
import { showCores, showGibibytes } from "../config/quantities";
import { describeUnused, type PlatformSummary, type StackSummary, type UsageSummary } from "./summary";
import { table, WIDTH } from "./table";

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
    ...list(`${stack.resources} resources`, [
      ...stack.types.slice(0, 4).map(([type, count]) => `${count} ${type}`),
      "…",
    ]),
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

const HEAD = ["team", "cost centre", "cores\nasked / of", "GiB\nasked / of", "load", "nodes"];
const WIDTHS = [34, 22, 22, 22, 14, 60];

function teamTable({ teams, otherNodes, shared }: StackSummary, colors: Colors): string {
  const rows = teams.map((team) => [
    team.name,
    team.costCenter,
    ...usageCells(team, colors),
    team.pools.join("\n") || otherNodes,
  ]);
  const others = shared
    ? [
        [
          colors.dim("shared pool"),
          "",
          ...usageCells(shared, colors),
          colors.dim("components, control planes, teams without pools"),
        ],
      ]
    : [];
  return table(HEAD, [...rows, ...others], WIDTHS, colors, {
    aligns: ["left", "left", "right", "right", "right", "left"],
    fit: { column: HEAD.length - 1, width: WIDTH },
  });
}

function usageCells({ asked, offered, load, loadOf }: UsageSummary, colors: Colors): string[] {
  const pair = (show: (value: number) => string, of: "cpu" | "memory"): string =>
    `${show(asked[of])} / ${offered ? show(offered[of]) : "–"}`;
  const color = (load ?? 0) > TIGHT ? colors.yellow : colors.green;
  return [
    pair(showCores, "cpu"),
    pair(showGibibytes, "memory"),
    load === undefined || loadOf === undefined ? "" : color(showLoad(load, loadOf)),
  ];
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
