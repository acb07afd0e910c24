import { writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { CommandContext } from "../command-context";
import { CONFIG_OPTION, loadPlatform, stacksNamed, type TargetOptions } from "../operations";
import type { Inventory, InventoryChart, User } from "../inventory";
import { inventories } from "../lazy";
import { makeLock, type LockKey } from "../lock";
import { chartDigest, imageDigest, type Answer } from "../registry";
import type { Place } from "../releases";
import { sbom } from "../sbom";
import { table } from "../../review/table";
import { counted } from "../counted";
import { UsageError } from "../usage-error";

interface InventoryOptions extends TargetOptions {
  readonly format: "table" | "json" | "copy";
  readonly lock?: string | true;
  readonly strict?: boolean;
  readonly sbom?: string;
  readonly timestamp?: string;
}

/** One of the two lists. */
interface List {
  readonly kind: "charts" | "images";
  readonly head: readonly string[];
  readonly rows: readonly Row[];
  /** What to know about the list as a whole. */
  readonly notes: readonly string[];
}

interface Row {
  /** What identifies it: in a lock file, and where its digest is missing. */
  readonly entry: Readonly<Record<string, string>>;
  readonly name: string;
  readonly place: Place;
  readonly usedBy: readonly User[];
  readonly copy: string;
  readonly digest: () => Promise<Answer>;
}

export function addCharts(program: Command, context: CommandContext): void {
  add(program, context, "charts", chartList);
}

export function addImages(program: Command, context: CommandContext): void {
  add(program, context, "images", imageList);
}

function add(
  program: Command,
  context: CommandContext,
  kind: List["kind"],
  listOf: (inventory: Inventory) => List,
): void {
  program
    .command(`${kind} [stacks...]`)
    .description(`list the public ${kind} that stacks install (all stacks by default), and where they come from`)
    .option(...CONFIG_OPTION)
    .addOption(
      new Option("--format <format>", "copy prints the commands that fill the mirrors")
        .choices(["table", "json", "copy"])
        .default("table"),
    )
    .option("--lock [file]", `ask for digests, and write them to a file (${kind}.lock.json by default)`)
    .option("--strict", "with --lock: exit 1 where a source does not answer, or a digest has changed")
    .option("--sbom <file>", "write a CycloneDX 1.6 bill of materials of charts and images; with --lock with digests")
    .option("--timestamp <time>", "time to write into the bill of materials, as ISO 8601 (none by default)")
    .action(async (names: readonly string[], options: InventoryOptions) => {
      const platform = loadPlatform(options, context);
      const inventory = inventories().takeInventory(platform, stacksNamed(platform, names));
      const list = listOf(inventory);
      const digests = options.lock === undefined ? undefined : await askForDigests(list);
      print(list, digests, options, context);
      if (digests) lock(list, digests, options, context);
      if (options.sbom !== undefined) {
        const known = new Map(list.rows.map(({ name }, index) => [name, digests?.[index]]));
        writeFileSync(
          options.sbom,
          sbom(inventory, {
            name: platform.name,
            ...(options.timestamp !== undefined && { timestamp: options.timestamp }),
            digestOf: (thing) => digestIn(known.get(thing)),
          }),
        );
      }
    });
}

const chartList = ({ charts }: Inventory): List => ({
  kind: "charts",
  notes: [],
  head: ["chart", "from", "used by"],
  rows: charts.map((chart) => ({
    entry: { chart: chart.name, version: chart.version, repository: chart.repository.source },
    name: `${chart.name} ${chart.version}`,
    place: chart.repository,
    usedBy: chart.usedBy,
    copy: copyChart(chart),
    digest: () => chartDigest(chart.repository.from, chart.name, chart.version),
  })),
});

const imageList = ({ charts, images }: Inventory): List => ({
  kind: "images",
  notes: charts
    .filter(({ version, imagesOf }) => version !== imagesOf)
    .map(
      ({ name, version, imagesOf }) =>
        `the tags of ${name} ${version} are those of ${imagesOf} so far: .ci/images compares them with the chart`,
    ),
  head: ["image", "from", "used by"],
  rows: images.map(({ image, usedBy }) => ({
    entry: { image: image.source },
    name: image.source,
    place: image,
    usedBy,
    copy: `crane copy ${image.source} ${image.from}`,
    digest: () => imageDigest(image.from),
  })),
});

/** Between registries a chart is copied as it is; one of an index is packed already, and only pushed. */
function copyChart({ name, version, repository: { source, from } }: InventoryChart): string {
  const to = from.replace(/^oci:\/\//, "");
  if (to === from) return `# ${name} ${version}: put it into ${from} as that repository wants it`;
  if (source.startsWith("oci://"))
    return `crane copy ${source.slice("oci://".length)}/${name}:${version} ${to}/${name}:${version}`;
  return `helm pull ${name} --repo ${source} --version ${version} && helm push ${name}-${version}.tgz ${from}`;
}

const askForDigests = ({ rows }: List): Promise<readonly Answer[]> => Promise.all(rows.map(({ digest }) => digest()));

const digestIn = (answer: Answer | undefined): string | undefined =>
  answer && "digest" in answer ? answer.digest : undefined;

const lockFile = ({ kind }: List, { lock }: InventoryOptions): string =>
  typeof lock === "string" ? lock : `${kind}.lock.json`;

function lock(list: List, digests: readonly Answer[], options: InventoryOptions, context: CommandContext): void {
  const file = lockFile(list, options);
  const answers = list.rows.flatMap(({ entry, place }, index) => {
    const answer = digests[index];
    return answer ? [{ key: { ...entry, ...where(place) }, answer }] : [];
  });
  const { text, moved } = makeLock(list.kind, file, answers);
  writeFileSync(file, text);
  if (options.format === "table")
    for (const key of moved)
      context.print(
        context.colors.red(`changed since the last lock, under the same version: ${Object.values(key).join(" ")}`),
      );
  if (options.strict && (moved.length > 0 || digests.some((answer) => "problem" in answer))) context.exit(1);
}

/** Only where it is another place. */
const where = ({ source, from }: Place): LockKey => (source === from ? {} : { from });

function print(list: List, digests: readonly Answer[] | undefined, options: InventoryOptions, context: CommandContext) {
  const { kind, head, rows } = list;
  switch (options.format) {
    case "json":
      context.print(
        JSON.stringify(
          {
            [kind]: rows.map(({ entry, place, usedBy }, index) => ({
              ...entry,
              ...where(place),
              usedBy,
              ...digests?.[index],
            })),
          },
          undefined,
          2,
        ),
      );
      return;
    case "copy": {
      const moved = rows.filter(({ place }) => place.source !== place.from);
      if (moved.length === 0)
        throw new UsageError(`nothing to copy: the config has no mirror for its ${kind}; set registries.mirror`);
      context.print(moved.map(({ copy }) => copy).join("\n"));
      return;
    }
    case "table": {
      context.print(
        table(
          head,
          rows.map(({ name, place, usedBy }) => [
            name,
            kind === "images" && place.from === place.source ? "its own registry" : place.from,
            [...new Set(usedBy.map(({ release }) => release))].join(", "),
          ]),
          [70, 70, 40],
          context.colors,
        ),
      );
      const missing = rows.flatMap(({ name }, index) => {
        const answer = digests?.[index];
        return answer && "problem" in answer ? [`no digest of ${name}: ${answer.problem}`] : [];
      });
      for (const line of [...list.notes, ...missing]) context.print(context.colors.yellow(line));
      context.print(`\n${counted(rows.length, kind.slice(0, -1))}${summary(list, digests, missing.length, options)}`);
    }
  }
}

function summary(
  list: List,
  digests: readonly Answer[] | undefined,
  missing: number,
  options: InventoryOptions,
): string {
  if (!digests) return "";
  return `, ${digests.length - missing} with a digest, written to ${lockFile(list, options)}`;
}
