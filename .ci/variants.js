// Writes variants of the example config into a folder: each a change that a platform team makes, for the checks of .ci/run.
// node .ci/variants.js DIR
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const directory = process.argv[2];
const example = readFileSync(join(root, "platform.config.ts"), "utf8").replaceAll('"./config/', `"${root}/config/`);

/** The example (or what has become of it) with one text replaced; fails where the text is not there any more. */
function replace(from, to, text = example) {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`the example config has no ${from}`);
  return changed;
}

/** The example with several changes at once. */
const all = (...changes) => changes.reduce((text, change) => change(text), example);

const team = `
    billing: {
      costCenter: "CC-4001",
      groups: { view: ["checkout"] },
      quota: { cpu: 2, memory: "8Gi" },
      environments: { dev: { cpu: 1, memory: "2Gi" } },
      nodePools: { main: { class: "general", cpus: [2, 4], limits: { cpu: 8, memory: "32Gi" } } },
    },`;

const teamRemoved = (text) => replace(/ {4}\/\/ GPUs on interruptible[\s\S]*?(?= {4}\/\/ No pool)/, "", text);
/** The next minor version on both clouds. */
const upgraded = (text) => {
  const [, minor] = /kubernetes: "1\.(\d+)"/.exec(text);
  return replace(new RegExp(`kubernetes: "1\\.${minor}"`, "g"), `kubernetes: "1.${Number(minor) + 1}"`, text);
};
/** Other machines for the nodes of the clusters' own add-ons. */
const systemNodes = (text) =>
  replace(
    /( {4}"azure-platform": azure\(\{\n)/,
    '$1      systemNodes: { vmSize: "Standard_D8ds_v5" },\n',
    replace(/( {4}"aws-platform": aws\(\{\n)/, '$1      systemNodes: { instanceTypes: ["m7i.xlarge"] },\n', text),
  );
const without =
  (...components) =>
  (text) =>
    replace(
      /\n\}\);\s*$/,
      `\n  components: { ${components.map((name) => `"${name}": false`).join(", ")} },\n});\n`,
      text,
    );

/** A small platform with every kind of resource that the example has, for what takes many runs of Terraform; `more` is what changes. */
const minimal = (more = {}) => `import { aws } from "${root}/config/clouds/aws";
import { azure } from "${root}/config/clouds/azure";
import { definePlatform } from "${root}/config/define-platform";

const sharedPool = { class: "general", cpus: [2, 8], limits: { cpu: 64, memory: "256Gi" } } as const;
const access = { admins: ["admins"], public: ["${more.api ?? "203.0.113.0/24"}"] } as const;

export default definePlatform({
  version: 1,
  name: "minimal",
  contact: "${more.contact ?? "platform@example.com"}",
  tags: { "data-class": "${more.tag ?? "internal"}" },
  clusters: {
    "aws-platform": aws({
      domain: "aws.platform.example.com",
      region: "eu-west-1",
      kubernetes: "${more.kubernetes ?? "1.34"}",
      network: { cidr: "10.0.0.0/16", zones: 2, nat: "single" },
      access,
      dns: { zone: "Z0123456789ABCDEFGHIJ" },
      systemNodes: { max: ${more.systemNodes ?? 3} },
      sharedPool,
    }),
    "azure-platform": azure({
      domain: "azure.platform.example.com",
      location: "swedencentral",
      subscription: "00000000-0000-0000-0000-000000000000",
      kubernetes: "${more.kubernetes ?? "1.34"}",
      network: { cidr: "10.1.0.0/16" },
      access,
      dns: { zone: "platform.example.com", resourceGroup: "dns" },
      systemNodes: { max: ${more.systemNodes ?? 3} },
      sharedPool,
    }),
  },
  groups: {
    admins: { aws: "arn:aws:iam::123456789012:role/Admin", azure: "11111111-1111-1111-1111-111111111111" },
    web: { aws: "arn:aws:iam::123456789012:role/Web", azure: "22222222-2222-2222-2222-222222222222" },
  },
  environments: { dev: { cluster: "minimal-dev", values: ${values(more)} } },
  teams: {
    web: {
      costCenter: "${more.costCenter ?? "CC-1"}",
      groups: { admin: ["web"] },
      quota: { cpu: ${more.cpu ?? 2}, memory: "8Gi" },
      environments: { dev: { cpu: ${more.cpu ?? 2}, memory: "4Gi" } },
      nodePools: { main: { class: "general", cpus: [4, 8], limits: { cpu: ${more.pool ?? 32}, memory: "128Gi" } } },
    },
  },
  components: {
${["argo-cd", "gitea", "kube-prometheus-stack", "kubecost", "opencost", "prometheus-operator-crds"].map((name) => `    "${name}": false,\n`).join("")}${[
  "cert-manager",
  "cloudnative-pg",
  "envoy-gateway",
  "external-dns",
  "keycloak",
]
  .map((name) => `    "${name}": { values: ${values(more)} },\n`)
  .join("")}  },
});
`;
const values = ({ value }) => JSON.stringify(value === undefined ? {} : { global: { changed: value } });

/** The example's cluster of one cloud in other shapes: lines added, and texts replaced. */
const on =
  (cloud) =>
  (lines, ...replaced) =>
  (text) =>
    [
      ...(lines ? [[new RegExp(`( {4}"${cloud}-platform": ${cloud}\\(\\{\\n)`), `$1${lines}`]] : []),
      ...replaced,
    ].reduce((changed, [from, to]) => replace(from, to, changed), text);
const [onAws, onAzure] = [on("aws"), on("azure")];
const AWS_NETWORK = 'network: { cidr: "10.0.0.0/16", zones: 3, nat: "per-zone" },';
const AZURE_NETWORK = 'network: { cidr: "10.1.0.0/16" },';
const AZURE_ZONE = 'dns: { zone: "azure.platform.example.com", resourceGroup: "dns" },';
/** Of both: the first that is left is the AWS cluster's, and then that of Azure. */
const PUBLIC = 'access: { public: ["203.0.113.0/24"], admins: ["platform-admins"] },';
const PRIVATE = 'access: { admins: ["platform-admins"] },';
const onBoth = (change) => (text) => change(change(text));
const privately = onBoth((text) => replace(PUBLIC, PRIVATE, text));
const withoutState = onBoth((text) => replace(/ {6}state: \{.*\n/, "", text));
const more = (network, key) => [network, network.replace(" },", `, ${key} },`)];
const id = (type, name) =>
  `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/theirs/providers/${type}/${name}`;
const existingNetworks = [
  onAws("", [
    AWS_NETWORK,
    `network: {
        cidr: "10.0.0.0/16",
        existing: {
          vpc: "vpc-0123456789abcdef0",
          privateSubnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
          publicSubnets: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        },
      },`,
  ]),
  onAzure(`      secrets: { vault: "${id("Microsoft.KeyVault/vaults", "theirs")}" },\n`, [
    AZURE_NETWORK,
    `network: {
        cidr: "10.1.0.0/16",
        existing: { nodeSubnet: "${id("Microsoft.Network/virtualNetworks", "theirs")}/subnets/nodes" },
      },`,
  ]),
];
/** Every choice that adds resources, at once. */
/** Somebody is told of the platform, of one team, and by mail of another. */
const told = (text) =>
  [
    [
      "  teams: {\n",
      `  alerts: {
    receiver: { pagerduty: { secret: "platform-pagerduty" } },
    smtp: {
      host: "smtp.example.com:587",
      from: "alerts@example.com",
      login: { username: "alerts", secret: "smtp-password" },
    },
  },
  teams: {
`,
    ],
    ['costCenter: "CC-1001",', '$& alerts: { receiver: { slack: { channel: "#checkout", secret: "checkout" } } },'],
    ['costCenter: "CC-3001",', '$& alerts: { receiver: { email: { to: "docs@example.com" } } },'],
  ].reduce((changed, [from, to]) => replace(from, to, changed), text);

const full = [
  onAws(
    `      budget: { monthly: 2000, alerts: [50, 80, 100] },
      costAllocationTags: true,
      costReport: { database: "cur", table: "report", reportBucket: "acme-cur", resultBucket: "acme-athena" },
      spotServiceLinkedRole: "create",
      permissionsBoundary: "arn:aws:iam::123456789012:policy/Boundary",
      identity: "irsa",
`,
    more(AWS_NETWORK, 'endpoints: "all"'),
    ['dns: { zone: "Z0123456789ABCDEFGHIJ" },', "dns: { create: true },"],
  ),
  onAzure(
    `      budget: { monthly: 2000, from: "2026-12", alerts: [50, 80, 100] },
      costExport: { storageAccount: "${id("Microsoft.Storage/storageAccounts", "costs")}", container: "exports" },
      encryptionKey: {
        vault: "${id("Microsoft.KeyVault/vaults", "keys")}",
        key: "https://keys.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef",
      },
      upgrades: { day: "Saturday", time: "22:00" },
`,
    [AZURE_ZONE, "dns: { create: true },"],
    [/(azure\(\{[\s\S]*?admins: \["platform-admins"\]) \}/, "$1, vnetIntegration: true }"],
  ),
  told,
];

const variants = {
  same: example,
  full: all(...full),
  "existing-network": all(
    ...existingNetworks,
    onAzure("", [/(cidr: "10\.1\.0\.0\/16",)/, '$1 outbound: "user-defined-routing",']),
  ),
  private: all(
    onAws("", more(AWS_NETWORK, 'endpoints: "all"')),
    onAzure("", more(AZURE_NETWORK, 'outbound: "load-balancer"')),
    privately,
  ),
  "existing-cluster": all(
    onAws('      existing: "theirs",\n'),
    onAzure('      existing: { name: "theirs", resourceGroup: "theirs" },\n'),
    ...existingNetworks,
    privately,
  ),
  // Without a place of their own, so that states are files that a script can move.
  "single-local": all(withoutState),
  layered: all(onAws('      layout: "layered",\n'), onAzure('      layout: "layered",\n'), withoutState),
  minimal: minimal(),
  // All that a config can change in place: what is tagged, annotated or labelled, sized, or made from values.
  "minimal-changed": minimal({
    api: "198.51.100.0/24",
    contact: "platform-team@example.com",
    tag: "confidential",
    kubernetes: "1.35",
    systemNodes: 4,
    costCenter: "CC-2",
    cpu: 3,
    pool: 64,
    value: true,
  }),
  reversed: example
    .replace("export default definePlatform(", "export default definePlatform(reversed(")
    .replace(/\}\);\s*$/, "}));\n")
    .concat(
      "function reversed(value: any): any {\n" +
        "  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;\n" +
        "  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));\n" +
        "}\n",
    ),
  "team-added": replace("  teams: {\n", `  teams: {\n${team}\n`),
  "team-removed": all(teamRemoved),
  "quota-changed": replace('quota: { cpu: 8, memory: "32Gi" }', 'quota: { cpu: 10, memory: "40Gi" }'),
  "environment-quota-changed": replace('dev: { cpu: 4, memory: "8Gi"', 'dev: { cpu: 5, memory: "9Gi"'),
  // What one should do step by step, in one plan: see .ci/cycle-error.
  "system-nodes": all(systemNodes),
  "upgrade-and-component": all(upgraded, systemNodes, without("gitea")),
  "upgrade-and-identity": all(upgraded, systemNodes, without("external-dns")),
  "upgrade-and-team": all(upgraded, systemNodes, teamRemoved),
  "upgrade-and-all": all(upgraded, systemNodes, teamRemoved, without("gitea", "kubecost", "argo-cd", "external-dns")),
  // Teams that reach a range, a network of the company's, one of that beside the internet, and the internet. Not the one that fetches
  // credentials: the policy that lets it would be no more than the internet on AKS.
  egress: all(
    (text) => replace('costCenter: "CC-1001",', '$& egress: ["198.51.100.0/24"],', text),
    (text) => replace('costCenter: "CC-1002",', '$& egress: ["10.0.0.0/8", "203.0.113.0/24"],', text),
    (text) => replace('costCenter: "CC-2001",', '$& egress: ["0.0.0.0/0", "10.20.0.0/16"],', text),
    (text) => replace('costCenter: "CC-3001",', '$& egress: ["0.0.0.0/0"],', text),
  ),
  "pool-changed": replace('limits: { cpu: 48, memory: "192Gi" }', 'limits: { cpu: 64, memory: "256Gi" }'),
};

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(variants)) writeFileSync(join(directory, `${name}.config.ts`), text);
