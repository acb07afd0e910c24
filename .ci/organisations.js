// One worker of .ci/organisations:  organisations.js SYNTHESIZED CALCULATED SEED
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const fc = require("fast-check");
const { stringify } = require("yaml");
const { arithmetic, disturbed, wrongWith } = require("../__tests__/support/organisation-checks");
const { NEWCOMER, organisation, withNewcomer } = require("../__tests__/support/organisations");
const { synthesize } = require("../cli/synthesize");
const { definePlatform } = require("../config/define-platform");
const { isConfigError } = require("../config/problems");

const [synthesized, calculated, seed] = process.argv.slice(2).map(Number);
const work = mkdtempSync(join(tmpdir(), "stackyard-organisations-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

const refused = new Map();
/** The platform of a config; undefined where a rule refuses it, as it does for two namespaces of one name. */
function platformOf(input) {
  try {
    return definePlatform(input);
  } catch (error) {
    if (!isConfigError(error)) throw error;
    for (const rule of new Set(error.problems.map((problem) => problem.rule)))
      refused.set(rule, (refused.get(rule) ?? 0) + 1);
    return undefined;
  }
}

/** A team that asks for more than all of its pools allow is refused, by the rule that says so. */
function refusesTooMuch(input) {
  const [name, team] = Object.entries(input.teams).find(([, { nodePools }]) => nodePools) ?? [];
  if (name === undefined || Object.keys(input.clusters).every((cluster) => cluster.startsWith("local"))) return [];
  const limit = Object.values(team.nodePools).reduce((sum, { limits }) => sum + limits.cpu, 0);
  const { quota: _quota, namespaces: _namespaces, ...rest } = team;
  const asked = { ...input, teams: { ...input.teams, [name]: { ...rest, quota: { cpu: limit + 1, memory: "1Gi" } } } };
  try {
    definePlatform(asked);
  } catch (error) {
    if (
      isConfigError(error) &&
      error.problems.some(({ rule, path }) => rule === "team-capacity" && path === `teams.${name}`)
    )
      return [];
  }
  return [`${name} asks for ${limit + 1} cores of pools with ${limit}, and is not refused`];
}

function stacksOf(platform) {
  const outdir = join(work, "out");
  const { stacks } = synthesize({ platform, outdir });
  return Object.fromEntries(
    stacks.map(({ name }) => [name, readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")]),
  );
}

let kept = 0;
function whole(input) {
  const platform = platformOf(input);
  const grown = platformOf(withNewcomer(input));
  if (!platform || !grown) return [];
  kept += 1;
  const stacks = stacksOf(platform);
  const wrong = [...wrongWith(input, stacks), ...disturbed(input, stacks, stacksOf(grown), NEWCOMER)];
  // The same again after another platform, in the same process: nothing is remembered.
  const again = kept % 3 === 0 ? stacksOf(platform) : stacks;
  return Object.keys(stacks).every((name) => stacks[name] === again[name])
    ? wrong
    : [...wrong, "a second synth gives other bytes"];
}

function sums(input) {
  const platform = platformOf(input);
  return platform ? [...arithmetic(input, platform.environments), ...refusesTooMuch(input)] : [];
}

function run(what, check, numRuns) {
  const start = process.cpuUsage();
  const result = fc.check(
    fc.property(organisation, (input) => {
      const wrong = check(input);
      if (wrong.length > 0) throw new Error(wrong.slice(0, 10).join("\n"));
    }),
    { seed, numRuns, endOnFailure: false, interruptAfterTimeLimit: 1_200_000 },
  );
  const { user, system } = process.cpuUsage(start);
  if (result.failed) {
    console.log(
      `wrong ${what}, seed ${seed}, path ${result.counterexamplePath}, after ${result.numShrinks} smaller ones:`,
    );
    console.log(`${result.errorInstance?.message ?? ""}\n${stringify(result.counterexample?.[0])}`);
    process.exitCode = 1;
  }
  console.log(
    `${result.numRuns} organisations ${what}, seed ${seed}: ${result.failed ? "wrong" : "ok"}, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
  );
}

run("calculated", sums, calculated);
run("synthesized", whole, synthesized);
const rejected = [...refused.values()].reduce((sum, count) => sum + count, 0);
console.log(`refused by rules: ${[...refused].map(([rule, count]) => `${rule} ${count}`).join(", ") || "none"}`);
if (rejected > (calculated + synthesized) / 10) {
  console.log("wrong: more than a tenth of the organisations is refused, and shows nothing");
  process.exitCode = 1;
}
