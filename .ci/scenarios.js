// Changes that a platform team makes, each planned by real Terraform and reviewed: what `.ci/scenarios` makes, and what the tests of
// review/ read. The facts that have to hold of each stand in scenario-facts.json.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const example = readFileSync(join(__dirname, "..", "platform.config.ts"), "utf8");
const facts = JSON.parse(readFileSync(join(__dirname, "scenario-facts.json"), "utf8"));

/** The example with texts replaced; fails where one is not there any more. */
const config =
  (...replaced) =>
  () =>
    replaced.reduce((text, [from, to]) => {
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`the example config has no ${from}`);
      return changed;
    }, example);
/** Lines at the end of the config. */
const also = (lines) => [/\n\}\);\s*$/, `\n  ${lines}\n});\n`];
const onCluster = (cloud, lines) => [`"${cloud}-platform": ${cloud}({`, `$&\n      ${lines}`];

/** A release of the synthesized stack, by the beginning of its id. */
const release = (stack, id) => {
  const found = Object.entries(stack.resource.helm_release).find(([name]) => name.startsWith(id));
  if (!found) throw new Error(`the stack has no release ${id}`);
  return found[1];
};
const version = (id, to) => (stack) => Object.assign(release(stack, id), { version: to });
const values = (id, from, to) => (stack) => {
  const it = release(stack, id);
  const changed = it.values.map((text) => text.replace(from, to));
  if (changed.join() === it.values.join()) throw new Error(`the values of ${id} have no ${from}`);
  it.values = changed;
};
/** Of every resource of a type. */
const attribute = (type, name, to) => (stack) => {
  for (const resource of Object.values(stack.resource[type])) resource[name] = to;
};

const team = `
    billing: {
      costCenter: "CC-4001",
      groups: { view: ["checkout"] },
      quota: { cpu: 2, memory: "8Gi" },
      environments: { dev: { cpu: 1, memory: "2Gi" } },
    },`;
const withoutMl = [/ {4}\/\/ GPUs on interruptible[\s\S]*?(?= {4}\/\/ No pool)/, ""];
const CHECKOUT_POOL = `class: "general",
          cpus: [4, 16],
          capacity: "spot-with-fallback",
          limits: { cpu: 48, memory: "192Gi" },`;
const PUBLIC = /public: \["203\.0\.113\.0\/24"\]/g;
const data = (input, more = {}) => ({ resource: { terraform_data: { store: { input, ...more } } } });

/**
 * - `stack`: of the example, or `terraform` for two configs of Terraform's own `terraform_data`
 * - `config`: the example's text after the change
 * - `edit`: changes the synthesized stack
 * - `drift`: what has happened outside; `taint`: type of a resource whose last creation failed
 */
const local = [
  ["nothing-changes", {}],
  ["team-added", { config: config(["  teams: {\n", `  teams: {\n${team}\n`]) }],
  ["team-removed", { config: config(withoutMl) }],
  ["team-renamed", { config: config(["    search: {\n      costCenter", "    discovery: {\n      costCenter"]) }],
  ["quota-up", { config: config(['quota: { cpu: 8, memory: "32Gi" }', 'quota: { cpu: 10, memory: "40Gi" }']) }],
  [
    "quota-tenfold",
    {
      config: config([
        'quota: { cpu: 2, memory: "4Gi", pods: 20, limits: { cpu: 4,',
        'quota: { cpu: 20, memory: "4Gi", pods: 20, limits: { cpu: 40,',
      ]),
    },
  ],
  [
    "quota-shrunk",
    { config: config(['cpu: 8, memory: "96Gi", storage: "500Gi"', 'cpu: 4, memory: "48Gi", storage: "500Gi"']) },
  ],
  [
    "storage-quota-shrunk",
    { config: config(['memory: "96Gi", storage: "500Gi"', 'memory: "96Gi", storage: "250Gi"']) },
  ],
  ["environment-quota-changed", { config: config(['dev: { cpu: 4, memory: "8Gi"', 'dev: { cpu: 5, memory: "9Gi"']) }],
  [
    "environment-quota-shrunk",
    { config: config(['prod: { cpu: 16, memory: "64Gi"', 'prod: { cpu: 12, memory: "64Gi"']) },
  ],
  [
    "environment-added",
    {
      config: config(
        ['    dev: { cluster: "modernengg-dev" },', '$&\n    staging: { cluster: "modernengg-staging" },'],
        ['dev: { cpu: 4, memory: "8Gi"', 'staging: { cpu: 4, memory: "8Gi" },\n        $&'],
      ),
    },
  ],
  [
    "environment-removed",
    {
      config: config(
        ['    dev: { cluster: "modernengg-dev" },\n', ""],
        [/ *dev: \{ cpu: 4.*\n/, ""],
        ['dev: { cpu: 2, memory: "8Gi" }, ', ""],
        [/ *environments: \{ dev: \{ cpu: 1.*\n/, ""],
      ),
    },
  ],
  ["team-leaves-environment", { config: config([/ *environments: \{ dev: \{ cpu: 1, memory: "2Gi" \} \},\n/, ""]) }],
  [
    "namespace-added",
    { config: config(["index: { quota", 'cache: { quota: { cpu: 2, memory: "8Gi" } },\n        $&']) },
  ],
  ["containers-changed", { config: config(['max: { cpu: 4, memory: "48Gi" }', 'max: { cpu: 8, memory: "64Gi" }']) }],
  ["access-group-added", { config: config(['groups: { admin: ["checkout"],', '$& edit: ["docs"],']) }],
  ["group-lost-admin", { config: config(['groups: { admin: ["search"], edit', "groups: { edit"]) }],
  ["argo-cd-major-bump", { edit: version("components_argo-cd_chart", "11.0.0") }],
  ["chart-minor-bump", { edit: version("components_external-secrets_chart", "2.10.0") }],
  ["chart-patch-bump", { edit: version("components_cert-manager_chart", "v1.21.2") }],
  ["chart-downgrade", { edit: version("components_gitea_chart", "12.5.3") }],
  ["value-typo", { edit: values("components_argo-cd_chart", "applicationSet:", "aplicationSet:") }],
  ["component-off", { config: config(also("components: { gitea: false },")) }],
  ["monitoring-off", { config: config(also('components: { "kube-prometheus-stack": false },')) }],
  ["profile-to-production", { config: config(onCluster("local", 'profile: "production",')) }],
  ["domain-changed", { config: config(['"127.0.0.1.nip.io"', '"platform.example.net"']) }],
  ["egress-exception", { config: config(['costCenter: "CC-1001",', '$& egress: ["198.51.100.0/24"],']) }],
  [
    "admission-changed",
    {
      config: config(also('admission: { mode: "enforce", registries: ["ghcr.io/modern-engineering", "docker.io"] },')),
    },
  ],
  ["drift-gone", { drift: ["kubernetes_namespace_v1:team-docs=gone"] }],
  ["drift-release-gone", { drift: ["helm_release:cert-manager=gone"] }],
  ["output-only", { edit: (stack) => Object.assign(stack.output, { support: { value: "https://help.example.com" } }) }],
  ["tainted", { taint: /^components_gitea_chart/ }],
];
const azure = [
  [
    "vm-size-changed",
    { config: config([CHECKOUT_POOL, `${CHECKOUT_POOL}\n          azure: { vmSize: "Standard_D8ds_v5" },`]) },
  ],
  [
    "pool-count-halved",
    { config: config(['limits: { cpu: 32, memory: "256Gi" }', 'limits: { cpu: 16, memory: "128Gi" }']) },
  ],
  ["vnet-range-changed", { config: config(['cidr: "10.1.0.0/16"', 'cidr: "10.2.0.0/16"']) }],
  ["kubernetes-minor-up", { config: config([/kubernetes: "1\.35"/g, 'kubernetes: "1.36"']) }],
  ["api-opened", { config: config([PUBLIC, 'public: ["203.0.113.0/24", "198.51.100.0/24"]']) }],
  [
    "spot-to-on-demand",
    {
      config: config([
        'capacity: "spot", limits: { cpu: 32, memory: "224Gi" }',
        'limits: { cpu: 32, memory: "224Gi" }',
      ]),
    },
  ],
  ["tags-changed", { config: config(['"data-class": "internal"', '"data-class": "confidential"']) }],
  ["deletion-protection-lifted", { config: config(onCluster("azure", "deletionProtection: false,")) }],
];
const aws = [
  ["pool-halved", { config: config(['limits: { cpu: 32, memory: "256Gi" }', 'limits: { cpu: 16, memory: "128Gi" }']) }],
  [
    "pool-class-changed",
    { config: config([CHECKOUT_POOL, CHECKOUT_POOL.replace("general", "memory").replace("192Gi", "384Gi")]) },
  ],
  [
    "pool-added",
    {
      config: config([
        'costCenter: "CC-3001",',
        '$&\n      nodePools: { main: { class: "general", cpus: [2, 4], limits: { cpu: 8, memory: "32Gi" } } },',
      ]),
    },
  ],
  ["pool-removed", { config: config([/ *api: \{ class: "general", cpus: \[2, 8\], arch.*\n/, ""]) }],
  ["vpc-range-changed", { config: config(['cidr: "10.0.0.0/16"', 'cidr: "10.8.0.0/16"']) }],
  ["kubernetes-two-minors", { edit: attribute("aws_eks_cluster", "version", "1.37") }],
  ["kubecost-to-opencost", { config: config(also("components: { kubecost: false },")) }],
  [
    "service-account-widened",
    {
      config: config([
        /statements: \[\{ actions: \["s3:PutObject"\], resources: \["[^"]*"\]/,
        'statements: [{ actions: ["s3:PutObject", "s3:DeleteObject"], resources: ["arn:aws:s3:::example-*/*"]',
      ]),
    },
  ],
  ["secret-store-off", { config: config([/ *secretStore: true,\n/, ""]) }],
  ["system-nodes-changed", { config: config(onCluster("aws", 'systemNodes: { instanceTypes: ["m7i.xlarge"] },')) }],
];
const terraform = [
  [
    "moved",
    {
      from: data("kept"),
      to: {
        resource: { terraform_data: { kept: { input: "kept" } } },
        moved: [{ from: "terraform_data.store", to: "terraform_data.kept" }],
      },
    },
  ],
  [
    "imported",
    {
      from: data("kept"),
      to: {
        ...data("kept"),
        resource: { terraform_data: { store: { input: "kept" }, found: {} } },
        import: [{ to: "terraform_data.found", id: "f-1" }],
      },
    },
  ],
  [
    "forgotten",
    { from: data("kept"), to: { removed: [{ from: "terraform_data.store", lifecycle: { destroy: false } }] } },
  ],
  [
    "replaced-by-trigger",
    {
      from: {
        resource: {
          terraform_data: {
            store: { input: "v1", triggers_replace: "v1" },
            user: { input: "${terraform_data.store.id}", triggers_replace: "${terraform_data.store.id}" },
          },
        },
      },
      to: {
        resource: {
          terraform_data: {
            store: { input: "v1", triggers_replace: "v2" },
            user: { input: "${terraform_data.store.id}", triggers_replace: "${terraform_data.store.id}" },
          },
        },
      },
    },
  ],
  ["count-shrunk", { from: data("${count.index}", { count: 3 }), to: data("${count.index}", { count: 1 }) }],
  [
    "sensitive-value",
    {
      from: {
        variable: { secret: { default: "hunter2-before", sensitive: true } },
        ...data({ shown: "a", hidden: "${var.secret}" }),
      },
      to: {
        variable: { secret: { default: "hunter2-after", sensitive: true } },
        ...data({ shown: "b", hidden: "${var.secret}" }),
      },
    },
  ],
];

const of = (stack, list) => list.map(([name, change]) => ({ name, stack, ...change, facts: facts[name] }));
/** The cheapest first: a check of the first few takes seconds each. */
module.exports.scenarios = [
  ...of("terraform", terraform),
  ...of("local-platform", local),
  ...of("azure-platform", azure),
  ...of("aws-platform", aws),
];
module.exports.example = example;
