/** Compares the stacks of two commits: the base in a work tree of its own, with today's node_modules. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { promisify } from "node:util";
import { readSynthesizedStack, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { compareStacks } from "../../review/read/comparison";
import type { StackChange } from "../../review/read/stack-change";
import { UsageError } from "../usage-error";

const run = promisify(execFile);

/** Files that say which packages a commit was written for. */
const LOCK_FILES = ["package-lock.json", "yarn.lock", "pnpm-lock.yaml"];

export interface CompareOptions {
  /** What to compare with: a branch, a tag, a commit. */
  readonly base: string;
  /** What to compare. @default - the work tree as it is */
  readonly head?: string;
  /** Absolute path of the config. */
  readonly config: string;
  /** Folder of the project: where package.json and cdktf.json are. */
  readonly project: string;
  /** Names of stacks. @default - all */
  readonly stacks: readonly string[];
  readonly onProgress: (step: string) => void;
}

/** @throws UsageError where git or the config of one side does not answer. */
export async function compareCommits(options: CompareOptions): Promise<readonly StackChange[]> {
  const { base, head, project, onProgress } = options;
  const directory = mkdtempSync(join(tmpdir(), "stackyard-review-"));
  try {
    onProgress(`synthesizing ${base}`);
    const before = await stacksOfCommit(options, base, join(directory, "base"));
    onProgress(head === undefined ? "synthesizing the work tree" : `synthesizing ${head}`);
    const after =
      head === undefined
        ? await stacksOf(options, project, join(directory, "out"))
        : await stacksOfCommit(options, head, join(directory, "head"));
    const names = [...new Set([...before.keys(), ...after.keys()])].filter(
      (name) => options.stacks.length === 0 || options.stacks.includes(name),
    );
    const lock = await lockFileNote(options);
    return names.map((name) => {
      const change = compareStacks(name, before.get(name), after.get(name));
      return lock === undefined ? change : { ...change, notes: [...change.notes, lock] };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function stacksOfCommit(
  options: CompareOptions,
  ref: string,
  tree: string,
): Promise<Map<string, SynthesizedStack>> {
  const { project } = options;
  const top = (await git(project, "rev-parse", "--show-toplevel")).trim();
  const commit = await commitOf(project, ref);
  await git(project, "worktree", "add", "--detach", "--force", tree, commit);
  try {
    const inTree = join(tree, relative(top, project));
    if (!existsSync(inTree)) return new Map();
    if (!existsSync(join(inTree, "node_modules")))
      symlinkSync(join(project, "node_modules"), join(inTree, "node_modules"), "junction");
    return await stacksOf(options, inTree, `${tree}-out`);
  } finally {
    await git(project, "worktree", "remove", "--force", tree);
  }
}

async function commitOf(project: string, ref: string): Promise<string> {
  try {
    return (await git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`)).trim();
  } catch {
    throw new UsageError(
      `git knows no commit ${ref}; in a shallow clone fetch it first: git fetch --depth=1 origin ${ref.replace(/^origin\//, "")}`,
    );
  }
}

/** What the project's own app synthesizes, as cdktf would call it. */
async function stacksOf(
  { config, project }: CompareOptions,
  folder: string,
  outdir: string,
): Promise<Map<string, SynthesizedStack>> {
  const app = appOf(folder);
  const inside = relative(project, config);
  const path = inside.startsWith("..") || isAbsolute(inside) ? config : join(folder, inside);
  try {
    await run(app, {
      cwd: folder,
      shell: true,
      maxBuffer: 2 ** 26,
      // eslint-disable-next-line no-restricted-properties -- the app is started as cdktf starts it: with what the caller has
      env: { ...process.env, CDKTF_OUTDIR: outdir, PLATFORM_CONFIG: path, PLATFORM_STACKS: "" },
    });
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    // A denial of a policy comes after the stacks are written, and review says it itself.
    if (code !== 3)
      throw new UsageError(`${describe(folder, project)} cannot be synthesized: ${saidBy(stderr) || String(error)}`);
  }
  const stacks = join(outdir, "stacks");
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  return new Map(names.map((name) => [name, readSynthesizedStack(outdir, name)]));
}

/** What an app says of its mistake, without the steps before it. */
const saidBy = (stderr: string): string =>
  stderr
    .split("\n")
    .filter((line) => !line.startsWith("… "))
    .join("\n")
    .replace(/^\s*error: /, "")
    .trim();

const describe = (folder: string, project: string): string => (folder === project ? "the work tree" : "the commit");

function appOf(folder: string): string {
  const path = join(folder, "cdktf.json");
  const app = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { app?: unknown }).app : undefined;
  if (typeof app !== "string")
    throw new UsageError(`there is no cdktf.json with an "app" in ${folder}; run this in the project's folder`);
  return app;
}

async function lockFileNote({ project, base, head }: CompareOptions): Promise<string | undefined> {
  const changed = await git(
    project,
    "diff",
    "--name-only",
    base,
    ...(head === undefined ? [] : [head]),
    "--",
    ...LOCK_FILES,
  );
  return changed.trim() === ""
    ? undefined
    : `${changed.trim().split("\n").join(", ")} differs between the two: both were synthesized with the packages that are installed now.`;
}

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await run("git", [...args], { cwd, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new UsageError("there is no git to compare commits with");
    throw new UsageError(`git ${args[0] ?? ""} failed: ${((error as { stderr?: string }).stderr ?? "").trim()}`);
  }
}
