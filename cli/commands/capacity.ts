import type { Command } from "commander";
import type { Colors } from "picocolors/types";
import { showKnown, showLoad, type Amount, type Item } from "../../config/capacity";
import { capacityReport, type ClusterCapacity, type PoolCapacity, type Usage } from "../../config/capacity-report";
import { showCores, showGibibytes } from "../../config/quantities";
import type { CommandContext } from "../command-context";
import { clusterNamed, CONFIG_OPTION, loadPlatform, type TargetOptions } from "../operations";
import { table, WIDTH } from "../../review/table";

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

const HEAD = ["cores\nasked / of", "left", "GiB\nasked / of", "left", "pods", "GPUs", "storage\nGiB", "load"];
const WIDTHS = [46, ...HEAD.map(() => 22)];
const ALIGNS = ["left", ...HEAD.map(() => "right" as const)] as const;

function asText(cluster: ClusterCapacity, details: boolean, colors: Colors): string {
  const { teams, pools, shared, environments } = cluster;
  const partRows = ({ parts }: Usage): string[][] =>
    parts.flatMap((item) => [...(details ? [partRow(item)] : []), ...classRows(item)]);
  const rows = [
    ...section(
      "teams",
      colors,
      teams.flatMap((team) => [usageRow(team, colors, onShared(team)), ...partRows(team)]),
    ),
    ...section("pools, for pods", colors, pools.map(poolRow)),
    ...(shared ? section("shared pool", colors, [usageRow(shared, colors), ...shared.parts.map(partRow)]) : []),
    ...section(
      "environments, of caps",
      colors,
      environments.flatMap((environment) => [
        usageRow(environment, colors),
        ...(details ? environment.parts.map(partRow) : []),
      ]),
    ),
    ...section("cluster", colors, [usageRow({ ...cluster.total, name: "all" }, colors)]),
  ];
  const text = table(["", ...HEAD], belowEachOther(rows), WIDTHS, colors, {
    aligns: ALIGNS,
    fit: { column: 0, width: WIDTH },
  });
  return `${colors.bold(colors.cyan(cluster.name))}  ${cluster.what}\n\n${text}`;
}

/** What is asked stands below what is asked, whether or not something is offered beside it: `28 / 48`, `8     `. */
function belowEachOther(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const offered = (cell: string | undefined): string => / \/ (.*)$/.exec(cell ?? "")?.[0] ?? "";
  const widths = ["", ...HEAD].map((_, column) => Math.max(...rows.map((row) => offered(row[column]).length)));
  return rows.map((row) =>
    row.map((cell, column) => (cell === "" ? cell : cell + " ".repeat((widths[column] ?? 0) - offered(cell).length))),
  );
}

const onShared = ({ pools }: ClusterCapacity["teams"][number]): string =>
  pools[0] === "shared" ? " (shared pool)" : "";

const section = (title: string, colors: Colors, rows: readonly (readonly string[])[]): (readonly string[])[] =>
  rows.length === 0 ? [] : [[colors.bold(title)], ...rows];

/** One line; yellow where it is tight. */
function usageRow({ name, asked, offered, left, load, loadOf, tight }: Usage, colors: Colors, note = ""): string[] {
  const color = tight ? colors.yellow : String;
  return [
    `  ${name}${note}`,
    ...cells(asked, offered, left),
    load === undefined || loadOf === undefined ? "" : showLoad(load, loadOf),
  ].map((cell) => (cell === "" ? cell : color(cell)));
}

const partRow = ({ what, ...item }: Item): string[] => [`    ${what}`, ...cells(item), ""];

/** What a quota counts by StorageClass, which is not added up: another quota of the team may not count it so. */
const classRows = ({ what, storageClasses = {} }: Item): string[][] =>
  Object.entries(storageClasses).map(([name, bytes]) => [
    `    ${what}, on ${name}`,
    ...cells(undefined).slice(1),
    gibibytes(bytes),
    "",
  ]);

const poolRow = ({ name, offered }: PoolCapacity): string[] => [`  ${name}`, ...cells(undefined, offered), ""];

/** From a thousand on nobody minds tenths, and columns have no room for them. */
const shortly =
  (show: (amount: number) => string) =>
  (amount: number): string => {
    const text = show(amount);
    return Math.abs(Number(text)) < 1000 ? text : Number(text).toFixed(0);
  };
const cores = shortly(showCores);
const gibibytes = shortly(showGibibytes);

function cells(asked: Amount | undefined, offered?: Amount, left?: Amount): string[] {
  const show = (amounts: Amount | undefined, of: keyof Amount, as: (amount: number) => string): string =>
    amounts === undefined ? "" : showKnown(amounts[of], as);
  /** `28 / 48`; where only one of the two is known, it stands where it would. */
  const pair = (of: keyof Amount, as: (amount: number) => string): string =>
    [show(asked, of, as), ...(offered ? [show(offered, of, as)] : [])].join(" / ").trimStart();
  return [
    pair("cpu", cores),
    show(left, "cpu", cores),
    pair("memory", gibibytes),
    show(left, "memory", gibibytes),
    pair("pods", String),
    pair("gpus", String),
    show(asked, "storage", gibibytes),
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

const usageJson = ({ name, asked, parts, offered, left, load, loadOf }: Usage): object => ({
  name,
  asked: amountJson(asked),
  parts: parts.map(({ what, storageClasses = {}, ...item }) => ({
    name: what,
    ...amountJson(item),
    storageClassesBytes: storageClasses,
  })),
  offered: offered ? amountJson(offered) : null,
  left: left ? amountJson(left) : null,
  loadPercent: load === undefined ? null : Math.round(load * 1000) / 10,
  loadOf: loadOf ?? null,
});

/** null: not limited, or not known. */
const amountJson = ({ cpu, memory, pods, gpus, storage }: Amount): object => ({
  cpuMillicores: cpu,
  memoryBytes: memory,
  pods: pods ?? null,
  gpus: gpus ?? null,
  storageBytes: storage ?? null,
});
