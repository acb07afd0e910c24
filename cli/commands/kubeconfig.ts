import type { Command } from "commander";
import { ownName } from "../../config/names";
import type { Cluster } from "../../config/platform";
import type { KubeconfigOperations, TextStore } from "../../stacks/kubeconfig";
import { entriesOf, listContexts, mergeEntries, readKubeconfig, writeEntry, type Entry } from "../kubeconfig/document";
import {
  kubeconfigPath,
  listBackups,
  readBackup,
  readText,
  replaceText,
  saveBackup,
  stampOf,
} from "../kubeconfig/file";
import { contextNames, defaultPrefix, environmentIds, idOf, reach, trusted, type Target } from "../kubeconfig/reach";
import { vaultStore } from "../kubeconfig/vault-store";
import type { CommandContext } from "../command-context";
import { clusterNamed, CONFIG_OPTION, loadPlatform, type TargetOptions } from "../operations";
import { table } from "../../review/table";
import { counted } from "../counted";
import { UsageError } from "../usage-error";

interface FileOptions {
  readonly file?: string;
}

interface MergeOptions extends FileOptions, TargetOptions {
  readonly prefix?: string;
}

const FILE_OPTION = ["--file <path>", "another file than the first of KUBECONFIG, or ~/.kube/config"] as const;
const PREFIX_OPTION = [
  "--prefix <text>",
  "before the contexts' names, instead of the cluster's where there are several",
] as const;

export function addKubeconfig(program: Command, context: CommandContext): void {
  const kubeconfig = program
    .command("kubeconfig")
    .description(
      "reach clusters and environments with kubectl, by commands that sign in: no credential is in any file",
    );
  kubeconfig
    .command("write [stack]")
    .description("put the contexts of a stack, or of all, into the file; everything else in it stays")
    .option(...CONFIG_OPTION)
    .option(...FILE_OPTION)
    .option(...PREFIX_OPTION)
    .action((stack: string | undefined, options: MergeOptions) => write(stack, options, context));
  kubeconfig
    .command("list")
    .description("the file's contexts, how each signs in, and the file's backups")
    .option(...FILE_OPTION)
    .action((options: FileOptions) => {
      list(options, context);
    });
  kubeconfig
    .command("backup")
    .description("copy the file as it is; every change does that by itself")
    .option(...FILE_OPTION)
    .action((options: FileOptions) => {
      backup(options, context);
    });
  kubeconfig
    .command("restore [name]")
    .description("put a backup, or the newest, in the file's place; what the file was becomes a backup")
    .option(...FILE_OPTION)
    .action((name: string | undefined, options: FileOptions) => {
      restore(name, options, context);
    });
  kubeconfig
    .command("store <stack>")
    .description("put the file's contexts of a stack into the store that the config names, for others")
    .option(...CONFIG_OPTION)
    .option(...FILE_OPTION)
    .action((stack: string, options: MergeOptions) => store(stack, options, context));
  kubeconfig
    .command("retrieve <stack>")
    .description("put a stack's contexts from that store into the file")
    .option(...CONFIG_OPTION)
    .option(...FILE_OPTION)
    .option(...PREFIX_OPTION)
    .action((stack: string, options: MergeOptions) => retrieve(stack, options, context));
}

async function write(stack: string | undefined, options: MergeOptions, context: CommandContext): Promise<void> {
  const targets = findTargets(stack, options, context);
  const entries: Entry[] = [];
  const notes: string[] = [];
  for (const target of targets) {
    const prefix = options.prefix ?? defaultPrefix(target);
    const found = await reach(target, prefix, operationsOf(target), context.surroundings);
    entries.push(...found.entries);
    notes.push(...found.notes);
  }
  save(entries, targets.map(environmentIds), notes, options, context);
}

/** Says what it did. @param gone see mergeEntries */
function save(
  entries: readonly Entry[],
  gone: readonly string[],
  notes: readonly string[],
  options: FileOptions,
  context: CommandContext,
): void {
  const twice = entries.find(
    ({ context: name }, index) => entries.findIndex((other) => other.context === name) < index,
  );
  if (twice)
    throw new UsageError(`two contexts would be called "${twice.context}"; name one stack, or choose another --prefix`);
  const path = kubeconfigPath(options.file, context.env);
  const before = readText(path);
  const document = readKubeconfig(before, path);
  const { lostCurrent, beside } = mergeEntries(document, entries, gone);
  const after = document.toString({ lineWidth: 0 });
  const copy = after === before ? undefined : replaceText(path, after, stampOf(context.now()));
  const rows = entries.map(({ context: name, server, exec }) => [
    name,
    server,
    `${exec.command} ${exec.args[0] ?? ""}`,
  ]);
  if (rows.length > 0)
    context.print(`${table(["context", "server", "signs in with"], rows, [40, 60, 28], context.colors)}\n`);
  const all = [
    ...notes,
    ...(beside.length > 0
      ? [
          `${beside.join(", ")}: of the same clusters, from an earlier --prefix or made by hand; to remove one: kubectl config delete-context ${beside[0] ?? ""}`,
        ]
      : []),
    ...(lostCurrent === undefined
      ? []
      : [
          `the current context was "${lostCurrent}", which is not there any more; choose another: kubectl config use-context <name>`,
        ]),
  ];
  for (const note of all) context.print(`${context.colors.yellow("note:")} ${note}`);
  context.print(
    after === before
      ? `nothing to change in ${path}`
      : `${counted(entries.length, "context")} written to ${path}${copy === undefined ? "" : `; the file as it was: ${copy}`}`,
  );
}

function list(options: FileOptions, context: CommandContext): void {
  const path = kubeconfigPath(options.file, context.env);
  const rows = listContexts(readKubeconfig(readText(path), path)).map(({ context: name, server, signIn, current }) => [
    current ? "*" : "",
    name,
    server,
    signIn.startsWith("stored") ? context.colors.yellow(signIn) : signIn,
  ]);
  context.print(
    rows.length === 0
      ? `${path} has no contexts`
      : table(["", "context", "server", "signs in with"], rows, [3, 40, 60, 40], context.colors),
  );
  const backups = listBackups(path);
  context.print(
    backups.length === 0
      ? "\nno backups"
      : `\nbackups, the newest first:\n${backups.map((name) => `  ${name}`).join("\n")}`,
  );
}

function backup(options: FileOptions, context: CommandContext): void {
  const path = kubeconfigPath(options.file, context.env);
  const copy = saveBackup(path, stampOf(context.now()));
  if (copy === undefined) throw new UsageError(`there is no file ${path} to copy`);
  context.print(copy);
}

function restore(name: string | undefined, options: FileOptions, context: CommandContext): void {
  const path = kubeconfigPath(options.file, context.env);
  const from = readBackup(path, name);
  const copy = replaceText(path, from.text, stampOf(context.now()));
  context.print(`${path} is restored from ${from.name}${copy === undefined ? "" : `; the file as it was: ${copy}`}`);
}

async function store(stack: string, options: MergeOptions, context: CommandContext): Promise<void> {
  const [target] = findTargets(stack, options, context) as [Target];
  const to = storeOf(target, context);
  const path = kubeconfigPath(options.file, context.env);
  const document = readKubeconfig(readText(path), path);
  const operations = operationsOf(target);
  const entries = contextNames(target).flatMap((name) => {
    const [entry] = entriesOf(document, new Set([idOf(target, name)]), path);
    return entry ? [{ ...trusted(target, name, entry, operations, path), context: name }] : [];
  });
  if (entries.length === 0)
    throw new UsageError(`${path} has no context of ${stack}; run stackyard kubeconfig write ${stack} first`);
  for (const entry of entries) {
    await to.texts.put(to.name(entry.context), writeEntry(entry));
    context.print(to.texts.place(to.name(entry.context)));
  }
}

async function retrieve(stack: string, options: MergeOptions, context: CommandContext): Promise<void> {
  const [target] = findTargets(stack, options, context) as [Target];
  const from = storeOf(target, context);
  const prefix = options.prefix ?? defaultPrefix(target);
  const operations = operationsOf(target);
  const entries: Entry[] = [];
  for (const name of contextNames(target)) {
    const text = await from.texts.get(from.name(name));
    if (text === undefined) continue;
    const place = from.texts.place(from.name(name));
    const [entry] = entriesOf(readKubeconfig(text, place), new Set([idOf(target, name)]), place);
    if (!entry) throw new UsageError(`${place} is of another cluster than ${stack}; nothing was changed`);
    entries.push({ ...trusted(target, name, entry, operations, place), context: `${prefix}${name}` });
  }
  if (entries.length === 0)
    throw new UsageError(
      `nothing of ${stack} is stored; ask an administrator of the cluster to run: stackyard kubeconfig store ${stack}`,
    );
  save(entries, [], [], options, context);
}

/** The store that the config names for a cluster, and what entries are called in it. */
function storeOf(
  target: Target,
  context: CommandContext,
): { readonly texts: TextStore; readonly name: (context: string) => string } {
  const { platform, cluster } = target;
  const { kubeconfigStore } = cluster;
  if (!kubeconfigStore)
    throw new UsageError(
      `clusters.${cluster.name} has no kubeconfigStore; name one in the config, such as { kind: "vault" }`,
    );
  const texts = kubeconfigStore.kind === "vault" ? vaultStore(context.env) : operationsOf(target).store();
  if (!texts) throw new UsageError(`clusters.${cluster.name}.kubeconfigStore is not of this cluster's cloud`);
  return { texts, name: (name) => `${kubeconfigStore.path}/${ownName(platform, cluster)}/${name}` };
}

/** The cluster of a stack, or all. @throws ConfigError for a config with problems; UsageError where there is no such stack. */
function findTargets(stack: string | undefined, options: TargetOptions, context: CommandContext): readonly Target[] {
  const platform = loadPlatform(options, context);
  if (stack === undefined) return platform.clusters.map((cluster) => ({ platform, cluster }));
  return [{ platform, cluster: clusterNamed(platform, stack) }];
}

/** Only the cloud that is asked about is loaded. */
/* eslint-disable @typescript-eslint/no-require-imports -- see above */
function operationsOf({ platform, cluster }: Target & { readonly cluster: Cluster }): KubeconfigOperations {
  switch (cluster.kind) {
    case "aws":
      return (
        require("../../stacks/aws/operations/kubeconfig") as typeof import("../../stacks/aws/operations/kubeconfig")
      ).awsKubeconfig(platform, cluster);
    case "azure":
      return (
        require("../../stacks/azure/operations/kubeconfig") as typeof import("../../stacks/azure/operations/kubeconfig")
      ).azureKubeconfig(platform, cluster);
    case "local":
      return (
        require("../../stacks/local/operations/kubeconfig") as typeof import("../../stacks/local/operations/kubeconfig")
      ).localKubeconfig(cluster);
  }
}
