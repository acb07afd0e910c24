// Called by .ci/faults. Real Terraform, the simulator's providers, and a failure of every resource on every operation.
//
// In a pass over an operation each resource fails on its first attempt. A run of Terraform so fails wherever it can get to, and
// leaves out what depends on that; the next run must finish what failed, and fails one level further down. As many runs as the
// longest chain of dependencies is long (about twenty) fail every resource once, while a run for each would take an hour.
//
//   create          nothing is left of what failed (helm releases: because they are atomic, which is checked)
//   create + taint  half of it is left: the next run replaces it. And after each run somebody gives up: destroy leaves nothing
//   update          from the first stack to the second; the next run goes on, nothing is replaced that would not have been
//   delete          destroy fails, the next destroy goes on, until nothing is left
//
// What failed and what recovered is read from Terraform's own event stream, by address, and compared with what it planned; after
// each pass the plan must be empty. Which resources there are is read from the plan, never listed here.
const { Buffer } = require("node:buffer");
const { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join, resolve } = require("node:path");

const [sim, first, second] = process.argv.slice(2).map((path) => resolve(path));
if (!second) {
  console.error("usage: .ci/faults STACK_DIR CHANGED_DIR");
  process.exit(2);
}
const lib = (name) => require(join(sim, "lib", name));
const { SimProvider } = lib("handlers.js");
const { hintOf } = lib("identity.js");
const { decodeValue } = lib("unknown.js");
const { Needs, copyStack, readStack } = lib("stack.js");
const { startSession } = lib("session.js");
const { exec } = lib("exec.js");

/** What fails now: an operation, and whether it leaves a half-made object; what has failed already; the faults given to the simulator. */
const injected = { op: undefined, taint: false, done: new Set() };
const problems = [];

const uidOf = (bytes) => JSON.parse(Buffer.from(bytes ?? "").toString() || "{}").uid;
/** A release that fails to install and is atomic is taken away by Helm. */
const leavesNothing = (type, values) => type === "helm_release" && values.atomic === true;

// The simulator fails by type and name, which several resources may share. So each call is told apart here (an object that exists
// by its id in the simulator, one to be made by its values) and given a fault of the simulator's own just before it is handled.
const apply = SimProvider.prototype.ApplyResourceChange;
SimProvider.prototype.ApplyResourceChange = function (request) {
  const { type_name: type } = request;
  const [prior, planned] = [decodeValue(request.prior_state), decodeValue(request.planned_state)];
  const op = planned === null ? "delete" : prior === null ? "create" : "update";
  const key = `${op} ${type} ${op === "create" ? JSON.stringify(planned) : uidOf(request.planned_private)}`;
  if (op === injected.op && !injected.done.has(key) && !(injected.taint && leavesNothing(type, planned))) {
    injected.done.add(key);
    const name = hintOf(type, planned ?? prior);
    this.env.faults.fails.push({ type, name, op, taint: injected.taint, text: "as injected", used: false });
  }
  return apply.call(this, request);
};

/** `name 3, other 1`: how many of each. */
function count(names) {
  const numbers = new Map();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return [...numbers].map(([name, number]) => `${name} ${number}`).join(", ");
}

/** A stack in a work folder, on which Terraform runs. */
class Work {
  constructor(session, directory) {
    Object.assign(this, { session, directory });
  }

  terraform(...args) {
    return exec(["terraform", ...args], { cwd: this.directory, env: this.session.env });
  }

  state() {
    const file = join(this.directory, "terraform.tfstate");
    const { resources = [] } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    return resources
      .filter(({ mode }) => mode === "managed")
      .flatMap(({ type, name, instances }) =>
        instances.map(({ index_key: index, status, create_before_destroy: createFirst = false }) => ({
          address: `${type}.${name}${index === undefined ? "" : `[${JSON.stringify(index)}]`}`,
          tainted: status === "tainted",
          createFirst,
        })),
      );
  }

  /** One run, as Terraform tells it: what it planned, what failed and what was done, by address. */
  async run(command) {
    const { out } = await this.terraform(command, "-json", "-auto-approve", "-input=false");
    const events = out.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
    const of = (wanted) => events.filter(({ type }) => type === wanted);
    const hooks = (wanted) => of(wanted).map(({ hook }) => ({ address: hook.resource.addr, action: hook.action }));
    for (const { diagnostic } of of("diagnostic"))
      if (diagnostic.severity === "error" && !/as injected/.test(diagnostic.detail))
        problems.push(`${command}: ${diagnostic.address ?? ""} ${diagnostic.summary}: ${diagnostic.detail}`);
    return {
      planned: of("planned_change").map(({ change }) => ({ address: change.resource.addr, action: change.action })),
      failed: hooks("apply_errored"),
      complete: hooks("apply_complete"),
    };
  }

  async emptyPlan(after) {
    const { code, out } = await this.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color");
    if (code !== 0) problems.push(`the plan after ${after} is not empty:\n${out}`);
  }
}

/** Runs until nothing fails any more; `each` looks at every run. Returns what the first run planned. */
async function pass(work, title, { command, op, taint = false, each = () => undefined }) {
  Object.assign(injected, { op, taint, done: new Set() });
  const start = process.hrtime();
  const problem = (address, what) => problems.push(`${title}: ${address} ${what}`);
  const [failed, done] = [new Set(), new Set()];
  let planned;
  let last = [];
  let runs = 0;
  do {
    const before = problems.length;
    const run = await work.run(command);
    runs += 1;
    planned ??= run.planned;
    for (const { address } of run.complete) done.add(address);
    for (const address of last)
      if (!done.has(address)) problem(address, "failed, and the next run did not get it done");
    for (const { address, action } of run.failed) {
      failed.add(address);
      done.delete(address);
      if (action !== op) problem(address, `failed in ${action} instead`);
    }
    last = run.failed.map(({ address }) => address);
    await each(last);
    if (problems.length > before) {
      last = ["given up"];
      break;
    }
  } while (last.length > 0);
  injected.op = undefined;

  // terraform_data is Terraform's own: no provider could fail it.
  const meant = planned
    .filter(({ action, address }) => action === op && !address.startsWith("terraform_data."))
    .map(({ address }) => address);
  const spared = meant.filter((address) => !failed.has(address));
  const atomic = spared.filter((address) => taint && address.startsWith("helm_release."));
  // Planned while a value was not known yet, which then was the same as before.
  const unchanged = spared.filter((address) => op === "update" && !done.has(address));
  const missed = spared.filter((address) => !atomic.includes(address) && !unchanged.includes(address));
  if (last.length > 0)
    problems.push(`${title}: given up after ${runs} runs, ${missed.length} resources have not failed yet`);
  else for (const address of missed) problem(address, "never failed");
  const others = count(planned.map(({ action }) => action).filter((action) => action !== op));
  console.log(
    `  ${title}: ${failed.size} of ${meant.length} resources failed and recovered in ${runs} runs` +
      (atomic.length > 0 ? `, ${atomic.length} atomic releases have no half-made state` : "") +
      (unchanged.length > 0 ? `, ${unchanged.length} had no change once all values were known` : "") +
      (others && `; also planned: ${others}`) +
      ` (${process.hrtime(start)[0]} s)`,
  );
  return planned;
}

const remains = (work) => work.state().map(({ address }) => address);

async function main() {
  const temporary = mkdtempSync(join(tmpdir(), "faults-"));
  const needs = new Needs();
  for (const stack of [first, second]) needs.addStack(readStack(stack));
  const session = await startSession(needs, { modules: [resolve("node_modules")], from: [] });
  const folder = (name, stack) => {
    const directory = mkdtempSync(join(temporary, `${name}-`));
    const json = copyStack(stack, directory);
    return { work: new Work(session, directory), json };
  };
  const checked = async (work, ...args) => {
    const { code, out } = await work.terraform(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")}:\n${out}`);
  };
  try {
    const { work, json } = folder("stack", first);
    for (const [id, { atomic, cleanup_on_fail }] of Object.entries(json.resource.helm_release ?? {}))
      if (atomic !== true || cleanup_on_fail !== true)
        problems.push(`helm_release.${id} is not atomic with cleanup_on_fail: a failed install would stay, half-made`);
    await checked(work, "init", "-input=false", "-no-color");

    const nothingLeft = (failed) => {
      const there = new Set(remains(work));
      for (const address of failed)
        if (there.has(address)) problems.push(`create: ${address} failed, but is in the state`);
    };
    await pass(work, "create", { command: "apply", op: "create", each: nothingLeft });
    await work.emptyPlan("create");

    // The same folder, so that Terraform updates what the pass above made.
    for (const name of ["cdk.tf.json", "assets"]) rmSync(join(work.directory, name), { recursive: true, force: true });
    copyStack(second, work.directory);
    const planned = await pass(work, "update", { command: "apply", op: "update" });
    const touched = new Set(planned.map(({ address }) => address));
    const untouched = work.state().filter(({ address }) => !touched.has(address));
    console.log(`    no update to fail: ${untouched.length} resources, which no change of the config updates in place`);
    console.log(`      ${count(untouched.map(({ address }) => address.split(".")[0]))}`);
    await work.emptyPlan("update");

    await pass(work, "delete", { command: "destroy", op: "delete" });
    if (remains(work).length > 0) problems.push(`left after destroy: ${remains(work).join(", ")}`);

    const { work: tainted } = folder("tainted", first);
    await checked(tainted, "init", "-input=false", "-no-color");
    let abandoned = 0;
    const createFirst = new Set();
    const half = async (failed) => {
      const state = new Map(tainted.state().map((resource) => [resource.address, resource]));
      for (const address of failed)
        if (!state.get(address)?.tainted) problems.push(`create + taint: ${address} failed, but is not tainted`);
      for (const [address, resource] of state) if (resource.tainted && resource.createFirst) createFirst.add(address);
      if (failed.length === 0) return;
      const given = mkdtempSync(join(temporary, "given-up-"));
      cpSync(tainted.directory, given, { recursive: true });
      const work = new Work(session, given);
      await work.run("destroy");
      const left = remains(work);
      if (left.length > 0) problems.push(`create + taint, then destroy: left are ${left.join(", ")}`);
      abandoned += 1;
      rmSync(given, { recursive: true });
    };
    await pass(tainted, "create + taint", { command: "apply", op: "create", taint: true, each: half });
    console.log(`    given up after each of ${abandoned} failed runs: destroy leaves nothing`);
    console.log(
      `    made anew before the half-made one goes: ${createFirst.size} resources, because something downstream is`,
    );
    console.log(
      `      create_before_destroy; a cloud refuses that where a name or range exists once, which no simulator here knows`,
    );
    console.log(`      ${count([...createFirst].map((address) => address.split(".")[0]))}`);
    await tainted.emptyPlan("create + taint");
    await tainted.run("destroy");
    if (remains(tainted).length > 0) problems.push(`left after destroy: ${remains(tainted).join(", ")}`);
  } finally {
    session.close();
    rmSync(temporary, { recursive: true, force: true });
  }
  for (const problem of problems.slice(0, 40)) console.log(`  PROBLEM ${problem.slice(0, 600)}`);
  console.log(`  ${problems.length} problems`);
  return problems.length > 0 ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
