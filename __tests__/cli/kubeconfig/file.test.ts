import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  KEPT_BACKUPS,
  kubeconfigPath,
  listBackups,
  readBackup,
  readText,
  replaceText,
  saveBackup,
  stampOf,
} from "../../../cli/kubeconfig/file";

let folder: string;
let file: string;
const STAMP = "20240601_120000";
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stackyard-file-"));
  file = join(folder, "config");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("the file is the one named, else the first of KUBECONFIG, else kubectl's own", () => {
  const env = { HOME: "/home/me", KUBECONFIG: ":/tmp/a:/tmp/b" };
  expect(kubeconfigPath("/tmp/c", env)).toBe("/tmp/c");
  expect(kubeconfigPath("~/c", env)).toBe("/home/me/c");
  expect(kubeconfigPath(undefined, env)).toBe("/tmp/a");
  expect(kubeconfigPath(undefined, { HOME: "/home/me" })).toBe("/home/me/.kube/config");
});

describe("replacing", () => {
  test("makes a file that only its owner reads, and nothing beside it", () => {
    expect(replaceText(file, "new", STAMP)).toBeUndefined();
    expect([readText(file), mode(file)]).toEqual(["new", "600"]);
    expect(readdirSync(folder)).toEqual(["config"]);
  });

  test("makes the folder, too", () => {
    const deep = join(folder, ".kube", "config");
    replaceText(deep, "new", STAMP);
    expect(mode(join(folder, ".kube"))).toBe("700");
  });

  test("keeps what was there as a backup that only its owner reads, and closes a file that was open to all", () => {
    writeFileSync(file, "old");
    chmodSync(file, 0o644);
    const backup = replaceText(file, "new", STAMP);
    expect(backup).toBe(join(folder, "backups", `config_${STAMP}`));
    expect(readText(backup ?? "")).toBe("old");
    expect([mode(join(folder, "backups")), mode(backup ?? ""), mode(file)]).toEqual(["700", "600", "600"]);
  });

  test("leaves a symbolic link one, and changes what it leads to", () => {
    writeFileSync(join(folder, "real"), "old");
    symlinkSync("real", file);
    replaceText(file, "new", STAMP);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
  });

  test("makes what a symbolic link leads to", () => {
    symlinkSync("real", file);
    replaceText(file, "new", STAMP);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
  });

  test("waits for nobody who writes just now: it refuses, and changes nothing", () => {
    writeFileSync(file, "old");
    writeFileSync(`${file}.lock`, "");
    expect(() => replaceText(file, "new", STAMP)).toThrow(/config\.lock is there: another program is writing the file/);
    expect(readText(file)).toBe("old");
    expect(existsSync(join(folder, "backups"))).toBe(false);
  });

  test("says so where the file is a folder", () => {
    expect(() => readText(folder)).toThrow(/cannot be used: EISDIR/);
  });
});

describe("backups", () => {
  test("within a second have numbers, and the newest is first", () => {
    for (const text of ["1", "2", "3"]) {
      writeFileSync(file, text);
      saveBackup(file, STAMP);
    }
    expect(listBackups(file)).toEqual([`config_${STAMP}_3`, `config_${STAMP}_2`, `config_${STAMP}`]);
    expect(readBackup(file).text).toBe("3");
    expect(readBackup(file, `config_${STAMP}`).text).toBe("1");
  });

  test("are kept up to a number, the newest; those of other files stay", () => {
    writeFileSync(file, "x");
    writeFileSync(join(folder, "other"), "x");
    saveBackup(join(folder, "other"), "20200101_000000");
    for (let day = 0; day < KEPT_BACKUPS + 2; day += 1) saveBackup(file, stampOf(new Date(Date.UTC(2026, 0, day + 1))));
    expect(listBackups(file)).toHaveLength(KEPT_BACKUPS);
    expect(listBackups(file).at(-1)).toBe("config_20260103_000000");
    expect(listBackups(join(folder, "other"))).toHaveLength(1);
  });

  test("are named by the moment in UTC", () => {
    expect(stampOf(new Date("2024-06-01T12:00:00.999Z"))).toBe(STAMP);
  });

  test.each(["../config", "config", "/etc/passwd", "config_20240601_120001"])("there is none called %s", (name) => {
    writeFileSync(file, "x");
    saveBackup(file, STAMP);
    expect(() => readBackup(file, name)).toThrow(`there is no backup "${name}"`);
  });

  test("there are none of a file that was never changed", () => {
    expect(saveBackup(file, STAMP)).toBeUndefined();
    expect(() => readBackup(file)).toThrow(/there are no backups of/);
  });
});
