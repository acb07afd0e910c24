// Renders the charts of every stack as they are and with a mirror, and compares their images with the table.  See .ci/images.
const { Buffer } = require("node:buffer");
const { execFileSync } = require("node:child_process");
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { parse, parseAllDocuments, stringify } = require("yaml");
const { loadConfig } = require("../cli/load-config");
const { installedReleases } = require("../cli/releases");
const { ENVIRONMENT_COMPONENTS } = require("../config/environment-components");
const { allStacks } = require("../config/layers");
const { IMAGE_HOSTS, PUBLIC_REGISTRIES } = require("../config/registries");
const { CHART_IMAGES, imagesOf, mirrorValues } = require("../modules/helm/chart-images");

const [, , helm, charts] = process.argv;
const MIRROR = "registry.example.com/mirror";
const MIRRORED = { ...PUBLIC_REGISTRIES, mirror: MIRROR };
const work = mkdtempSync(join(tmpdir(), "stackyard-images-"));
process.on("exit", () => rmSync(work, { recursive: true }));

const wrong = [];
const notes = [];
const counts = { releases: 0, renders: 0, images: 0, switches: 0 };

/** Manifests of a chart; undefined where it refuses the values. */
function render(chart, namespace, values, quiet = false) {
  const file = join(work, "values.yaml");
  // What Terraform only knows later is some text to Helm.
  writeFileSync(file, stringify(values).replaceAll(/\$\{[^}]*\}/g, "later"));
  try {
    const text = execFileSync(
      helm,
      [
        "template",
        "release",
        chart,
        "--namespace",
        namespace,
        "--kube-version",
        "1.35.0",
        "--values",
        file,
        "--api-versions",
        "monitoring.coreos.com/v1",
        "--api-versions",
        "monitoring.coreos.com/v1/ServiceMonitor",
      ],
      { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] },
    );
    counts.renders += 1;
    return parseAllDocuments(text)
      .map((document) => document.toJS())
      .filter(Boolean);
  } catch (error) {
    if (quiet) return undefined;
    throw new Error(`${chart}: ${error.stderr ?? error}`, { cause: error });
  }
}

const HOSTS = [...IMAGE_HOSTS, MIRROR.split("/")[0], "gcr.io", "mcr.microsoft.com"].map((host) =>
  host.replaceAll(".", "\\."),
);
/** A reference with a registry, anywhere in a text: arguments, environment, configuration files. */
const REFERENCE = new RegExp(
  `(?<![\\w./-])(?:${HOSTS.join("|")})/[a-z0-9._/-]+:[\\w.-]+(?:@sha256:[0-9a-f]{64})?`,
  "g",
);

/** Every image that manifests name: in containers, in custom resources, in arguments, in configuration. */
function named(value, key = "", found = new Set()) {
  if (typeof value === "string") {
    if (/^(image(Name|Repository)?|proxyRepository)$/.test(key) && /^[a-z0-9][\w./:@-]*$/.test(value)) found.add(value);
    for (const [reference] of value.matchAll(REFERENCE)) found.add(reference);
  } else if (typeof value === "object" && value !== null && value.kind !== "CustomResourceDefinition") {
    for (const [name, inner] of Object.entries(value)) named(inner, name, found);
    // vCluster reads its values from a Secret.
    const config = value.kind === "Secret" && value.data?.["config.yaml"];
    if (config)
      for (const { registry, repository } of split(parse(Buffer.from(config, "base64").toString())))
        found.add(`${registry}/${repository}:*`);
  }
  return found;
}

/** Maps with a registry and a repository, as a chart's values have them. */
function split(value) {
  if (typeof value !== "object" || value === null) return [];
  const own =
    typeof value.registry === "string" && typeof value.repository === "string" && value.registry !== "" ? [value] : [];
  return [...own, ...Object.values(value).flatMap(split)];
}

const full = (image) =>
  /^[^/]+[.:][^/]*\//.test(image) ? image : image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
const canonical = (image) => full(image).replace(/^docker\.io\/([^/]+)$/, "docker.io/library/$1");

/** The table and the manifests name the same. */
function compare(what, chart, values, manifests, switched = false) {
  const rendered = new Set([...named(manifests)].map(canonical).filter((image) => !image.endsWith(":*")));
  const running = imagesOf(chart, values);
  const table = new Set(running.filter(({ facts }) => !facts.started).map(({ reference }) => canonical(reference)));
  const started = new Set(running.filter(({ facts }) => facts.started).map(({ reference }) => canonical(reference)));
  for (const image of rendered)
    if (!table.has(image) && !started.has(image))
      wrong.push(`${what}: renders ${image}, which the table does not have`);
  for (const image of table)
    if (!rendered.has(image)) (switched ? notes : wrong).push(`${what}: the table has ${image}, which is not rendered`);
  counts.images += rendered.size;
}

function escapes(what, manifests) {
  for (const image of named(manifests))
    if (!image.startsWith(`${MIRROR}/`)) wrong.push(`${what}: ${image} is not at the mirror`);
}

const set = (key, value) => key.split(".").reduceRight((inner, part) => ({ [part]: inner }), value);
const merge = (a, b) =>
  typeof a === "object" && typeof b === "object" && a && b && !Array.isArray(b)
    ? {
        ...a,
        ...Object.fromEntries(Object.entries(b).map(([key, value]) => [key, key in a ? merge(a[key], value) : value])),
      }
    : b;
/** What a chart cannot be rendered without. */
const LEAST = {
  "aws-load-balancer-controller": { clusterName: "c" },
  karpenter: { settings: { clusterName: "c" } },
  keycloakx: { database: { hostname: "db", port: 5432 } },
  kubecost: { global: { clusterId: "c" } },
  valkey: { auth: { enabled: false } },
};

// --- the releases of every stack of the example ---
const example = loadConfig(join(__dirname, "..", "platform.config.ts"));
// With all that can run inside an environment, too.
const environments = example.environments.map((one) => ({ ...one, components: ENVIRONMENT_COMPONENTS }));
const platform = { ...example, environments };
const stacks = allStacks(platform).map(({ name }) => name);
const unpacked = (chart) => join(charts, chart);
const asIs = installedReleases(platform, stacks);
const mirrored = installedReleases({ ...platform, registries: MIRRORED }, stacks);
const seen = new Set();
for (const [index, release] of asIs.entries()) {
  const { chart, values, namespace, stack, name } = release;
  const what = `${stack}/${name}`;
  if (!chart) continue;
  if (!existsSync(unpacked(chart.name))) {
    notes.push(`${what}: no chart ${chart.name} in ${charts}; not compared`);
    continue;
  }
  const { version } = parse(readFileSync(join(unpacked(chart.name), "Chart.yaml"), "utf8"));
  if (version.replace(/^v|\+.*/g, "") !== chart.version.replace(/^v/, "") && !seen.has(chart.name))
    notes.push(`${chart.name}: compared with ${version}, pinned is ${chart.version}`);
  seen.add(chart.name);
  counts.releases += 1;
  compare(what, chart.name, values, render(unpacked(chart.name), namespace, values));
  escapes(`${what} with a mirror`, render(unpacked(chart.name), namespace, mirrored[index].values));
}

// --- the project's own charts: what their values name ---
for (const { stack, name, chart, values } of mirrored) if (!chart) escapes(`${stack}/${name} with a mirror`, values);

// --- every chart of the table by itself, each of its switches on once ---
for (const [chart, { version, images }] of Object.entries(CHART_IMAGES)) {
  if (!existsSync(unpacked(chart))) {
    notes.push(`${chart}: not in ${charts}; not compared`);
    continue;
  }
  const found = parse(readFileSync(join(unpacked(chart), "Chart.yaml"), "utf8")).version;
  if (found.replace(/^v|\+.*/g, "") !== version.replace(/^v/, ""))
    wrong.push(`${chart}: the table is of ${version}, the chart is ${found}`);
  const least = LEAST[chart] ?? {};
  compare(chart, chart, least, render(unpacked(chart), "namespace", least));
  for (const needs of new Set(images.map((image) => JSON.stringify(image.needs)))) {
    const off = Object.entries(JSON.parse(needs)).filter(([, on]) => !on);
    if (off.length === 0) continue;
    const values = off.reduce((all, [key]) => merge(all, set(key, true)), least);
    const rendered = render(unpacked(chart), "namespace", values, true);
    if (!rendered) {
      notes.push(`${chart} with ${off.map(([key]) => key)}: needs more than a switch; not rendered`);
      continue;
    }
    counts.switches += 1;
    compare(`${chart} with ${off.map(([key]) => key)}`, chart, values, rendered, true);
    escapes(
      `${chart} with ${off.map(([key]) => key)} and a mirror`,
      render(unpacked(chart), "namespace", merge(values, mirrorValues(chart, values, MIRRORED))),
    );
  }
}

for (const note of notes) console.log(`note  ${note}`);
for (const fault of new Set(wrong)) console.log(`wrong ${fault}`);
console.log(
  `${counts.releases} releases of ${stacks.length} stacks on ${seen.size} charts, ${counts.switches} switches, ${counts.renders} renders, ${counts.images} images named: ${new Set(wrong).size} wrong`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
