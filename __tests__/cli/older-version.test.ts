import { createColors } from "picocolors";
import { warnOfOlderVersion } from "../../cli/older-version";
import { checkPlatform } from "../../config/define-platform";
import { changed, platformOf } from "../support/config";
import { capturePrinted } from "../support/printed";

let printed: { out: string; err: string };

beforeEach(() => {
  printed = capturePrinted();
});

afterEach(() => {
  jest.restoreAllMocks();
});

test("who has a config of an older version is told on stderr how to write it now", () => {
  const migrations = [
    { from: 0, step: (config: object) => ({ config: { ...config }, changes: [{ path: "x", message: "goes" }] }) },
  ];
  warnOfOlderVersion(
    checkPlatform(
      changed((d) => (d.version = 0)),
      migrations,
    ),
    createColors(false),
  );
  expect(printed).toEqual({
    out: "",
    err: "warning: the config's version 0 is an older version of the config's shape; it was read as 1. To write it so:\n    x goes\n    version is 1 now\n",
  });
});

test("other warnings are the review's", () => {
  const tight = platformOf((d) => (d.clusters["local-platform"].profile = "production"));
  warnOfOlderVersion({ ...tight, warnings: [{ rule: "other", path: "x", message: "y" }] }, createColors(false));
  expect(printed.err).toBe("");
});
