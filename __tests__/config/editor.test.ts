/** What the editor says while somebody writes a config: the compiler's own language service answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");
const example = join(root, "platform.config.ts");

const COMPILER = {
  strict: true,
  target: "es2022",
  module: "node16",
  moduleResolution: "node16",
  skipLibCheck: true,
  noEmit: true,
};
const { options } = ts.parseJsonConfigFileContent({ compilerOptions: COMPILER, files: [] }, ts.sys, root);

/** The example with changes, as a file beside it that exists only here. */
const edited = { name: join(root, "edited.config.ts"), text: "", version: 0 };
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [edited.name],
  getScriptVersion: (name) => (name === edited.name ? String(edited.version) : "1"),
  getScriptSnapshot: (name) =>
    ts.ScriptSnapshot.fromString(name === edited.name ? edited.text : readFileSync(name, "utf8")),
  getCurrentDirectory: () => root,
  getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
  fileExists: (name) => name === edited.name || ts.sys.fileExists(name),
  readFile: (name) => (name === edited.name ? edited.text : ts.sys.readFile(name)),
  directoryExists: (name) => ts.sys.directoryExists(name),
});

const text = readFileSync(example, "utf8");

function edit(source: string): void {
  edited.text = source;
  edited.version += 1;
}

function errors(source: string): readonly string[] {
  edit(source);
  const found = [...service.getSyntacticDiagnostics(edited.name), ...service.getSemanticDiagnostics(edited.name)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

function completions(source: string, cursor: number): readonly string[] {
  edit(source);
  return service.getCompletionsAtPosition(edited.name, cursor, undefined)?.entries.map(({ name }) => name) ?? [];
}

test("the example is without red", () => {
  expect(errors(text)).toEqual([]);
});

test.each([
  ["a wrong unit", 'memory: "32Gi"', 'memory: "32GB"'],
  ["a wrong key", "costCenter:", "costCentre:"],
  ["an environment that does not exist", "dev: { cpu: 4,", "development: { cpu: 4,"],
  ["a group that does not exist", 'admin: ["checkout"]', 'admin: ["chekout"]'],
  ["an administrators' group that does not exist", 'admins: ["platform-admins"]', 'admins: ["platform-admin"]'],
  ["a class that does not exist", 'class: "memory"', 'class: "ram"'],
  ["text where a number belongs", "cpus: [4, 16]", 'cpus: ["4", 16]'],
  ["an option of another cloud", 'nat: "per-zone"', 'podCidr: "10.9.0.0/16"'],
  ["a version that nobody supports", 'kubernetes: "1.35"', 'kubernetes: "1.20"'],
])("%s is red", (_what, right, wrong) => {
  expect(text).toContain(right);
  expect(errors(text.replace(right, wrong))).not.toEqual([]);
});

test("completion offers the keys of a pool, with their documentation", () => {
  const cursor = text.indexOf("cpus: [4, 16], ") + "cpus: [4, 16], ".length;
  const source = `${text.slice(0, cursor)}\n${text.slice(cursor)}`;
  expect(completions(source, cursor)).toEqual(
    expect.arrayContaining(["architecture", "labels", "taint", "aws", "azure"]),
  );
  const details = service.getCompletionEntryDetails(
    edited.name,
    cursor,
    "taint",
    undefined,
    undefined,
    undefined,
    undefined,
  );
  expect(ts.displayPartsToString(details?.documentation)).toContain("stackyard.dev/team=<team>:NoSchedule");
});

test("completion offers the names of the config's own groups", () => {
  const cursor = text.indexOf('"checkout"], view') + 1;
  expect(completions(text, cursor)).toEqual(expect.arrayContaining(["platform-admins", "ml-engineers"]));
});
