import { definePlatform } from "../../config/define-platform";
import { RULES } from "../../config/rules";
import { changed, problemsOf, smallConfig, theirEks, THEIR_VPC, type Draft } from "../support/config";

interface Case {
  readonly rule: string;
  readonly change: (draft: Draft) => void;
  readonly path: string;
  readonly message: string;
}

const GROUPS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups";
const SUBNETS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net/providers/Microsoft.Network";
const nodeSubnet = `${SUBNETS}/virtualNetworks/spoke/subnets/nodes`;
const vault =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme";
const workspace =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central";

const gpuPool = { class: "gpu", cpus: [4, 16], limits: { cpu: 32, memory: "224Gi" } };

const EXTERNAL = { host: "db.acme.example", name: "keycloak", username: "keycloak", secret: "keycloak-database" };

const WAIVER = {
  rule: "logs-kept",
  stack: "aws-platform",
  path: "flow-logs",
  reason: "r",
  owner: "o",
  until: "2027-03-31",
};

/** The team docs in one namespace, called in the config "old". */
function inLegacy(draft: Draft, namespace: Draft): void {
  const { quota, ...docs } = draft.teams.docs;
  draft.teams.docs = { ...docs, namespaces: { old: { quota, ...namespace } } };
}

/** Another cluster on AWS beside `aws-platform`. */
function anotherEks(draft: Draft, name: string): Draft {
  const cluster = structuredClone(draft.clusters["aws-platform"]);
  cluster.domain = `${name}.acme.example`;
  cluster.network.cidr = "10.7.0.0/16";
  draft.clusters[name] = cluster;
  return cluster;
}

/** One failing case for each rule, with the whole message. */
const CASES: readonly Case[] = [
  // Shape
  {
    rule: "unknown-key",
    change: (d) => (d.teams.web.qouta = {}),
    path: "teams.web",
    message: 'unknown key "qouta", did you mean "quota"?',
  },
  {
    rule: "unknown-key",
    change: (d) => (d.components = { giteaa: false }),
    path: "components",
    message: 'unknown key "giteaa", did you mean "gitea"?',
  },
  {
    rule: "unknown-key",
    change: (d) => (d.registries = { images: { "docker.com": "mirror.example/hub" } }),
    path: "registries.images",
    message: 'unknown key "docker.com", did you mean "docker.io"?',
  },
  ...["https://mirror.example", "mirror.example/", "mirror", "mirror.example/Hub"].flatMap((wrong): Case[] => [
    {
      rule: "shape",
      change: (d) => (d.registries = { mirror: wrong }),
      path: "registries.mirror",
      message: `"${wrong}" must be the host of a registry and a path in it, in lower case, without a scheme and without a slash at its end, such as "registry.example.com/mirror"`,
    },
    {
      rule: "shape",
      change: (d) => (d.registries = { images: { "quay.io": wrong } }),
      path: "registries.images.quay.io",
      message: `"${wrong}" must be the host of a registry and a path in it, in lower case, without a scheme and without a slash at its end, such as "registry.example.com/mirror"`,
    },
  ]),
  {
    rule: "shape",
    change: (d) => (d.registries = { charts: { "https://charts.loft.sh": "mirror.example/charts" } }),
    path: "registries.charts.https://charts.loft.sh",
    message: '"mirror.example/charts" must be an https:// or oci:// address without a slash at its end',
  },
  {
    rule: "quantity",
    change: (d) => (d.teams.web.quota.memory = "4GB"),
    path: "teams.web.quota.memory",
    message:
      '"4GB" is not a quantity; allowed: a number with Mi, Gi or Ti, such as "512Mi" or "32Gi"; more than 0, and no part of a byte',
  },
  {
    rule: "quantity",
    change: (d) => (d.teams.web.quota.cpu = -1),
    path: "teams.web.quota.cpu",
    message:
      '-1 is not a quantity; allowed: cores such as 8 or 0.5, or millicores such as "500m"; more than 0, and no part of a millicore',
  },
  {
    rule: "missing",
    change: (d) => delete d.teams.web.costCenter,
    path: "teams.web.costCenter",
    message: "is missing",
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["aws-platform"].network.cidr = "10.0.0.1/16"),
    path: "clusters.aws-platform.network.cidr",
    message: '"10.0.0.1/16" has bits behind its prefix; did you mean "10.0.0.0/16"?',
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["aws-platform"].network.cidr = "010.0.0.0/16"),
    path: "clusters.aws-platform.network.cidr",
    message: '"010.0.0.0/16" must be an IPv4 range, such as "10.0.0.0/16"',
  },
  {
    rule: "shape",
    change: (d) => (d.components = { gitea: { values: { a: () => 1 } } }),
    path: "components.gitea.values",
    message: "{} must be plain data: maps, lists, text, numbers, booleans and null",
  },
  {
    rule: "quantity",
    change: (d) => (d.teams.web.quota.cpu = () => 1),
    path: "teams.web.quota.cpu",
    message:
      'a function is not a quantity; allowed: cores such as 8 or 0.5, or millicores such as "500m"; more than 0, and no part of a millicore',
  },
  // Names
  ...["no", "on", "true", "null", "y"].map((name): Case => ({
    rule: "name-form",
    change: (d) => (d.teams[name] = { ...d.teams.docs }),
    path: `teams.${name}`,
    message: `"${name}" is a boolean or nothing where the templates of charts write it; take another name`,
  })),
  {
    rule: "name-form",
    change: (d) => (d.environments.constructor = { cluster: "other" }),
    path: "environments.constructor",
    message: '"constructor" is what every JavaScript object has already; take another name',
  },
  {
    rule: "name-form",
    change: (d) => (d.teams["Web Team"] = { ...d.teams.docs }),
    path: "teams.Web Team",
    message:
      "\"Web Team\" is not a name that Kubernetes and the clouds take; allowed: lower-case letters, digits and '-', a letter first and no '-' last",
  },
  {
    rule: "cluster-name-length",
    change: (d) => (d.name = "a-rather-long-name-of-an-organisation"),
    path: "clusters.aws-platform",
    message:
      '"a-rather-long-name-of-an-organisation-aws-platform" has 50 characters; allowed: 43, from IAM\'s 64 for the role <cluster>-karpenter-controller',
  },
  {
    rule: "team-name-length",
    change: (d) => (d.teams["a-team-with-a-really-very-long-name"] = { ...d.teams.docs }),
    path: "teams.a-team-with-a-really-very-long-name",
    message:
      "\"a-team-with-a-really-very-long-name\" has 35 characters; allowed: 31, from the platform's 31: namespaces, releases (Helm's 53) and roles add to it",
  },
  {
    rule: "namespace-name-length",
    change: (d) => {
      d.teams.docs.namespaces = { ["n".repeat(60)]: { quota: d.teams.docs.quota } };
      delete d.teams.docs.quota;
    },
    path: "teams.docs.namespaces",
    message: `"team-docs-${"n".repeat(60)}" has 70 characters; allowed: 63, from Kubernetes's 63 for a namespace`,
  },
  {
    rule: "environment-name-length",
    change: (d) => (d.environments["e".repeat(64)] = { cluster: "other" }),
    path: `environments.${"e".repeat(64)}`,
    message: `"${"e".repeat(64)}" has 64 characters; allowed: 63, from Kubernetes's 63 for a label`,
  },
  {
    rule: "environment-name-length",
    change: (d) => (d.environments.dev.cluster = "v".repeat(44)),
    path: "environments.dev.cluster",
    message: `"${"v".repeat(44)}" has 44 characters; allowed: 43, from Helm's 53 for the release <cluster>-authority`,
  },
  {
    rule: "node-pool-name-length",
    change: (d) => (d.teams.web.nodePools["p".repeat(60)] = d.teams.web.nodePools.main),
    path: `teams.web.nodePools.${"p".repeat(60)}`,
    message: `"web-${"p".repeat(60)}" has 64 characters; allowed: 63, from Kubernetes's 63 for the label that names a NodePool`,
  },
  {
    rule: "duplicate-namespace",
    change: (d) => {
      d.teams["docs-api"] = { ...d.teams.docs };
      d.teams.docs = { ...d.teams.docs, namespaces: { api: { quota: d.teams.docs.quota } } };
      delete d.teams.docs.quota;
    },
    path: "teams.docs-api",
    message: 'would be the namespace "team-docs-api", which teams.docs is already; rename one',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams.web.serviceAccounts = { default: {} }),
    path: "teams.web.serviceAccounts.default",
    message: '"default" is made by Kubernetes in every namespace, for pods that name none; take another',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.groups.web.sso = "system:masters"),
    path: "groups.web.sso",
    message: '"system:masters" is a group of Kubernetes\'s own, whose rights its members would get; take another name',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.environments.engineering = { cluster: "acme-host" }),
    path: "environments.engineering",
    message:
      '"engineering" is what kubectl calls the cluster itself, after stackyard kubeconfig write; take another name',
  },
  {
    rule: "service-account-name-length",
    change: (d) => (d.teams.web.serviceAccounts = { ["a".repeat(64)]: {} }),
    path: `teams.web.serviceAccounts.${"a".repeat(64)}`,
    message: `"${"a".repeat(64)}" has 64 characters; allowed: 63, from the platform's 63: identities in the clouds add to it`,
  },
  {
    rule: "cluster-name-length",
    change: (d) => {
      d.name = "a";
      d.clusters.b = d.clusters["azure-platform"];
      delete d.clusters["azure-platform"];
    },
    path: "clusters.b",
    message: '"a-b" has 3 characters; needed: 4, for a Log Analytics workspace',
  },
  {
    rule: "azure-network-values",
    change: (d) =>
      (d.clusters["azure-platform"].access.public = Array.from({ length: 200 }, (_, index) => `203.0.${index}.0/24`)),
    path: "clusters.azure-platform.access.public",
    message: "has 201 ranges with that of the way out, and AKS takes 200; join neighbours into larger ones",
  },
  {
    rule: "azure-tags",
    change: (d) => (d.tags = { Owner: "me" }),
    path: "tags.Owner",
    message: '"Owner" is not a tag that Azure keeps as it is: lower-case letters, digits and _.@+-, no digit first',
  },
  {
    rule: "azure-tags",
    change: (d) => (d.tags = { "azure-env": "dev" }),
    path: "tags.azure-env",
    message: '"azure-env" begins with a word that Azure keeps for itself: azure, microsoft or windows',
  },
  {
    rule: "tags",
    change: (d) => (d.tags = { "Managed-By": "me" }),
    path: "tags",
    message: '"Managed-By" is a tag of the platform\'s own; take it out',
  },
  {
    rule: "tags",
    change: (d) => (d.tags = { owner: "me", Owner: "me" }),
    path: "tags",
    message: '"owner" is "Owner" for IAM and Azure; take one of them out',
  },
  {
    rule: "azure-tags",
    change: (d) => (d.tags = { owner: "a=b" }),
    path: "tags.owner",
    message: '"a=b" has a "=", at which Azure\'s load balancers cut it off',
  },
  {
    rule: "azure-tags",
    change: (d) => (d.tags = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`t${index}`, "x"]))),
    path: "tags",
    message: "has 14 tags; allowed: 13, as many as Azure's DNS zones take beside the platform's own",
  },
  ...[
    ["", "the platform's resource group"],
    ["/providers/Microsoft.KeyVault/vaults/x", "the platform's resource group"],
  ].map(([below = "", what = ""]) => ({
    rule: "azure-team-rights",
    change: (d: Draft) => {
      const scope = `${GROUPS}/acme-AZURE-platform${below}`;
      d.teams.web.serviceAccounts = { api: { azure: { roleAssignments: [{ role: "Reader", scope }] } } };
    },
    path: "teams.web.serviceAccounts.api.azure.roleAssignments",
    message: `"${GROUPS}/acme-AZURE-platform${below}" has ${what} in it, which is the platform's; name something of the team's own`,
  })),
  {
    rule: "azure-team-rights",
    change: (d) => {
      d.teams.web.serviceAccounts = {
        api: { azure: { roleAssignments: [{ role: "Reader", scope: `${GROUPS}/dns` }] } },
      };
    },
    path: "teams.web.serviceAccounts.api.azure.roleAssignments",
    message: `"${GROUPS}/dns" has the DNS zone in it, which is the platform's; name something of the team's own`,
  },
  {
    rule: "duplicate-service-account",
    change: (d) => {
      d.teams.web.serviceAccounts = { "api-x": {} };
      d.teams["web-api"] = { ...d.teams.docs, serviceAccounts: { x: {} } };
    },
    path: "teams.web-api.serviceAccounts.x",
    message: 'would be the identity "team-web-api-x", which teams.web.serviceAccounts.api-x is already; rename one',
  },
  {
    rule: "duplicate-virtual-cluster",
    change: (d) => (d.environments.test = { cluster: "acme-dev" }),
    path: "environments.test.cluster",
    message: 'would be the virtual cluster "acme-dev", which environments.dev.cluster is already; rename one',
  },
  {
    rule: "duplicate-node-pool",
    change: (d) => {
      d.teams.a = { ...d.teams.web, nodePools: { "b-c": d.teams.web.nodePools.main } };
      d.teams["a-b"] = { ...d.teams.web, nodePools: { c: d.teams.web.nodePools.main } };
    },
    path: "teams.a-b.nodePools.c",
    message: 'would be a NodePool "a-b-c", which teams.a.nodePools.b-c is already; rename one',
  },
  {
    rule: "azure-pool-count",
    change: (d) => {
      for (let index = 0; index < 50; index += 1) {
        d.teams[`team-${index}`] = {
          ...d.teams.web,
          nodePools: { main: { ...d.teams.web.nodePools.main, capacity: "spot-with-fallback" } },
        };
      }
      delete d.clusters["aws-platform"];
      d.clusters["azure-platform"].network.podCidr = "100.64.0.0/10";
    },
    path: "clusters.azure-platform",
    message:
      'needs 103 AKS node pools with the system pool (two for each pool with "spot-with-fallback"); AKS allows 100 per cluster: let teams share the cluster\'s pool, or spread them over clusters',
  },
  // References
  {
    rule: "unknown-group",
    change: (d) => (d.teams.web.groups.admin = ["wep"]),
    path: "teams.web.groups.admin",
    message: 'there is no group "wep" under groups, did you mean "web"?',
  },
  {
    rule: "unknown-environment",
    change: (d) => (d.teams.web.environments.staging = { cpu: 1, memory: "1Gi" }),
    path: "teams.web.environments.staging",
    message: 'there is no environment "staging" under environments; allowed: dev',
  },
  {
    rule: "group-id",
    change: (d) => delete d.groups.web.azure,
    path: "groups.web.azure",
    message:
      "is missing: teams.docs.groups.view uses the group, and azure-platform must know what to call it; add the object id of its Entra ID group",
  },
  {
    rule: "duplicate-group-id",
    change: (d) => (d.groups.web.aws = d.groups.admins.aws),
    path: "groups.web.aws",
    message: 'is the id of the group "admins" as well; one identity can be in one group of the config',
  },
  {
    rule: "duplicate-group-id",
    change: (d) => {
      d.groups.admins.sso = "platform";
      d.groups.platform = {};
    },
    path: "groups.platform.sso",
    message: 'is the id of the group "admins" as well; one identity can be in one group of the config',
  },
  // Networks
  {
    rule: "network-overlap",
    change: (d) => (d.clusters["azure-platform"].network.cidr = "10.0.128.0/17"),
    path: "clusters.azure-platform.network.cidr",
    message:
      "10.0.128.0/17 overlaps 10.0.0.0/16 of clusters.aws-platform.network.cidr: cluster networks must be disjoint, or they can never be connected",
  },
  {
    rule: "inner-range-overlap",
    change: (d) => (d.clusters["aws-platform"].network.serviceCidr = "10.1.0.0/20"),
    path: "clusters.aws-platform.network.serviceCidr",
    message:
      "10.1.0.0/20 overlaps 10.1.0.0/16 of clusters.azure-platform.network.cidr: pods could not reach that network",
  },
  {
    rule: "shared-domain",
    change: (d) => (d.clusters["local-platform"].domain = "aws.acme.example"),
    path: "clusters.local-platform.domain",
    message:
      '"aws.acme.example" is the domain of aws-platform as well; each cluster needs one of its own, or they overwrite each other\'s records',
  },
  {
    rule: "egress-to-metadata",
    change: (d) => (d.teams.web.egress = ["169.254.169.254/32"]),
    path: "teams.web.egress",
    message:
      "169.254.169.254/32 is where the clouds' metadata services answer, with the node's credentials; take it out",
  },
  {
    rule: "domain-outside-zone",
    change: (d) => (d.clusters["azure-platform"].dns.zone = "other.example"),
    path: "clusters.azure-platform.domain",
    message: '"azure.acme.example" does not lie in the zone "other.example"; records could not be made',
  },
  {
    rule: "azure-pod-range",
    change: (d) => (d.clusters["azure-platform"].network.podCidr = "192.168.0.0/20"),
    path: "clusters.azure-platform.network.podCidr",
    message:
      "192.168.0.0/20 has room for 12 nodes, a /24 each, but the pools may grow to 15 and a third more while they are upgraded; take a shorter prefix, or lower limits. It cannot be changed later",
  },
  // Versions
  {
    rule: "kubernetes-version",
    change: (d) => (d.clusters["aws-platform"].kubernetes = "1.29"),
    path: "clusters.aws-platform.kubernetes",
    message: '"1.29" is not supported by Karpenter 1.14, which takes 1.30 to 1.36',
  },
  {
    rule: "kubernetes-version",
    change: (d) => (d.clusters["azure-platform"].kubernetes = "1.37"),
    path: "clusters.azure-platform.kubernetes",
    message: '"1.37" is not supported by Envoy Gateway 1.9, which takes 1.33 to 1.36',
  },
  // Options
  {
    rule: "no-clusters",
    change: (d) => (d.clusters = {}),
    path: "clusters",
    message: 'names no cluster; add one, such as "aws-platform": aws({ … })',
  },
  {
    rule: "quota-or-namespaces",
    change: (d) => (d.teams.web.namespaces = { api: { quota: d.teams.web.quota } }),
    path: "teams.web",
    message: "has both quota and namespaces; give quota for one namespace, or namespaces for several",
  },
  // Alerts
  {
    rule: "shape",
    change: (d) => (d.alerts = { receiver: {} }),
    path: "alerts.receiver",
    message: "{} must be exactly one of slack, webhook, pagerduty and email",
  },
  {
    rule: "alerts-unwatched",
    change: (d) => {
      d.components = { "kube-prometheus-stack": false };
      d.alerts = { receiver: { webhook: { secret: "a" } } };
    },
    path: "alerts",
    message: "does nothing, because components.kube-prometheus-stack is off; take it out",
  },
  {
    rule: "alerts-unwatched",
    change: (d) => {
      d.components = { "kube-prometheus-stack": false };
      d.teams.web.alerts = { receiver: { webhook: { secret: "a" } } };
    },
    path: "teams.web.alerts",
    message: "does nothing, because components.kube-prometheus-stack is off; take it out",
  },
  {
    rule: "alerts-smtp",
    change: (d) => (d.teams.web.alerts = { receiver: { email: { to: "web@acme.example" } } }),
    path: "teams.web.alerts.receiver.email",
    message: "cannot be sent: alerts.smtp is missing; add it, or take another receiver",
  },
  {
    rule: "alerts-smtp",
    change: (d) =>
      (d.alerts = {
        receiver: { webhook: { secret: "a" } },
        smtp: { host: "smtp.acme.example:587", from: "alerts@acme.example" },
      }),
    path: "alerts.smtp",
    message: "does nothing, because no receiver is an e-mail address; take it out",
  },
  {
    rule: "alerts-secret-name",
    change: (d) => (d.teams.web.alerts = { receiver: { slack: { channel: "#web", secret: "web/slack" } } }),
    path: "teams.web.alerts.receiver.slack.secret",
    message:
      '"web/slack" is not a name that the Key Vault of azure-platform takes: 1 to 127 letters, digits and hyphens; rename it',
  },
  {
    rule: "component-needs",
    change: (d) => (d.components = { "cloudnative-pg": false, keycloak: false }),
    path: "components.cloudnative-pg",
    message: "is off, but gitea needs it; leave it on, or set components.gitea to false as well",
  },
  {
    rule: "database-archive",
    change: (d) => (d.components = { keycloak: { database: { restore: { archive: "keycloak-db" } } } }),
    path: "components.keycloak.database.archive",
    message:
      '"keycloak-db", given or by default, is what restore.archive reads; a new database writes into a folder of its own, such as "keycloak-db-2"',
  },
  {
    rule: "database-archive",
    change: (d) => (d.components = { gitea: { database: { archive: "gitea-db-2", external: EXTERNAL } } }),
    path: "components.gitea.database",
    message: "has archive or restore beside external; whoever runs the database backs it up, take them out",
  },
  {
    rule: "external-database",
    change: (d) => (d.components = { keycloak: { database: { external: EXTERNAL } } }),
    path: "components.keycloak.database.external",
    message:
      "would be the database of keycloak on aws-platform, azure-platform, local-platform, which would write over each other; give each cluster a config of its own",
  },
  {
    rule: "external-database",
    change: (d) => {
      d.components = { keycloak: { database: { external: EXTERNAL } } };
      d.clusters = { "local-platform": d.clusters["local-platform"] };
    },
    path: "components.keycloak.database.external",
    message:
      "its password is read from a secret store, and local-platform has none; leave external out, or give the cluster one",
  },
  {
    rule: "unknown-key",
    change: (d) => (d.components = { "argo-cd": { database: { archive: "a" } } }),
    path: "components.argo-cd",
    message: 'unknown key "database"; only gitea and keycloak have one',
  },
  {
    rule: "shape",
    change: (d) => (d.teams.web.nodePools.main.cpus = [8, 4]),
    path: "teams.web.nodePools.main.cpus",
    message: "[8,4] has the larger number first; write [smallest, largest]",
  },
  {
    rule: "pool-gpu-architecture",
    change: (d) => (d.teams.web.nodePools.gpu = { ...gpuPool, architecture: "arm64" }),
    path: "teams.web.nodePools.gpu.architecture",
    message: '"arm64" does not go with class "gpu": no cloud has the pair for general use; take "amd64"',
  },
  {
    rule: "reserved-label",
    change: (d) => (d.teams.web.nodePools.main.labels = { "node.kubernetes.io/x": "y" }),
    path: "teams.web.nodePools.main.labels",
    message:
      '"node.kubernetes.io/x" is in a reserved domain (kubernetes.io, k8s.io, karpenter.sh, karpenter.k8s.aws, kubernetes.azure.com, stackyard.dev); take a prefix of your own',
  },
  {
    rule: "azure-vm-size",
    change: (d) => (d.teams.web.nodePools.main.azure = { vmSize: "Standard_L8s_v3" }),
    path: "teams.web.nodePools.main.azure.vmSize",
    message:
      '"Standard_L8s_v3" is not in the platform\'s table; say what it has: azure: { vmSize, cpu, memoryGibibytes }',
  },
  {
    rule: "production-nodes",
    change: (d) => {
      d.clusters["azure-platform"].sharedPool = {
        class: "general",
        cpus: [2, 32],
        limits: { cpu: 32, memory: "128Gi" },
      };
    },
    path: "clusters.azure-platform.sharedPool.limits",
    message:
      'hold 1 node at most, and with the profile "production" every component stands on 2; raise them, allow smaller nodes by cpus, or take the profile "small"',
  },
  {
    rule: "production-nodes",
    change: (d) => {
      d.clusters["aws-platform"].sharedPool = { class: "general", cpus: [8, 8], limits: { cpu: 16, memory: "64Gi" } };
      d.environments.dev.preset = "prod";
    },
    path: "clusters.aws-platform.sharedPool.limits",
    message:
      'hold 2 nodes at most, and with the profile "production" the etcd of the environment dev stands on 3; raise them, allow smaller nodes by cpus, or take the profile "small"',
  },
  {
    rule: "gpu-quota",
    change: (d) => (d.teams.web.quota.gpus = 1),
    path: "teams.web.quota.gpus",
    message: '1 GPUs are granted, but the team has no node pool of class "gpu"; add one, or drop gpus',
  },
  {
    rule: "limits-below-requests",
    change: (d) => (d.teams.web.quota.limits = { cpu: 2, memory: "32Gi" }),
    path: "teams.web.quota.limits.cpu",
    message: "2 is less than the requests of 4, which could then never be used; raise it",
  },
  {
    rule: "storage-classes",
    change: (d) => (d.teams.web.quota.storageClasses = { Fast: "1Gi" }),
    path: "teams.web.quota.storageClasses.Fast",
    message: '"Fast" is no name of a StorageClass; lower-case letters, digits, "-" and "."',
  },
  {
    rule: "storage-classes",
    change: (d) => {
      d.teams.web.quota.storage = "10Gi";
      d.teams.web.quota.storageClasses = { gp3: "11Gi" };
    },
    path: "teams.web.quota.storageClasses.gp3",
    message: "11Gi is more than the 10Gi of storage that all classes have together; lower it, or raise storage",
  },
  {
    rule: "container-sizes",
    change: (d) => (d.teams.docs.quota = { cpu: "20m", memory: "2Gi" }),
    path: "teams.docs.containers.request",
    message:
      "50m CPU and 64Mi, given or by default, do not fit into teams.docs.quota, 20m CPU and 2Gi; Kubernetes wants request ≤ limit ≤ max",
  },
  {
    rule: "namespace-name",
    change: (d) => inLegacy(d, { name: "Shop" }),
    path: "teams.docs.namespaces.old.name",
    message:
      "\"Shop\" is not a name that Kubernetes and the clouds take; allowed: lower-case letters, digits and '-', a letter first and no '-' last",
  },
  ...["kube-system", "default", "stackyard-teams", "vcluster-acme-dev", "argocd"].map((name): Case => ({
    rule: "namespace-name",
    change: (d) => inLegacy(d, { name }),
    path: "teams.docs.namespaces.old.name",
    message: `"${name}" is a namespace of Kubernetes or of the platform; a team cannot have it`,
  })),
  {
    rule: "namespace-name",
    change: (d) => inLegacy(d, { name: "shop", adopt: ["local"] }),
    path: "teams.docs.namespaces.old.adopt",
    message: 'there is no cluster "local" under clusters; allowed: aws-platform, azure-platform, local-platform',
  },
  {
    rule: "namespace-name",
    change: (d) => inLegacy(d, { adopt: ["local-platform"] }),
    path: "teams.docs.namespaces.old.adopt",
    message: "says where the namespace is there already, but not which it is; add name",
  },
  {
    rule: "duplicate-namespace",
    change: (d) => inLegacy(d, { name: "team-web" }),
    path: "teams.web",
    message: 'would be the namespace "team-web", which teams.docs is already; rename one',
  },
  {
    rule: "container-sizes",
    change: (d) => {
      d.teams.web.containers = { request: { cpu: 1, memory: "64Mi" }, limit: { cpu: "500m", memory: "512Mi" } };
    },
    path: "teams.web.containers.request",
    message:
      "1 CPU and 64Mi, given or by default, do not fit into limit, 500m CPU and 512Mi; Kubernetes wants request ≤ limit ≤ max",
  },
  {
    rule: "container-sizes",
    change: (d) => (d.teams.web.environments.dev.limits = { cpu: 1, memory: "256Mi" }),
    path: "teams.web.containers.limit",
    message:
      "500m CPU and 512Mi, given or by default, do not fit into the limits of teams.web.environments.dev, 1 CPU and 256Mi; Kubernetes wants request ≤ limit ≤ max",
  },
  {
    rule: "system-nodes",
    change: (d) => (d.clusters["aws-platform"].systemNodes = { min: 4 }),
    path: "clusters.aws-platform.systemNodes",
    message: "min 4 is more than max 3; raise max (3 by default)",
  },
  ...["aws:owner", "eks:eks-cluster-name", "a=b", " owner"].map((key) => ({
    rule: "tags",
    change: (d: Draft) => (d.tags = { [key]: "x" }),
    path: "tags",
    message: `"${key}" is not a tag that both clouds take: 1 to 128 letters, digits, _.:+@- and spaces between them, not starting with "aws:" or "eks:"`,
  })),
  {
    rule: "tags",
    change: (d) => (d.tags = Object.fromEntries(Array.from({ length: 39 }, (_, index) => [`t${index}`, "x"]))),
    path: "tags",
    message: "has 39 tags; allowed: 38, so that the platform's own fit into the clouds' 50",
  },
  {
    rule: "tags",
    change: (d) => (d.tags = { owner: "R&D" }),
    path: "tags.owner",
    message: '"R&D" is not a value that both clouds take: at most 256 letters, digits, spaces and _.:/=+@-',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams["docs--web"] = d.teams.docs),
    path: "teams.docs--web",
    message:
      '"docs--web" has "--", which in host names <name>--<team>.apps.<domain> comes before the team; take a name without',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams.web.nodePools.shared = d.teams.web.nodePools.main),
    path: "teams.web.nodePools.shared",
    message: '"shared" is the pool of the cluster, by whose name teams without pools find their nodes; take another',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams.shared = d.teams.docs),
    path: "teams.shared",
    message: '"shared" is a name of the platform\'s own; take another',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams.default = d.teams.docs),
    path: "teams.default",
    message: '"default" is a name of the platform\'s own; take another',
  },
  {
    rule: "reserved-name",
    change: (d) => (d.teams.metrics = d.teams.docs),
    path: "teams.metrics",
    message:
      "\"metrics\" is a name that Gitea keeps for itself, and the team's organisation there has the team's; take another",
  },
  {
    rule: "shared-pool-unusable",
    change: (d) => (d.clusters["azure-platform"].sharedPool.capacity = "spot"),
    path: "clusters.azure-platform.sharedPool.capacity",
    message:
      '"spot" alone may be gone at any time: the platform\'s components run on it, and could not; take "spot-with-fallback" or "on-demand"',
  },
  {
    rule: "same-context",
    change: (d) => (d.clusters["local-two"] = { ...d.clusters["local-platform"], domain: "two.acme.example" }),
    path: "clusters.local-two.context",
    message: '"kind-acme" is the cluster of local-platform as well; one cluster holds one platform',
  },
  {
    rule: "reserved-range",
    change: (d) => (d.clusters["aws-platform"].network.serviceCidr = "100.64.0.0/16"),
    path: "clusters.aws-platform.network.serviceCidr",
    message:
      "100.64.0.0/16 is not a private range of RFC 1918, which EKS wants for Services: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
  },
  {
    rule: "reserved-range",
    change: (d) => (d.clusters["azure-platform"].network.serviceCidr = "172.30.0.0/16"),
    path: "clusters.azure-platform.network.serviceCidr",
    message: "172.30.0.0/16 overlaps 172.30.0.0/16, which is reserved on this cloud; take another range",
  },
  {
    rule: "azure-pod-range",
    change: (d) => {
      d.clusters["azure-platform"].network.cidr = "10.1.0.0/24";
      d.clusters["azure-platform"].sharedPool = {
        class: "general",
        cpus: [2, 2],
        limits: { cpu: 240, memory: "960Gi" },
      };
    },
    path: "clusters.azure-platform.network.cidr",
    message:
      "10.1.0.0/24 gives nodes half of its addresses, room for 92, but the pools may grow to 127 and a third more while they are upgraded; take a shorter prefix, or lower limits. It cannot be changed later",
  },
  // Capacity
  {
    rule: "pool-too-small",
    change: (d) =>
      (d.clusters["aws-platform"].sharedPool = {
        class: "general",
        cpus: [32, 32],
        limits: { cpu: 64, memory: "100Gi" },
      }),
    path: "clusters.aws-platform.sharedPool.limits.memory",
    message:
      "100Gi is less than one node of 32 cores, the smallest of cpus, which has 128Gi; raise it, or allow smaller nodes",
  },
  {
    rule: "shared-pool-missing",
    change: (d) => delete d.clusters["aws-platform"].sharedPool,
    path: "clusters.aws-platform.sharedPool",
    message: "is missing, but teams without node pools need it: docs; add it, or give them pools",
  },
  {
    rule: "pool-too-small",
    change: (d) =>
      (d.teams.web.nodePools.tiny = { class: "general", cpus: [8, 16], limits: { cpu: 4, memory: "16Gi" } }),
    path: "teams.web.nodePools.tiny.limits.cpu",
    message: "4 is less than one node of 8 cores, the smallest of cpus; raise it, or allow smaller nodes",
  },
  {
    rule: "team-capacity",
    change: (d) => (d.teams.web.quota.cpu = 40),
    path: "teams.web",
    message: [
      "the quotas ask more than the team's node pools can give on aws-platform; lower what is asked, or raise what is offered",
      "                         cores  GiB",
      "team-web                    40   16",
      "in dev                       2    8",
      "asked                       42   24",
      "offered (pool web/main)     32  128",
    ].join("\n"),
  },
  {
    rule: "shared-capacity",
    change: (d) => (d.teams.docs.quota = { cpu: 80, memory: "2Gi" }),
    path: "clusters.aws-platform.sharedPool",
    message: [
      "more is asked of the shared pool on aws-platform than it can give; lower what is asked, or raise what is offered",
      "                              cores   GiB",
      "team docs                        80     2",
      "components                        6  17.1",
      "environments' control planes    0.5   1.3",
      "asked                          86.5  20.4",
      "offered (pool shared)            64   256",
    ].join("\n"),
  },
  {
    rule: "environment-cap",
    change: (d) => (d.environments.dev.cap = { cpu: 2, memory: "64Gi" }),
    path: "environments.dev.cap",
    message: [
      "the environment needs more than its cap; lower what is asked, or raise what is offered",
      "                   cores  GiB",
      "team web               2    8",
      "its control plane    0.5  1.3",
      "asked                2.5  9.3",
      "offered (its cap)      2   64",
    ].join("\n"),
  },
  {
    rule: "container-max-on-node",
    change: (d) => (d.teams.web.containers = { max: { cpu: 8, memory: "8Gi" } }),
    path: "teams.web.containers.max",
    message:
      "8 CPU and 8Gi fit on no node of the team on aws-platform, after the kubelet's share: web/main 7.9 cores and 28.6 GiB; lower it, or allow larger nodes",
  },
  {
    rule: "container-max-on-node",
    change: (d) => (d.teams.web.containers = { request: { cpu: 8, memory: "8Gi" } }),
    path: "teams.web.containers.request",
    message:
      "8 CPU and 8Gi fit on no node of the team on aws-platform, after the kubelet's share: web/main 7.9 cores and 28.6 GiB; lower it, or allow larger nodes",
  },
  {
    rule: "high-memory-pool",
    change: (d) => {
      d.teams.web.nodePools.main = { class: "general", cpus: [4, 32], limits: { cpu: 32, memory: "128Gi" } };
      d.teams.web.containers = { max: { cpu: 4, memory: "65Gi" } };
    },
    path: "teams.web.containers.max.memory",
    message:
      '65Gi for one container is more than 64Gi, and on aws-platform the team has no pool of class "memory" (or "gpu"); add one, such as highMemory() of node-pool-presets.ts, or lower it',
  },
  {
    rule: "guaranteed-containers",
    change: (d) => (d.teams.web.containers = { guaranteed: true, limit: { cpu: 1, memory: "64Mi" } }),
    path: "teams.web.containers.limit",
    message: "is other than request, and with guaranteed a container has the two alike; leave limit out",
  },
  // Eight nodes of 4 cores, each with 58 addresses, of which six are taken on every node.
  {
    rule: "team-capacity",
    change: (d) => {
      d.teams.web.quota.pods = 400;
      d.teams.web.environments.dev.pods = 100;
    },
    path: "teams.web",
    message: [
      "the quotas ask more than the team's node pools can give on aws-platform; lower what is asked, or raise what is offered",
      "                         cores  GiB  pods",
      "team-web                     4   16   400",
      "in dev                       2    8   100",
      "asked                        6   24   500",
      "offered (pool web/main)     32  128   416",
    ].join("\n"),
  },
  {
    rule: "team-capacity",
    change: (d) => {
      d.teams.web.nodePools.gpu = gpuPool;
      d.teams.web.quota.gpus = 3;
    },
    path: "teams.web",
    message: [
      "the quotas ask more than the team's node pools can give on azure-platform; lower what is asked, or raise what is offered",
      "               cores    GiB  GPUs",
      "team-web           4     16     3",
      "in dev             2      8     0",
      "asked              6     24     3",
      "pool web/gpu    31.5  209.9     2",
      "pool web/main   31.3  115.6     0",
      "offered         62.8  325.5     2",
    ].join("\n"),
  },
  {
    rule: "shared-capacity",
    change: (d) => (d.teams.docs.quota.pods = 1000),
    path: "clusters.azure-platform.sharedPool",
    message: [
      "more is asked of the shared pool on azure-platform than it can give; lower what is asked, or raise what is offered",
      "                              cores    GiB  pods",
      "team docs                         1      2  1000",
      "components                        6   17.1    60",
      "environments' control planes    0.5    1.3     7",
      "asked                           7.5   20.4  1067",
      "offered (pool shared)          62.6  231.2   816",
    ].join("\n"),
  },
  // Layers, and what AWS would refuse
  {
    rule: "layered-name",
    change: (d) => {
      d.clusters.main = { ...d.clusters["aws-platform"], layout: "layered" };
      delete d.clusters["aws-platform"];
    },
    path: "clusters.main.layout",
    message:
      '"layered" needs a key that ends with "-platform", of which the layers x-cluster, x-platform and x-teams are named; rename the cluster before its first deploy, or take "single"',
  },
  {
    rule: "duplicate-stack",
    change: (d) => {
      d.clusters["aws-platform"].layout = "layered";
      d.clusters["aws-teams"] = { ...d.clusters["local-platform"], domain: "other.example", context: "other" };
    },
    path: "clusters.aws-platform",
    message: 'would be the stack "aws-teams", which aws-teams is already; rename one',
  },
  {
    rule: "unknown-namespace",
    change: (d) => (d.teams.web.serviceAccounts = { reader: { namespace: "batch" } }),
    path: "teams.web.serviceAccounts.reader.namespace",
    message: '"batch" is too much: the team has one namespace; take it out',
  },
  {
    rule: "existing-cluster",
    change: (d) => (d.clusters["aws-platform"].existing = "theirs"),
    path: "clusters.aws-platform.network.existing",
    message: 'is missing: name the VPC and subnets of "theirs", where nodes and load balancers go',
  },
  {
    rule: "existing-cluster",
    change: (d) => (d.clusters["aws-platform"].existing = "theirs"),
    path: "clusters.aws-platform.access.public",
    message: 'does nothing, because the cluster "theirs" is somebody else\'s; take it out',
  },
  {
    rule: "existing-network",
    change: (d) =>
      (d.clusters["aws-platform"].network = {
        cidr: "10.0.0.0/16",
        nat: "single",
        existing: THEIR_VPC,
      }),
    path: "clusters.aws-platform.network.nat",
    message: "does nothing, because the VPC vpc-11111111 is there; take it out",
  },
  {
    rule: "hosted-zone",
    change: (d) => (d.clusters["aws-platform"].dns = {}),
    path: "clusters.aws-platform.dns",
    message: 'names no zone; give the id of a zone that exists, { zone: "Z…" }, or { create: true }',
  },
  {
    rule: "aws-zones",
    change: (d) => (d.clusters["aws-platform"].region = "us-west-1"),
    path: "clusters.aws-platform.network.zones",
    message:
      "3 zones, given or by default, are more than the 2 that us-west-1 has for EKS; set it to 2, or take another region",
  },
  {
    rule: "aws-network-values",
    change: (d) => (d.clusters["aws-platform"].access.public = ["10.0.0.0/8"]),
    path: "clusters.aws-platform.access.public",
    message: "10.0.0.0/8 is a private range, from which nobody comes over the internet; name it in access.private",
  },
  {
    rule: "aws-network-values",
    change: (d) => (d.clusters["aws-platform"].access.private = ["10.0.0.0/8", "0.0.0.0/1"]),
    path: "clusters.aws-platform.access.private",
    message:
      "0.0.0.0/1 is half the internet or more (/0 to /7); name the ranges of the networks that are connected to the VPC",
  },
  {
    rule: "aws-network-values",
    change: (d) =>
      (d.clusters["aws-platform"].network.existing = {
        vpc: "vpc-11111111",
        privateSubnets: ["subnet-11111111", "subnet-11111111"],
        publicSubnets: ["subnet-33333333"],
      }),
    path: "clusters.aws-platform.network.existing.privateSubnets",
    message: "names subnet-11111111 twice; name each once",
  },
  {
    rule: "aws-system-nodes",
    change: (d) => (d.clusters["aws-platform"].systemNodes = { architecture: "arm64", instanceTypes: ["m6i.large"] }),
    path: "clusters.aws-platform.systemNodes.instanceTypes",
    message: "m6i.large do not go with the image for arm64, given or by default; set architecture, or take other types",
  },
  {
    rule: "duplicate-cluster",
    change: (d) => anotherEks(d, "aws-platform-system"),
    path: "clusters.aws-platform-system",
    message:
      'its IAM role "acme-aws-platform-system-node" has the name of one of aws-platform, in the same account; rename one of the two clusters, or say their accounts',
  },
  {
    rule: "duplicate-cluster",
    change: (d) => {
      const { domain, region, kubernetes, network, access, dns } = anotherEks(d, "other");
      const ours = d.clusters["aws-platform"];
      theirEks(ours);
      d.clusters.other = { ...ours, domain, region, kubernetes, access, dns };
      d.clusters.other.network = { ...ours.network, cidr: network.cidr };
    },
    path: "clusters.other",
    message:
      'its IAM role "theirs-node" has the name of one of aws-platform, in the same account; rename one of the two clusters, or say their accounts',
  },
  {
    rule: "duplicate-cluster",
    change: (d) => {
      anotherEks(d, "aws-platform-team");
      d.teams["team-web"] = { ...d.teams.docs, serviceAccounts: { api: { aws: {} } } };
      d.teams.web.serviceAccounts = { api: { aws: {} } };
    },
    path: "teams.web.serviceAccounts.api",
    message:
      'its IAM role on aws-platform-team, "acme-aws-platform-team-team-web_api", has the name of that of teams.team-web.serviceAccounts.api on aws-platform, in the same account; rename one of the namespaces or clusters, or say the clusters\' accounts',
  },
  {
    rule: "duplicate-cluster",
    change: (d) => {
      const cluster = structuredClone(d.clusters["azure-platform"]);
      cluster.domain = "b.acme.example";
      cluster.network.cidr = "10.7.0.0/16";
      d.clusters["azure-platform-nodes"] = cluster;
    },
    path: "clusters.azure-platform-nodes",
    message:
      'its resource group "acme-azure-platform-nodes" is the one that AKS makes for the nodes of azure-platform, in the same subscription; rename one of the two clusters',
  },
  {
    rule: "aws-account",
    change: (d) => {
      d.clusters["aws-platform"].account = "123456789012";
      d.clusters["aws-platform"].permissionsBoundary = "arn:aws:iam::210987654321:policy/boundary";
    },
    path: "clusters.aws-platform.permissionsBoundary",
    message:
      "is a policy of the account 210987654321, which IAM does not take for roles of 123456789012; name one there",
  },
  {
    rule: "aws-account",
    change: (d) => {
      d.clusters["aws-platform"].spotServiceLinkedRole = "create";
      anotherEks(d, "other");
    },
    path: "clusters.other.spotServiceLinkedRole",
    message:
      "an account has one such role, and aws-platform makes it; leave it out here, or say the clusters' accounts",
  },
  {
    rule: "aws-instance-types",
    change: (d) => (d.teams.web.nodePools.main.aws = { instanceTypes: ["m7g.xlarge", "m7i.xlarge", "im4gn.xlarge"] }),
    path: "teams.web.nodePools.main.aws.instanceTypes",
    message:
      "m7g.xlarge, im4gn.xlarge: not of the architecture amd64, given or by default, so that no node would ever be made; set architecture, or take other types",
  },
  {
    rule: "aws-instance-types",
    change: (d) =>
      (d.clusters["aws-platform"].sharedPool.aws = { instanceTypes: ["m6i.large", "g6.xlarge", "gr6.4xlarge"] }),
    path: "clusters.aws-platform.sharedPool.aws.instanceTypes",
    message:
      'g6.xlarge, gr6.4xlarge: GPUs, which no pod could ask for in a pool of class "general"; take class: "gpu", or other types',
  },
  {
    rule: "aws-instance-types",
    change: (d) =>
      (d.teams.web.nodePools.gpu = {
        ...gpuPool,
        aws: { instanceTypes: ["g6.xlarge", "g6f.xlarge", "g4ad.xlarge", "inf2.xlarge"] },
      }),
    path: "teams.web.nodePools.gpu.aws.instanceTypes",
    message:
      'g6f.xlarge, g4ad.xlarge, inf2.xlarge: no whole GPUs of NVIDIA\'s, which the class "gpu" is for; take other types, or another class',
  },
  {
    rule: "shape",
    change: (d) => (d.teams.web.nodePools.main.aws = { instanceTypes: ["m7i"] }),
    path: "teams.web.nodePools.main.aws.instanceTypes.0",
    message: '"m7i" must be an instance type, such as "m7i.xlarge"',
  },
  {
    rule: "shape",
    change: (d) => (d.teams.web.nodePools.main.aws = { amiAlias: "al2023@latest" }),
    path: "teams.web.nodePools.main.aws.amiAlias",
    message: '"al2023@latest" must be a release of Amazon Linux 2023, such as "al2023@v20260903"',
  },
  {
    rule: "shape",
    change: (d) => (d.teams.web.nodePools.main.aws = { volumeSize: 8 }),
    path: "teams.web.nodePools.main.aws.volumeSize",
    message: "8 must be at least 20: the image does not fit on less",
  },
  {
    rule: "shape",
    change: (d) => (d.teams.web.nodePools.main.aws = { quietHours: [{ schedule: "@daily", duration: "90s" }] }),
    path: "teams.web.nodePools.main.aws.quietHours.0.duration",
    message: '"90s" must be hours and minutes as text, such as "10h" or "90m"',
  },
  {
    rule: "shape",
    change: (d) =>
      (d.clusters["aws-platform"].access.public = Array.from({ length: 41 }, (_, index) => `203.0.${index}.0/24`)),
    path: "clusters.aws-platform.access.public",
    message: '["203.0.0.0/24","203.0.1.0/24","203.0.2.0/24","203.0.3.0/… has more than EKS\'s forty ranges',
  },
  {
    rule: "shape",
    change: (d) =>
      (d.teams.web.serviceAccounts = {
        api: {
          aws: { managedPolicies: Array.from({ length: 21 }, (_, index) => `arn:aws:iam::aws:policy/P${index}`) },
        },
      }),
    path: "teams.web.serviceAccounts.api.aws.managedPolicies",
    message:
      '["arn:aws:iam::aws:policy/P0","arn:aws:iam::aws:policy/P1… has more than the twenty policies that IAM attaches to a role',
  },
  {
    rule: "shape",
    change: (d) =>
      (d.teams.web.serviceAccounts = {
        api: {
          aws: {
            statements: [
              {
                actions: ["s3:GetObject"],
                resources: Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::a-bucket-of-the-team-${index}/*`),
              },
            ],
          },
        },
      }),
    path: "teams.web.serviceAccounts.api.aws.statements",
    message:
      '[{"actions":["s3:GetObject"],"resources":["arn:aws:s3:::a… makes a policy of more than the 10240 characters that IAM takes; use a managed policy',
  },
  {
    rule: "aws-system-nodes",
    change: (d) => (d.clusters["aws-platform"].systemNodes = { amiRelease: "1.33.2-20260903" }),
    path: "clusters.aws-platform.systemNodes.amiRelease",
    message: '"1.33.2-20260903" is an image for another Kubernetes than 1.34; take one of that minor version',
  },
  {
    rule: "shape",
    change: (d) =>
      (d.clusters["aws-platform"].costReport = { database: "a", table: "b", reportBucket: "*", resultBucket: "res" }),
    path: "clusters.aws-platform.costReport.reportBucket",
    message: "\"*\" must be the name of a bucket: 3 to 63 lower-case letters, digits, '.' and '-'",
  },
  {
    rule: "aws-instance-size",
    change: (d) => (d.teams.web.nodePools.main.cpus = [5, 7]),
    path: "teams.web.nodePools.main.cpus",
    message:
      'no instance type of class "general", amd64, has 5 to 7 cores; there are some with 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 384',
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["aws-platform"].network.cidr = "10.0.0.0/24"),
    path: "clusters.aws-platform.network.cidr",
    message: '"10.0.0.0/24" must be a range of /16 to /22',
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["aws-platform"].autoMode = true),
    path: "clusters.aws-platform.autoMode",
    message:
      "true must stay false: EKS Auto Mode runs a Karpenter of its own, which would fight the platform's over pods, pools and node classes",
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["aws-platform"].managedArgoCd = true),
    path: "clusters.aws-platform.managedArgoCd",
    message:
      "true must stay false: EKS's managed Argo CD addresses clusters by ARN, so it cannot deploy into virtual clusters, and the platform brings one that can",
  },
  {
    rule: "shape",
    change: (d) =>
      (d.teams.web.serviceAccounts = { all: { aws: { statements: [{ actions: ["s3:*"], resources: ["*"] }] } } }),
    path: "teams.web.serviceAccounts.all.aws.statements.0.actions.0",
    message: '"s3:*" must be an action such as "s3:GetObject" or "s3:Get*", of one service and not all of it',
  },
  {
    rule: "shape",
    change: (d) => {
      const statements = [{ actions: ["s3:GetObject"], resources: ["acme-uploads/*"] }];
      d.teams.web.serviceAccounts = { uploads: { aws: { statements } } };
    },
    path: "teams.web.serviceAccounts.uploads.aws.statements.0.resources.0",
    message: '"acme-uploads/*" must be an ARN such as "arn:aws:s3:::checkout-uploads/*", or "*"',
  },
  // What Azure would refuse
  {
    rule: "shape",
    change: (d) => (d.clusters["azure-platform"].location = "West Europe"),
    path: "clusters.azure-platform.location",
    message: '"West Europe" must be the short name of an Azure location, did you mean "westeurope"?',
  },
  {
    rule: "shape",
    change: (d) => (d.clusters["azure-platform"].upgrades = { channel: "stable" }),
    path: "clusters.azure-platform.upgrades.channel",
    message: '"stable" would contradict `kubernetes`, which says the minor version: take "patch" or "none"',
  },
  ...[
    ["access.public", undefined],
    ["access.vnetIntegration", (cluster: Draft) => (cluster.access.vnetIntegration = true)],
    ["network.outbound", (cluster: Draft) => (cluster.network.outbound = "load-balancer")],
    [
      "network.existing.apiServerSubnet",
      (cluster: Draft) => (cluster.network.existing = { nodeSubnet, apiServerSubnet: `${nodeSubnet}-api` }),
    ],
    [
      "encryptionKey",
      (cluster: Draft) =>
        (cluster.encryptionKey = { vault, key: `https://acme.vault.azure.net/keys/aks/${"0".repeat(32)}` }),
    ],
    ["upgrades", (cluster: Draft) => (cluster.upgrades = { channel: "none" })],
    ["deletionProtection", (cluster: Draft) => (cluster.deletionProtection = false)],
    ["logWorkspace", (cluster: Draft) => (cluster.logWorkspace = workspace)],
    ["logRetention", (cluster: Draft) => (cluster.logRetention = 90)],
    ["systemNodes", (cluster: Draft) => (cluster.systemNodes = { max: 5 })],
  ].map(([key, set]): Case => ({
    rule: "existing-cluster",
    change: (d) => {
      const cluster = d.clusters["azure-platform"];
      cluster.existing = { name: "theirs", resourceGroup: "their-group" };
      if (typeof set === "function") set(cluster);
    },
    path: `clusters.azure-platform.${String(key)}`,
    message: 'does nothing, because the cluster "theirs" is somebody else\'s; take it out',
  })),
  {
    rule: "existing-network",
    change: (d) => {
      d.clusters["azure-platform"].network.existing = { nodeSubnet };
      d.clusters["azure-platform"].access.vnetIntegration = true;
    },
    path: "clusters.azure-platform.network.existing.apiServerSubnet",
    message:
      "is missing: access.vnetIntegration puts the API server into a subnet of its own, a /28 or larger, delegated to Microsoft.ContainerService/managedClusters",
  },
  {
    rule: "existing-network",
    change: (d) =>
      (d.clusters["azure-platform"].network.existing = { nodeSubnet, apiServerSubnet: `${nodeSubnet}-api` }),
    path: "clusters.azure-platform.network.existing.apiServerSubnet",
    message: "does nothing without access.vnetIntegration: true; set that, or take it out",
  },
  {
    rule: "existing-network",
    change: (d) => {
      d.clusters["azure-platform"].network.existing = {
        nodeSubnet,
        apiServerSubnet: nodeSubnet.replace("spoke", "Spoke"),
      };
      d.clusters["azure-platform"].access.vnetIntegration = true;
    },
    path: "clusters.azure-platform.network.existing.apiServerSubnet",
    message: "is the subnet of the nodes as well; a delegated subnet takes nothing else",
  },
  {
    rule: "existing-network",
    change: (d) => {
      d.clusters["azure-platform"].network.existing = {
        nodeSubnet,
        apiServerSubnet: nodeSubnet.replace("spoke", "hub"),
      };
      d.clusters["azure-platform"].access.vnetIntegration = true;
    },
    path: "clusters.azure-platform.network.existing.apiServerSubnet",
    message: "lies in another virtual network than nodeSubnet; take a subnet of the nodes' network",
  },
  {
    rule: "existing-workspace",
    change: (d) => {
      d.clusters["azure-platform"].logWorkspace = workspace;
      d.clusters["azure-platform"].logRetention = 90;
    },
    path: "clusters.azure-platform.logRetention",
    message: 'does nothing, because the workspace "central" has its own; take it out',
  },
  ...(
    [
      [{}, "names no zone"],
      [{ zone: "acme.example" }, "names no resource group of the zone"],
      [{ resourceGroup: "dns" }, "has a resource group, but no zone"],
      [{ zone: "acme.example", resourceGroup: "dns", create: true }, "has both a zone and create"],
    ] as const
  ).map(([dns, found]): Case => ({
    rule: "dns-zone",
    change: (d) => (d.clusters["azure-platform"].dns = dns),
    path: "clusters.azure-platform.dns",
    message: `${found}; give a zone that exists, { zone: "acme.example", resourceGroup: "dns" }, or { create: true }`,
  })),
  {
    rule: "azure-location",
    change: (d) => (d.clusters["azure-platform"].location = "swedncentral"),
    path: "clusters.azure-platform.location",
    message: 'there is no location "swedncentral" in Azure\'s public cloud, did you mean "swedencentral"?',
  },
  {
    rule: "azure-location",
    change: (d) => {
      d.clusters["azure-platform"].location = "qatarcentral";
      d.clusters["azure-platform"].access.vnetIntegration = true;
    },
    path: "clusters.azure-platform.access.vnetIntegration",
    message: "is not to be had in qatarcentral; take it out, or take another location",
  },
  {
    rule: "azure-network-values",
    change: (d) => (d.clusters["azure-platform"].access.public = ["100.64.1.0/24"]),
    path: "clusters.azure-platform.access.public",
    message: "100.64.1.0/24 is a private range, from which nobody comes over the internet; take it out",
  },
  {
    rule: "azure-network-values",
    change: (d) => (d.clusters["azure-platform"].network.outbound = "user-defined-routing"),
    path: "clusters.azure-platform.network.outbound",
    message:
      '"user-defined-routing" needs a subnet that has a route to a firewall, and none is made here; name it in network.existing, or take "nat-gateway" or "load-balancer"',
  },
  {
    rule: "azure-encryption-key",
    change: (d) =>
      (d.clusters["azure-platform"].encryptionKey = {
        vault: vault.replace("00000000-", "11111111-"),
        key: `https://acme.vault.azure.net/keys/aks/${"0".repeat(32)}`,
      }),
    path: "clusters.azure-platform.encryptionKey.vault",
    message:
      '"acme" lies in another subscription than the cluster, where AKS does not find it; take a vault beside the cluster',
  },
  {
    rule: "azure-encryption-key",
    change: (d) =>
      (d.clusters["azure-platform"].encryptionKey = {
        vault,
        key: `https://other.vault.azure.net/keys/aks/${"0".repeat(32)}`,
      }),
    path: "clusters.azure-platform.encryptionKey.key",
    message: 'lies in the vault "other", but encryptionKey.vault is "acme"; name the vault of the key',
  },
  ...(
    [
      ["D4ds_v5", "is not the name of a VM size"],
      ["Standard_B4ms", "is of the burstable B series, which AKS refuses for its own add-ons"],
      ["Standard_D2ds_v5", "has 2 cores, and AKS wants at least 4 for its own add-ons"],
      ["Standard_D4s_v5", "has no local disk, which the ephemeral OS disk needs"],
    ] as const
  ).map(([vmSize, wrong]): Case => ({
    rule: "azure-system-nodes",
    change: (d) => (d.clusters["azure-platform"].systemNodes = { vmSize }),
    path: "clusters.azure-platform.systemNodes.vmSize",
    message: `"${vmSize}" ${wrong}; take one such as "Standard_D4ds_v5"`,
  })),
  {
    rule: "azure-pool-zones",
    change: (d) => {
      d.clusters["azure-platform"].location = "westus";
      d.clusters["azure-platform"].sharedPool.azure = { zones: ["1"] };
    },
    path: "clusters.azure-platform.sharedPool.azure.zones",
    message: "names zones, but azure-platform is in westus, which has none; take them out, or take another location",
  },
  {
    rule: "azure-node-count",
    change: (d) => (d.teams.web.nodePools.main.limits = { cpu: 8008, memory: "64000Gi" }),
    path: "teams.web.nodePools.main.limits",
    message: "hold 1001 nodes of Standard_D8ds_v5, and AKS allows 1000 in a pool; lower them, or allow larger nodes",
  },
  {
    rule: "azure-node-count",
    change: (d) => (d.teams.web.nodePools.main.limits = { cpu: 40000, memory: "200000Gi" }),
    path: "clusters.azure-platform",
    message:
      "may grow to 5011 nodes, and AKS allows 5000 per cluster; lower the limits of pools, or spread teams over clusters",
  },
  {
    rule: "azure-vm-size",
    change: (d) => (d.teams.web.nodePools.main.azure = { cpu: 4 }),
    path: "teams.web.nodePools.main.azure",
    message: "describes a VM size, but names none; add vmSize, or take it out",
  },
  ...(
    [
      [{ vmSize: "D8ds_v5" }, 'is not the name of a VM size; allowed: such as "Standard_D8ds_v5"'],
      [
        { vmSize: "Standard_L8s_v3", cpu: 16, memoryGibibytes: 64 },
        "has 8 cores by its name, but azure.cpu says 16; correct one of them",
      ],
      [
        { vmSize: "Standard_D8pds_v5" },
        "is arm64, but the pool is amd64, given or by default; set architecture, or take another size",
      ],
      [
        { vmSize: "Standard_E8ds_v5" },
        'is of class "memory", but the pool is of class "general"; set class, or take another size',
      ],
      [
        { vmSize: "Standard_NC6s_v3", cpu: 6, memoryGibibytes: 112 },
        'is of class "gpu", but the pool is of class "general"; set class, or take another size',
      ],
      [
        { vmSize: "Standard_D8s_v5", cpu: 8, memoryGibibytes: 32 },
        'has no local disk for the OS disk; set azure.osDisk to "Managed", or take a size with a "d" in its features',
      ],
      [
        { vmSize: "Standard_D48ds_v5" },
        "has 48 cores and 192 GiB, more than the limits of 32 CPU and 128Gi; raise limits, or take a smaller size",
      ],
    ] as const
  ).map(([azure, wrong]): Case => ({
    rule: "azure-vm-size",
    change: (d) => (d.teams.web.nodePools.main.azure = azure),
    path: "teams.web.nodePools.main.azure.vmSize",
    message: `"${azure.vmSize}" ${wrong}`,
  })),
  {
    rule: "azure-vm-size",
    change: (d) => {
      const azure = { vmSize: "Standard_NV12ads_A10_v5", cpu: 12, memoryGibibytes: 110 };
      d.teams.web.nodePools.gpus = { ...gpuPool, azure };
    },
    path: "teams.web.nodePools.gpus.azure.vmSize",
    message:
      '"Standard_NV12ads_A10_v5" has no whole GPU of NVIDIA\'s, which quotas count; take another size, such as "Standard_NC8as_T4_v3"',
  },
  // Waivers
  {
    rule: "waiver-scope",
    change: (d) => (d.waivers = [{ ...WAIVER, path: undefined }]),
    path: "waivers.0",
    message: "says only which stack; add the address, the path of the construct, or the team that it is about",
  },
  {
    rule: "waiver-scope",
    change: (d) => (d.waivers = [WAIVER, { ...WAIVER, team: "web" }]),
    path: "waivers.1",
    message: "has path and team; keep one of them",
  },
  {
    rule: "unknown-stack",
    change: (d) => (d.waivers = [{ ...WAIVER, stack: "aws-platfrom" }]),
    path: "waivers.0.stack",
    message: 'there is no stack "aws-platfrom", did you mean "aws-platform"?',
  },
  {
    rule: "unknown-team",
    change: (d) => (d.waivers = [{ ...WAIVER, path: undefined, team: "wbe" }]),
    path: "waivers.0.team",
    message: 'there is no team "wbe" under teams, did you mean "web"?; for one that leaves, name the path teams/wbe',
  },
  {
    rule: "shape",
    change: (d) => (d.waivers = [{ ...WAIVER, until: "31.03.2027" }]),
    path: "waivers.0.until",
    message: '"31.03.2027" must be a day, such as "2027-03-31"',
  },
  {
    rule: "shape",
    change: (d) => (d.waivers = [{ ...WAIVER, reason: "" }]),
    path: "waivers.0.reason",
    message: '"" must not be empty',
  },
  {
    rule: "missing",
    change: (d) => (d.waivers = [{ ...WAIVER, owner: undefined }]),
    path: "waivers.0.owner",
    message: "is missing",
  },
];

test("the config that the cases start from has no problem", () => {
  expect(problemsOf(smallConfig())).toEqual([]);
});

test.each(CASES)("$rule: $path", ({ rule, change, path, message }) => {
  expect(problemsOf(changed(change))).toContainEqual({ rule, path, message });
});

test("a range the wrong way round is one problem, and not one for each sum that it spoils", () => {
  expect(problemsOf(changed((d) => (d.teams.web.nodePools.main.cpus = [8, 2])))).toHaveLength(1);
});

test("clusters may share a network that is there", () => {
  const shared = changed((d) => {
    const ours = d.clusters["aws-platform"];
    ours.network.existing = THEIR_VPC;
    const other = anotherEks(d, "other");
    other.network.cidr = ours.network.cidr;
  });
  expect(problemsOf(shared)).toEqual([]);
});

test("what clusters of one network name beside each other is still compared with others", () => {
  const clash = changed((d) => {
    d.clusters["aws-platform"].network.existing = THEIR_VPC;
    anotherEks(d, "other");
    d.clusters["azure-platform"].network.cidr = "10.7.0.0/16";
  });
  expect(problemsOf(clash).map(({ rule, path }) => [rule, path])).toContainEqual([
    "network-overlap",
    "clusters.other.network.cidr",
  ]);
});

test("clusters of one name in two accounts are two clusters", () => {
  const twoAccounts = changed((d) => {
    d.clusters["aws-platform"].account = "123456789012";
    anotherEks(d, "aws-platform-system").account = "210987654321";
  });
  expect(problemsOf(twoAccounts)).toEqual([]);
});

test("every rule that refuses a config has a failing case", () => {
  // Two pools of one name would need two equal hashes; the rule's own test is in azure-pools.test.ts.
  const withCase = new Set([...CASES.map(({ rule }) => rule), "azure-pool-name"]);
  expect(RULES.filter(({ severity, id }) => severity === "error" && !withCase.has(id)).map(({ id }) => id)).toEqual([]);
});

test("the rules are these; taking one out is a decision", () => {
  expect(RULES.map(({ id, severity }) => `${severity} ${id}`)).toMatchSnapshot();
});

describe("warnings", () => {
  test("a tight fit is allowed and said", () => {
    const platform = definePlatform(changed((d) => (d.teams.web.quota.cpu = 28)));
    expect(platform.warnings).toContainEqual({
      rule: "tight-capacity",
      path: "teams.web",
      message: "94 % of what the nodes on aws-platform can give is granted; rolling updates need room, too",
    });
  });

  test("so does an environment that nearly fills its cap", () => {
    const platform = definePlatform(changed((d) => (d.environments.dev.cap = { cpu: 8, memory: "10Gi" })));
    expect(platform.warnings).toContainEqual({
      rule: "tight-capacity",
      path: "environments.dev.cap",
      message: "93 % of the cap is granted; the next team, or a larger quota, will not fit",
    });
  });

  test.each([
    ["private-api", (d: Draft) => delete d.clusters["aws-platform"].access.public, "clusters.aws-platform.access"],
    ["private-api", (d: Draft) => delete d.clusters["azure-platform"].access.public, "clusters.azure-platform.access"],
    [
      "azure-egress-address",
      (d: Draft) => (d.clusters["azure-platform"].network.existing = { nodeSubnet }),
      "clusters.azure-platform.access.public",
    ],
    ["egress-into-cluster", (d: Draft) => (d.teams.web.egress = ["10.0.64.0/24"]), "teams.web.egress"],
    ["budget-tag", (d: Draft) => (d.clusters["aws-platform"].budget = { monthly: 1 }), "clusters.aws-platform.budget"],
    ["layers-advised", (d: Draft) => (d.environments.dev.preset = "prod"), "clusters.aws-platform.layout"],
    [
      "team-secret-store",
      (d: Draft) => {
        d.teams.web.secretStore = true;
        d.components = { keycloak: false, gitea: false, "external-secrets": false };
      },
      "teams.web.secretStore",
    ],
    [
      "team-secret-store",
      (d: Draft) => {
        d.teams.web.secretStore = true;
        d.clusters["azure-platform"].secrets = { vault };
      },
      "teams.web.secretStore",
    ],
  ])("%s is allowed and said", (rule, change, path) => {
    expect(definePlatform(changed(() => undefined)).warnings).toEqual([]);
    expect(definePlatform(changed(change)).warnings).toContainEqual({ rule, path, message: expect.any(String) });
  });

  describe("more cores than Kubecost's licence is for", () => {
    const large = (change: (d: Draft) => void = () => undefined) =>
      definePlatform(
        changed((d) => {
          d.clusters["aws-platform"].sharedPool.limits.cpu = 220;
          change(d);
        }),
      ).warnings.filter(({ rule }) => rule === "kubecost-licence");

    test("are allowed and said, with the sum and what to do", () => {
      expect(large()).toEqual([
        {
          rule: "kubecost-licence",
          path: "components.kubecost",
          message:
            "the pools of aws-platform may grow to 252 cores (shared 220, web/main 32), and Kubecost without a licence is for 250 cores and keeps 15 days; " +
            "use OpenCost, which has no limit, by components: { kubecost: false }, or give Kubecost its product key by components.kubecost.values",
        },
      ]);
    });

    test.each<[string, (d: Draft) => void]>([
      ["up to the 250", (d) => (d.clusters["aws-platform"].sharedPool.limits.cpu = 218)],
      [
        "with a product key",
        (d) => (d.components = { kubecost: { values: { kubecostProductConfigs: { productKey: { enabled: true } } } } }),
      ],
      ["with OpenCost", (d) => (d.components = { kubecost: false })],
      ["in the small profile, which has OpenCost", (d) => (d.clusters["aws-platform"].profile = "small")],
    ])("are not said %s", (_, change) => {
      expect(large(change)).toEqual([]);
    });
  });

  test("a version beyond what a chart was tested with is allowed and said", () => {
    const platform = definePlatform(changed((d) => (d.clusters["aws-platform"].kubernetes = "1.35")));
    expect(platform.warnings).toEqual([
      {
        rule: "kubernetes-version-untested",
        path: "clusters.aws-platform.kubernetes",
        message: '"1.35" is not tested by Kubecost 3.2, which takes 1.29 to 1.34',
      },
    ]);
  });
});
