// Renders the public charts of a platform in both profiles, and looks at their workloads.  See .ci/workloads.
const { execFileSync } = require("node:child_process");
const { existsSync, mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const outside = require("../__tests__/support/outside");
const { parseAllDocuments, stringify } = require("yaml");
const { CRD_UPGRADES } = require("../__tests__/support/crds");
const { platformOf } = require("../__tests__/support/config");
const { askedByRelease } = require("../__tests__/support/requests");
const { synth } = require("../__tests__/support/synth");
const { ENVIRONMENT_COMPONENT_REQUESTS, ENVIRONMENT_COMPONENTS } = require("../config/environment-components");
const { installedReleases } = require("../cli/releases");
const { Priority } = require("../modules/priority");

// As Jest's environment has it for the tests' own support.
globalThis.synthesizedOutside = () => outside;

const [, , helm, charts] = process.argv;
const work = mkdtempSync(join(tmpdir(), "stackyard-workloads-"));
process.on("exit", () => rmSync(work, { recursive: true }));

const MEBIBYTE = 2 ** 20;
const wrong = [];
const counts = { releases: 0, workloads: 0, budgets: 0, kept: 0, crds: 0 };
const run = (...args) =>
  execFileSync(helm, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });

function render(chart, { name, namespace, values }) {
  const file = join(work, "values.yaml");
  // What Terraform only knows later is some text to Helm.
  writeFileSync(file, stringify(values).replaceAll(/\$\{[^}]*\}/g, "later"));
  const capabilities = ["--kube-version", "1.35.0", "--api-versions", "monitoring.coreos.com/v1"];
  return parseAllDocuments(
    run("template", name.split("/").at(-1), chart, "--namespace", namespace, "--values", file, ...capabilities),
  )
    .map((document) => document.toJS())
    .filter(Boolean);
}

const millicores = (cpu = "0") => (String(cpu).endsWith("m") ? Number.parseInt(cpu, 10) : Number(cpu) * 1000);
const UNITS = { Ki: 1024, Mi: MEBIBYTE, Gi: 1024 * MEBIBYTE };
const bytes = (memory = "0") => Number.parseFloat(memory) * (UNITS[String(memory).slice(-2)] ?? 1);

/** A workload as the scheduler sees it; the operator's two kinds are one of their own. */
function workload({ kind, metadata, spec }) {
  const operated = kind === "Prometheus" || kind === "Alertmanager";
  if (!operated && !["Deployment", "StatefulSet", "DaemonSet"].includes(kind)) return undefined;
  const pod = operated ? { ...spec, containers: [spec] } : spec.template.spec;
  const of = (containers, read, key) => (containers ?? []).map(({ resources }) => read(resources?.requests?.[key]));
  const sum = (read, key) =>
    Math.max(
      of(pod.containers, read, key).reduce((a, b) => a + b, 0),
      ...of(pod.initContainers, read, key),
    );
  return {
    what: `${kind} ${metadata.name}`,
    // As __tests__/support/requests.ts has it: a few nodes; none of them shares GPUs between processes.
    replicas:
      kind === "DaemonSet"
        ? metadata.name.includes("node-exporter")
          ? 3
          : metadata.name.includes("mps")
            ? 0
            : 1
        : (spec.replicas ?? 1),
    daemon: kind === "DaemonSet",
    labels: operated
      ? {
          "app.kubernetes.io/name": kind.toLowerCase(),
          [kind.toLowerCase()]: metadata.name,
          "operator.prometheus.io/name": metadata.name,
        }
      : spec.template.metadata.labels,
    cpu: sum(millicores, "cpu"),
    memory: sum(bytes, "memory"),
    pod,
  };
}

const selects = (selector, labels) =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** All of a component's containers ask for something, and with the largest Deployment once more for what the environment's quota has. */
function reckonedInside(what, component, objects) {
  const pods = objects.flatMap(({ kind, spec }) => {
    if (!["Deployment", "StatefulSet", "DaemonSet", "Prometheus"].includes(kind)) return [];
    const { containers } = spec.template?.spec ?? { containers: [spec, reloader(objects)] };
    for (const { name, resources } of containers)
      if (!resources?.requests?.cpu) wrong.push(`${what}: the container ${name} asks for nothing`);
    const sum = (read, key) => containers.reduce((all, { resources }) => all + read(resources?.requests?.[key]), 0);
    return [{ kind, replicas: spec.replicas ?? 1, cpu: sum(millicores, "cpu"), memory: sum(bytes, "memory") }];
  });
  const surge = pods.filter(({ kind }) => kind === "Deployment");
  for (const key of ["cpu", "memory"]) {
    const rendered =
      pods.reduce((all, pod) => all + pod.replicas * pod[key], 0) + Math.max(0, ...surge.map((pod) => pod[key]));
    const reckoned = ENVIRONMENT_COMPONENT_REQUESTS[component][key];
    if (rendered !== reckoned) wrong.push(`${what}: ${key} ${rendered} is rendered, ${reckoned} is reckoned with`);
  }
}

/** The operator puts it beside Prometheus, and asks as its own arguments say. */
function reloader(objects) {
  const [{ args }] = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name.endsWith("-operator"))
    .spec.template.spec.containers;
  const request = (key) => args.find((one) => one.startsWith(`--config-reloader-${key}-request=`))?.split("=")[1];
  return { name: "config-reloader", resources: { requests: { cpu: request("cpu"), memory: request("memory") } } };
}

/** Never two on one node: by its spread, by its affinity, or by the operator's word for that. */
function onTwoNodes({ pod, labels }) {
  const spread = (pod.topologySpreadConstraints ?? []).some(
    ({ topologyKey, whenUnsatisfiable, labelSelector }) =>
      topologyKey === "kubernetes.io/hostname" &&
      whenUnsatisfiable === "DoNotSchedule" &&
      selects(labelSelector, labels),
  );
  const apart = (pod.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
    ({ topologyKey }) => topologyKey === "kubernetes.io/hostname",
  );
  return spread || apart;
}

/** Helm keeps these, and the page of each says what that means. */
const KEPT = ["cloudnative-pg", "plugin-barman-cloud", "gitea", "kubecost"];
/** Only reports, so it gives way first; kube-system's and the device plugin have Kubernetes's own classes. */
const NO_PRIORITY = ["kubecost", "opencost"];
const OWN_PRIORITY = ["karpenter", "aws-load-balancer-controller", "nvidia-device-plugin"];
/** They tell each other by gossip: of three, two on one node are no loss. */
const MAY_SHARE = ["Alertmanager kube-prometheus-stack-alertmanager"];

for (const profile of ["small", "production"])
  for (const off of ["kubecost", "opencost"]) {
    const platform = platformOf((d) => {
      d.clusters["aws-platform"].profile = profile;
      d.components = { [off]: false };
      d.environments.prod = { cluster: "acme-prod", components: [...ENVIRONMENT_COMPONENTS] };
      d.teams.web.nodePools.gpu = { class: "gpu", cpus: [4, 8], limits: { cpu: 8, memory: "64Gi" } };
    });
    const stack = synth(platform, "aws-platform");
    for (const release of installedReleases(platform, ["aws-platform"])) {
      const chart = release.chart?.name;
      if (!chart || !existsSync(join(charts, chart))) continue;
      const what = `${profile}/${release.name}`;
      const objects = render(join(charts, chart), release);
      const workloads = objects.map(workload).filter(Boolean);
      counts.releases += 1;
      counts.workloads += workloads.length;
      const component = ENVIRONMENT_COMPONENTS.find((one) => release.name.endsWith(`/${one}`));
      if (component) {
        reckonedInside(what, component, objects);
        continue;
      }
      if (release.name.includes("/")) continue;

      // What is synced from inside an environment is in no manifest.
      const asked = askedByRelease(stack, release.name);
      const inside = chart === "vcluster" ? release.values.controlPlane.coredns.deployment : { replicas: 0 };
      for (const [key, read] of [
        ["cpu", millicores],
        ["memory", bytes],
      ]) {
        const rendered =
          workloads.reduce((sum, one) => sum + one.replicas * one[key], 0) +
          inside.replicas * read(inside.resources?.requests[key]);
        if (rendered !== asked[key])
          wrong.push(`${what}: ${key} ${rendered} is rendered, ${asked[key]} is reckoned with`);
      }

      for (const one of workloads) {
        const { what: name, replicas, daemon, pod } = one;
        if (profile === "production" && replicas > 1 && !daemon && !MAY_SHARE.includes(name) && !onTwoNodes(one))
          wrong.push(`${what}: ${replicas} of ${name} may be on one node`);
        for (const { labelSelector } of pod.topologySpreadConstraints ?? [])
          if (!selects(labelSelector, one.labels)) wrong.push(`${what}: ${name} spreads pods that are not its own`);
        const expected = NO_PRIORITY.includes(chart) ? undefined : Priority.NAME;
        const priority = pod.priorityClassName || undefined;
        if (OWN_PRIORITY.includes(chart) ? !priority?.startsWith("system-") : priority !== expected)
          wrong.push(`${what}: ${name} has the priority ${priority}`);
      }

      for (const { kind, metadata, spec } of objects) {
        if (kind === "PodDisruptionBudget") {
          counts.budgets += 1;
          const held = workloads.filter(({ labels }) => selects(spec.selector, labels));
          const allowed = (replicas) => spec.maxUnavailable ?? replicas - (spec.minAvailable ?? 0);
          for (const { what: name, replicas } of held)
            if (allowed(replicas) < 1) wrong.push(`${what}: ${metadata.name} holds up every drain of ${name}`);
          if (held.length === 0) wrong.push(`${what}: ${metadata.name} is of no workload`);
        }
        if (metadata?.annotations?.["helm.sh/resource-policy"] === "keep") {
          counts.kept += 1;
          if (!KEPT.includes(chart)) wrong.push(`${what}: Helm keeps ${kind} ${metadata.name}, and no page says so`);
        }
      }
    }
  }

for (const [chart, upgrade] of Object.entries(CRD_UPGRADES)) {
  if (!existsSync(join(charts, chart))) continue;
  const never = /^kind: CustomResourceDefinition/m.test(run("show", "crds", join(charts, chart)));
  counts.crds += 1;
  if (never !== ["left out", "by hand"].includes(upgrade))
    wrong.push(`${chart}: its folder crds/ has ${never ? "CRDs" : "none"}, and they are said to be "${upgrade}"`);
}

for (const fault of new Set(wrong)) console.log(`wrong ${fault}`);
console.log(
  `${counts.releases} releases in two profiles, ${counts.workloads} workloads, ${counts.budgets} budgets, ${counts.kept} kept, CRDs of ${counts.crds} charts: ${new Set(wrong).size} wrong`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
