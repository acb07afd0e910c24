/** The file that kubectl reads: where it is, how it is replaced in one step, and what it was before. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { UsageError } from "../usage-error";

/** Backups that are kept, of one file. */
export const KEPT_BACKUPS = 30;

/** The file that is meant: the one named, else the first of KUBECONFIG, else kubectl's own. */
export function kubeconfigPath(named: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const first = (env["KUBECONFIG"] ?? "").split(delimiter).find((path) => path !== "");
  const path = named ?? first ?? join("~", ".kube", "config");
  return resolve(path.replace(/^~(?=$|\/)/, env["HOME"] ?? homedir()));
}

/** Its text; undefined where there is none. @throws UsageError when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw unusable(path, error);
  }
}

/**
 * Replaces a file in one step, after a copy of what it was. Nobody else can read either. A symbolic link stays one.
 *
 * @param stamp of the backup
 * @returns path of the backup; undefined where nothing was there
 */
export function replaceText(path: string, text: string, stamp: string): string | undefined {
  return whileLocked(path, () => {
    const backup = saveBackup(path, stamp);
    const target = linked(path);
    const temporary = `${target}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      const file = openSync(temporary, "wx", 0o600);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw unusable(path, error);
    }
    return backup;
  });
}

/** A copy beside the file, in `backups/`; the oldest go. Undefined where there is nothing to copy. */
export function saveBackup(path: string, stamp: string): string | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const folder = backupFolder(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const backup = freeName(join(folder, `${basename(path)}_${stamp}`));
    writeFileSync(backup, text, { mode: 0o600, flag: "wx" });
    for (const old of listBackups(path).slice(KEPT_BACKUPS)) rmSync(join(folder, old));
    return backup;
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Names of the backups of a file, the newest first. */
export function listBackups(path: string): readonly string[] {
  const folder = backupFolder(path);
  if (!existsSync(folder)) return [];
  const start = `${basename(path)}_`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(start) && /^\d{8}_\d{6}(_\d+)?$/.test(name.slice(start.length)))
    .sort(byAge)
    .reverse();
}

/** The text of a backup. @param name one of `listBackups` @default - the newest */
export function readBackup(path: string, name?: string): { readonly name: string; readonly text: string } {
  const known = listBackups(path);
  const found = name === undefined ? known[0] : known.find((candidate) => candidate === name);
  const text = found === undefined ? undefined : readText(join(backupFolder(path), found));
  if (found === undefined || text === undefined)
    throw new UsageError(
      known.length === 0
        ? `there are no backups of ${path}`
        : `there is no backup "${name ?? ""}"; stackyard kubeconfig list names them, the newest is ${known[0] ?? ""}`,
    );
  return { name: found, text };
}

/** `20240601_120000`: a moment in UTC, so that the order of names is that of time. */
export const stampOf = (moment: Date): string =>
  moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "_");

const backupFolder = (path: string): string => join(dirname(path), "backups");

/** Two within a second: the later one has a number behind it. */
function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? path : `${path}_${number}`;
    if (!existsSync(name)) return name;
  }
}

function byAge(one: string, other: string): number {
  const parts = (name: string): readonly [string, number] => {
    const [, stamp = "", number = "1"] = /_(\d{8}_\d{6})(?:_(\d+))?$/.exec(name) ?? [];
    return [stamp, Number(number)];
  };
  const [[a, n], [b, m]] = [parts(one), parts(other)];
  return a < b ? -1 : a > b ? 1 : n - m;
}

/** kubectl's own way to keep two writers apart: https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/loader.go */
function whileLocked<T>(path: string, work: () => T): T {
  const target = linked(path);
  const lock = `${target}.lock`;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    closeSync(openSync(lock, "wx", 0o600));
  } catch (error) {
    if (isCode(error, "EEXIST"))
      throw new UsageError(
        `${lock} is there: another program is writing the file; if none is, remove ${lock} and try again`,
      );
    throw unusable(path, error);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Where a link leads, also where nothing is there yet. */
function linked(path: string): string {
  try {
    if (statSync(path, { throwIfNoEntry: false })) return realpathSync(path);
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
      ? linked(resolve(dirname(path), readlinkSync(path)))
      : path;
  } catch (error) {
    throw unusable(path, error);
  }
}

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

const unusable = (path: string, error: unknown): UsageError =>
  error instanceof UsageError ? error : new UsageError(`${path} cannot be used: ${(error as Error).message}`);
