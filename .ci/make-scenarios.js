// See .ci/scenarios.
const { execFileSync } = require("node:child_process");
const { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { isDeepStrictEqual } = require("node:util");
const { format, resolveConfig } = require("prettier");
const { reducePlan } = require("./reduce-plan");
const { factsOf, missingWords, OF_WHOLE_PLANS, reviewPlan } = require("./scenario-facts");
const { env } = require("node:process");
const { example, scenarios } = require("./scenarios.js");

const root = join(__dirname, "..");
const fixtures = join(root, "__tests__", "fixtures", "review");
const factsFile = join(__dirname, "scenario-facts.json");
const simulator = join(root, "..", "shared", "verify", "terraform-sim");
const work = env.SCENARIO_WORK ?? mkdtempSync(join(tmpdir(), "scenarios-"));

const run = (command, args, options = {}) => {
  try {
    return execFileSync(command, args, {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 2 ** 30,
      ...options,
    });
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")}: ${error.stdout ?? ""}${error.stderr ?? ""}`.slice(0, 3000), {
      cause: error,
    });
  }
};
const folder = (name) => {
  const path = join(work, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
};

function synth(text, directory) {
  const file = join(directory, "platform.config.ts");
  writeFileSync(file, text.replaceAll('"./config/', `"${root}/config/`));
  run("node", ["-r", "./register.js", "main.ts"], {
    env: { ...env, PLATFORM_CONFIG: file, CDKTF_OUTDIR: join(directory, "out") },
  });
  return (stack) => join(directory, "out", "stacks", stack);
}

/** The example's stacks are protected from what some scenarios do. */
const simulate = (stack, ...args) =>
  run(simulator, [
    "cycle",
    "--stack",
    stack,
    "--modules",
    join(root, "node_modules"),
    "--ignore-prevent-destroy",
    "--quiet",
    ...args,
  ]);

let base;
/** The state of the example, made once. */
function stateOf(stack) {
  const state = join(work, `${stack}.tfstate`);
  if (!existsSync(state)) simulate(baseOf(stack), "--no-destroy", "--save-state", state);
  return state;
}
function baseOf(stack) {
  base ??= synth(example, folder("base"));
  return base(stack);
}

function tainted(state, pattern, directory) {
  const parsed = JSON.parse(readFileSync(state, "utf8"));
  const found = parsed.resources.find(({ name }) => pattern.test(name));
  found.instances[0].status = "tainted";
  const file = join(directory, "tainted.tfstate");
  writeFileSync(file, JSON.stringify(parsed));
  return file;
}

function planOf({ name, stack, config, edit, drift = [], taint, from, to }) {
  const directory = folder(name);
  if (stack === "terraform") return planOfTerraform(from, to, directory);
  const changed = (config || edit ? synth(config?.() ?? example, directory) : baseOf)(stack);
  if (edit) {
    const file = join(changed, "cdk.tf.json");
    const json = JSON.parse(readFileSync(file, "utf8"));
    edit(json);
    writeFileSync(file, JSON.stringify(json));
  }
  const state = taint ? tainted(stateOf(stack), taint, directory) : stateOf(stack);
  const file = join(directory, `${stack}.json`);
  simulate(
    changed,
    "--state",
    state,
    "--plan-only",
    "--plan-json",
    file,
    ...drift.flatMap((what) => ["--drift", what]),
  );
  return JSON.parse(readFileSync(file, "utf8"));
}

function planOfTerraform(from, to, directory) {
  const terraform = (...args) => run("terraform", args, { cwd: directory });
  const write = (json) => writeFileSync(join(directory, "main.tf.json"), JSON.stringify(json));
  write(from);
  terraform("init", "-input=false");
  terraform("apply", "-input=false", "-auto-approve");
  write(to);
  terraform("plan", "-input=false", "-out=plan");
  return JSON.parse(terraform("show", "-json", "plan"));
}

/** What is wrong with a scenario, and what it writes. */
function tryScenario(scenario, again) {
  const kept = join(work, `${scenario.name}.plan.json`);
  const plan = again && existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : planOf(scenario);
  writeFileSync(kept, JSON.stringify(plan));
  const whole = reviewPlan(JSON.stringify(plan), scenario.stack);
  const fixture = JSON.stringify(reducePlan(plan));
  const reduced = reviewPlan(fixture, scenario.stack);
  const found = factsOf(whole.review);
  const { mentions, ...expected } = scenario.facts ?? {};
  const wrong = [
    ...Object.entries(factsOf(reduced.review))
      .filter(([fact, value]) => !OF_WHOLE_PLANS.includes(fact) && !isDeepStrictEqual(found[fact], value))
      .map(
        ([fact, value]) =>
          `the fixture says otherwise: ${fact} ${JSON.stringify(value)}, and the plan ${JSON.stringify(found[fact])}`,
      ),
    ...Object.keys({ ...expected, ...found })
      .filter((fact) => !isDeepStrictEqual(found[fact], expected[fact]))
      .map((fact) => `${fact} is ${JSON.stringify(found[fact])}, and was to be ${JSON.stringify(expected[fact])}`),
    ...missingWords(whole.review, mentions).map((word) => `nothing is said of "${word}"`),
  ];
  return { wrong, found: { ...(mentions && { mentions }), ...found }, fixture, markdown: whole.markdown };
}

/** One object a line: what differs between two versions of a fixture is then to be seen. */
const lines = (fixture) => `${fixture.replaceAll('{"address":', '\n{"address":')}\n`;

async function main(given) {
  const again = given.includes("--again");
  const args = given.filter((arg) => arg !== "--again");
  const writes = args[0] === "--write";
  const names = writes
    ? args.slice(1)
    : args[0] === "--check"
      ? scenarios.slice(0, Number(args[1])).map(({ name }) => name)
      : args;
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  const facts = JSON.parse(readFileSync(factsFile, "utf8"));
  let failed = 0;
  mkdirSync(fixtures, { recursive: true });
  for (const scenario of chosen) {
    try {
      const { wrong, found, fixture, markdown } = tryScenario(scenario, again);
      if (writes) {
        facts[scenario.name] = found;
        const options = (await resolveConfig(join(root, "index.ts"))) ?? {};
        writeFileSync(join(fixtures, `${scenario.name}.json`), lines(fixture));
        writeFileSync(join(fixtures, `${scenario.name}.md`), markdown);
        const sorted = Object.fromEntries(scenarios.flatMap(({ name }) => (facts[name] ? [[name, facts[name]]] : [])));
        writeFileSync(factsFile, await format(JSON.stringify(sorted), { ...options, parser: "json" }));
      }
      const faults = writes ? wrong.filter((fault) => fault.startsWith("the fixture")) : wrong;
      if (faults.length > 0) failed += 1;
      for (const fault of faults) console.log(`  ${scenario.name}: ${fault}`);
    } catch (error) {
      failed += 1;
      console.log(`  ${scenario.name}: ${error.message}`);
    }
  }
  if (env.SCENARIO_WORK === undefined) rmSync(work, { recursive: true, force: true });
  console.log(`${chosen.length} scenarios, ${failed} wrong`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main(process.argv.slice(2));
