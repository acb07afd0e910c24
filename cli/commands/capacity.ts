import type { Command } from "commander";
import type { Colors } from "picocolors/types";
import { showKnown, type Amount, type Item } from "../../config/capacity";
import { capacityReport, type ClusterCapacity, type PoolCapacity, type Usage } from "../../config/capacity-report";
import { showCores, showGibibytes } from "../../config/quantities";
import type { CommandContext } from "../command-context";
import { clusterNamed, CONFIG_OPTION, loadPlatform, type TargetOptions } from "../operations";
import { table } from "../table";

interface CapacityOptions extends TargetOptions {
  readonly json?: boolean;
}

export function addCapacity(program: Command, context: CommandContext): void {
  program
    .command("capacity [stack]")
    .description(
      "print what teams and environments ask for, what pools can give, and what is left (each quota with a stack)",
    )
    .option(...CONFIG_OPTION)
    .option("--json", "print JSON, with units in the names of its keys")
    .action((stack: string | undefined, options: CapacityOptions) => {
      const platform = loadPlatform(options, context);
      const report = capacityReport(
        platform,
        stack === undefined ? platform.clusters : [clusterNamed(platform, stack)],
      );
      context.print(
        options.json
          ? JSON.stringify({ platform: platform.name, clusters: report.map(asJson) }, undefined, 2)
          : report.map((cluster) => asText(cluster, stack !== undefined, context.colors)).join("\n\n"),
      );
    });
}

const HEAD = ["cores", "of", "left", "GiB", "of", "left", "pods", "of", "GPUs", "of", "storage GiB", "load"];
const WIDTHS = [44, ...HEAD.map(() => 14)];
const ALIGNS = ["left", ...HEAD.map(() => "right" as const)] as const;

function asText(cluster: ClusterCapacity, details: boolean, colors: Colors): string {
  const { teams, pools, shared, environments } = cluster;
  const parts = (usage: Usage): string[][] => (details ? usage.parts.map((item) => partRow(item)) : []);
  const rows = [
    ...section(
      "teams",
      colors,
      teams.flatMap((team) => [usageRow(team, colors, onShared(team)), ...parts(team)]),
    ),
    ...section("pools, for pods", colors, pools.map(poolRow)),
    ...(shared ? section("shared pool", colors, [usageRow(shared, colors), ...shared.parts.map(partRow)]) : []),
    ...section(
      "environments, of their caps",
      colors,
      environments.flatMap((environment) => [usageRow(environment, colors), ...parts(environment)]),
    ),
    ...section("cluster", colors, [usageRow({ ...cluster.total, name: "all" }, colors)]),
  ];
  return `${colors.bold(colors.cyan(cluster.name))}  ${cluster.what}\n\n${table(["", ...HEAD], rows, WIDTHS, colors, ALIGNS)}`;
}

const onShared = ({ pools }: ClusterCapacity["teams"][number]): string =>
  pools[0] === "shared" ? " (shared pool)" : "";

const section = (title: string, colors: Colors, rows: readonly (readonly string[])[]): (readonly string[])[] =>
  rows.length === 0 ? [] : [[colors.bold(title)], ...rows];

/** One line; yellow where it is tight. */
function usageRow({ name, asked, offered, left, load, tight }: Usage, colors: Colors, note = ""): string[] {
  const color = tight ? colors.yellow : String;
  return [
    `  ${name}${note}`,
    ...cells(asked, offered, left),
    load === undefined ? "" : `${Math.round(load * 100)} %`,
  ].map((cell) => (cell === "" ? cell : color(cell)));
}

const partRow = ({ what, ...item }: Item): string[] => [`    ${what}`, ...cells(item), ""];

const poolRow = ({ name, offered }: PoolCapacity): string[] => [`  ${name}`, ...cells(undefined, offered), ""];

function cells(asked: Amount | undefined, offered?: Amount, left?: Amount): string[] {
  const show = (amounts: Amount | undefined, of: keyof Amount, as: (amount: number) => string): string =>
    amounts === undefined ? "" : showKnown(amounts[of], as);
  return [
    show(asked, "cpu", showCores),
    show(offered, "cpu", showCores),
    show(left, "cpu", showCores),
    show(asked, "memory", showGibibytes),
    show(offered, "memory", showGibibytes),
    show(left, "memory", showGibibytes),
    show(asked, "pods", String),
    show(offered, "pods", String),
    show(asked, "gpus", String),
    show(offered, "gpus", String),
    show(asked, "storage", showGibibytes),
  ];
}

const asJson = ({ name, teams, pools, shared, environments, total }: ClusterCapacity): object => ({
  name,
  total: usageJson(total),
  teams: teams.map((team) => ({ ...usageJson(team), pools: team.pools })),
  pools: pools.map(({ name: pool, team, offered }) => ({
    name: pool,
    team: team ?? null,
    offered: amountJson(offered),
  })),
  sharedPool: shared ? usageJson(shared) : null,
  environments: environments.map(usageJson),
});

const usageJson = ({ name, asked, parts, offered, left, load }: Usage): object => ({
  name,
  asked: amountJson(asked),
  parts: parts.map(({ what, ...item }) => ({ name: what, ...amountJson(item) })),
  offered: offered ? amountJson(offered) : null,
  left: left ? amountJson(left) : null,
  loadPercent: load === undefined ? null : Math.round(load * 1000) / 10,
});

/** null: not limited, or not known. */
const amountJson = ({ cpu, memory, pods, gpus, storage }: Amount): object => ({
  cpuMillicores: cpu,
  memoryBytes: memory,
  pods: pods ?? null,
  gpus: gpus ?? null,
  storageBytes: storage ?? null,
});
