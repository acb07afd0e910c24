// Called by .ci/karpenter: the node pools of a synthesized stack, as real Karpenter understands them. What they should do is read from
// the config that the stack was made from.
//
// Karpenter runs with AWS's instance types and machines that are only simulated. The releases `node-pools-*` are installed by Helm as
// the stack describes them, but for nodeClassRef, which names the simulated cloud's class, and the EC2NodeClasses, which that cloud
// does not have (.ci/node-pools checks them). Requirements on karpenter.k8s.aws/instance-* need no translation: every instance type
// here has these labels.
//
// Shown, for every pool: its team's pods land on the team's pools and on no others, and machines of a team have that team's pods only; machines
// are as the config asks for; its limits
// stop it, and the pods that wait say why; spot is taken while there is any, and on-demand else where the pool allows both;
// uninstalling drains and removes its machines and no others.
const { execFileSync, spawn } = require("node:child_process");
const { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { basename, join } = require("node:path");
const { parse } = require("yaml");

const root = join(__dirname, "..");
const [cluster, cache, directory, port, stack, configFile] = process.argv.slice(2);
const TEAM = "stackyard.dev/team";
const POOL = "karpenter.sh/nodepool";
const CAPACITY = "karpenter.sh/capacity-type";

const temporary = mkdtempSync(join(tmpdir(), "karpenter-"));
const execute = (command, args, input) => execFileSync(command, args, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
const kubectl = (...args) => execute("kubectl", args);
const list = (kind) => JSON.parse(kubectl("get", kind, "-o", "json")).items;
const create = (items) =>
  execute("kubectl", ["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
const helm = (...args) => execute(join(cache, "bin", "helm"), args);
const wait = (seconds) => execFileSync("sleep", [String(seconds)]);

let problems = 0;
function expect(what, wrong) {
  const bad = wrong.filter(Boolean);
  console.log(`${bad.length === 0 ? "ok   " : "WRONG"} ${what}`);
  for (const line of bad.slice(0, 10)) console.log(`        ${line}`);
  problems += bad.length === 0 ? 0 : 1;
}

/** Waits until `ready` says so, for at most so many seconds; the checks that follow tell what is missing. */
function settle(seconds, ready) {
  for (let i = 0; i < seconds && !ready(); i += 1) wait(1);
}

// --- what the stack says ------------------------------------------------------------------------------------------------
const { resource } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8"));
const releases = Object.values(resource.helm_release)
  .filter(({ name }) => name.startsWith("node-pools-"))
  .map(({ name, chart, namespace, values }) => ({
    name,
    namespace,
    chart: join(stack, chart),
    objects: parse(values[0]).resources.filter(({ kind }) => kind === "NodePool"),
  }));
/** As the config has them: whose they are, and what their machines are. */
require(join(root, "register.js"));
const platform = require(configFile).default;
const shared = require(join(root, "config", "platform.ts")).sharedPool(
  platform.clusters.find(({ name }) => name === basename(stack)),
);
const wanted = [...(shared ? [shared] : []), ...platform.teams.flatMap(({ nodePools }) => nodePools)];

const nodeClassRef = { group: "karpenter.kwok.sh", kind: "KWOKNodeClass", name: "default" };
const pools = releases.flatMap(({ name: release, objects }) =>
  objects.map((object) => {
    const { name } = object.metadata;
    const { spec } = object.spec.template;
    spec.nodeClassRef = nodeClassRef;
    const config = wanted.find((pool) => name === (pool.team === undefined ? pool.name : `${pool.team}-${pool.name}`));
    if (!config) throw new Error(`the config has no pool ${name}`);
    return { name, release, object, config, team: config.team, spec };
  }),
);
if (pools.length !== wanted.length)
  throw new Error(`${wanted.length} pools in the config, ${pools.length} in ${stack}`);
if (pools.length < 3) throw new Error(`only ${pools.length} pools in ${stack}`);
const teams = [...new Set(pools.flatMap(({ team }) => team ?? []))];
const own = (team) => pools.filter((pool) => pool.team === team);
const spotOnly = ({ config }) => config.capacity === "spot";
/** What a team's pods carry to get onto some of its pools. */
const tolerations = (some) =>
  some.flatMap(({ config, team }) => [
    ...(team === undefined ? [] : [{ key: TEAM, operator: "Equal", value: team, effect: "NoSchedule" }]),
    ...(config.class === "gpu" ? [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] : []),
  ]);
const selectorOf = ({ config, team }) => ({
  ...config.labels,
  ...(team !== undefined && { [TEAM]: team }),
  "stackyard.dev/node-pool": config.name,
});
/** Pools that the config leaves without a taint take whoever selects nothing. */
const open = pools.filter(({ config, team }) => (!config.taint || team === undefined) && config.class !== "gpu");

function deployment(name, { selector = {}, tolerate = [], replicas = 1, gpu = false }) {
  const labels = { app: name };
  const requests = { cpu: "1", memory: "1Gi" };
  const resources = gpu ? { requests, limits: { "nvidia.com/gpu": "1" } } : { requests };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: selector,
          tolerations: tolerate,
          terminationGracePeriodSeconds: 1,
          containers: [{ name: "c", image: "example.com/x:1", resources }],
        },
      },
    },
  };
}

/** Pods that ask for exactly this pool. */
const forPool = (pool, replicas) =>
  deployment(`pool-${pool.name}`, {
    selector: selectorOf(pool),
    tolerate: tolerations([pool]),
    replicas,
    gpu: pool.config.class === "gpu",
  });

// --- what is there ------------------------------------------------------------------------------------------------------
const nodes = () => list("nodes");
const nodesOf = (pool, all = nodes()) => all.filter(({ metadata }) => metadata.labels[POOL] === pool.name);
function pods() {
  const pool = new Map(nodes().map(({ metadata }) => [metadata.name, metadata.labels[POOL]]));
  return list("pods").map(({ metadata, spec, status }) => ({
    name: metadata.name,
    app: metadata.labels.app,
    pool: pool.get(spec.nodeName),
    running: status.phase === "Running",
  }));
}
const messages = () =>
  list("events")
    .filter(({ reportingComponent }) => reportingComponent === "karpenter")
    .map(({ involvedObject, message }) => ({ pod: involvedObject.name, message }));

/** What is wrong with a machine of a pool. */
function unfit({ config, spec }, { metadata: { name, labels }, status }) {
  const label = (key) => labels[`karpenter.k8s.aws/instance-${key}`];
  const [smallest, largest] = config.cpus;
  const categories = { general: ["m"], compute: ["c"], memory: ["r", "x"], gpu: ["g", "p"] }[config.class];
  const types = config.aws.instanceTypes;
  const wrong = [
    labels["kubernetes.io/arch"] !== config.architecture && `is not ${config.architecture}`,
    types && !types.includes(labels["node.kubernetes.io/instance-type"]) && `is not one of ${types.join(", ")}`,
    !types && !categories.includes(label("category")) && `is of category ${label("category")}`,
    !types && (label("cpu") < smallest || label("cpu") > largest) && `has ${label("cpu")} cores`,
    config.class === "gpu" && !(Number(status.allocatable["nvidia.com/gpu"]) > 0) && "has no GPU",
    ...spec.requirements
      .filter((requirement) => !meets(labels, requirement))
      .map(({ key, operator, values }) => `has ${key} ${labels[key]}, not ${operator} ${values}`),
  ];
  return wrong.filter(Boolean).map((what) => `${name} (${labels["node.kubernetes.io/instance-type"]}) ${what}`);
}

function meets(labels, { key, operator, values }) {
  const value = labels[key];
  if (operator === "In") return values.includes(value);
  if (operator === "Gt") return Number(value) > Number(values[0]);
  if (operator === "Lt") return Number(value) < Number(values[0]);
  throw new Error(`no rule here for ${operator}`);
}

const quantity = (text = "0") => {
  const [, number, unit] = /^([\d.]+)(m|Ki|Mi|Gi|Ti)?$/.exec(text);
  return Number(number) * { undefined: 1, m: 0.001, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }[unit];
};

// --- checks -------------------------------------------------------------------------------------------------------------
function install(release) {
  const { name, namespace, chart, objects } = releases.find((one) => one.name === release);
  const values = join(temporary, "values.json");
  writeFileSync(values, JSON.stringify({ resources: objects }));
  helm("install", name, chart, "--namespace", namespace, "--values", values, "--wait");
}

function start() {
  for (const { name } of releases) install(name);
  kubectl("wait", "--for=condition=Ready", "--timeout=60s", "nodepools", "--all");
}

/**
 * Starts Karpenter again, on a cloud without any spot machine. Offerings marked as not available would be the way (NO_SPOT of
 * kube/cluster), but the simulated cloud of Karpenter 1.14.1 marks all of them as available again
 * (kwok/cloudprovider/helpers.go, setDefaultOptions), so they are taken out instead.
 */
function sellOut() {
  execute("env", ["NO_SPOT=1", cluster, "karpenter"]);
  end();
  const file = join(directory, "types.json");
  const types = JSON.parse(readFileSync(file, "utf8"));
  for (const type of types) type.offerings = type.offerings.filter(({ Available }) => Available);
  writeFileSync(file, JSON.stringify(types));
  const log = openSync(join(directory, "karpenter.log"), "w");
  const settings = {
    INSTANCE_TYPES_FILE_PATH: file,
    SYSTEM_NAMESPACE: "kube-system",
    DISABLE_LEADER_ELECTION: "true",
    METRICS_PORT: Number(port) + 1,
    HEALTH_PROBE_PORT: Number(port) + 2,
  };
  const karpenter = spawn(
    "env",
    [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), join(cache, "karpenter", "kwok")],
    { detached: true, stdio: ["ignore", log, log] },
  );
  karpenter.unref();
  writeFileSync(join(directory, "karpenter.pid"), String(karpenter.pid));
}

function stop() {
  kubectl("delete", "deployments", "--all", "--wait");
  for (const { name, namespace } of releases) helm("uninstall", name, "--namespace", namespace, "--wait");
  const left = () => list("nodes,nodeclaims,nodepools").map(({ metadata }) => metadata.name);
  settle(90, () => left().length === 0);
  expect("with the last release the last machine is gone", left());
}

/** Ends the Karpenter that was started last. */
function end() {
  const pid = Number(readFileSync(join(directory, "karpenter.pid"), "utf8"));
  process.kill(pid);
  settle(60, () => !alive(pid));
}

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const apart = (name, pool) => `${name} runs on ${pool}`;

function placement() {
  create([
    ...pools.map((pool) =>
      deployment(`pool-${pool.name}`, { selector: selectorOf(pool), tolerate: tolerations([pool]) }),
    ),
    ...teams.map((team) =>
      deployment(`team-${team}`, { selector: { [TEAM]: team }, tolerate: tolerations(own(team)), replicas: 3 }),
    ),
    ...teams.map((team) => deployment(`without-toleration-${team}`, { selector: { [TEAM]: team } })),
    ...teams.flatMap((team) =>
      teams
        .filter((other) => other !== team)
        .map((other) =>
          deployment(`${other}-on-${team}`, { selector: { [TEAM]: team }, tolerate: tolerations(own(other)) }),
        ),
    ),
    deployment("anyone", { replicas: 3 }),
  ]);
  const due = (pod) => /^(pool|team)-|^anyone$/.test(pod.app);
  settle(60, () =>
    pods()
      .filter(due)
      .every(({ running }) => running),
  );
  wait(5);
  const all = pods();
  const machines = nodes();
  const of = (app) => all.filter((pod) => pod.app === app);
  const openOf = (team) => open.filter((pool) => pool.team === team).map(({ name }) => name);
  for (const pool of pools)
    expect(
      `${pool.name}: a pod that selects it runs on it`,
      of(`pool-${pool.name}`).map(({ name, pool: on }) => on !== pool.name && apart(name, on)),
    );
  for (const team of teams) {
    const names = own(team).map(({ name }) => name);
    expect(
      `${team}: its pods run on its own pools (${names.join(", ")})`,
      of(`team-${team}`).map(({ name, pool: on }) => !names.includes(on) && apart(name, on)),
    );
    const strangers = all.filter(({ app }) => app === `without-toleration-${team}` || app.endsWith(`-on-${team}`));
    const where =
      openOf(team).length > 0 ? `only on the one without a taint (${openOf(team).join(", ")})` : "not at all";
    expect(
      `${team}: pods without its toleration run on its pools ${where}`,
      strangers.map(
        ({ name, pool: on }) =>
          (openOf(team).length > 0 ? !openOf(team).includes(on) : on !== undefined) && apart(name, on),
      ),
    );
  }
  expect(
    `no machine of a team's own has pods of another team (${teams.join(", ")})`,
    pools
      .filter((pool) => pool.team !== undefined && !open.includes(pool))
      .flatMap((pool) => {
        const theirs = own(pool.team).map(({ name }) => `pool-${name}`);
        return all
          .filter(({ app, pool: on }) => on === pool.name && app !== `team-${pool.team}` && !theirs.includes(app))
          .map(({ name, pool: on }) => apart(name, on));
      }),
  );
  expect(
    `pods that select nothing run where no taint is (${open.map(({ name }) => name).join(", ")})`,
    of("anyone").map(({ name, pool: on }) => !open.some((pool) => pool.name === on) && apart(name, on)),
  );
  for (const pool of pools)
    expect(
      `${pool.name}: its machines are ${pool.config.class}, ${pool.config.architecture}, ${pool.config.cpus.join(" to ")} cores`,
      nodesOf(pool, machines).flatMap((machine) => unfit(pool, machine)),
    );
  capacity(machines, "spot");
}

/** @param expected what a pool takes that allows both */
function capacity(machines, expected) {
  for (const pool of pools) {
    const kind = pool.config.capacity === "spot-with-fallback" ? expected : pool.config.capacity;
    const wrong = nodesOf(pool, machines)
      .filter(({ metadata }) => metadata.labels[CAPACITY] !== kind)
      .map(({ metadata }) => `${metadata.name} is ${metadata.labels[CAPACITY]}`);
    expect(`${pool.name}: its capacity is ${pool.config.capacity}, and it takes ${kind}`, wrong);
  }
}

function limits() {
  const asked = (pool) => Math.ceil(quantity(pool.object.spec.limits.cpu) * 1.25);
  kubectl("delete", "deployments", "--all", "--wait");
  create(pools.map((pool) => forPool(pool, asked(pool))));
  const running = () => pods().filter((pod) => pod.running).length;
  // Until nothing has moved for a while.
  for (let [before, calm, i] = [-1, 0, 0]; calm < 4 && i < 40; i += 1) {
    wait(3);
    const now = running();
    calm = now === before && now > 0 ? calm + 1 : 0;
    before = now;
  }
  const [all, told, objects] = [pods(), messages(), list("nodepools")];
  for (const pool of pools) {
    const mine = all.filter(({ app }) => app === `pool-${pool.name}`);
    const waiting = mine.filter((pod) => !pod.running);
    const { resources } = objects.find(({ metadata }) => metadata.name === pool.name).status;
    const { limits } = pool.object.spec;
    // What Karpenter counts; in the simulated cloud a machine counts as what was asked of it, not as its whole size.
    const over = ["cpu", "memory"].filter((what) => quantity(resources[what]) > quantity(limits[what]));
    const silent = waiting.filter(
      ({ name }) =>
        !told.some(
          ({ pod, message }) =>
            pod === name && message.includes("exceed limits") && message.includes(`NodePool=${pool.name})`),
        ),
    );
    const said = told.find(
      ({ pod, message }) => waiting.some(({ name }) => name === pod) && message.includes("exceed limits"),
    );
    expect(
      `${pool.name}: ${mine.length - waiting.length} of ${mine.length} pods run on ${resources.cpu} of ${limits.cpu} cores` +
        ` and ${(quantity(resources.memory) / 2 ** 30).toFixed(0)} of ${quantity(limits.memory) / 2 ** 30} GiB; the others wait`,
      [
        ...over.map((what) => `${what}: ${resources[what]} is more than ${limits[what]}`),
        waiting.length === 0 && "none waits",
        waiting.length === mine.length && "none runs",
        silent.length > 0 &&
          `${silent.length} of ${waiting.length} that wait have not been told that the limits are why`,
      ],
    );
    if (pool === pools[0] && said) console.log(`        ${said.message.slice(0, 200)}`);
  }
}

/**
 * On AWS, Helm itself waits: an EC2NodeClass goes only when the last of its machines is gone. The simulated cloud has none of them, so
 * that the uninstall returns at once, and what is waited for here is Karpenter, which drains what has lost its pool.
 */
function removal() {
  const { name, namespace } = releases.find((release) =>
    pools.some((pool) => pool.release === release.name && pool.team),
  );
  const leaving = pools.filter((pool) => pool.release === name);
  const names = new Set(leaving.map((pool) => pool.name));
  const machines = () => nodes().filter(({ metadata }) => names.has(metadata.labels[POOL]));
  const claims = () => list("nodeclaims").filter(({ metadata }) => names.has(metadata.labels[POOL]));
  const had = machines().length;
  const [begin] = process.hrtime();
  helm("uninstall", name, "--namespace", namespace, "--wait");
  settle(90, () => machines().length + claims().length === 0);
  const [end] = process.hrtime();
  expect(`${name}: once uninstalled, its ${had} machines were drained and gone in ${end - begin} s`, [
    had === 0 && "it had none",
    ...[...machines(), ...claims()].map(({ metadata }) => `${metadata.name} is still there`),
    ...pods()
      .filter(({ app, pool }) => [...names].some((pool) => app === `pool-${pool}`) && pool !== undefined)
      .map((pod) => apart(pod.name, pod.pool)),
  ]);
  const after = nodes();
  expect(
    "the other pools keep theirs",
    pools.map((pool) => !names.has(pool.name) && nodesOf(pool, after).length === 0 && `${pool.name} has none`),
  );
  install(name);
}

function soldOut() {
  create(pools.map((pool) => forPool(pool)));
  const due = ({ app }) => pools.some((pool) => app === `pool-${pool.name}` && !spotOnly(pool));
  settle(60, () =>
    pods()
      .filter(due)
      .every(({ running }) => running),
  );
  wait(3);
  const all = pods();
  for (const pool of pools) {
    const fallback = !spotOnly(pool);
    expect(
      `${pool.name}: spot is sold out, its pods ${fallback ? "run" : "wait"}`,
      all
        .filter(({ app }) => app === `pool-${pool.name}`)
        .map(({ name, running }) => running !== fallback && `${name} ${running ? "runs" : "waits"}`),
    );
  }
  capacity(nodes(), "on-demand");
}

console.log(`${pools.length} pools of ${teams.length} teams and the cluster, from ${releases.length} releases`);
try {
  execute("env", ["-u", "NO_SPOT", cluster, "karpenter"]);
  start();
  placement();
  limits();
  removal();
  stop();
  end();
  sellOut();
  start();
  soldOut();
  stop();
} catch (error) {
  problems += 1;
  console.error(error.stderr || error);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
console.log(`${problems} wrong`);
process.exitCode = problems === 0 ? 0 : 1;
