/** What each kind of cluster offers, read from its synthesized stacks and from what the shared modules see of it. */
import { findTarget } from "../../cli/operations";
import type { CommandContext } from "../../cli/command-context";
import { UsageError } from "../../cli/usage-error";
import { COMPONENT_NAMES } from "../../config/components";
import { allStacks } from "../../config/layers";
import type { Platform } from "../../config/platform";
import { isConfigError } from "../../config/problems";
import type { PlatformCluster } from "../../modules/cluster";
import {
  asList,
  asObject,
  asText,
  releaseValues,
  type Json,
  type JsonObject,
  type SynthesizedResource,
} from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft, THEIR_VPC } from "./config";
import { KINDS, metadata, parsed, synth } from "./synth";

export type Kind = (typeof KINDS)[number];

/** What is looked at. */
export interface Offered {
  readonly kind: Kind;
  /** Resources and data sources of the stack, or of all layers, after a choice; none where the config refuses the choice on this kind. */
  readonly after: (choice: keyof typeof CHOICES) => readonly SynthesizedResource[];
  /** Names of the stacks after a choice. */
  readonly stacks: (choice: keyof typeof CHOICES) => readonly string[];
  /** The cluster as the shared modules see it. */
  readonly seam: PlatformCluster;
  /** Subcommands of `stackyard` that answer for this kind. */
  readonly commands: readonly string[];
}

/** A line of the table: what it is, what shows it, and why where nothing does. */
export interface Offer {
  readonly what: string;
  /** What the stacks show; undefined where they show nothing. */
  readonly look: (of: Offered) => string | undefined;
  /** Why a kind does not have it. A reason without need fails the test, as does a need without reason. */
  readonly without?: Partial<Readonly<Record<Kind, string>>>;
}

const THEIR_GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/theirs";

/** Changes of the small config, in each cloud's own words; a local cluster is asked in both. */
const CHOICES = {
  nothing: everywhere(() => undefined),
  "all that teams can have": everywhere((d) => {
    const { main } = d.teams.web.nodePools;
    d.environments.dev.preset = "prod";
    d.teams.web.nodePools = {
      main,
      arm: { ...main, architecture: "arm64" },
      spot: { ...main, capacity: "spot" },
      fallback: { ...main, capacity: "spot-with-fallback" },
      gpu: { class: "gpu", cpus: [4, 16], limits: { cpu: 32, memory: "224Gi" } },
    };
    d.teams.web.secretStore = true;
    d.teams.web.serviceAccounts = {
      uploads: {
        aws: { managedPolicies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
        azure: { roleAssignments: [{ role: "Storage Blob Data Reader", scope: THEIR_GROUP }] },
      },
    };
  }),
  "all that a cluster can have": {
    aws: (cluster: Draft) => {
      cluster.budget = { monthly: 5000 };
      cluster.costReport = { database: "cur", table: "t", reportBucket: "a-cur", resultBucket: "a-res" };
      cluster.dns = { create: true };
      cluster.state = { bucket: "acme" };
    },
    azure: (cluster: Draft) => {
      cluster.budget = { monthly: 5000, from: "2027-01" };
      cluster.costExport = {
        storageAccount: `${THEIR_GROUP}/providers/Microsoft.Storage/storageAccounts/acme`,
        container: "costs",
      };
      cluster.dns = { create: true };
      cluster.encryptionKey = {
        vault: `${THEIR_GROUP}/providers/Microsoft.KeyVault/vaults/acme`,
        key: "https://acme.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef",
      };
      cluster.state = { storageAccount: "acme", resourceGroup: "state" };
    },
  },
  "no public range": {
    aws: (cluster: Draft) => delete cluster.access.public,
    azure: (cluster: Draft) => delete cluster.access.public,
  },
  "their network": {
    aws: (cluster: Draft) => (cluster.network.existing = THEIR_VPC),
    azure: (cluster: Draft) => {
      cluster.network.outbound = "load-balancer";
      cluster.network.existing = {
        nodeSubnet: `${THEIR_GROUP}/providers/Microsoft.Network/virtualNetworks/acme/subnets/nodes`,
      };
    },
  },
  "their cluster": {
    aws: (cluster: Draft) => {
      cluster.existing = "theirs";
      cluster.network.existing = THEIR_VPC;
      delete cluster.access.public;
    },
    azure: (cluster: Draft) => {
      cluster.existing = { name: "theirs", resourceGroup: "theirs" };
      delete cluster.access.public;
    },
  },
  layers: {
    aws: (cluster: Draft) => (cluster.layout = "layered"),
    azure: (cluster: Draft) => (cluster.layout = "layered"),
  },
} satisfies Record<string, Partial<Record<Kind, (cluster: Draft, draft: Draft) => unknown>>>;

function everywhere(change: (draft: Draft) => void) {
  const each = (_: Draft, draft: Draft): void => {
    change(draft);
  };
  return { aws: each, azure: each, local: each };
}

/** @param seamOf synthesizes the stack of this name, and tells what the shared modules were given */
export function offered(kind: Kind, seamOf: (platform: Platform, name: string) => PlatformCluster): Offered {
  const known = new Map<string, { names: string[]; resources: readonly SynthesizedResource[] }>();
  const choose = (choice: keyof typeof CHOICES) => {
    const found = known.get(choice);
    if (found) return found;
    const platform = accepted(kind, choice);
    const names = platform ? allStacks(platform).filter(({ cluster }) => cluster.kind === kind) : [];
    const chosen = {
      names: names.map(({ name }) => name),
      resources: names.flatMap(({ name }) => resourcesOf(platform as Platform, name)),
    };
    known.set(choice, chosen);
    return chosen;
  };
  const platform = platformOf();
  return {
    kind,
    after: (choice) => choose(choice).resources,
    stacks: (choice) => choose(choice).names,
    seam: seamOf(platform, `${kind}-platform`),
    commands: commandsOf(platform, `${kind}-platform`),
  };
}

/** The small config after a choice; undefined where the config refuses it, whichever cloud's words are used. */
function accepted(kind: Kind, choice: keyof typeof CHOICES): Platform | undefined {
  const changes: Partial<Record<Kind, (cluster: Draft, draft: Draft) => unknown>> = CHOICES[choice];
  const words = changes[kind] ? [changes[kind]] : [changes.aws, changes.azure];
  for (const change of words) {
    try {
      return platformOf((draft) => {
        change?.(draft.clusters[`${kind}-platform`], draft);
      });
    } catch (error) {
      // A cluster that has no network at all cannot even be asked for another.
      if (!isConfigError(error) && !(error instanceof TypeError)) throw error;
    }
  }
  return undefined;
}

function resourcesOf(platform: Platform, name: string): readonly SynthesizedResource[] {
  const { resources, json } = synth(platform, name);
  const read = Object.entries(asObject(json["data"])).flatMap(([type, byName]) =>
    Object.entries(asObject(byName)).map(([id, body]): SynthesizedResource => {
      const { "//": comment, ...attributes } = asObject(body);
      return {
        address: `data.${type}.${id}`,
        type: `data.${type}`,
        path: asText(asObject(asObject(comment)["metadata"])["path"]),
        attributes,
      };
    }),
  );
  const part = (type: string, attributes: JsonObject): SynthesizedResource => ({
    address: type,
    type,
    path: name,
    attributes,
  });
  return [
    ...resources,
    ...read,
    part("backend", asObject(asObject(json["terraform"])["backend"])),
    part("provider", asObject(json["provider"])),
  ];
}

function commandsOf(platform: Platform, name: string): readonly string[] {
  const context = { config: __filename, load: () => ({ default: platform }) } as unknown as CommandContext;
  try {
    return Object.keys(findTarget(name, {}, context).operations).sort();
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

const first = (resources: readonly SynthesizedResource[], ...types: string[]): JsonObject | undefined =>
  resources.find(({ type }) => types.includes(type))?.attributes;

const count = (resources: readonly SynthesizedResource[], type: string): number =>
  resources.filter((resource) => resource.type === type).length;

const values = (resources: readonly SynthesizedResource[], name: string): JsonObject =>
  asObject(
    resources
      .filter(({ type, attributes }) => type === "helm_release" && attributes["name"] === name)
      .map((found) => parsed(releaseValues(found)[0] ?? "") as Json)[0],
  );

const releases = (resources: readonly SynthesizedResource[]): readonly string[] =>
  resources.filter(({ type }) => type === "helm_release").map(({ attributes }) => asText(attributes["name"]));

const listed = (names: Iterable<string>): string | undefined => [...new Set(names)].sort().join(", ") || undefined;

const path = (value: Json | undefined, ...keys: string[]): Json | undefined =>
  keys.reduce<Json | undefined>((inner, key) => asObject(Array.isArray(inner) ? inner[0] : inner)[key], value);

/** The attributes of both clouds' clusters, made or found; on a local cluster there is none. */
const clusterOf = (resources: readonly SynthesizedResource[]): JsonObject | undefined =>
  first(resources, "aws_eks_cluster", "azurerm_kubernetes_cluster");

/** What rights were given at one construct, in the cloud's own words: actions or roles. */
function rightsAt(resources: readonly SynthesizedResource[], construct: string): string | undefined {
  const there = resources.filter(({ path }) => path.includes(`/${construct}/`));
  return listed([
    ...there
      .filter(({ type, path }) => type === "data.aws_iam_policy_document" && !path.endsWith("/trust"))
      .flatMap(({ attributes }) =>
        asList(attributes["statement"]).flatMap((statement) =>
          // Which service, and not each of its actions: docs/aws-permissions.md has those.
          asList(asObject(statement)["actions"]).map((action) => `${asText(action).split(":")[0]} actions`),
        ),
      ),
    ...there
      .filter(({ type }) => type === "aws_iam_role_policy_attachment")
      .map(({ attributes }) => asText(attributes["policy_arn"]).split("/").at(-1) ?? ""),
    ...there
      .filter(({ type }) => type === "azurerm_role_assignment")
      .map(({ attributes }) => `_${asText(attributes["role_definition_name"])}_`),
  ]);
}

/** How a service account becomes somebody in the cloud. */
function identity({ seam }: Offered): string | undefined {
  const { serviceAccountAnnotations, podLabels, credentials } = seam.identityFor(
    { namespace: "probe", name: "probe" },
    "dns-records",
  );
  const parts = [
    ...Object.keys(serviceAccountAnnotations).map((key) => `annotation \`${key}\``),
    ...Object.keys(podLabels).map((key) => `pods' label \`${key}\``),
    ...(credentials.length > 0
      ? [
          `token from ${credentials.length === 1 ? credentials[0]?.cidr : `${credentials.length} ranges`}, port ${credentials[0]?.port}`,
        ]
      : []),
  ];
  return parts.join("; ") || undefined;
}

/** What the machines of a team's pool are, by the pool's name. */
function pool(resources: readonly SynthesizedResource[], name: string): string | undefined {
  const onAzure = resources.filter(
    ({ type, path }) => type === "azurerm_kubernetes_cluster_node_pool" && path.includes(`/web/${name}-`),
  );
  if (onAzure.length > 0)
    return onAzure
      .map(
        ({ attributes }) =>
          `${asText(attributes["priority"]) || "Regular"}: 0 to ${String(attributes["max_count"])} ${asText(attributes["vm_size"])}`,
      )
      .join("; ");
  const found = asList(values(resources, "node-pools-web")["resources"])
    .map(asObject)
    .find((object) => object["kind"] === "NodePool" && path(object, "metadata", "name") === `web-${name}`);
  if (!found) return undefined;
  const asked = (key: string): string => {
    const requirement = asList(path(found, "spec", "template", "spec", "requirements"))
      .map(asObject)
      .find((candidate) => asText(candidate["key"]).endsWith(key));
    return asList(requirement?.["values"]).map(String).join(" or ");
  };
  return `${asked("capacity-type")}: ${asked("instance-category")} types, ${asked("arch")}, to ${asText(path(found, "spec", "limits", "cpu")) || String(path(found, "spec", "limits", "cpu"))} cores`;
}

/** The release of a team: how many of each of its parts there are. */
function team(part: string, { after }: Offered): string | undefined {
  const found = values(after("nothing"), "team-web");
  return path(found, ...part.split(".")) === undefined ? undefined : "yes";
}

const storageClass = ({ after }: Offered) => first(after("nothing"), "kubernetes_storage_class_v1");

const LOCAL = {
  nodes: "nodes are somebody else's",
  cloud: "no cloud to ask",
  cluster: "the cluster is there already",
};

export const OFFERS: readonly Offer[] = [
  {
    what: "components",
    look: ({ after }) => {
      const installed = releases(after("all that teams can have"));
      const missing = COMPONENT_NAMES.filter((name) => !installed.includes(name));
      return missing.length === 0 ? `all ${COMPONENT_NAMES.length}` : `all but ${missing.join(", ")}`;
    },
  },
  {
    what: "controllers of its own",
    look: ({ after }) =>
      listed(
        after("nothing")
          .filter(({ type, attributes }) => type === "helm_release" && attributes["version"] !== undefined)
          .filter(({ attributes }) => attributes["namespace"] === "kube-system")
          .map(({ attributes }) => asText(attributes["name"])),
      ),
    without: { azure: "AKS runs its autoscaler and load balancers itself", local: LOCAL.cluster },
  },
  {
    what: "Kubernetes RBAC for the config's groups",
    look: ({ seam }) => {
      const [name = ""] = seam.kubernetesGroups({
        name: "web",
        sso: "sso-name",
        claim: "sso-name",
        aws: "arn",
        azure: "object id",
      });
      return `as \`${name}\``;
    },
  },
  {
    what: "how a service account gets rights",
    look: identity,
    without: { local: LOCAL.cloud },
  },
  {
    what: "grant `dns-records`",
    look: ({ after }) => rightsAt(after("nothing"), "identities/external-dns-external-dns"),
    without: { local: "no zone" },
  },
  {
    what: "grant `read-secrets`",
    look: ({ after }) => rightsAt(after("nothing"), "identities/external-secrets-external-secrets"),
    without: { local: "no store" },
  },
  {
    what: "grant `read-costs`",
    look: ({ after }) => rightsAt(after("all that a cluster can have"), "identities/kubecost-kubecost-cloud-cost"),
    without: { local: "no bill" },
  },
  {
    what: "grant `write-backups`",
    look: ({ after }) => rightsAt(after("nothing"), "identities/keycloak-keycloak-db"),
    without: { local: "no store" },
  },
  {
    what: "a team's own rights",
    look: ({ after }) => rightsAt(after("all that teams can have"), "team-identities/team-web-uploads"),
    without: { local: "the service account is there, without rights" },
  },
  {
    what: "shared pool",
    look: ({ after, seam }) => {
      if (!seam.nodePools.some(({ name, team: owner }) => name === "shared" && owner === undefined)) return undefined;
      const azure = after("nothing").find(
        ({ type, path }) => type === "azurerm_kubernetes_cluster_node_pool" && path.includes("/shared-pool/"),
      )?.attributes;
      return azure
        ? `${String(azure["min_count"])} to ${String(azure["max_count"])} ${asText(azure["vm_size"])}`
        : listed(releases(after("nothing")).filter((name) => name === "node-pools-shared"))?.replace(
            /.*/,
            "as Karpenter finds them",
          );
    },
    without: { local: LOCAL.nodes },
  },
  ...[
    ["main", "on demand"],
    ["spot", "spot"],
    ["fallback", "spot with fallback"],
    ["gpu", "GPU"],
    ["arm", "arm64"],
  ].map(([name = "", words = ""]): Offer => ({
    what: `a team's pool: ${words}`,
    look: ({ after }) => pool(after("all that teams can have"), name),
    without: { local: LOCAL.nodes },
  })),
  {
    what: "per team: ResourceQuota",
    look: ({ after }) =>
      listed(
        after("nothing")
          .filter(({ type }) => type === "kubernetes_resource_quota_v1")
          .map((quota) => asText(metadata(quota)["namespace"]))
          .filter((namespace) => namespace.startsWith("team-")),
      ),
  },
  { what: "per team: LimitRange, network policies", look: (of) => team("namespaces.limitRange", of) },
  { what: "per team: roles for admins, editors, viewers", look: (of) => team("groups", of) },
  {
    what: "environments",
    look: ({ after }) => {
      const names = releases(after("nothing")).filter((name) => name === "acme-dev");
      const quota = after("nothing").some(({ path }) => path.includes("/environment-quotas/dev/"));
      return names.length > 0 && quota ? "virtual clusters with quotas" : undefined;
    },
  },
  {
    what: "storage class",
    look: (of) => `\`${of.seam.storageClass}\``,
  },
  {
    what: "volumes encrypted",
    look: (of) => {
      const made = storageClass(of);
      if (path(made, "parameters", "encrypted") === "true") return "yes";
      // Azure encrypts every disk, so there is no switch to look for: https://learn.microsoft.com/azure/virtual-machines/disk-encryption
      return asText(made?.["storage_provisioner"]) === "disk.csi.azure.com" ? "yes, like all disks" : undefined;
    },
    without: { local: "as the given class does" },
  },
  {
    what: "volumes expandable",
    look: (of) => (storageClass(of)?.["allow_volume_expansion"] === true ? "yes" : undefined),
    without: { local: "as the given class does" },
  },
  {
    what: "volumes and zones",
    look: (of) => {
      const made = storageClass(of);
      if (!made) return undefined;
      return asText(path(made, "parameters", "skuName")).endsWith("_ZRS") ? "in all zones" : "in their pod's zone";
    },
    without: { local: "as the given class does" },
  },
  {
    what: "snapshots of volumes",
    look: ({ after }) => {
      const { name } = values(after("nothing"), "snapshot-class");
      return name === undefined ? undefined : `class \`${asText(name)}\``;
    },
    without: { local: "as the given class does" },
  },
  {
    what: "databases' backups",
    look: ({ after }) => {
      const store = asObject(values(after("nothing"), "keycloak-db")["objectStore"]);
      const [scheme] = asText(path(store, "configuration", "destinationPath")).split("/");
      return scheme ? `changes as they come, all of it each day, to \`${scheme}\`` : undefined;
    },
    without: { local: LOCAL.cloud },
  },
  {
    what: "environments' etcd and volumes kept",
    look: ({ after }) => {
      const found = releases(after("all that teams can have"));
      return listed(found.filter((name) => ["etcd-snapshots", "volume-snapshots"].includes(name)));
    },
  },
  {
    what: "gateway's load balancer",
    look: ({ seam }) => {
      const { length } = Object.keys(seam.loadBalancerAnnotations);
      return length === 0 ? undefined : `by annotations: ${length}`;
    },
    without: { local: "whatever serves LoadBalancers there" },
  },
  {
    what: "records in a zone that is there",
    look: ({ seam }) =>
      seam.dns.records && `provider \`${String(asObject(seam.dns.records.values["provider"] as Json)["name"])}\``,
    without: { local: "the domain must resolve by itself" },
  },
  {
    what: "a zone of its own",
    look: ({ after }) =>
      after("all that a cluster can have").find(({ type }) =>
        ["aws_route53_zone", "azurerm_dns_zone"].includes(type),
      ) && "made",
    without: { local: "the domain must resolve by itself" },
  },
  {
    what: "wildcard certificate",
    look: ({ after }) => {
      const issuer = asObject(values(after("nothing"), "gateway")["issuer"]);
      const solver = asList(path(issuer, "acme", "solvers"))[0];
      const [by] = Object.keys(asObject(path(solver, "dns01")));
      return by === undefined ? "by an authority of its own" : `Let's Encrypt, by DNS-01 with \`${by}\``;
    },
  },
  {
    what: "secret store",
    look: ({ seam }) => seam.secrets && listed(Object.keys(seam.secrets.provider)),
    without: { local: LOCAL.cloud },
  },
  {
    what: "a team's part of the secret store",
    look: ({ after }) => {
      const resources = after("all that teams can have");
      const provider = asObject(path(values(resources, "team-web"), "secretStore", "provider"));
      if (Object.keys(provider).length === 0) return undefined;
      const prefix = asText(path(provider, "aws", "prefix"));
      return prefix ? `names below \`${prefix}\`` : first(resources, "azurerm_key_vault") && "a vault of its own";
    },
    without: { local: LOCAL.cloud },
  },
  {
    what: "the real bill in Kubecost",
    look: ({ after }) => {
      const text = asText(
        path(values(after("all that a cluster can have"), "kubecost"), "cloudCost", "cloudIntegrationJSON"),
      );
      if (text === "") return undefined;
      return listed(
        Object.entries(asObject(JSON.parse(text) as Json)).map(
          ([cloud, how]) => `${cloud}: ${Object.keys(asObject(how)).join()}`,
        ),
      );
    },
    without: { local: "list prices" },
  },
  {
    what: "budget",
    look: ({ after }) =>
      first(after("all that a cluster can have"), "aws_budgets_budget") ? "by the cluster's tag"
      : first(after("all that a cluster can have"), "azurerm_consumption_budget_subscription") ? "by the cluster's resource groups"
      : undefined, // prettier-ignore
    without: { local: "no bill" },
  },
  {
    what: "tags on what is made",
    look: ({ after }) => {
      const resources = after("nothing");
      if (path(first(resources, "provider"), "aws", "default_tags", "tags", "managed-by") === "stackyard")
        return "by the provider";
      return path(clusterOf(resources), "tags", "managed-by") === "stackyard" ? "on each resource" : undefined;
    },
    without: { local: "nothing is made" },
  },
  {
    what: "public API by allow list",
    look: ({ after }) => {
      const cluster = clusterOf(after("nothing"));
      const ranges = asList(
        path(cluster, "vpc_config", "public_access_cidrs") ??
          path(cluster, "api_server_access_profile", "authorized_ip_ranges"),
      );
      if (ranges.length === 0) return undefined;
      return ranges.length === 1 ? "the config's ranges" : "the config's ranges and its own egress address";
    },
    without: { local: LOCAL.cluster },
  },
  {
    what: "private API",
    look: ({ after }) => {
      const cluster = clusterOf(after("no public range"));
      return path(cluster, "vpc_config", "endpoint_public_access") === false ||
        path(cluster, "private_cluster_enabled") === true
        ? "yes"
        : undefined;
    },
    without: { local: LOCAL.cluster },
  },
  {
    what: "network of its own",
    look: ({ after }) => {
      const subnets = count(after("nothing"), "aws_subnet") + count(after("nothing"), "azurerm_subnet");
      const nats = count(after("nothing"), "aws_nat_gateway") + count(after("nothing"), "azurerm_nat_gateway");
      return subnets > 0 ? `${subnets} subnets, ${nats} NAT gateway${nats === 1 ? "" : "s"}` : undefined;
    },
    without: { local: LOCAL.cluster },
  },
  {
    what: "network that is there",
    look: ({ after }) =>
      clusterOf(after("their network")) && !first(after("their network"), "aws_subnet", "azurerm_subnet")
        ? "by ids"
        : undefined,
    without: { local: LOCAL.cluster },
  },
  {
    what: "cluster that is there",
    look: ({ after, kind }) => {
      const found = first(after("their cluster"), "data.aws_eks_cluster", "data.azurerm_kubernetes_cluster");
      if (found) return "by its name";
      return kind === "local" && !clusterOf(after("nothing")) ? "always: a context" : undefined;
    },
  },
  {
    what: "layers",
    look: ({ stacks }) => (stacks("layers").length > 1 ? stacks("layers").join(", ") : undefined),
    without: { local: "one stack is enough for a trial" },
  },
  {
    what: "deletion protection",
    look: ({ after }) => {
      const cluster = clusterOf(after("all that teams can have"));
      if (path(cluster, "lifecycle", "prevent_destroy") !== true) return undefined;
      return cluster?.["deletion_protection"] === true ? "refuses the plan, and so does EKS" : "refuses the plan";
    },
    without: { local: "nothing to lose but releases" },
  },
  {
    what: "Secrets encrypted with a key",
    look: ({ after }) => {
      const cluster = clusterOf(after("all that a cluster can have"));
      if (path(cluster, "encryption_config", "provider", "key_arn") !== undefined) return "one that is made";
      return path(cluster, "key_management_service", "key_vault_key_id") === undefined
        ? undefined
        : "one that is there, `encryptionKey`";
    },
    without: { local: LOCAL.cluster },
  },
  {
    what: "nodes' disks encrypted",
    look: ({ after }) => {
      const encrypted = asList(values(after("nothing"), "node-pools-shared")["resources"])
        .map((object) => path(object, "spec", "blockDeviceMappings", "ebs", "encrypted"))
        .some((value) => value === true);
      if (encrypted) return "on the volume";
      return first(after("nothing"), "azurerm_kubernetes_cluster_node_pool")?.["host_encryption_enabled"] === true
        ? "on the host"
        : undefined;
    },
    without: { local: LOCAL.nodes },
  },
  {
    what: "control plane's logs",
    look: ({ after }) => {
      const types = asList(clusterOf(after("nothing"))?.["enabled_cluster_log_types"]).map(asText);
      const categories = asList(first(after("nothing"), "azurerm_monitor_diagnostic_setting")?.["enabled_log"]).map(
        (log) => asText(asObject(log)["category"]),
      );
      return listed([...types, ...categories]);
    },
    without: { local: LOCAL.cluster },
  },
  {
    what: "network's flow logs",
    look: ({ after }) => (first(after("nothing"), "aws_flow_log") ? "yes" : undefined),
    without: {
      azure: "they need the region's one Network Watcher, and a storage account",
      local: LOCAL.cluster,
    },
  },
  {
    what: "upgrades by itself",
    look: ({ after }) => {
      const cluster = clusterOf(after("nothing"));
      return cluster?.["automatic_upgrade_channel"] === undefined
        ? undefined
        : `channel \`${asText(cluster["automatic_upgrade_channel"])}\`, node images`;
    },
    without: { aws: "versions are pinned here", local: LOCAL.cluster },
  },
  {
    what: "state",
    look: ({ after }) =>
      listed(
        Object.keys(first([...after("all that a cluster can have"), ...after("nothing")], "backend") ?? {}),
      )?.replace("local", "a local file"),
  },
  {
    what: "`stackyard` commands",
    look: ({ commands, stacks }) => listed([...commands, ...(stacks("layers").length > 1 ? ["layout"] : [])]),
    without: { local: "no cloud to ask" },
  },
];

/** The text of a cell. */
export function cell({ what, look, without = {} }: Offer, of: Offered): string {
  const found = look(of);
  const why = without[of.kind];
  if (found === undefined && why === undefined) throw new Error(`${of.kind} does not offer "${what}": say why`);
  if (found !== undefined && why !== undefined)
    throw new Error(`${of.kind} offers "${what}" (${found}), so there is nothing to say why not: ${why}`);
  return found ?? `no: ${why}`;
}
