/** Every field of the config, changed alone, changes the output of every cluster it applies to, or stands here with the reason. */
import { definePlatform } from "../../config/define-platform";
import type { PlatformInput } from "../../config/input";
import { allStacks } from "../../config/layers";
import type { Platform } from "../../config/platform";
import { z } from "zod";
import { platformSchema } from "../../config/schema";
import { smallConfig, THEIR_VPC, type Draft } from "../support/config";
import { KINDS, outside, synthText } from "../support/synth";

type Kind = (typeof KINDS)[number];
const ALL: readonly Kind[] = KINDS;
const CLOUDS: readonly Kind[] = ["aws", "azure"];

/** Start: the small config with every optional section filled, so that each field has something to change. */
function richConfig(): Draft {
  const input = smallConfig() as Draft;
  input.environments.dev.cap = { cpu: 32, memory: "128Gi" };
  input.teams.web.quota = { cpu: 4, memory: "16Gi", limits: { cpu: 8, memory: "32Gi" } };
  input.teams.web.containers = { max: { cpu: 2, memory: "4Gi" } };
  // In layers, so that a field costs what is made of it until something differs; a local cluster has none.
  for (const kind of CLOUDS) input.clusters[`${kind}-platform`].layout = "layered";
  // What no field below is about only costs time.
  input.components = {
    "argo-cd": false,
    keycloak: false,
    "kube-prometheus-stack": false,
    gitea: false,
    "cloudnative-pg": false,
    "barman-cloud": false,
  };
  input.teams.ml = {
    costCenter: "CC-3",
    groups: { edit: ["web"] },
    namespaces: {
      train: { quota: { cpu: 1, memory: "2Gi", gpus: 1 } },
      serve: { quota: { cpu: 1, memory: "2Gi" } },
      old: { name: "ml-legacy", quota: { cpu: 1, memory: "2Gi" } },
    },
    environments: { dev: { cpu: 1, memory: "1Gi", gpus: 1, limits: { cpu: 2, memory: "2Gi" } } },
    serviceAccounts: {
      reader: {
        namespace: "train",
        aws: { statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::models/*"] }] },
      },
    },
    nodePools: { gpu: { class: "gpu", cpus: [4, 8], limits: { cpu: 32, memory: "256Gi" } } },
  };
  return input;
}

interface Field {
  readonly path: string;
  readonly value: unknown;
  readonly on: readonly Kind[];
  /** Start from a config that has the optional sections, too. */
  readonly sections?: boolean;
  /** Start from a config whose cluster on Azure is somebody else's. */
  readonly theirs?: boolean;
  /** Start from a config in which people are told of alerts. */
  readonly told?: boolean;
  /** Start from clusters that are one stack each: their layers ask the cloud instead. */
  readonly single?: boolean;
}

const aws = "clusters.aws-platform";
const azure = "clusters.azure-platform";
const local = "clusters.local-platform";
const pool = "teams.web.nodePools.main";

/** What is there already on Azure, by its id. */
const THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/theirs/providers";
const SUBNETS = `${THEIRS}/Microsoft.Network/virtualNetworks/theirs/subnets`;
const KEY = "https://keys.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef";

const LIVE: readonly Field[] = [
  { path: "name", value: "other", on: ALL },
  { path: "contact", value: "other@acme.example", on: ALL },
  { path: "tags", value: { a: "b" }, on: CLOUDS },
  { path: "admission.registries", value: ["ghcr.io/acme"], on: ALL },
  { path: "admission.mode", value: "enforce", on: ALL },
  { path: "registries.charts", value: { "https://charts.loft.sh": "https://mirror.acme.example/loft" }, on: ALL },
  { path: "registries.images", value: { "ghcr.io": "mirror.acme.example/ghcr" }, on: ALL },
  { path: "registries.mirror", value: "mirror.acme.example", on: ALL },
  { path: "components.prometheus-operator-crds", value: false, on: ALL },
  { path: "components.prometheus-operator-crds.enabled", value: false, on: ALL },
  { path: "components.prometheus-operator-crds.values", value: { replicaCount: 2 }, on: ALL },
  { path: `${aws}.domain`, value: "x.acme.example", on: ["aws"] },
  { path: `${aws}.region`, value: "us-east-1", on: ["aws"] },
  { path: `${aws}.account`, value: "123456789012", on: ["aws"] },
  { path: `${aws}.kubernetes`, value: "1.36", on: ["aws"] },
  { path: `${aws}.network.cidr`, value: "10.9.0.0/16", on: ["aws"] },
  { path: `${aws}.network.zones`, value: 2, on: ["aws"] },
  { path: `${aws}.network.nat`, value: "single", on: ["aws"] },
  { path: `${aws}.network.serviceCidr`, value: "172.30.0.0/16", on: ["aws"] },
  { path: `${aws}.access.public`, value: [], on: ["aws"] },
  { path: `${aws}.access.private`, value: ["10.7.0.0/16"], on: ["aws"] },
  { path: `${aws}.access.admins`, value: ["admins", "web"], on: ["aws"] },
  { path: `${aws}.existing`, value: "theirs", on: ["aws"], sections: true },
  { path: `${aws}.layout`, value: "single", on: ["aws"] },
  { path: `${aws}.dns.zone`, value: "Z9999999999", on: ["aws"] },
  { path: `${aws}.dns`, value: { create: true }, on: ["aws"] },
  { path: `${aws}.network.endpoints`, value: "all", on: ["aws"] },
  { path: `${aws}.network.existing.vpc`, value: "vpc-99999999", on: ["aws"], sections: true, single: true },
  {
    path: `${aws}.network.existing.privateSubnets`,
    value: ["subnet-99999999", "subnet-22222222"],
    on: ["aws"],
    sections: true,
  },
  { path: `${aws}.network.existing.publicSubnets`, value: ["subnet-99999999"], on: ["aws"], sections: true },
  { path: `${aws}.identity`, value: "irsa", on: ["aws"] },
  { path: `${aws}.permissionsBoundary`, value: "arn:aws:iam::123456789012:policy/Boundary", on: ["aws"] },
  { path: `${aws}.deletionProtection`, value: true, on: ["aws"] },
  { path: `${aws}.keepLogs`, value: true, on: ["aws"] },
  { path: `${aws}.logRetention`, value: 30, on: ["aws"] },
  { path: `${aws}.budget.monthly`, value: 200, on: ["aws"], sections: true },
  { path: `${aws}.budget.alerts`, value: [50], on: ["aws"], sections: true },
  { path: `${aws}.budget.emails`, value: ["a@acme.example"], on: ["aws"], sections: true },
  { path: `${aws}.costReport.database`, value: "other", on: ["aws"], sections: true },
  { path: `${aws}.costReport.table`, value: "other", on: ["aws"], sections: true },
  { path: `${aws}.costReport.workgroup`, value: "other", on: ["aws"], sections: true },
  { path: `${aws}.costReport.reportBucket`, value: "other", on: ["aws"], sections: true },
  { path: `${aws}.costReport.resultBucket`, value: "other", on: ["aws"], sections: true },
  { path: `${aws}.costReport.region`, value: "us-east-1", on: ["aws"], sections: true },
  { path: `${aws}.spotServiceLinkedRole`, value: "create", on: ["aws"] },
  { path: `${aws}.costAllocationTags`, value: true, on: ["aws"] },
  { path: `${aws}.systemNodes.architecture`, value: "arm64", on: ["aws"] },
  { path: `${aws}.systemNodes.amiRelease`, value: "1.34.2-20260903", on: ["aws"] },
  { path: `${aws}.secrets.prefix`, value: "acme/shared", on: ["aws"] },
  { path: `${aws}.systemNodes.instanceTypes`, value: ["m7i.large"], on: ["aws"] },
  { path: `${aws}.systemNodes.min`, value: 3, on: ["aws"] },
  { path: `${aws}.systemNodes.max`, value: 5, on: ["aws"] },
  { path: `${aws}.sharedPool.class`, value: "memory", on: ["aws"] },
  { path: `${aws}.state`, value: { bucket: "state" }, on: ["aws"] },
  { path: `${aws}.state.bucket`, value: "state-b", on: ["aws"], sections: true },
  { path: `${aws}.state.region`, value: "us-east-1", on: ["aws"], sections: true },
  { path: `${azure}.domain`, value: "x.acme.example", on: ["azure"] },
  { path: `${azure}.location`, value: "westeurope", on: ["azure"] },
  { path: `${azure}.subscription`, value: "00000000-0000-0000-0000-000000000001", on: ["azure"] },
  { path: `${azure}.kubernetes`, value: "1.36", on: ["azure"] },
  { path: `${azure}.network.cidr`, value: "10.9.0.0/16", on: ["azure"] },
  { path: `${azure}.network.podCidr`, value: "192.168.0.0/17", on: ["azure"] },
  { path: `${azure}.network.serviceCidr`, value: "172.20.0.0/16", on: ["azure"] },
  { path: `${azure}.access.public`, value: [], on: ["azure"] },
  { path: `${azure}.access.admins`, value: ["admins", "web"], on: ["azure"] },
  { path: `${azure}.access.vnetIntegration`, value: true, on: ["azure"] },
  { path: `${azure}.existing.name`, value: "b", on: ["azure"], theirs: true },
  { path: `${azure}.existing.resourceGroup`, value: "b", on: ["azure"], theirs: true },
  { path: `${azure}.layout`, value: "single", on: ["azure"] },
  { path: `${azure}.network.outbound`, value: "load-balancer", on: ["azure"] },
  { path: `${azure}.network.existing.nodeSubnet`, value: `${SUBNETS}/b`, on: ["azure"], sections: true },
  { path: `${azure}.network.existing.apiServerSubnet`, value: `${SUBNETS}/c`, on: ["azure"], sections: true },
  { path: `${azure}.hostEncryption`, value: false, on: ["azure"] },
  {
    path: `${azure}.encryptionKey.vault`,
    value: `${THEIRS.replace("theirs", "others")}/Microsoft.KeyVault/vaults/keys`,
    on: ["azure"],
    sections: true,
  },
  { path: `${azure}.encryptionKey.key`, value: KEY.replace("0", "1"), on: ["azure"], sections: true },
  { path: `${azure}.upgrades.channel`, value: "none", on: ["azure"] },
  { path: `${azure}.upgrades.day`, value: "Monday", on: ["azure"] },
  { path: `${azure}.upgrades.time`, value: "03:00", on: ["azure"] },
  { path: `${azure}.deletionProtection`, value: true, on: ["azure"] },
  { path: `${azure}.logWorkspace`, value: `${THEIRS}/Microsoft.OperationalInsights/workspaces/a`, on: ["azure"] },
  { path: `${azure}.logRetention`, value: 30, on: ["azure"] },
  { path: `${azure}.dns`, value: { create: true }, on: ["azure"] },
  { path: `${azure}.budget.monthly`, value: 200, on: ["azure"], sections: true },
  { path: `${azure}.budget.from`, value: "2027-01", on: ["azure"], sections: true },
  { path: `${azure}.budget.alerts`, value: [50], on: ["azure"], sections: true },
  { path: `${azure}.budget.emails`, value: ["a@acme.example"], on: ["azure"], sections: true },
  {
    path: `${azure}.costExport.storageAccount`,
    value: `${THEIRS}/Microsoft.Storage/storageAccounts/b`,
    on: ["azure"],
    sections: true,
  },
  { path: `${azure}.costExport.container`, value: "two", on: ["azure"], sections: true },
  { path: `${azure}.costExport.directory`, value: "b", on: ["azure"], sections: true },
  { path: `${azure}.secrets.vault`, value: `${THEIRS}/Microsoft.KeyVault/vaults/b`, on: ["azure"] },
  { path: `${azure}.dns.zone`, value: "azure.acme.example", on: ["azure"] },
  { path: `${azure}.dns.resourceGroup`, value: "other", on: ["azure"] },
  { path: `${azure}.systemNodes.vmSize`, value: "Standard_D8ds_v5", on: ["azure"] },
  { path: `${azure}.systemNodes.min`, value: 3, on: ["azure"] },
  { path: `${azure}.systemNodes.max`, value: 5, on: ["azure"] },
  { path: `${azure}.sharedPool.class`, value: "memory", on: ["azure"] },
  { path: `${azure}.state`, value: { storageAccount: "acmestate", resourceGroup: "state" }, on: ["azure"] },
  { path: `${azure}.state.storageAccount`, value: "otherstate", on: ["azure"], sections: true },
  { path: `${azure}.state.resourceGroup`, value: "other", on: ["azure"], sections: true },
  { path: `${azure}.state.container`, value: "other", on: ["azure"], sections: true },
  { path: `${local}.domain`, value: "x.acme.example", on: ["local"] },
  { path: `${local}.context`, value: "other", on: ["local"] },
  { path: `${local}.kubeconfig`, value: "/etc/kubeconfig", on: ["local"] },
  { path: `${local}.storageClass`, value: "fast", on: ["local"] },
  { path: `${local}.access.admins`, value: ["admins"], on: ["local"] },
  { path: "groups.web.sso", value: "web-people", on: ["local"] },
  { path: "groups.web.aws", value: "arn:aws:iam::123456789012:role/Other", on: ["aws"] },
  { path: "groups.web.azure", value: "99999999-9999-9999-9999-999999999999", on: ["azure"] },
  { path: "environments.dev.cluster", value: "other", on: ALL },
  { path: "environments.dev.preset", value: "prod", on: ALL },
  { path: "environments.dev.components", value: ["cert-manager"], on: ALL },
  { path: "environments.dev.admission", value: "enforce", on: ALL },
  { path: "environments.dev.values", value: { logging: { encoding: "json" } }, on: ALL },
  { path: "teams.web.costCenter", value: "CC-9", on: ALL },
  { path: "teams.web.project", value: "shop", on: ALL },
  { path: "teams.web.groups.admin", value: ["admins"], on: ALL },
  { path: "teams.web.groups.edit", value: ["admins"], on: ALL },
  { path: "teams.web.groups.view", value: ["admins"], on: ALL },
  { path: "teams.web.quota.cpu", value: 5, on: ALL },
  { path: "teams.web.quota.memory", value: "17Gi", on: ALL },
  { path: "teams.web.quota.storage", value: "1Gi", on: ALL },
  { path: "teams.web.quota.pods", value: 5, on: ALL },
  { path: "teams.web.quota.limits.cpu", value: 9, on: ALL },
  { path: "teams.web.quota.limits.memory", value: "33Gi", on: ALL },
  { path: "teams.ml.namespaces.train.quota", value: { cpu: 2, memory: "2Gi" }, on: ALL },
  { path: "teams.ml.namespaces.train.quota.gpus", value: 2, on: ALL },
  { path: "teams.web.quota.storageClasses", value: { gp3: "1Gi" }, on: ALL },
  { path: "teams.web.deletionProtection", value: true, on: ALL },
  { path: "teams.ml.namespaces.train.podSecurity", value: "restricted", on: ALL },
  { path: "teams.ml.namespaces.train.name", value: "training", on: ALL },
  { path: "teams.ml.namespaces.old.adopt", value: ["aws-platform"], on: ["aws"] },
  { path: "teams.web.containers.request", value: { cpu: "60m", memory: "65Mi" }, on: ALL },
  { path: "teams.web.containers.limit", value: { cpu: "600m", memory: "600Mi" }, on: ALL },
  { path: "teams.web.containers.max", value: { cpu: 3, memory: "5Gi" }, on: ALL },
  { path: "teams.web.containers.guaranteed", value: true, on: ALL },
  { path: "teams.web.secretStore", value: true, on: CLOUDS },
  { path: "teams.web.egress", value: ["198.51.100.0/24"], on: ALL },
  { path: "teams.ml.serviceAccounts.reader.namespace", value: "serve", on: ALL },
  { path: "teams.ml.serviceAccounts.reader.aws.managedPolicies", value: ["arn:aws:iam::aws:policy/A"], on: ["aws"] },
  {
    path: "teams.ml.serviceAccounts.reader.aws.statements",
    value: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::other/*"] }],
    on: ["aws"],
  },
  {
    path: "teams.ml.serviceAccounts.reader.azure.roleAssignments",
    value: [{ role: "Reader", scope: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/data" }],
    on: ["azure"],
  },
  { path: `${aws}.profile`, value: "small", on: ["aws"], told: true },
  { path: `${azure}.profile`, value: "small", on: ["azure"], told: true },
  { path: `${local}.profile`, value: "production", on: ["local"], told: true },
  { path: "alerts.receiver.slack.channel", value: "#b", on: ALL, told: true },
  { path: "alerts.receiver.slack.secret", value: "b", on: CLOUDS, told: true },
  { path: "alerts.receiver", value: { webhook: { secret: "a" } }, on: ALL, told: true },
  { path: "alerts.smtp.host", value: "b.acme.example:25", on: ALL, told: true },
  { path: "alerts.smtp.from", value: "b@acme.example", on: ALL, told: true },
  { path: "alerts.smtp.login.username", value: "b", on: ALL, told: true },
  { path: "alerts.smtp.login.secret", value: "b", on: CLOUDS, told: true },
  { path: "teams.web.alerts.receiver.email.to", value: "b@acme.example", on: ALL, told: true },
  { path: "teams.web.alerts.receiver", value: { pagerduty: { secret: "a" } }, on: ALL, told: true },
  { path: "teams.web.environments.dev.cpu", value: 3, on: ALL },
  { path: "teams.web.environments.dev.memory", value: "9Gi", on: ALL },
  { path: "teams.web.environments.dev.storage", value: "9Gi", on: ALL },
  { path: "teams.web.environments.dev.storageClasses", value: { gp3: "9Gi" }, on: ALL },
  { path: "teams.web.environments.dev.pods", value: 9, on: ALL },
  { path: "teams.ml.environments.dev.gpus", value: 0, on: ALL },
  { path: "teams.ml.environments.dev.limits.cpu", value: 3, on: ALL },
  { path: "teams.ml.environments.dev.limits.memory", value: "3Gi", on: ALL },
  { path: `${pool}.class`, value: "memory", on: CLOUDS },
  { path: `${pool}.cpus`, value: [2, 4], on: CLOUDS },
  { path: `${pool}.architecture`, value: "arm64", on: CLOUDS },
  { path: `${pool}.capacity`, value: "spot", on: CLOUDS },
  { path: `${pool}.limits.cpu`, value: 16, on: CLOUDS },
  { path: `${pool}.limits.memory`, value: "64Gi", on: CLOUDS },
  { path: `${pool}.labels`, value: { "example.com/a": "b" }, on: CLOUDS },
  { path: `${pool}.taint`, value: false, on: CLOUDS },
  { path: `${pool}.aws.instanceTypes`, value: ["m7i.xlarge"], on: ["aws"] },
  { path: `${pool}.aws.amiAlias`, value: "al2023@v20260724", on: ["aws"] },
  { path: `${pool}.aws.volumeSize`, value: 100, on: ["aws"] },
  { path: `${pool}.aws.expireAfter`, value: "336h", on: ["aws"] },
  { path: `${pool}.aws.disruption`, value: "1", on: ["aws"] },
  { path: `${pool}.aws.quietHours`, value: [{ schedule: "0 8 * * mon-fri", duration: "10h" }], on: ["aws"] },
  { path: `${pool}.azure.vmSize`, value: "Standard_D4ds_v5", on: ["azure"] },
  { path: `${pool}.azure.zones`, value: ["1"], on: ["azure"] },
  { path: `${pool}.azure.maxPods`, value: 50, on: ["azure"] },
  { path: `${pool}.azure.osDisk`, value: "Managed", on: ["azure"] },
];

/** Fields that change no stack, and why. */
const ONLY_CHECKED: Readonly<Record<string, string>> = {
  version: "the shape of the config; there is one so far",
  "clusters.*.autoMode": "can only be false: it is there to say why it is refused",
  "clusters.*.managedArgoCd": "can only be false: it is there to say why it is refused",
  "clusters.*.kubeconfigStore": "read by stackyard kubeconfig alone; see __tests__/cli/kubeconfig",
  waivers: "changes what the policies say, and nothing that is made; see policies/waivers.test.ts",
  "environments.*.cap": "a bound that the arithmetic checks; the quota itself is computed",
  "nodePools.*.azure.cpu": "describes a VM size that the table does not know; see azure-pools.test.ts",
  "nodePools.*.azure.memoryGibibytes": "describes a VM size that the table does not know; see azure-pools.test.ts",
};

/** Fields of components that are left out here. */
const ELSEWHERE: readonly string[] = [
  "components.*.database", // databases.test.ts
  "groups.*.claim", // sign-in.test.ts
  "signIn.identityProvider", // sign-in.test.ts
];

function set(draft: Draft, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let at = draft;
  for (const key of keys) at = at[key] ??= {};
  at[last] = value;
}

const withSections = (draft: Draft): Draft => {
  const aws = draft.clusters["aws-platform"];
  aws.state = { bucket: "acme-state" };
  aws.budget = { monthly: 100 };
  aws.costReport = { database: "cur", table: "report", reportBucket: "acme-cur", resultBucket: "acme-athena" };
  aws.network.existing = { ...THEIR_VPC };
  delete aws.access.public;
  Object.assign(draft.clusters["azure-platform"], {
    state: { storageAccount: "astate", resourceGroup: "a" },
    budget: { monthly: 100, from: "2026-12" },
    costExport: { storageAccount: `${THEIRS}/Microsoft.Storage/storageAccounts/a`, container: "one" },
    encryptionKey: { vault: `${THEIRS}/Microsoft.KeyVault/vaults/keys`, key: KEY },
  });
  draft.clusters["azure-platform"].network.existing = {
    nodeSubnet: `${SUBNETS}/a`,
    apiServerSubnet: `${SUBNETS}/d`,
  };
  draft.clusters["azure-platform"].access.vnetIntegration = true;
  return draft;
};

const withTheirs = (draft: Draft): Draft => {
  const azure = draft.clusters["azure-platform"];
  azure.existing = { name: "a", resourceGroup: "a" };
  azure.network.existing = { nodeSubnet: `${SUBNETS}/a` };
  delete azure.access.public;
  return draft;
};

const withAlerts = (draft: Draft): Draft => {
  draft.components["kube-prometheus-stack"] = true;
  const smtp = { host: "a.acme.example:25", from: "a@acme.example", login: { username: "a", secret: "a" } };
  draft.alerts = { receiver: { slack: { channel: "#a", secret: "a" } }, smtp };
  draft.teams.web.alerts = { receiver: { email: { to: "a@acme.example" } } };
  // Somebody must be left to whom mail is sent.
  draft.teams.docs.alerts = { receiver: { email: { to: "a@acme.example" } } };
  return draft;
};

const platformOf = (draft: Draft): Platform => definePlatform(draft as PlatformInput);

/** Whether some stack of the cluster that both have is another; of a team's field, the one that the team's layer is in. */
function changes(path: string, kind: Kind, from: Platform, to: Platform): boolean {
  const [before, after] = [from, to].map((platform) =>
    allStacks(platform)
      .filter(
        ({ cluster, layers }) => cluster.kind === kind && (!path.startsWith("teams.") || layers.includes("teams")),
      )
      .map(({ name }) => name),
  ) as [string[], string[]];
  return before
    .filter((name) => after.includes(name))
    .some((name) => synthText(to, name) !== outside().knownText(from, name));
}

test.each(LIVE)("$path", ({ path, value, on, sections = false, theirs = false, told = false, single = false }) => {
  const start = sections ? withSections : theirs ? withTheirs : told ? withAlerts : (draft: Draft) => draft;
  const draft = start(richConfig());
  if (single) for (const kind of CLOUDS) delete draft.clusters[`${kind}-platform`].layout;
  const from = platformOf(draft);
  set(draft, path, value);
  const to = platformOf(draft);
  expect(on.filter((kind) => changes(path, kind, from, to))).toEqual(on);
});

test("every field of the schema is in one of the two lists", () => {
  const schema = z.toJSONSchema(platformSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const known = [...LIVE.map(({ path }) => generic(path)), ...Object.keys(ONLY_CHECKED), ...ELSEWHERE];
  const missing = leaves(schema, "").filter((leaf) => !known.some((path) => matches(leaf, path)));
  expect(missing).toEqual([]);
});

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Paths of all fields that hold a value, with `*` for the names that users choose. */
function leaves(schema: JsonSchema, path: string): string[] {
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.flatMap((variant) => leaves(variant, path)))];
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
  if (typeof schema.additionalProperties === "object" && Object.keys(schema.additionalProperties).length > 0) {
    return leaves(schema.additionalProperties, `${path}.*`);
  }
  return [path];
}

/** The names of this file's config as the schema has them. */
function generic(path: string): string {
  return path
    .replace(/^(clusters|groups|environments|teams|components)\.[^.]+/, "$1.*")
    .replace(/\.(namespaces|nodePools|environments|serviceAccounts)\.[^.]+/, ".$1.*");
}

/** A list's entry covers a field of its own and, for a quota or a pool, the same field wherever the shape occurs again. */
function matches(leaf: string, path: string): boolean {
  const shape = (text: string): string =>
    text
      .replace(/^teams\.\*\.(namespaces\.\*\.quota|quota)\./, "quota.")
      .replace(/^teams\.\*\.environments\.\*\.(cpu|memory)/, "quota.$1")
      .replace(/^teams\.\*\.environments\.\*\./, "environments.*.")
      .replace(/^(teams\.\*\.nodePools\.\*|clusters\.\*\.sharedPool)\./, "nodePools.*.");
  const [a, b] = [shape(leaf), shape(path)];
  return a === b || a.startsWith(`${b}.`) || (b.startsWith(`${a}.`) && /\.\*$/.test(a)) || a === "clusters.*.kind";
}
