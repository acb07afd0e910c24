import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPlatform, definePlatform } from "../../config/define-platform";
import { CONFIG_VERSION, migrate, MIGRATIONS, type Migration } from "../../config/migrations";
import { inputOf } from "../../config/platform";
import { isConfigError, type Problem } from "../../config/problems";
import { platformSchema } from "../../config/schema";
import { changed, smallConfig, type Draft } from "../support/config";
import { requiredOf, shapeOf } from "../support/shape";

/** As if `preset` of an environment had been called `profile` in a version before the first. */
const FROM_0: Migration = {
  from: 0,
  step: (config: Draft) => {
    const renamed = Object.entries<Draft>(config.environments ?? {}).filter(([, { profile }]) => profile !== undefined);
    return {
      config: {
        ...config,
        environments: {
          ...config.environments,
          ...Object.fromEntries(renamed.map(([name, { profile, ...rest }]) => [name, { ...rest, preset: profile }])),
        },
      },
      changes: renamed.map(([name]) => ({ path: `environments.${name}.profile`, message: 'is "preset" now' })),
    };
  },
};

const old = (change: (draft: Draft) => void = () => undefined) =>
  changed((d) => {
    d.version = 0;
    d.environments.dev.profile = "prod";
    change(d);
  });

const NOTE: Problem = {
  rule: "older-version",
  path: "version",
  message: [
    "0 is an older version of the config's shape; it was read as 1. To write it so:",
    '    environments.dev.profile is "preset" now',
    "    version is 1 now",
  ].join("\n"),
};

test("a config of an older version becomes the platform of the same config in today's shape", () => {
  const today = changed((d) => (d.environments.dev.preset = "prod"));
  const { warnings, ...platform } = checkPlatform(old(), [FROM_0]);
  expect({ ...platform, warnings: warnings.slice(1) }).toEqual({ ...definePlatform(today) });
  expect(warnings[0]).toEqual(NOTE);
  expect(inputOf(checkPlatform(old(), [FROM_0]))).toEqual(today);
});

test("its other problems come with the note, because their paths are those of today's shape", () => {
  const problemsOf = (input: unknown) => {
    try {
      checkPlatform(input, [FROM_0]);
    } catch (error) {
      if (isConfigError(error)) return error.problems;
    }
    return [];
  };
  const shape = problemsOf(old((d) => (d.environments.dev.profile = "huge")));
  expect(shape.map(({ path }) => path)).toEqual(["environments.dev.preset", "version"]);
  const rules = problemsOf(old((d) => (d.teams.docs.groups.edit = ["nobody"])));
  expect(rules).toEqual([expect.objectContaining({ rule: "unknown-group" }), NOTE]);
});

test("a config goes through every step between, and is itself left as it is", () => {
  const letter = (from: number): Migration => ({
    from,
    step: (config) => ({ config: { ...config, way: `${String(config["way"] ?? "")}${from}` }, changes: [] }),
  });
  const written = Object.freeze({ version: -2, name: "acme" });
  expect(migrate(written, [letter(0), letter(-1), letter(-2)]).input).toEqual({
    version: 1,
    name: "acme",
    way: "-2-10",
  });
});

test("a config of today's version is taken as it is, and nothing is said", () => {
  const input = smallConfig();
  expect(migrate(input, [FROM_0])).toEqual({ input, note: undefined });
  expect(migrate(input, [FROM_0]).input).toBe(input);
});

test.each([2, 0, "1", undefined, null, [], { version: 1 }])(
  "version %p, of which nobody knows, is refused",
  (version) => {
    expect(() => definePlatform(changed((d) => (d.version = version)))).toThrow(
      /version {2}\[(shape|missing)\]\n.*must be 1, the version of the config's shape that this release reads/,
    );
  },
);

test("the migrations lead from the oldest version to today's, one by one", () => {
  const from = MIGRATIONS.map((migration) => migration.from);
  expect(from).toEqual(MIGRATIONS.map((_migration, index) => CONFIG_VERSION - MIGRATIONS.length + index));
});

describe("what could be said in this version once can be said still; else a new version and a migration are due", () => {
  const file = join(__dirname, "..", "fixtures", "shape", `${CONFIG_VERSION}.txt`);
  const before = readFileSync(file, "utf8").trimEnd().split("\n");
  const shape = shapeOf(platformSchema);

  test("no field, member or form is gone", () => {
    expect(before.filter((line) => !shape.includes(line))).toEqual([]);
  });

  test("a section that was there asks for no more than it did", () => {
    const asked = requiredOf(before);
    const parents = new Set(
      before.filter((line) => line.endsWith(" object")).map((line) => line.replace(" object", "")),
    );
    const added = requiredOf(shape).filter((field) => !asked.includes(field));
    expect(added.filter((field) => parents.has(field.slice(0, Math.max(0, field.lastIndexOf(".")))))).toEqual([]);
  });
});
