import { readFileSync } from "node:fs";
import { join } from "node:path";
import { linesOf } from "../../../cli/explain/config-lines";
import { leavesOf } from "../../../cli/explain/path";
import { inputOf } from "../../../config/platform";
import example from "../../../platform.config";

const SOURCE = `import { aws } from "stackyard";
const quota: QuotaInput = {
  cpu: 8,
};
const many = [1, 2];
export default definePlatform({
  version: 1,
  clusters: {
    "aws-platform": aws({
      access: { public: [
        "203.0.113.0/24",
        "198.51.100.0/24",
      ] },
    }),
  },
  teams: {
    web: { quota },
    docs: {
      quota: { ...quota, memory: "1Gi" },
      egress: [...many, "10.0.0.0/8"],
    },
    ...others,
  },
} satisfies PlatformInput);
`;

test.each<[string, (string | number)[], number, boolean]>([
  ["a field", ["version"], 7, true],
  ["inside of a call", ["clusters", "aws-platform", "access"], 10, true],
  ["an item of a list", ["clusters", "aws-platform", "access", "public", 1], 12, true],
  ["a variable of the file", ["teams", "web", "quota", "cpu"], 3, true],
  ["what a spread brings", ["teams", "docs", "quota", "cpu"], 3, true],
  ["beside a spread", ["teams", "docs", "quota", "memory"], 19, true],
  ["an item behind a spread: the nearest line", ["teams", "docs", "egress", 2], 20, false],
  ["what comes from elsewhere: the nearest line", ["teams", "search", "quota"], 16, false],
])("%s", (_what, path, line, exact) => {
  expect(linesOf(SOURCE, "/nowhere/platform.config.ts")(path)).toEqual({ line, exact });
});

test("a default export that is a variable", () => {
  const text = 'const platform = definePlatform({\n  name: "acme",\n});\nexport default platform;\n';
  expect(linesOf(text, "/nowhere/platform.config.ts")(["name"])).toEqual({ line: 2, exact: true });
});

test("no default export, no line", () => {
  expect(linesOf("export const x = 1;", "/nowhere/platform.config.ts")(["name"])).toBeUndefined();
});

test("every leaf of the example has its line, with its key on it", () => {
  const file = join(__dirname, "..", "..", "..", "platform.config.ts");
  const source = readFileSync(file, "utf8");
  const lineOf = linesOf(source, file);
  const lines = source.split("\n");
  for (const leaf of leavesOf(inputOf(example)).filter((path) => path.at(-1) !== "kind")) {
    const { line, exact } = lineOf(leaf) ?? { line: 0, exact: false };
    expect({ leaf, exact }).toEqual({ leaf, exact: true });
    const key = leaf.at(-1);
    if (typeof key === "string") expect(lines[line - 1]).toContain(key);
  }
});
