import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";
import { startProgress } from "../../cli/progress";
import { capturePrinted } from "../support/printed";

const root = join(__dirname, "..", "..");
let directory: string;
let printed: { out: string; err: string };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stackyard-"));
  printed = capturePrinted();
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** A config file beside nothing, importing the library by its absolute path. */
function config(text: string): string {
  const path = join(directory, "platform.config.ts");
  writeFileSync(path, text.replaceAll("~/", `${root}/`));
  return path;
}

const outdir = (): string => join(directory, "cdktf.out");
const start = (path: string, stacks?: readonly string[]) =>
  run({ config: path, outdir: outdir(), review: true, ...(stacks && { stacks }) });

const SMALL = `
import { smallConfig } from "~/__tests__/support/config";
import { definePlatform } from "~/config/define-platform";
`;

test.each([
  ["nothing", "export const x = 1;", /exports nothing as its default; write: export default definePlatform\(\{ … \}\)/],
  ["a plain object", "export default { version: 1 };", /exports an object that definePlatform did not make; write/],
  ["a number", "export default 42;", /exports a number; write/],
  ["nothing to throw", "throw null;", /could not be read: /],
  ["an error", 'throw new Error("no such vault");', /could not be read: no such vault/],
  ["what cannot be parsed", "export default {", /could not be read: /],
  ["a module that is not there", 'import "./not-there"; export default 1;', /could not be read: Cannot find module/],
])("a config that has %s gets a sentence, exit 1, and writes nothing", (_what, text, sentence) => {
  expect(start(config(text))).toBe(1);
  expect(printed.err).toMatch(sentence);
  expect(printed.err).not.toMatch(/^\s+at /m);
  expect(existsSync(outdir())).toBe(false);
});

test("a config that is not there gets a sentence", () => {
  expect(start(join(directory, "nowhere.ts"))).toBe(1);
  expect(printed.err).toMatch(
    /^error: there is no config at .*nowhere\.ts; create it, or name another with PLATFORM_CONFIG=/,
  );
});

test("every problem is printed, nothing is written, and what was written before stays", () => {
  const path = config(`${SMALL}
    const input: any = smallConfig();
    input.teams.web.quota.memory = "4GB";
    input.teams.docs.groups.view = ["nobody"];
    export default definePlatform(input);`);
  expect(start(path)).toBe(1);
  expect(printed.err).toContain("the platform's config has 2 problems:");
  expect(printed.err).toContain("teams.web.quota.memory  [quantity]");
  expect(printed.err).toContain("teams.docs.groups.view  [unknown-group]");
  expect(printed.err).not.toMatch(/^\s+at /m);
  expect(existsSync(outdir())).toBe(false);
});

test("a stack that the config does not have is refused before anything is written", () => {
  expect(start(config(`${SMALL} export default definePlatform(smallConfig());`), ["gcp-platform"])).toBe(1);
  expect(printed.err).toBe(
    "error: PLATFORM_STACKS names gcp-platform, but the config's stacks, separated by commas, are aws-platform, azure-platform, local-platform\n",
  );
  expect(existsSync(outdir())).toBe(false);
});

test("one stack alone is built when asked for", () => {
  expect(start(config(`${SMALL} export default definePlatform(smallConfig());`), ["local-platform"])).toBe(0);
  expect(readdirSync(join(outdir(), "stacks"))).toEqual(["local-platform"]);
});

test("a policy that denies is exit 3, and says why and what to do", () => {
  const path = config(`${SMALL}
    const input: any = smallConfig();
    input.clusters["aws-platform"].access.public = ["0.0.0.0/0"];
    export default definePlatform(input);`);
  expect(start(path, ["aws-platform"])).toBe(3);
  expect(printed.out).toContain(
    "denied aws-platform: public_access_cidrs allows half the internet or more (a range of /0 to /7) [api-not-open]",
  );
  expect(printed.out).toContain("fix: Name the ranges of your offices, VPN and runners");
  expect(run({ config: path, outdir: outdir(), review: false, stacks: ["aws-platform"] })).toBe(3);
  expect(printed.err).toContain("[api-not-open]");
});

describe("a waiver", () => {
  const open = (waiver: string) =>
    config(`${SMALL}
    const input: any = smallConfig();
    input.clusters["aws-platform"].access.public = ["0.0.0.0/0"];
    input.waivers = [{ stack: "aws-platform", path: "control-plane", reason: "a demo", owner: "ada", until: "2020-01-01", ${waiver} }];
    export default definePlatform(input);`);

  test("takes the denial away, and is said with its owner and day, which synth has no clock for", () => {
    const path = open('rule: "api-not-open"');
    expect(start(path, ["aws-platform"])).toBe(0);
    expect(printed.out).toContain("waived aws-platform: public_access_cidrs allows half the internet");
    expect(printed.out).toContain("by ada until 2020-01-01: a demo");
    expect(run({ config: path, outdir: outdir(), review: false, stacks: ["aws-platform"] })).toBe(0);
    expect(printed.err).toContain("waived aws-platform");
    expect(readFileSync(join(outdir(), "stacks", "aws-platform", "cdk.tf.json"), "utf8")).not.toContain("a demo");
  });

  test("of a policy that does not exist is a mistake in the config, before anything is written", () => {
    expect(start(open('rule: "api-not-opened"'))).toBe(1);
    expect(printed.err).toContain('there is no policy "api-not-opened", did you mean "api-not-open"?');
    expect(existsSync(outdir())).toBe(false);
  });

  const idle = (rule: string) =>
    config(`${SMALL}
    const waiver = { stack: "local-platform", path: "teams", reason: "r", owner: "ada", until: "2027-01-01", rule: "${rule}" };
    const input: any = { ...smallConfig(), waivers: [waiver] };
    input.clusters = { "local-platform": input.clusters["local-platform"] };
    export default definePlatform(input);`);

  test("that is about nothing is said where every stack was looked at", () => {
    const path = idle("pod-security");
    const unused = "local-platform: the waiver of pod-security for teams is about nothing; ada may take it out";
    expect(start(path, ["local-platform"])).toBe(0);
    expect(printed.out).not.toContain(unused);
    expect(start(path)).toBe(0);
    expect(printed.out).toContain(unused);
    expect(readFileSync(join(outdir(), "review", "index.html"), "utf8")).toContain(unused);
  });

  test("of what only a plan can tell is not said to be about nothing", () => {
    expect(start(idle("protected-not-destroyed"))).toBe(0);
    expect(printed.out).not.toContain("is about nothing");
  });
});

test("a good config prints each stack and writes the page", () => {
  expect(start(config(`${SMALL} export default definePlatform(smallConfig());`))).toBe(0);
  for (const part of [
    "aws-platform",
    "EKS 1.34 in eu-west-1",
    "argo-cd 10.1.1",
    "CC-1",
    "shared pool",
    "azure-platform",
    "local-platform",
  ])
    expect(printed.out).toContain(part);
  const page = readFileSync(join(outdir(), "review", "index.html"), "utf8");
  expect(page).toContain("<h2>azure-platform</h2>");
  expect(page).not.toMatch(/<script|src=|href="http/);
});

describe("progress", () => {
  const stream = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, stream: { isTTY, write: (text: string) => written.push(text) > 0 } as never };
  };

  test("is silent within the first second", () => {
    const { written, stream: to } = stream(true);
    const progress = startProgress(to);
    progress.step("x");
    progress.done();
    expect(written).toEqual([]);
  });

  test("shows each step after it, and takes the line away at the end", () => {
    const now = jest.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValueOnce(2000);
    const { written, stream: to } = stream(true);
    const progress = startProgress(to);
    progress.step("building");
    progress.done();
    expect(written).toEqual(["\r\u001b[K… building (2 s)", "\r\u001b[K"]);
    now.mockRestore();
  });
});
