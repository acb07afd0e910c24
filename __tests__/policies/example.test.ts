/** Every rule is silent on the example, and finds the one change that it is about. */
import { PUBLIC_REGISTRIES } from "../../config/registries";
import { allStacks } from "../../config/layers";
import { CHARTS } from "../../modules/helm/charts";
import example from "../../platform.config";
import type { Action, ResourceChange } from "../../policies/plan/resource-change";
import { applyRules, type Violation } from "../../policies/plan/rule";
import { PLAN_RULES } from "../../policies/plan/rules";
import { CHART_SOURCES } from "../../policies/plan/sources";
import type { SynthesizedResource, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import type { Draft } from "../support/config";
import { KINDS, synth, type Synthesized } from "../support/synth";

type Kind = (typeof KINDS)[number];
const stacks = new Map<Kind, Synthesized>(KINDS.map((kind) => [kind, synth(example, `${kind}-platform`)]));
const stackOf = (kind: Kind): Synthesized => stacks.get(kind) as Synthesized;

type Change = (stack: Synthesized) => SynthesizedStack;
/** `type name`, where the name is part of the construct's path or, of a release, its own. */
type What = readonly [type: string, name: string];

const isIt = ([type, name]: What, resource: SynthesizedResource): boolean =>
  resource.type === type &&
  (type === "helm_release" ? resource.attributes["name"] === name : `${resource.path}/`.includes(`/${name}/`));

function the(stack: SynthesizedStack, what: What): SynthesizedResource {
  const found = [...stack.resources, ...(stack.data ?? [])].find((resource) => isIt(what, resource));
  if (!found) throw new Error(`no ${what.join(" ")}`);
  return found;
}

/** A further document of a release's values. */
const withValues =
  (text: string) =>
  (release: Draft): void => {
    release.values = [...(release.values as readonly string[]), text];
  };

/** One resource with other attributes. */
const edit =
  (what: What, change: (attributes: Draft) => void): Change =>
  (stack) => {
    const resource = the(stack, what);
    const attributes: Draft = structuredClone(resource.attributes);
    change(attributes);
    const swap = (one: SynthesizedResource) => (one === resource ? { ...one, attributes } : one);
    return { ...stack, resources: stack.resources.map(swap), data: (stack.data ?? []).map(swap) };
  };

/** One place in the values of a release. */
const values = (name: string, from: string | RegExp, to: string): Change =>
  edit(["helm_release", name], (attributes) => {
    const [text] = attributes.values as [string];
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${name} has no ${String(from)}`);
    attributes.values = [changed];
  });

const without =
  (what: What): Change =>
  (stack) => ({ ...stack, resources: stack.resources.filter((resource) => !isIt(what, resource)) });

const withResource =
  (type: string, attributes: Draft): Change =>
  (stack) => ({
    ...stack,
    resources: [...stack.resources, { address: `${type}.new`, type, path: `${stack.name}/new`, attributes }],
  });

/** All that is there, and what becomes of some of it. */
const planned =
  (...some: readonly (readonly [What, Action, ((after: Draft) => void)?, Partial<ResourceChange>?])[]): Change =>
  (stack) => ({
    ...stack,
    changes: stack.resources.map((resource): ResourceChange => {
      const { address, type, attributes } = resource;
      const path = resource.path.slice(stack.name.length + 1);
      const [, action, change, more] = some.find(([what]) => isIt(what, resource)) ?? [undefined, "none" as const];
      const after: Draft = structuredClone(attributes);
      change?.(after);
      return { address, type, path, action, before: attributes, ...(action !== "delete" && { after }), ...more };
    }),
  });

/** Before this, and now as in the example. */
const since = (what: What, action: Action, change: (before: Draft) => void): Change => {
  const attributes = (stack: SynthesizedStack): Draft => {
    const before: Draft = structuredClone(the(stack, what).attributes);
    change(before);
    return before;
  };
  return (stack) => planned([what, action, undefined, { before: attributes(stack) }])(stack);
};

/** Gone at its address, and there at another. */
const moved =
  (what: What, action: Action = "create", more: Partial<ResourceChange> = {}): Change =>
  (stack) => {
    const { type, attributes } = the(stack, what);
    const { changes = [], ...rest } = planned(remove(what))(stack);
    const there = { address: `${type}.new`, type, path: "new", action, after: attributes, ...more };
    return { ...rest, changes: [...changes, there] };
  };

/** Without a part of any environment. */
const leave = (release: Draft): void => {
  release.values = [String(release.values).replaceAll("\n    quota:", "\n    former:")];
};

const CLUSTER: What = ["aws_eks_cluster", "cluster"];
const AKS: What = ["azurerm_kubernetes_cluster", "cluster"];
const NODES: What = ["aws_eks_node_group", "node-group"];
const BUCKET: What = ["aws_s3_bucket", "bucket"];
const VAULT: What = ["azurerm_key_vault", "key-vault"];
const ACCOUNT: What = ["azurerm_storage_account", "account"];
const TEMPLATE: What = ["aws_launch_template", "template"];
const PROD: What = ["helm_release", "modernengg-prod"];
const TEAM: What = ["helm_release", "team-docs"];
const DOCS: What = ["kubernetes_namespace_v1", "team-docs"];
const remove = (what: What, more: Partial<ResourceChange> = {}) => [what, "delete", undefined, more] as const;

/** A rule, the stack, the one change, and what is then found. */
const CASES: readonly (readonly [rule: string, kind: Kind, message: string, change: Change])[] = [
  ["api-authentication", "aws", "authentication_mode is API_AND_CONFIG_MAP", edit(CLUSTER, (c) => (c.access_config.authentication_mode = "API_AND_CONFIG_MAP"))],
  ["api-not-open", "aws", "public_access_cidrs allows half", edit(CLUSTER, (c) => (c.vpc_config.public_access_cidrs = ["0.0.0.0/0"]))],
  ["api-not-open", "azure", "authorized_ip_ranges allows half", edit(AKS, (c) => (c.api_server_access_profile.authorized_ip_ranges = ["0.0.0.0/1"]))],
  ["api-ranges-named", "aws", "its API server is public, and public_access_cidrs names no range", edit(CLUSTER, (c) => delete c.vpc_config.public_access_cidrs)],
  ["api-ranges-named", "azure", "its API server is public, and authorized_ip_ranges names no range", edit(AKS, (c) => delete c.api_server_access_profile)],
  ["audit-logs", "aws", "does not log audit", edit(CLUSTER, (c) => (c.enabled_cluster_log_types = ["api", "authenticator"]))],
  ["audit-logs", "azure", "no diagnostic setting of the stack takes kube-audit", without(["azurerm_monitor_diagnostic_setting", "control-plane"])],
  ["chart-downgrade", "aws", "the chart argo-cd goes back from 10.1.1 to 10.1.0", planned([["helm_release", "argo-cd"], "update", (r) => (r.version = "10.1.0")])],
  ["chart-major", "aws", "the chart argo-cd goes from 10.1.1 to 11.0.0", planned([["helm_release", "argo-cd"], "update", (r) => (r.version = "11.0.0")])],
  ["chart-major", "local", "the chart cloudnative-pg goes from 0.29.0 to 0.30.0", planned([["helm_release", "cloudnative-pg"], "update", (r) => (r.version = "0.30.0")])],
  ["chart-sources", "local", "https://charts.example is not among the chart sources", edit(["helm_release", "argo-cd"], (r) => (r.repository = "https://charts.example"))],
  ["chart-sources", "local", "./here is not a chart of the platform", edit(["helm_release", "argo-cd-secrets"], (r) => (r.chart = "./here"))],
  ["cluster-secrets-encrypted", "aws", "does not encrypt Secrets", edit(CLUSTER, (c) => delete c.encryption_config)],
  ["control-plane-alone", "aws", "changes together with the removal of aws_eks_access_policy_association.", planned([CLUSTER, "update"], remove(["aws_eks_access_policy_association", "platform-admins-admin"]), remove(["helm_release", "rules"]))],
  ["crds-stay", "aws", "the chart karpenter-crd goes, and its definitions with it", planned(remove(["helm_release", "karpenter-crd"]))],
  ["databases-backed-up", "aws", "the database gitea-db has no backups", values("gitea-db", "objectStore:", "objectStorage:")],
  ["databases-backed-up", "local", "nothing takes snapshots of the environment prod", without(["helm_release", "etcd-snapshots"])],
  ["environments-keep-their-store", "local", "the environment's release modernengg-prod goes from SQLite to an etcd of its own", since(PROD, "update", withValues("controlPlane: { backingStore: { etcd: { deploy: { enabled: false } } } }"))],
  ["environments-keep-their-store", "local", "the environment's release modernengg-dev goes from SQLite to an external database", planned([["helm_release", "modernengg-dev"], "update", withValues("controlPlane: { backingStore: { database: { external: { enabled: true } } } }")])],
  ["guarded-team-namespaces", "local", "namespace team-docs has no ResourceQuota", without(["kubernetes_resource_quota_v1", "team-docs"])],
  ["guarded-team-namespaces", "local", "namespace team-docs has no release with its LimitRange", without(["helm_release", "team-docs"])],
  ["host-encryption", "azure", "its nodes do not encrypt at the host", edit(["azurerm_kubernetes_cluster_node_pool", "shared-regular"], (p) => (p.host_encryption_enabled = false))],
  ["iam-without-wildcards", "aws", "allows s3:*", edit(["aws_iam_policy_document", "team-checkout-uploads"], (d) => (d.statement[0].actions = ["s3:*"]))],
  ["iam-without-wildcards", "aws", "attaches AdministratorAccess", edit(["aws_iam_role_policy_attachment", "worker"], (a) => (a.policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"))],
  ["iam-without-wildcards", "aws", "allows it everybody, on no condition", edit(["aws_s3_bucket_policy", "policy"], (p) => (p.policy = JSON.stringify({ Statement: { Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject" } })))],
  ["iam-without-wildcards", "azure", "gives Contributor on the whole subscription", edit(["azurerm_role_assignment", "subnet-rights"], (a) => { a.role_definition_name = "Contributor"; a.scope = "/subscriptions/0"; })],
  ["image-registries", "local", "evil.example/pg:1 is not from a registry", values("gitea-db", /image: \S+/, "image: evil.example/pg:1")],
  ["image-registries", "local", "evil.example/argocd is not from a registry", values("argo-cd", /^global:$/m, "global:\n  image:\n    repository: evil.example/argocd")],
  ["image-tags", "local", "ghcr.io/cloudnative-pg/postgresql has no tag", values("gitea-db", /(image: [^:\s]+):\S+/, "$1")],
  ["image-tags", "local", "quay.io/x/y:latest has the tag latest", values("argo-cd", /^global:$/m, "global:\n  image: quay.io/x/y:latest")],
  ["image-tags", "local", "an image has the tag latest", values("argo-cd", /^global:$/m, "global:\n  image:\n    tag: latest")],
  ["instance-metadata", "aws", "pods may reach the metadata service", edit(TEMPLATE, (t) => (t.metadata_options.http_put_response_hop_limit = 2))],
  ["instance-metadata", "aws", "node class shared: pods may reach", values("node-pools-shared", "httpTokens: required", "httpTokens: optional")],
  ["keys-rotate", "aws", "never changes", edit(["aws_kms_key", "key"], (k) => (k.enable_key_rotation = false))],
  ["load-balancers-at-the-gateway", "local", "values set server.service.type: LoadBalancer", values("argo-cd", /^server:$/m, "server:\n  service:\n    type: LoadBalancer")],
  ["logs-kept", "aws", "keeps logs for 30 days", edit(["aws_cloudwatch_log_group", "control-plane"], (g) => (g.retention_in_days = 30))],
  ["logs-kept", "azure", "keeps logs for 90 days", edit(["azurerm_log_analytics_workspace", "workspace"], (g) => (g.retention_in_days = 90))],
  ["moved-not-remade", "aws", "that aws_eks_access_entry.access_platform-admins", moved(["aws_eks_access_entry", "platform-admins"])],
  ["network-policies-enforced", "aws", "vpc-cni does not enforce", edit(["aws_eks_addon", "vpc-cni"], (a) => delete a.configuration_values)],
  ["network-policies-enforced", "azure", "nothing enforces network policies", edit(AKS, (c) => delete c.network_profile.network_policy)],
  ["no-creator-admin", "aws", "whoever creates it becomes its administrator", edit(CLUSTER, (c) => delete c.access_config.bootstrap_cluster_creator_admin_permissions)],
  ["no-kubernetes-downgrade", "aws", "goes back from Kubernetes 1.36 to 1.35", since(CLUSTER, "update", (c) => (c.version = "1.36"))],
  ["no-kubernetes-manifest", "local", "is a kubernetes_manifest", withResource("kubernetes_manifest", {})],
  ["no-literal-secrets", "local", "server.adminPassword holds a literal value", values("argo-cd", /^server:$/m, "server:\n  adminPassword: hunter2")],
  ["no-local-accounts", "azure", "has local accounts", edit(AKS, (c) => delete c.local_account_disabled)],
  ["node-disks-encrypted", "aws", 'its disk "/dev/xvda" is not encrypted', edit(TEMPLATE, (t) => delete t.block_device_mappings[0].ebs.encrypted)],
  ["node-disks-encrypted", "aws", "node class checkout-general: has a disk that is not encrypted", values("node-pools-checkout", "encrypted: true", "encrypted: false")],
  ["node-version-skew", "azure", "its nodes run Kubernetes 1.36, the control plane 1.35", edit(["azurerm_kubernetes_cluster_node_pool", "shared-regular"], (p) => (p.orchestrator_version = "1.36"))],
  ["node-version-skew", "aws", "its nodes run Kubernetes 1.31, the control plane 1.35", edit(NODES, (g) => (g.version = "1.31"))],
  ["nodes-private", "aws", "gives what starts in it a public address", edit(["aws_subnet", "public-a"], (s) => (s.map_public_ip_on_launch = true))],
  ["nodes-private", "aws", "node class shared: gives nodes public addresses", values("node-pools-shared", "    spec:\n      amiSelectorTerms", "    spec:\n      associatePublicIPAddress: true\n      amiSelectorTerms")],
  ["nodes-private", "azure", "gives nodes public addresses", edit(AKS, (c) => (c.default_node_pool.node_public_ip_enabled = true))],
  ["nodes-remain", "aws", "is the last node group, and goes", planned(remove(NODES))],
  ["nodes-remain", "aws", "is the only node group, and goes before the new one is there", planned([NODES, "replace"])],
  ["no-open-ingress", "aws", "opens port 22 to everybody", edit(["aws_vpc_security_group_ingress_rule", "vpc"], (r) => Object.assign(r, { cidr_ipv4: "0.0.0.0/0", from_port: 22, to_port: 22 }))],
  ["no-open-ingress", "azure", "opens ports 22, 443 to everybody", edit(["azurerm_network_security_group", "nodes-security-group"], (g) => (g.security_rule[0].destination_port_ranges[0] = "22"))],
  ["one-minor-at-a-time", "aws", "goes from Kubernetes 1.33 to 1.35, over 1 in between", since(CLUSTER, "update", (c) => (c.version = "1.33"))],
  ["one-minor-at-a-time", "azure", "goes from Kubernetes 1.32 to 1.35, over 2 in between", since(AKS, "update", (c) => (c.kubernetes_version = "1.32"))],
  ["pinned-releases", "local", 'version "^10.0.0" is not an exact version', edit(["helm_release", "argo-cd"], (r) => (r.version = "^10.0.0"))],
  ["platform-not-on-spot", "aws", "the cluster's own nodes are spot machines only", edit(NODES, (g) => (g.capacity_type = "SPOT"))],
  ["platform-not-on-spot", "aws", "the pool shared, which all share, has spot machines only", values("node-pools-shared", /\n *- on-demand/, "")],
  ["platform-not-on-spot", "azure", "the pool shared, which all share, has spot machines only", edit(["azurerm_kubernetes_cluster_node_pool", "shared-regular"], (p) => (p.priority = "Spot"))],
  ["pod-security", "local", "the namespace allows privileged pods", edit(DOCS, (n) => (n.metadata.labels["pod-security.kubernetes.io/enforce"] = "privileged"))],
  ["pod-security", "local", "the namespace enforces no pod security level", edit(DOCS, (n) => delete n.metadata.labels["pod-security.kubernetes.io/enforce"])],
  ["production-environments", "local", "the environment prod has one replica", values("modernengg-prod", "highAvailability:\n      replicas: 2", "highAvailability:\n      replicas: 1")],
  ["production-environments", "local", "the environment prod has no etcd of its own", values("modernengg-prod", "enabled: true", "enabled: false")],
  ["production-not-on-spot", "aws", "all pools of the team have spot machines only, and it has the environment prod", values("node-pools-checkout", /\n *- on-demand/, "")],
  ["production-not-on-spot", "azure", "all pools of the team have spot machines only", without(["azurerm_kubernetes_cluster_node_pool", "general-regular"])],
  ["protected-not-destroyed", "aws", "aws_vpc network/vpc is destroyed and made anew, because of cidr_block", planned([["aws_vpc", "vpc"], "replace", undefined, { replacePaths: [["cidr_block"]] }])],
  ["protected-not-destroyed", "aws", "the release gitea-db, which has volumes, is deleted", planned(remove(["helm_release", "gitea-db"]))],
  ["protected-not-destroyed", "aws", "team docs is protected from deletion, and its resource quota is deleted", planned(remove(["kubernetes_resource_quota_v1", "team-docs"]))],
  ["protected-not-destroyed", "aws", "the environment dev holds protected teams, and its config map is deleted", planned(remove(["kubernetes_config_map_v1", "dev"]))],
  ["protected-not-destroyed", "aws", "team docs is protected from deletion, and leaves the environment dev with all it has there", planned([TEAM, "update", leave])],
  ["protected-not-destroyed", "azure", "azurerm_key_vault modern-engineer-", planned(remove(VAULT))],
  ["state-protected", "aws", "the state is not encrypted", (stack) => ({ ...stack, backend: { s3: { bucket: "b", use_lockfile: true } } })],
  ["state-protected", "aws", "nothing locks the state", (stack) => ({ ...stack, backend: { s3: { bucket: "b", encrypt: true } } })],
  ["state-protected", "azure", "the state is opened by the key", (stack) => ({ ...stack, backend: { azurerm: {} } })],
  ["state-shared", "aws", "the state is a file on this machine", (stack) => ({ ...stack, backend: { local: {} } })],
  ["stores-closed", "aws", "nothing blocks public access to it", edit(["aws_s3_bucket_public_access_block", "closed"], (b) => (b.block_public_policy = false))],
  ["stores-closed", "azure", "its blobs may be made public", edit(ACCOUNT, (a) => delete a.allow_nested_items_to_be_public)],
  ["stores-in-network", "azure", "every network may reach it", edit(ACCOUNT, (a) => ((a.public_network_access_enabled = true), delete a.network_rules))],
  ["stores-closed", "azure", "every network may reach it", edit(VAULT, (v) => (v.network_acls.default_action = "Allow"))],
  ["stores-encrypted", "aws", "says nothing of encryption", without(["aws_s3_bucket_server_side_encryption_configuration", "encryption"])],
  ["stores-encrypted", "aws", "is not encrypted", edit(["aws_sqs_queue", "queue"], (q) => (q.sqs_managed_sse_enabled = false))],
  ["stores-encrypted", "aws", "has no key of its own", edit(["aws_cloudwatch_log_group", "flow-logs"], (g) => delete g.kms_key_id)],
  ["stores-encrypted", "azure", "takes TLS below 1.2", edit(ACCOUNT, (a) => (a.min_tls_version = "TLS1_0"))],
  ["stores-recoverable", "aws", "keeps no older versions", edit(["aws_s3_bucket_versioning", "versioning"], (v) => (v.versioning_configuration.status = "Suspended"))],
  ["stores-recoverable", "aws", "is gone 7 days after its deletion", edit(["aws_kms_key", "key"], (k) => (k.deletion_window_in_days = 7))],
  ["stores-recoverable", "azure", "keeps neither older versions", edit(ACCOUNT, (a) => (a.blob_properties.versioning_enabled = false))],
  ["stores-recoverable", "azure", "may be purged", edit(VAULT, (v) => delete v.purge_protection_enabled)],
  ["tags-complete", "aws", "has no tag managed-by", (stack) => ({ ...stack, providers: { aws: [{ default_tags: [{ tags: { "stackyard-cluster": "x" } }] }] } })],
  ["tags-complete", "aws", "volume: has no tag stackyard-cluster", edit(TEMPLATE, (t) => delete t.tag_specifications[1].tags["stackyard-cluster"])],
  ["tags-complete", "azure", "has no tag managed-by, stackyard-cluster", edit(VAULT, (v) => delete v.tags)],
  ["tags-complete", "local", "the namespace of team docs has no label stackyard.dev/cost-center", edit(DOCS, (n) => delete n.metadata.labels["stackyard.dev/cost-center"])],
  ["volumes-do-not-shrink", "local", "storage goes from 50Gi to 20Gi", since(["kubernetes_persistent_volume_claim_v1", "etcd-snapshots"], "update", (c) => (c.spec.resources.requests.storage = "50Gi"))],
  ["protection-first", "aws", "loses its protection from deletion in the change that destroys kubernetes_namespace_v1.", planned([CLUSTER, "update", (c) => (c.deletion_protection = false)], remove(["kubernetes_namespace_v1", "argo-cd"]))],
  ["volumes-do-not-shrink", "local", "storage goes from 50Gi to 5Gi", since(["helm_release", "gitea-db"], "update", (r) => (r.values = ["storage: 50Gi\n"]))],
  ["volumes-encrypted", "aws", "its volumes are not encrypted", edit(["kubernetes_storage_class_v1", "gp3"], (c) => delete c.parameters.encrypted)],
]; // prettier-ignore

const check = (stack: SynthesizedStack): readonly Violation[] => applyRules(PLAN_RULES, [stack], example);

test.each(KINDS)("the example on %s has no finding, also where nothing of it changes", (kind) => {
  expect(check(stackOf(kind))).toEqual([]);
  expect(check(planned()(stackOf(kind)))).toEqual([]);
});

test.each(CASES)("%s: on %s, %s", (rule, kind, message, change) => {
  const found = check(change(stackOf(kind)));
  expect(found.map(({ rule: id, message: text }) => `${id}: ${text}`)).toEqual([expect.stringContaining(`${rule}: `)]);
  expect(found[0]?.message).toContain(message);
});

test("every rule has a case", () => {
  const covered = new Set(CASES.map(([rule]) => rule));
  expect(PLAN_RULES.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

test("rules are in the order of their ids, and say why, what to do, and where to read on", () => {
  const ids = PLAN_RULES.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a.localeCompare(b)));
  for (const { why, fix, links } of PLAN_RULES) {
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(fix).toMatch(/\.$/);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links)
      expect(link).toMatch(/^(https:\/\/\S+|docs\/\S+|CIS (EKS|AKS) \d(\.\d+)+|CKV2?_(AWS|AZURE)_\d+)$/);
  }
});

test("the chart sources are those of the chart tables", () => {
  const installed = [...stacks.values()].flatMap(({ resources }) =>
    resources.map(({ attributes }) => attributes["repository"]).filter((source) => typeof source === "string"),
  );
  const tables = Object.values(CHARTS).map(({ repository }) => repository);
  expect([...new Set([...tables, ...installed])].sort()).toEqual(CHART_SOURCES);
});

test("an image and a chart of a mirror are fine where the config names it, and refused where it does not", () => {
  const images = { "docker.io": "mirror.example/hub" };
  const charts = { "https://argoproj.github.io/argo-helm": "https://mirror.example/argo" };
  const mirrored = edit(["helm_release", "argo-cd"], (release) => {
    release.repository = "https://mirror.example/argo";
    release.values = ["image: mirror.example/hub/library/busybox:1.37\n"];
  })(stackOf("local"));
  const only = { ...mirrored, resources: mirrored.resources.filter((r) => r.attributes["name"] === "argo-cd") };
  const rules = PLAN_RULES.filter(({ id }) => ["chart-sources", "image-registries"].includes(id));
  expect(applyRules(rules, [only], { registries: { ...PUBLIC_REGISTRIES, images, charts } })).toEqual([]);
  expect(applyRules(rules, [only]).map(({ rule }) => rule)).toEqual(["chart-sources", "image-registries"]);
});

describe("the order that Terraform could not find", () => {
  const admins: What = ["aws_eks_access_policy_association", "platform-admins-admin"];
  const rules: What = ["helm_release", "rules"];
  const cycles = (change: Change) =>
    check(change(stackOf("aws"))).filter(({ rule }) => rule === "control-plane-alone").length;

  test("is possible with the control plane, what hangs on it and a release on that", () => {
    expect(cycles(planned([CLUSTER, "update"], remove(admins), remove(rules)))).toBe(1);
  });

  test.each([
    ["the control plane stays", planned(remove(admins), remove(rules))],
    ["nothing between goes", planned([CLUSTER, "update"], remove(rules))],
    ["no release goes", planned([CLUSTER, "update"], remove(admins))],
    [
      "what goes between is made first",
      planned([CLUSTER, "update"], [admins, "replace", undefined, { createBeforeDestroy: true }], remove(rules)),
    ],
    [
      "the release does not need what goes",
      planned([CLUSTER, "update"], remove(["aws_eks_access_entry", "docs"]), remove(rules)),
    ],
  ] as const)("is not where %s", (_what, change) => {
    expect(cycles(change)).toBe(0);
  });

  test("is told by types where a plan has values in the place of references", () => {
    const plain =
      (change: Change): Change =>
      (stack) => {
        const { changes = [], ...rest } = change(stack);
        return { ...rest, changes: changes.map((one) => ({ ...one, ...(one.before && { before: { name: "n" } }) })) };
      };
    expect(cycles(plain(planned([CLUSTER, "update"], remove(admins), remove(rules))))).toBe(1);
    expect(cycles(plain(planned([CLUSTER, "update"], remove(["aws_eks_access_entry", "docs"]), remove(rules))))).toBe(
      0,
    );
  });
});

describe("what has another address", () => {
  const finds = (kind: Kind, change: Change) =>
    check(change(stackOf(kind)))
      .filter(({ rule }) => rule === "moved-not-remade")
      .map(({ message }) => message);
  const admins: What = ["aws_eks_access_entry", "platform-admins"];

  test("is found by all that makes it what it is, with the command that moves it", () => {
    const [message] = finds("aws", moved(admins));
    expect(message).toMatch(
      /^is the eks access entry arn:aws:iam::\S+ that (\S+) is, which the same change destroys: terraform state mv '\1' 'aws_eks_access_entry\.new'$/,
    );
    expect(finds("azure", moved(["azurerm_role_assignment", "subnet-rights"]))).toEqual([
      expect.stringMatching(/^is the role assignment /),
    ]);
    expect(finds("local", moved(["kubernetes_resource_quota_v1", "team-docs"]))).toEqual([
      expect.stringMatching(/^is the resource quota team /),
    ]);
    expect(finds("local", moved(["helm_release", "argo-cd"]))).toEqual([
      expect.stringMatching(/^is the release argo-cd /),
    ]);
  });

  test("is found where it is adopted", () => {
    const adopted = moved(DOCS, "update", { importedFrom: "team-docs" });
    expect(finds("local", adopted)).toEqual([expect.stringMatching(/^is the namespace team-docs /)]);
  });

  test.each([
    [
      "it is another one",
      moved(admins, "create", { after: { cluster_name: "c", principal_arn: "arn:aws:iam::1:role/x" } }),
    ],
    ["what it is will be known after the apply", moved(admins, "create", { after: { cluster_name: "c" } })],
    ["it was there before", moved(admins, "update")],
  ])("is not where %s", (_what, change) => {
    expect(finds("aws", change)).toEqual([]);
  });

  test("is nothing where a replacement broke off: the rest of it has no address of its own", () => {
    const deposed: Change = (stack) => {
      const { changes = [], ...rest } = moved(admins)(stack);
      const of = (one: ResourceChange) =>
        one.action === "delete" ? { ...one, address: `${one.address} (deposed 0123abcd)` } : one;
      return { ...rest, changes: changes.map(of) };
    };
    expect(finds("aws", deposed)).toEqual([]);
  });
});

test("an environment that keeps its store may change all else of it", () => {
  const changed = (what: What, text: string) => check(planned([what, "update", withValues(text)])(stackOf("local")));
  expect(
    changed(PROD, "controlPlane: { backingStore: { etcd: { deploy: { statefulSet: { labels: { a: b } } } } } }"),
  ).toEqual([]);
  const dev: What = ["helm_release", "modernengg-dev"];
  expect(changed(dev, "controlPlane: { backingStore: { database: { embedded: { enabled: true } } } }")).toEqual([]);
  expect(changed(dev, "controlPlane: { backingStore: { etcd: { deploy: { enabled: false } } } }")).toEqual([]);
});

test("protection is lifted before what it protects goes, and not with it", () => {
  const lifted = [CLUSTER, "update", (after: Draft) => (after.deletion_protection = false)] as const;
  const stack = stackOf("aws");
  expect(check(planned(lifted)(stack))).toEqual([]);
  expect(check(planned(lifted, remove(BUCKET))(stack)).map(({ rule }) => rule)).toEqual([
    "protected-not-destroyed",
    "protection-first",
  ]);
});

describe("a team that leaves an environment", () => {
  const unmark = (after: Draft): void => {
    after.metadata.labels = { "stackyard.dev/team": "docs" };
  };
  const guard: What = ["kubernetes_config_map_v1", "docs"];
  const finds = (change: Change) => check(change(stackOf("aws"))).map(({ rule, message }) => `${rule}: ${message}`);

  test("is protected until its protection was lifted before", () => {
    expect(finds(planned([TEAM, "update", leave], [guard, "update", unmark]))).toEqual([
      expect.stringMatching(/^protected-not-destroyed: /),
      "protection-first: team docs loses its protection from deletion in the change in which it leaves the environment dev",
    ]);
    const lifted = since(TEAM, "update", (before) => {
      before.values = [String(before.values).replaceAll("stackyard.dev/deletion-protection", "former")];
    });
    expect(finds(lifted)).toEqual([]);
  });

  test("is found where the environment itself has gone from its release", () => {
    const without = (release: Draft): void => {
      release.values = [String(release.values).replace(/\nenvironments:(\n +.*)*/, "\nenvironments: []")];
    };
    const [first] = finds(planned([TEAM, "update", without]));
    expect(first).toContain("leaves the environment dev");
  });

  test("is not found where the part of it changes, or is known after the apply only", () => {
    const less = (release: Draft): void => {
      release.values = [String(release.values).replace(/requests\.cpu: "\d+"/g, 'requests.cpu: "1"')];
    };
    expect(finds(planned([TEAM, "update", less]))).toEqual([]);
    expect(finds(planned([TEAM, "update", (release) => delete release.values]))).toEqual([]);
  });
});

test("a finding has the path of its construct below the stack", () => {
  const [found] = check(edit(CLUSTER, (c) => delete c.encryption_config)(stackOf("aws")));
  expect(found).toMatchObject({ stack: allStacks(example)[0]?.name, path: "control-plane/cluster" });
});
