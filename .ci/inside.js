// Runs the Jobs that take teams into an environment:
//   inside.js flags STACK_DIR ENVIRONMENT                     the flags of the virtual API server, as far as an API server anywhere takes them
//   inside.js try STACK_DIR ENVIRONMENT HELM KUBECONFIG       the Jobs' commands against that API server
const { execFileSync, spawnSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { parse, parseAllDocuments, stringify } = require("yaml");

const [, , mode, stack, environment, helm, kubeconfig] = process.argv;
const { resource } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8"));
const releases = Object.values(resource.helm_release);
const valuesOf = (release) => parse(release.values[0].replaceAll(/(?<![$%])\$\{[^}]*\}/g, "later"));
const teams = new Map(
  releases
    .filter(({ chart }) => /^assets\/chart-team\//.test(chart))
    .map((release) => [release.name, valuesOf(release)]),
);
const PROTECTED = "stackyard.dev/deletion-protection";
// Lifted, but for where it is tried.
for (const { inside } of teams.values()) delete inside.labels?.[PROTECTED];
const { cluster } = [...teams.values()][0].environments.find(({ name }) => name === environment);

if (mode === "flags") {
  const flags = valuesOf(releases.find(({ name }) => name === cluster)).controlPlane.distro.k8s.apiServer.extraArgs;
  // Who signs in is asked elsewhere; nobody answers at the issuer's address here.
  console.log(flags.filter((flag) => !flag.startsWith("--oidc-")).join(" "));
  process.exit(0);
}

const work = mkdtempSync(join(tmpdir(), "stackyard-inside-"));
process.on("exit", () => rmSync(work, { recursive: true }));
let wrong = 0;
const expect = (what, holds, answer = "") => {
  if (!holds) wrong += 1;
  console.log(`${holds ? "ok" : "WRONG"} ${what}${holds ? "" : `: ${answer}`}`);
};

/** What the release of a team makes of these values; `flags` of `helm template`. */
function render(team, values, flags) {
  const file = join(work, "values.yaml");
  writeFileSync(file, stringify(values));
  const text = execFileSync(helm, ["template", team, "charts/team", "-n", "stackyard-teams", "-f", file, ...flags], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object?.metadata.namespace === `vcluster-${cluster}`);
}

/** Runs the Job that Helm would run at this hook, as its pod would. */
function run(team, values, hook, ...flags) {
  const objects = render(team, values, flags);
  const jobs = objects.filter(
    ({ kind, metadata }) => kind === "Job" && metadata.annotations["helm.sh/hook"].split(",").includes(hook),
  );
  if (jobs.length !== 1) throw new Error(`${team} has ${jobs.length} Jobs at ${hook}`);
  const { initContainers = [], containers, volumes } = jobs[0].spec.template.spec;
  const at = (name) => containers[0].volumeMounts.find((mount) => mount.name === name).mountPath;
  const paths = volumes.map(({ name, configMap, secret }) => {
    if (secret) {
      if (secret.secretName !== `vc-${cluster}`) throw new Error(`${secret.secretName} is not what vCluster exports`);
      return [join(at(name), secret.items[0].path), kubeconfig];
    }
    const { data } = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === configMap.name);
    for (const [key, text] of Object.entries(data)) writeFileSync(join(work, key), text);
    return [`${at(name)}/`, `${work}/`];
  });
  let last;
  for (const { command: words } of [...initContainers, ...containers]) {
    const [command, ...args] = words.map((part) => paths.reduce((text, [from, to]) => text.replace(from, to), part));
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
    last = { status, answer: `${stdout}${stderr}` };
    if (status !== 0) break;
  }
  return last;
}

function kubectl(args, input) {
  const { status, stdout, stderr } = spawnSync("kubectl", ["--kubeconfig", kubeconfig, ...args], {
    encoding: "utf8",
    input: input === undefined ? undefined : JSON.stringify(input),
  });
  return { status, answer: `${stdout}${stderr}`, stdout };
}
const get = (...args) => JSON.parse(kubectl(["get", "--output=json", ...args]).stdout);
const KINDS = "resourcequota,limitrange,networkpolicy,rolebinding,configmap";

/** Everything in namespaces, but for a team's, with the version that it has. */
const others = (team) =>
  JSON.stringify(
    get(KINDS, "--all-namespaces")
      .items.filter(({ metadata }) => /^team-/.test(metadata.namespace) && metadata.namespace !== team)
      .map(({ kind, metadata: { namespace, name, resourceVersion } }) => [kind, namespace, name, resourceVersion]),
  );

/** The pod as the API server would have it, or its refusal. */
function pod(namespace, spec) {
  const container = { name: "c", image: "example.com/x:1" };
  const { status, stdout, answer } = kubectl(["create", "--dry-run=server", "--output=json", "--filename=-"], {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", namespace },
    spec: { containers: [container], ...spec },
  });
  return status === 0 ? { spec: JSON.parse(stdout).spec } : { refused: answer };
}
const wait = (ready) => {
  for (let left = 120; left > 0 && !ready(); left -= 1) execFileSync("sleep", ["0.5"]);
};
const admissible = (namespace) =>
  wait(() => kubectl(["get", "-n", namespace, "serviceaccount", "default"]).status === 0);

// --- what belongs to the environment as a whole: vCluster applies it when it starts -------------------------------------------------
const { manifests } = valuesOf(releases.find(({ name }) => name === cluster)).experimental.deploy.vcluster;
writeFileSync(join(work, "environment.yaml"), manifests);
const applied = kubectl(["apply", "--server-side", "--filename", join(work, "environment.yaml")]);
expect("the environment's own manifests are valid", applied.status === 0, applied.answer);

// --- applied ---------------------------------------------------------------------------------------------------------
const inside = [...teams].filter(([, values]) =>
  values.environments.some(({ name, quota }) => name === environment && quota),
);
const outside = [...teams].find(([team]) => !inside.some(([name]) => name === team));
const of = (values) => values.environments.find(({ name }) => name === environment);
const changed = (values, change) => {
  const copy = JSON.parse(JSON.stringify(values));
  change(copy);
  return copy;
};
const [[team, values], [other]] = inside;
const own = values.labels["stackyard.dev/team"];

// Somebody made it by hand, before there were these Jobs.
kubectl(["create", "namespace", team]);
kubectl(["-n", team, "create", "configmap", "by-hand", "--from-literal=a=b"]);
const byHand = () => kubectl(["-n", team, "get", "configmap", "by-hand"]).status === 0;
const theirs = get("namespace", team).metadata.resourceVersion;
const notOurs = run(team, values, "post-install");
expect(
  `a namespace that somebody else made is refused: ${notOurs.answer.trim()}`,
  notOurs.status !== 0 && notOurs.answer.includes(team),
  notOurs.answer,
);
expect("and untouched", get("namespace", team).metadata.resourceVersion === theirs, "changed");
for (const flags of [[], ["--is-upgrade"]]) {
  const uninstalled = run(team, values, "pre-delete", ...flags);
  expect(
    `it stays when the release goes (${flags.join() || "as installed"})`,
    uninstalled.status === 0 && byHand(),
    uninstalled.answer,
  );
}
kubectl(["label", "namespace", team, "stackyard.dev/adopt=true"]);
for (const [name, its] of inside) {
  const { status, answer } = run(name, its, "post-install");
  expect(`${name} is there`, status === 0, answer);
  const { hard } = get("-n", name, "resourcequota", "team").spec;
  expect(`${name} has its quota`, hard["requests.cpu"] === of(its).quota["requests.cpu"], JSON.stringify(hard));
  admissible(name);
}
const { labels } = get("namespace", team).metadata;
expect(
  "a namespace that was handed over is taken over",
  labels["pod-security.kubernetes.io/enforce"] === "baseline",
  labels,
);
const failed = run(team, values, "pre-delete");
expect("where the first install fails, it stays", failed.status === 0 && byHand(), failed.answer);
const before = others("");
for (const [name, its] of inside) run(name, its, "post-upgrade");
expect("a second time changes nothing", others("") === before, others(""));

// --- access: the hand-written matrix, asked of this API server ----------------------------------------------------------
const access = spawnSync(process.execPath, [join(__dirname, "access.js"), kubeconfig, environment], {
  encoding: "utf8",
});
expect(
  `who may do what: ${access.stdout.trim().split("\n").at(-1)}`,
  access.status === 0,
  access.stdout + access.stderr,
);

// --- pools -----------------------------------------------------------------------------------------------------------
const pools = inside.find(([, its]) =>
  /team=/.test(its.inside.annotations["scheduler.alpha.kubernetes.io/node-selector"]),
);
const shared = inside.find(([, its]) =>
  /=shared/.test(its.inside.annotations["scheduler.alpha.kubernetes.io/node-selector"]),
);
if (pools && shared) {
  const pinned = pod(team, {}).spec;
  expect(
    "pods run on the team's nodes",
    pinned?.nodeSelector?.["stackyard.dev/team"] === own,
    JSON.stringify(pod(team, {})),
  );
  const tolerates = pinned?.tolerations?.some(({ key, value }) => key === "stackyard.dev/team" && value === own);
  expect("and tolerate their taint", tolerates, JSON.stringify(pinned?.tolerations));
  const bounded = {
    containers: [
      {
        name: "c",
        image: "x",
        resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "2m", memory: "2Mi" } },
      },
    ],
  };
  expect("also those that ask for memory", pod(team, bounded).spec !== undefined, pod(team, bounded).refused);
  const elsewhere = pod(team, { nodeSelector: { "stackyard.dev/team": "somebody-else" } }).refused;
  expect("another team's nodes are refused", /conflicts with/.test(elsewhere), elsewhere);
  const toleration = (key, value) =>
    pod(team, { tolerations: [{ key, value, operator: value ? "Equal" : "Exists", effect: "NoSchedule" }] });
  const forged = toleration("stackyard.dev/team", "somebody-else").refused;
  expect("another team's taint is not tolerated", /does not satisfy|whitelist/.test(forged), forged);
  const any = pod(team, { tolerations: [{ operator: "Exists" }] }).refused;
  expect("nor is every taint", /does not satisfy|whitelist/.test(any), any);
  expect(
    "its own may be named",
    toleration("stackyard.dev/team", own).spec !== undefined,
    toleration("stackyard.dev/team", own).refused,
  );
  expect("nor GPUs without a pool that has them", toleration("nvidia.com/gpu").refused !== undefined, "admitted");
  const daemon = ["not-ready", "unreachable"].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: "Exists",
    effect: "NoExecute",
  }));
  const pressed = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: "Exists",
    effect: "NoSchedule",
  }));
  expect(
    "pods of a DaemonSet are admitted",
    pod(team, { tolerations: [...daemon, ...pressed] }).spec !== undefined,
    pod(team, { tolerations: [...daemon, ...pressed] }).refused,
  );
  const common = pod(shared[0], {}).spec;
  expect(
    "without pools they run on the shared ones",
    common?.nodeSelector?.["stackyard.dev/node-pool"] === "shared",
    JSON.stringify(common),
  );
  const guest = pod(shared[0], {
    tolerations: [{ key: "stackyard.dev/team", value: own, effect: "NoSchedule" }],
  }).refused;
  expect("and tolerate nobody's taint", guest !== undefined, "admitted");
} else {
  console.log("note: no team with pools and one without, so nothing is pinned");
}

// --- changed and pruned, one team alone --------------------------------------------------------------------------------
kubectl(["-n", team, "create", "configmap", "of-the-team", "--from-literal=a=b"]);
kubectl(["-n", team, "create", "rolebinding", "of-the-team", "--clusterrole=view", "--user=guest"]);
const untouched = others(team);
const more = changed(values, (its) => (of(its).quota["requests.cpu"] = "5"));
const grown = run(team, more, "post-upgrade");
expect(
  "a changed quota arrives",
  get("-n", team, "resourcequota", "team").spec.hard["requests.cpu"] === "5",
  grown.answer,
);
const role = ["admin", "edit", "view"].find((name) => values.inside.groups[name].length > 0);
const fewer = run(
  team,
  changed(more, (its) => (its.inside.groups[role] = [])),
  "post-upgrade",
);
const bindings = get("-n", team, "rolebinding").items.map(({ metadata }) => metadata.name);
expect("what left the entry is pruned", fewer.status === 0 && !bindings.includes(`team-${role}`), fewer.answer);
expect(
  "what the team made itself stays",
  bindings.includes("of-the-team") && kubectl(["-n", team, "get", "configmap", "of-the-team"]).status === 0,
  bindings,
);
const bad = run(
  team,
  changed(values, (its) => (of(its).limitRange.defaultRequest.cpu = "a lot")),
  "post-upgrade",
);
expect(
  `a bad manifest fails: ${bad.answer
    .split("\n")
    .find((line) => /rror|invalid/i.test(line))
    ?.slice(0, 120)}`,
  bad.status !== 0,
  bad.answer,
);
const unknown = run(
  team,
  changed(values, (its) => (of(its).limitRange.maximum = { cpu: "1" })),
  "post-upgrade",
);
expect("so does an unknown field", unknown.status !== 0, unknown.answer);
const restored = run(team, values, "post-upgrade");
expect("and the next one repairs it", restored.status === 0, restored.answer);
expect("nothing of another team was touched", others(team) === untouched, others(team));

// --- bounds that no role of the team's lifts -----------------------------------------------------------------------------
const [group] = values.inside.groups.admin;
const admin = ["--as=somebody", `--as-group=${group}`, "-n", team];
const hands = kubectl([...admin, "delete", "networkpolicy", "default-deny"]);
expect("its administrators take no NetworkPolicy away", /the platform owns/.test(hands.answer), hands.answer);
const raised = kubectl([...admin, "delete", "rolebinding", `team-${role}`]);
expect("nor a role", /the platform owns/.test(raised.answer), raised.answer);
const deployed = kubectl([...admin, "create", "deployment", "theirs", "--image=example.com/x:1", "--dry-run=server"]);
expect("but deploy", deployed.status === 0, deployed.answer);

// --- what its workloads must be like -------------------------------------------------------------------------------------
const inMode = (mode) =>
  run(
    team,
    changed(values, (its) => (of(its).labels["stackyard.dev/admission"] = mode)),
    "post-upgrade",
  );
const floating = () =>
  kubectl([...admin, "create", "deployment", "theirs", "--image=example.com/x", "--dry-run=server"]);
inMode("warn");
wait(() => floating().status === 0);
expect(
  "an environment warns of images without a tag",
  /Warning: .*others tomorrow/.test(floating().answer),
  floating().answer,
);
inMode("enforce");
wait(() => floating().status !== 0);
// Two policies refuse it, and either may be the one that answers.
expect(
  "or refuses them",
  /others tomorrow|nobody knows/.test(floating().answer) && floating().status !== 0,
  floating().answer,
);
run(team, values, "post-upgrade");

// --- limits that are what is requested -----------------------------------------------------------------------------------
const small = { cpu: "50m", memory: "64Mi" };
const ratio = { cpu: "1", memory: "1" };
run(
  team,
  changed(
    values,
    (its) => (of(its).limitRange = { defaultRequest: small, default: small, maxLimitRequestRatio: ratio }),
  ),
  "post-upgrade",
);
const qualityOf = (resources, whole) =>
  kubectl(["create", "--dry-run=server", "--output=jsonpath={.status.qosClass}", "--filename=-"], {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", namespace: team },
    spec: { containers: [{ name: "c", image: "example.com/x:1", resources }], ...(whole && { resources: whole }) },
  }).answer;
const burst = { requests: { cpu: "60m", memory: "64Mi" }, limits: { cpu: "60m", memory: "128Mi" } };
const alike = { requests: burst.limits, limits: burst.limits };
wait(() => /ratio per Container/.test(qualityOf(burst)));
for (const [what, resources, whole, answer] of [
  ["a container that asks for less than its limit is refused", burst, undefined, /ratio per Container is 1/],
  ["so is a pod that does as a whole", {}, burst, /ratio per Pod is 1/],
  ["a container with both alike is Guaranteed", alike, undefined, /^Guaranteed/m],
  ["one that says nothing, too", {}, undefined, /^Guaranteed/m],
  ["and a pod with both alike as a whole", {}, alike, /^Guaranteed/m],
])
  expect(what, answer.test(qualityOf(resources, whole)), qualityOf(resources, whole));
run(team, values, "post-upgrade");

// --- protected, and gone -----------------------------------------------------------------------------------------------
const without = changed(values, (its) => {
  delete of(its).quota;
  delete of(its).limitRange;
});
const guarded = (its) => changed(its, (copy) => (copy.inside.labels[PROTECTED] = "true"));
run(team, guarded(values), "post-upgrade");
const refused = run(team, without, "post-upgrade");
expect(
  "a protected namespace is not removed",
  /protected from deletion/.test(refused.answer) && refused.status !== 0,
  refused.answer,
);
expect("and is whole", get("-n", team, "resourcequota").items.length > 1, "not");
run(
  team,
  changed(values, (its) => (its.inside.labels[PROTECTED] = "false")),
  "post-upgrade",
);
const gone = run(team, without, "post-upgrade");
expect(
  "without a quota the team's namespace goes",
  gone.status === 0 && kubectl(["get", "namespace", team]).status !== 0,
  gone.answer,
);
expect("nothing of another team went with it", others(team) === untouched, others(team));
const again = run(team, without, "post-upgrade");
expect("a second time there is nothing to do", again.status === 0, again.answer);
if (outside) {
  const never = run(outside[0], outside[1], "post-upgrade");
  expect(
    `${outside[0]}, which has no part of it, has nothing there`,
    never.status === 0 && kubectl(["get", "namespace", outside[0]]).status !== 0,
    never.answer,
  );
}
const left = run(other, teams.get(other), "pre-delete");
expect(
  "a team that leaves takes along what it had",
  left.status === 0 && kubectl(["get", "namespace", other]).status !== 0,
  left.answer,
);
process.exit(wrong > 0 ? 1 : 0);
