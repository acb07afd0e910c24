import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackyard } from "../../cli/stackyard";
import { planOf, type Planned } from "../support/plans";
import { capturePrinted } from "../support/printed";

let directory: string;
let printed: { out: string; err: string };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stackyard-"));
  writeFileSync(join(directory, "cdktf.json"), '{ "app": "node app.js" }');
  printed = capturePrinted();
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

const update: Planned = { address: "x_y.z", actions: ["update"], before: { a: 1 }, after: { a: 2 } };
const unchanged: Planned = { ...update, actions: ["no-op"], after: { a: 1 } };
const denied: Planned = {
  address: "aws_vpc.network_vpc_1234ABCD",
  actions: ["delete"],
  before: { cidr_block: "10.0.0.0/16" },
};

/** Writes a plan into the folder of its stack. */
function plan(resources: readonly Planned[], stack = "aws-platform", name = "plan.json"): string {
  const folder = join(directory, "cdktf.out", "stacks", stack);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), planOf(resources));
  return join(folder, name);
}

/** In a project without a config, as for somebody else's stack. */
const review = (...args: readonly string[]) =>
  stackyard(["review", ...args], {
    config: join(directory, "platform.config.ts"),
    now: () => new Date("2026-12-01T12:00:00Z"),
  });

test.each([
  [0, "nothing changes", [unchanged]],
  [2, "something changes", [update]],
  [3, "a policy denies", [denied]],
])("exit code %d: %s", async (code, _what, resources) => {
  expect(await review("--plan", plan(resources))).toBe(code);
});

test("without --plan it takes those that lie in the folders of stacks", async () => {
  plan([update]);
  plan([unchanged], "azure-platform");
  expect(await review("--format", "json", "--out", join(directory, "review"))).toBe(2);
  const { stacks } = JSON.parse(readFileSync(join(directory, "review", "review.json"), "utf8")) as {
    stacks: { name: string; level: string }[];
  };
  expect(stacks).toMatchObject([
    { name: "aws-platform", level: "routine" },
    { name: "azure-platform", level: "none" },
  ]);
});

test("--stack takes one of them", async () => {
  plan([update]);
  plan([unchanged], "azure-platform");
  expect(await review("--stack", "azure-platform")).toBe(0);
});

test("--out has a comment for each stack, a page, JSON and SARIF", async () => {
  plan([denied]);
  expect(await review("--out", join(directory, "review"))).toBe(3);
  expect(readdirSync(join(directory, "review")).sort()).toEqual([
    "aws-platform.md", "index.html", "review.json", "review.sarif",
  ]); // prettier-ignore
  expect(readFileSync(join(directory, "review", "aws-platform.md"), "utf8")).toMatch(
    /^<!-- platform-review:v1 stack=aws-platform -->\n[\s\S]*fingerprint `[0-9a-f]{16}`<\/sub>\n$/,
  );
  const sarif = JSON.parse(readFileSync(join(directory, "review", "review.sarif"), "utf8")) as {
    runs: { results: { ruleId: string; level: string }[] }[];
  };
  expect(sarif.runs[0]?.results).toContainEqual(
    expect.objectContaining({ ruleId: "protected-not-destroyed", level: "error" }),
  );
});

test("one format goes to the standard output", async () => {
  await review("--plan", plan([update]), "--format", "md");
  expect(printed.out).toMatch(/^<!-- platform-review:v1 stack=aws-platform -->\n## aws-platform: /);
});

describe("--check", () => {
  const fingerprint = async (): Promise<string> => {
    await review("--plan", plan([update]), "--format", "json");
    const { fingerprint: known } = JSON.parse(printed.out) as { fingerprint: string };
    return known;
  };

  test("lets the reviewed change through", async () => {
    expect(await review("--plan", plan([update]), "--check", await fingerprint())).toBe(2);
  });

  test("refuses another", async () => {
    const reviewed = await fingerprint();
    expect(await review("--plan", plan([{ ...update, after: { a: 3 } }]), "--check", reviewed)).toBe(1);
    expect(printed.err).toMatch(
      /^error: this is not the change that was reviewed: its fingerprint is [0-9a-f]{16}, and [0-9a-f]{16} was reviewed; review it again\n$/,
    );
  });
});

test.each([
  [["--plan", "nowhere.json"], "there is no plan at nowhere.json"],
  [
    [],
    "there is no plan in cdktf.out/stacks; make one (npx cdktf diff aws-platform), name one (--plan plan.json), or compare commits (--base main)",
  ],
  [["--format", "pdf"], 'there is no format "pdf"; allowed: md, html, json, sarif'],
  [["--format", "md,json"], "several formats need a folder to be written to: --out review"],
  [["--base", "main", "--plan", "x"], "--base compares commits and --plan reads plans; give one of them"],
  [["--head", "main"], "--head needs --base, to compare with"],
])("a mistake in the call is one sentence: %j", async (args, sentence) => {
  expect(await review(...args)).toBe(1);
  expect(printed.err).toBe(`error: ${sentence}\n`);
});

test.each([
  ["", "is empty; write it with: terraform show -json PLAN"],
  ['{"format_version": "1.2", "resource', "is not JSON"],
  ['{"format_version": "2.0"}', "has format 2.0, and this version of stackyard reads 1.x; update stackyard"],
  ['{"format_version": "1.0", "values": {}}', "is a state and no plan"],
  ['{"resource": {}, "terraform": {}}', "is a synthesized stack and no plan; plan it, or compare commits with --base"],
])("a file that is no plan is named, with what to do: %j", async (text, sentence) => {
  const file = plan([]);
  writeFileSync(file, text);
  expect(await review("--plan", file)).toBe(1);
  expect(printed.err).toContain(`plan.json ${sentence}`);
});

describe("--base", () => {
  const git = (...args: readonly string[]) =>
    execFileSync(
      "git",
      ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", ...args],
      {
        cwd: directory,
        stdio: "pipe",
      },
    );
  /** An app that writes one stack, as any cdktf app does. */
  const app = (cidr: string, code = 0) =>
    `const { mkdirSync, writeFileSync } = require("node:fs");
     const folder = process.env.CDKTF_OUTDIR + "/stacks/aws-platform";
     mkdirSync(folder, { recursive: true });
     writeFileSync(folder + "/cdk.tf.json", JSON.stringify({ resource: { aws_vpc: { v: { cidr_block: "${cidr}" } } } }));
     if (${code}) console.error("error: no such thing");
     process.exitCode = ${code};`;

  beforeEach(() => {
    writeFileSync(join(directory, "app.js"), app("10.0.0.0/16"));
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "base");
  });

  test("compares the work tree with a commit, and leaves no work tree behind", async () => {
    writeFileSync(join(directory, "app.js"), app("10.8.0.0/16"));
    expect(await review("--base", "main")).toBe(3);
    expect(printed.out).toContain("the network (v) is replaced, because cidr_block changes: 10.0.0.0/16 → 10.8.0.0/16");
    expect(git("worktree", "list").toString().trim().split("\n")).toHaveLength(1);
  });

  test("nothing changes between a commit and itself", async () => {
    expect(await review("--base", "main", "--head", "main")).toBe(0);
  });

  test("a denial of a policy while synthesizing is not the end: the review says it", async () => {
    writeFileSync(join(directory, "app.js"), app("10.0.0.0/16", 3));
    expect(await review("--base", "main")).toBe(0);
  });

  test("what cannot be synthesized is said in the app's own words", async () => {
    writeFileSync(join(directory, "app.js"), app("10.0.0.0/16", 1));
    expect(await review("--base", "main")).toBe(1);
    expect(printed.err).toBe("error: the work tree cannot be synthesized: no such thing\n");
  });

  test("other lock files are mentioned", async () => {
    writeFileSync(join(directory, "package-lock.json"), "{}");
    git("add", "-A");
    git("commit", "-qm", "lock");
    await review("--base", "main~1");
    expect(printed.out).toContain("package-lock.json differs between the two");
  });

  test("of other files, where there is no lock file, nothing is said", async () => {
    writeFileSync(join(directory, "app.js"), app("10.8.0.0/16"));
    await review("--base", "main");
    expect(printed.out).not.toContain("differs between the two");
  });

  test("a commit that is not there says how to get it", async () => {
    expect(await review("--base", "origin/next")).toBe(1);
    expect(printed.err).toBe(
      "error: git knows no commit origin/next; in a shallow clone fetch it first: git fetch --depth=1 origin next\n",
    );
  });
});
