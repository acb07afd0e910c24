/** The pipelines that users take as they are: what they may do, and what their steps do, on a double of each forge. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { ME, PIPELINES, startForge, type Forge, type ForgeState } from "./support/forge";

const root = join(__dirname, "..");
const read = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly concurrency: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = Object.fromEntries(
  ["plan-review", "deploy", "drift"].map((name) => [
    name,
    parse(read(".github", "workflows", `${name}.yml`)) as Workflow,
  ]),
) as Readonly<Record<"plan-review" | "deploy" | "drift", Workflow>>;
const EXAMPLES = ["gitlab-ci.yml", "azure-pipelines.yml", "atlantis/atlantis.yaml", "atlantis/repos.yaml"];

const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const all = Object.entries(workflows);

describe("what the workflows may do", () => {
  test("every workflow of the folder is looked at here", () => {
    expect(readdirSync(join(root, ".github", "workflows")).sort()).toEqual(all.map(([name]) => `${name}.yml`).sort());
  });

  test.each(all)("%s takes actions by commit, with the version beside it", (name, workflow) => {
    const text = read(".github", "workflows", `${name}.yml`);
    const used = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
    for (const action of used) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${action} # v\\d`));
    }
    expect(used.length).toBeGreaterThan(0);
  });

  test("an action is at one commit everywhere", () => {
    const used = all.flatMap(([, workflow]) => stepsOf(workflow).flatMap(({ uses }) => uses ?? []));
    const names = new Set(used.map((action) => action.split("@")[0]));
    expect(new Set(used).size).toBe(names.size);
  });

  test.each(all)("%s never runs on pull_request_target or workflow_run", (_, { on }) => {
    expect(Object.keys(on)).not.toContain("pull_request_target");
    expect(Object.keys(on)).not.toContain("workflow_run");
  });

  test.each(all)("%s has no right but what a job asks for, and one run at a time", (_, workflow) => {
    expect(workflow.permissions).toEqual({});
    expect(workflow.concurrency.group).toBeTruthy();
  });

  test("only a review may be stopped halfway", () => {
    expect(all.filter(([, { concurrency }]) => concurrency["cancel-in-progress"]).map(([name]) => name)).toEqual([
      "plan-review",
    ]);
  });

  test("jobs have these rights, and no other", () => {
    const rights = all.flatMap(([name, { jobs }]) =>
      Object.entries(jobs).map(([job, { permissions = {} }]) => [
        `${name} ${job}`,
        Object.entries(permissions).map(([right, level]) => `${right}: ${level}`),
      ]),
    );
    expect(Object.fromEntries(rights)).toEqual({
      "plan-review stacks": ["contents: read"],
      "plan-review review": ["contents: read", "id-token: write"],
      "plan-review comment": ["contents: read", "pull-requests: write"],
      "plan-review without-credentials": ["contents: read"],
      "plan-review reviewed": [],
      "deploy stacks": ["contents: read"],
      "deploy apply": ["contents: read", "id-token: write", "pull-requests: read"],
      "drift stacks": ["contents: read"],
      "drift plan": ["contents: read", "id-token: write"],
      "drift issue": ["contents: read", "issues: write"],
    });
  });

  test("nothing from npm runs where a comment or an issue can be written", () => {
    for (const [, { jobs }] of all)
      for (const { permissions = {}, steps } of Object.values(jobs))
        if (
          Object.keys(permissions).some(
            (right) => /^(issues|pull-requests)$/.test(right) && permissions[right] === "write",
          )
        )
          expect(steps.map(({ run = "" }) => run).join("\n")).not.toMatch(/\bnp[mx]\b/);
  });

  test("roles that may write are used in the environment that somebody approves", () => {
    for (const [, { jobs }] of all)
      for (const job of Object.values(jobs))
        expect(/_DEPLOY_/.test(JSON.stringify(job))).toBe(job.environment === "platform");
  });

  test("no secret is used: clouds are signed in to by OIDC", () => {
    for (const [name] of all) expect(read(".github", "workflows", `${name}.yml`)).not.toContain("secrets.");
  });

  test.each(all)("no expression of %s stands in a script, where it would be run", (_, workflow) => {
    for (const { run = "" } of stepsOf(workflow)) expect(run).not.toContain("${{");
  });

  test.each(all)("no checkout of %s leaves its token in the work tree", (_, workflow) => {
    for (const step of stepsOf(workflow))
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with).toMatchObject({ "persist-credentials": false });
  });

  test.each(all)("every job of %s ends some day", (_, { jobs }) => {
    for (const job of Object.values(jobs)) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });
});

describe("what pipelines call is there", () => {
  const pages = [
    ...all.map(([name]) => join(".github", "workflows", `${name}.yml`)),
    ...EXAMPLES.map((name) => join("examples", name)),
    ...["plan", "review", "apply"].map((name) => join("ci", name)),
  ];
  const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
  const commands = readdirSync(join(root, "cli", "commands"))
    .map((file) => read("cli", "commands", file))
    .flatMap((text) => [...text.matchAll(/\.command\("([a-z-]+)/g)].map(([, name]) => name));

  test.each(EXAMPLES)("%s is YAML", (name) => {
    for (const document of parseAllDocuments(read("examples", name))) expect(document.errors).toEqual([]);
  });

  test.each(pages)("%s", (page) => {
    const text = read(page);
    for (const [, script] of text.matchAll(/npm run ([a-z:-]+)/g)) expect(scripts).toContain(script);
    for (const [, command] of text.matchAll(/npx (?:--no-install )?stackyard ([a-z-]+)/g))
      expect(commands).toContain(command);
    for (const [path] of text.matchAll(/(?<![\w./-])ci\/[a-z]+(\.js)?\b/g))
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });

  test.each(pages)("%s uploads neither a plan nor its JSON", (page) => {
    for (const [line] of read(page).matchAll(/^.*\b(path|paths|publish):.*$/gm))
      expect(line).not.toMatch(/plan|cdktf\.out/);
  });

  test("Terraform's version is the same in all of them, and said in the documentation", () => {
    const found = pages.flatMap((page) =>
      [...read(page).matchAll(/(?:terraform_?version|Terraform)\W+(\d+\.\d+\.\d+)/gi)].map(([, v]) => v),
    );
    expect(new Set(found).size).toBe(1);
    expect(read("docs", "plan-review.md")).toContain(`Terraform ${found[0]}`);
  });
});

// --- the steps themselves --------------------------------------------------------------------------------------------

let forge: Forge;
const forges: Forge[] = [];
let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "stackyard-pipeline-"));
  symlinkSync(join(root, "ci"), join(work, "ci"));
});
afterEach(async () => {
  await forges.shift()?.close();
});

const run = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> =>
  new Promise((done) => {
    // Nothing of the pipeline that this test itself may run in.
    const { PATH, HOME } = process.env;
    const child = spawn(command, args, { cwd: work, env: { PATH, HOME, ...env } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (err += String(chunk)));
    child.on("close", (code) => {
      done({ code, out, err });
    });
  });

/** The `run` of a workflow's step, as GitHub runs it. */
function step(workflow: keyof typeof workflows, job: string, name: string, env: Readonly<Record<string, string>>) {
  const script = workflows[workflow].jobs[job]?.steps.find((of) => of.name === name || of.run === name)?.run;
  if (script === undefined) throw new Error(`${workflow} has no step ${name}`);
  return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], env);
}

const write = (path: string, text: string): void => {
  mkdirSync(join(work, path, ".."), { recursive: true });
  writeFileSync(join(work, path), text);
};
const marker = (stack: string): string => `<!-- platform-review:v1 stack=${stack} -->`;
const page = (stack: string, text: string, fingerprint = "0123456789abcdef"): string =>
  `${marker(stack)}\n## ${stack}: ${text}\n\n<sub>fingerprint \`${fingerprint}\`</sub>\n`;
const start = async (state: Partial<ForgeState> = {}): Promise<void> => {
  forge = await startForge(state);
  forges.push(forge);
};

describe("the step that comments", () => {
  const comment = (): ReturnType<typeof step> => step("plan-review", "comment", "comment", PIPELINES.github(forge.url));

  test("creates a comment for each stack, which says where it is from", async () => {
    await start();
    write("reviews/review-aws-platform/aws-platform.md", page("aws-platform", "routine"));
    write("reviews/review-azure-platform/azure-platform.md", page("azure-platform", "dangerous"));
    expect(await comment()).toMatchObject({ code: 0, err: "" });
    expect(forge.state.comments.map(({ body }) => body.split("\n")[0])).toEqual([
      marker("aws-platform"),
      marker("azure-platform"),
    ]);
    expect(forge.state.comments[0]?.body).toMatch(
      /of commit 0123456789ab, by \[this run\]\(https:\/\/forge\.example\.com\/acme\/platform\/actions\/runs\/77\)/,
    );
  });

  test("fails where the plans left nothing to say", async () => {
    await start();
    const { code, err } = await comment();
    expect([code, err]).toEqual([1, "error: there is no review to put on the pull request\n"]);
  });
});

describe.each(Object.keys(PIPELINES) as (keyof typeof PIPELINES)[])("on %s", (kind) => {
  const node = (script: string, ...args: string[]): ReturnType<typeof run> =>
    run(process.execPath, [join("ci", script), ...args], PIPELINES[kind](forge.url));
  const comment = (text = "routine"): ReturnType<typeof run> => {
    write("aws-platform.md", page("aws-platform", text));
    return node("comment.js", "aws-platform.md");
  };
  const bodies = (): string[] => forge.state.comments.map(({ body }) => body);

  test("a second review replaces the first", async () => {
    await start();
    await comment("routine");
    expect((await comment("dangerous")).out).toBe("updated the comment on aws-platform\n");
    expect(bodies()).toEqual([expect.stringContaining("aws-platform: dangerous")]);
  });

  test("another stack's comment stays as it is, also one whose name begins the same", async () => {
    await start({ comments: [{ id: 1, author: ME, body: page("aws-platform-2", "its own") }] });
    await comment();
    expect(bodies()).toEqual([page("aws-platform-2", "its own"), expect.stringContaining("aws-platform: routine")]);
  });

  test("what somebody else wrote stays as it is, even with the marker first", async () => {
    await start({ comments: [{ id: 1, author: "mallory", body: page("aws-platform", "forged") }] });
    await comment();
    expect(bodies()).toEqual([page("aws-platform", "forged"), expect.stringContaining("aws-platform: routine")]);
  });

  test("a comment of ours that quotes the marker stays as it is", async () => {
    const quoting = `> ${marker("aws-platform")}\nlook`;
    await start({ comments: [{ id: 1, author: ME, body: quoting }] });
    await comment();
    expect(bodies()[0]).toBe(quoting);
  });

  test("the comment is found among 250", async () => {
    const others = Array.from({ length: 250 }, (_, index) => ({ id: index + 1, author: "ann", body: "hm" }));
    await start({ comments: [...others, { id: 251, author: ME, body: page("aws-platform", "old") }] });
    expect((await comment("new")).out).toContain("updated");
    expect(forge.state.comments).toHaveLength(251);
  });

  test("what the forge would not take is refused before it is sent", async () => {
    await start();
    const { code, err } = await comment("x".repeat(1_000_001));
    expect(code).toBe(1);
    expect(err).toMatch(/^error: aws-platform.md has \d+ characters, and the forge takes no more than [\d]+\n$/);
    expect(forge.state.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  test("what is no review is not posted", async () => {
    await start();
    write("notes.md", "hello");
    const { code, err } = await node("comment.js", "notes.md");
    expect([code, err]).toEqual([1, "error: notes.md does not begin with a review's marker\n"]);
  });

  test("an API that refuses is an error that says so, without the token", async () => {
    await start({ failure: { status: 403, text: "Resource not accessible by integration" } });
    const { code, err } = await comment();
    expect(code).toBe(1);
    expect(err).toMatch(/^error: GET http:\/\/127\.0\.0\.1:\d+\/\S+: 403 Resource not accessible by integration\n$/);
    expect(err).not.toContain("t0ken");
  });

  test("an answer that is no JSON is an error", async () => {
    await start({ failure: { status: 203, text: "<html>sign in</html>" } });
    const { code, err } = await comment();
    expect([code, err.includes("203, and no JSON")]).toEqual([1, true]);
  });

  test("a variable that is missing is named", async () => {
    await start();
    write("aws-platform.md", page("aws-platform", "routine"));
    const {
      GITHUB_TOKEN: _g,
      GITLAB_TOKEN: _l,
      SYSTEM_ACCESSTOKEN: _a,
      ...env
    } = PIPELINES[kind](forge.url) as Record<string, string>;
    const { code, err } = await run(process.execPath, ["ci/comment.js", "aws-platform.md"], env);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: the variable [A-Z_]*TOKEN is not set\n$/);
  });

  describe("the fingerprint that was reviewed", () => {
    const reviewed = (): ReturnType<typeof run> => node("reviewed.js", "aws-platform");
    const commented = (body: string, more: object = {}): Promise<void> =>
      start({ merged: [5], comments: [{ id: 1, author: ME, body, ...more }] });

    test("is the last one in our comment", async () => {
      await commented(page("aws-platform", "shows fingerprint `ffffffffffffffff`", "00000000deadbeef"));
      expect(await reviewed()).toMatchObject({ code: 0, out: "00000000deadbeef\n" });
    });

    test("is not taken from another's comment", async () => {
      await start({ merged: [5], comments: [{ id: 1, author: "mallory", body: page("aws-platform", "fine") }] });
      const { code, out, err } = await reviewed();
      expect([code, out, err]).toEqual([1, "", "error: pull request 5 has no review of aws-platform\n"]);
    });

    test("is not there for a commit without a pull request", async () => {
      await start();
      const { code, err } = await reviewed();
      expect([code, err]).toEqual([1, "error: c0ffee came with no pull request, so nobody has reviewed it\n"]);
    });

    test("is not guessed where a commit came with two", async () => {
      await start({ merged: [5, 6] });
      const { code, err } = await reviewed();
      expect([code, err]).toEqual([1, "error: c0ffee came with more than one pull request: 5, 6\n"]);
    });

    test("is not made up where the comment has none", async () => {
      await commented(`${marker("aws-platform")}\nnothing`);
      expect(await reviewed()).toMatchObject({ code: 1, out: "" });
    });
  });
});

describe("on GitHub, where whoever may write may edit what the bot said", () => {
  const reviewed = (editor: string): ReturnType<typeof run> => {
    forge.state.comments = [{ id: 1, author: ME, body: page("aws-platform", "fine"), editor }];
    return run(process.execPath, ["ci/reviewed.js", "aws-platform"], PIPELINES.github(forge.url));
  };

  test("a review that somebody edited is none", async () => {
    await start({ merged: [5] });
    const { code, err } = await reviewed("mallory");
    expect([code, err]).toEqual([1, "error: the review of aws-platform in pull request 5 was edited by mallory\n"]);
  });

  test("one that a later run replaced is one", async () => {
    await start({ merged: [5] });
    expect(await reviewed("github-actions")).toMatchObject({ code: 0 });
  });
});

describe("the step that keeps an issue on drift", () => {
  const issue = (changes: boolean, text = "drifted"): ReturnType<typeof step> => {
    write("reviews/review-aws-platform/aws-platform.md", page("aws-platform", text));
    write("reviews/review-aws-platform/changes", `${String(changes)}\n`);
    return step("drift", "issue", "issue", PIPELINES.github(forge.url));
  };

  test("opens one, updates it, closes it, and says nothing when all is well", async () => {
    await start();
    expect((await issue(true)).out).toBe("opened the issue on aws-platform\n");
    expect((await issue(true, "drifted on")).out).toBe("updated the issue on aws-platform\n");
    expect(forge.state.issues).toMatchObject([{ title: "Drift: aws-platform", open: true }]);
    expect(forge.state.issues[0]?.body).toContain("drifted on");
    expect((await issue(false)).out).toBe("closed the issue on aws-platform\n");
    expect((await issue(false)).out).toBe("aws-platform is as it should be\n");
    expect(forge.state.issues).toMatchObject([{ open: false }]);
  });

  test("the same on GitLab", async () => {
    await start();
    write("aws-platform.md", page("aws-platform", "drifted"));
    const on = (changes: string): ReturnType<typeof run> =>
      run(process.execPath, ["ci/issue.js", "aws-platform.md", changes], PIPELINES.gitlab(forge.url));
    expect((await on("true")).out).toBe("opened the issue on aws-platform\n");
    expect((await on("true")).out).toBe("updated the issue on aws-platform\n");
    expect((await on("false")).out).toBe("closed the issue on aws-platform\n");
  });

  test("somebody else's issue is left alone", async () => {
    await start({ issues: [{ id: 1, author: "mallory", body: page("aws-platform", "mine"), open: true }] });
    await issue(true);
    expect(forge.state.issues).toHaveLength(2);
  });
});

/** Puts a program on the PATH that notes how it was called in `calls`. */
function program(name: string, script: string): Readonly<Record<string, string>> {
  const bin = join(work, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/usr/bin/env bash\necho "${name} $*" >>"${work}/calls"\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
}
const calls = (): string[] =>
  existsSync(join(work, "calls")) ? readFileSync(join(work, "calls"), "utf8").trim().split("\n") : [];

describe("ci/review", () => {
  const REVIEWS = 'mkdir -p review-out; echo "the review" >review-out/aws-platform.md';

  test.each([
    [0, 0, "false"],
    [2, 0, "true"],
    [3, 3, "true"],
  ])("exit code %d of stackyard is %d, and changes: %s", async (of, becomes, changes) => {
    const { code } = await run("ci/review", ["--plan", "plan.json"], program("npx", `${REVIEWS}; exit ${of}`));
    expect(code).toBe(becomes);
    expect(readFileSync(join(work, "review-out", "changes"), "utf8").trim()).toBe(changes);
    expect(calls()).toEqual(["npx --no-install stackyard review --plan plan.json --out review-out"]);
  });

  test.each([1, 127])("exit code %d stops the pipeline, and says nothing about changes", async (of) => {
    expect(await run("ci/review", [], program("npx", `exit ${of}`))).toMatchObject({ code: 1 });
    expect(existsSync(join(work, "review-out", "changes"))).toBe(false);
  });

  test("the review is in the job's summary", async () => {
    const summary = join(work, "summary");
    await run("ci/review", [], { ...program("npx", `${REVIEWS}; exit 2`), GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, "utf8")).toBe("the review\n");
  });
});

describe("ci/plan", () => {
  const TERRAFORM =
    'case $* in *show*) echo "{}" ;; *init*) ;; *) echo "password = hunter2"; echo "Plan: 1 to add" ;; esac';
  const plan = (...args: string[]): ReturnType<typeof run> => {
    write("cdktf.out/stacks/aws-platform/cdk.tf.json", "{}");
    return run("ci/plan", ["aws-platform", ...args], program("terraform", TERRAFORM));
  };

  test("leaves a plan and its JSON, and prints no more than its last line", async () => {
    const { code, out } = await plan();
    expect([code, out]).toEqual([0, "Plan: 1 to add\n"]);
    const folder = "-chdir=cdktf.out/stacks/aws-platform";
    expect(calls()).toEqual([
      `terraform ${folder} init -input=false -no-color`,
      `terraform ${folder} plan -input=false -no-color -lock-timeout=10m -out=plan`,
      `terraform ${folder} show -json plan`,
    ]);
    expect(readFileSync(join(work, "cdktf.out/stacks/aws-platform/plan.json"), "utf8")).toBe("{}\n");
  });

  test("holds providers to the committed checksums", async () => {
    write("locks/aws-platform.terraform.lock.hcl", "# checksums");
    await plan();
    expect(calls()[0]).toMatch(/init .*-lockfile=readonly$/);
    expect(readFileSync(join(work, "cdktf.out/stacks/aws-platform/.terraform.lock.hcl"), "utf8")).toBe("# checksums");
  });

  test("says so where there are none", async () => {
    expect((await plan()).err).toContain("there is no locks/aws-platform.terraform.lock.hcl");
  });

  test("passes options on", async () => {
    await plan("-lock=false");
    expect(calls()[1]).toMatch(/ -out=plan -lock=false$/);
  });

  test("a stack that is not there is an error", async () => {
    const { code, err } = await run("ci/plan", ["aws-platfrom"], {});
    expect([code, err]).toEqual([1, "error: no stack aws-platfrom in cdktf.out; run npx cdktf synth first\n"]);
  });

  test("a plan that fails leaves no JSON", async () => {
    write("cdktf.out/stacks/aws-platform/cdk.tf.json", "{}");
    const { code } = await run(
      "ci/plan",
      ["aws-platform"],
      program("terraform", 'case $* in *" plan "*) exit 1 ;; esac'),
    );
    expect(code).toBe(1);
    expect(existsSync(join(work, "cdktf.out/stacks/aws-platform/plan.json"))).toBe(false);
  });
});

describe("the step that applies", () => {
  const CHECKED =
    "npx --no-install stackyard review --plan cdktf.out/stacks/aws-platform/plan.json --check 0123456789abcdef --out review-out";
  const APPLIED = "terraform -chdir=cdktf.out/stacks/aws-platform apply -input=false -no-color -lock-timeout=10m plan";
  const apply = (checked: number, env: Readonly<Record<string, string>> = {}): ReturnType<typeof step> => {
    program("terraform", "");
    return step("deploy", "apply", "apply what was reviewed", {
      ...PIPELINES.github(forge.url),
      ...program("npx", `mkdir -p review-out; exit ${checked}`),
      STACK: "aws-platform",
      ...env,
    });
  };
  const reviewed: Partial<ForgeState> = {
    merged: [5],
    comments: [{ id: 1, author: ME, body: page("aws-platform", "fine") }],
  };

  test("applies the plan that was checked", async () => {
    await start(reviewed);
    write("review-out/changes", "true\n");
    expect(await apply(2)).toMatchObject({ code: 0 });
    expect(calls()).toEqual([CHECKED, APPLIED]);
  });

  test("applies nothing where nothing changes, whoever reviewed it", async () => {
    await start();
    write("review-out/changes", "false\n");
    expect(await apply(2)).toMatchObject({ code: 0, out: "aws-platform: nothing to apply\n" });
    expect(calls()).toEqual([]);
  });

  test.each([1, 3])("applies nothing where the check ends with %d", async (checked) => {
    await start(reviewed);
    write("review-out/changes", "true\n");
    expect((await apply(checked)).code).toBe(checked);
    expect(calls()).toEqual([CHECKED]);
  });

  test("applies nothing that nobody reviewed", async () => {
    await start();
    write("review-out/changes", "true\n");
    expect((await apply(2)).code).toBe(1);
    expect(calls()).toEqual([]);
  });

  test("applies nothing where the review is missing", async () => {
    await start(reviewed);
    expect((await apply(2)).code).not.toBe(0);
    expect(calls()).toEqual([]);
  });

  test("takes a fingerprint that was given by hand", async () => {
    await start();
    write("review-out/changes", "true\n");
    expect(await apply(2, { FINGERPRINT: "0123456789abcdef" })).toMatchObject({ code: 0 });
    expect(calls()).toEqual([CHECKED, APPLIED]);
  });
});

describe("the step that finds the stacks", () => {
  const stacks = (workflow: "plan-review" | "deploy", only = ""): ReturnType<typeof step> => {
    const stack = (name: string, ...dependencies: string[]) => [
      name,
      { name, dependencies, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
    ];
    const all = [
      stack("a-teams", "a-zone"),
      stack("a-zone", "b-base"),
      stack("b-base"),
      stack("local"),
      stack("z-azure"),
    ];
    write("cdktf.out/manifest.json", JSON.stringify({ stacks: Object.fromEntries(all) }));
    for (const name of ["a-teams", "a-zone", "b-base"])
      write(
        `cdktf.out/stacks/${name}/cdk.tf.json`,
        JSON.stringify({ provider: { aws: [{ region: "eu-west-1" }], helm: [{}] } }),
      );
    write("cdktf.out/stacks/z-azure/cdk.tf.json", JSON.stringify({ provider: { azurerm: [{}] } }));
    write("cdktf.out/stacks/local/cdk.tf.json", JSON.stringify({ provider: { helm: [{}] } }));
    const script = workflows[workflow].jobs["stacks"]?.steps.at(-1)?.run ?? "";
    return step(workflow, "stacks", script, { GITHUB_OUTPUT: join(work, "output"), ONLY: only });
  };
  const found = () =>
    JSON.parse(readFileSync(join(work, "output"), "utf8").replace("stacks=", "")) as readonly { stack: string }[];

  test("gives each with its cloud, a layer after those below it, and leaves out what is on no cloud", async () => {
    const { code, err } = await stacks("plan-review");
    expect([code, err]).toEqual([0, "note: local is on no cloud, so it is left out\n"]);
    expect(found()).toEqual([
      { stack: "b-base", cloud: "aws", region: "eu-west-1" },
      { stack: "a-zone", cloud: "aws", region: "eu-west-1" },
      { stack: "a-teams", cloud: "aws", region: "eu-west-1" },
      { stack: "z-azure", cloud: "azure" },
    ]);
  });

  test("fails where nothing was synthesized", async () => {
    const { code } = await run("bash", ["-e", "-c", workflows["plan-review"].jobs["stacks"]?.steps.at(-1)?.run ?? ""], {
      GITHUB_OUTPUT: join(work, "output"),
    });
    expect(code).not.toBe(0);
  });
});
