/** What a team has on each cloud, read from the synthesized stacks of one config, in words that no cloud owns. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VM_SIZES } from "../../config/clouds/azure-vm-sizes";
import { poolOffer, type Cluster, type Group, type Platform, type Team } from "../../config/platform";
import { showCores, showGibibytes } from "../../config/quantities";
import {
  asList,
  asObject,
  asText,
  type Json,
  type JsonObject,
  type SynthesizedResource,
  type SynthesizedStack,
} from "../../policies/plan/synthesized-stack";
import { metadata, ofType, release, valuesOf } from "./synth";

const SPOT = "kubernetes.azure.com/scalesetpriority";

/** A team's namespace. */
export interface NamespaceFacts {
  readonly labels: JsonObject;
  readonly quota: JsonObject;
  readonly limitRange: JsonObject;
  /** Names of its network policies, but for the one of credentials. */
  readonly policies: readonly string[];
  readonly serviceAccounts: readonly string[];
}

/** A team's pool, as the nodes and the autoscaler know it. */
export interface PoolFacts {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  readonly architecture: string;
  /** How machines may be bought. */
  readonly capacity: readonly string[];
}

export interface TeamFacts {
  /** The team's chart, by its contents: one chart and equal values are equal objects. */
  readonly chart: string;
  readonly labels: JsonObject;
  readonly namespaces: Readonly<Record<string, NamespaceFacts>>;
  /** Names of the config's groups by role. */
  readonly access: Readonly<Record<string, readonly string[]>>;
  readonly egress: readonly Json[];
  readonly pools: Readonly<Record<string, PoolFacts>>;
}

/** What may differ, because each cloud has its own. */
export interface TeamDifferences {
  /** Where pods fetch the credentials of service accounts, by namespace: opened where one of them has rights in this cloud. */
  readonly credentials: Readonly<Record<string, readonly string[]>>;
  /** What the annotations of service accounts are called. */
  readonly annotations: readonly string[];
  /** What all nodes of a pool can give to pods. */
  readonly offers: Readonly<Record<string, string>>;
  /** Taints of a pool that the cloud adds. */
  readonly taints: Readonly<Record<string, readonly string[]>>;
  /** The machines of a pool. */
  readonly machines: Readonly<Record<string, string>>;
}

/** What is the same on every cloud. */
export function teamFacts(platform: Platform, cluster: Cluster, stack: SynthesizedStack, team: Team): TeamFacts {
  const values = valuesOf(stack, `team-${team.name}`);
  const groups = asObject(values["groups"]);
  return {
    chart: asText(release(stack, `team-${team.name}`).attributes["chart"]),
    labels: asObject(values["labels"]),
    namespaces: Object.fromEntries(
      asList(values["namespaces"]).map((value) => {
        const namespace = asObject(value);
        const name = asText(namespace["name"]);
        return [name, namespaceFacts(stack, name, namespace, asList(values["egress"]))];
      }),
    ),
    access: Object.fromEntries(
      Object.entries(groups).map(([role, names]) => [
        role,
        asList(names).map((name) => groupCalled(platform, cluster, asText(name))),
      ]),
    ),
    egress: asList(values["egress"]),
    pools: Object.fromEntries(team.nodePools.map(({ name }) => [name, poolFacts(stack, team, name)])),
  };
}

/** What is each cloud's own. */
export function teamDifferences(cluster: Cluster, stack: SynthesizedStack, team: Team): TeamDifferences {
  const namespaces = asList(valuesOf(stack, `team-${team.name}`)["namespaces"]).map(asObject);
  const accounts = namespaces.flatMap((namespace) => asList(namespace["serviceAccounts"]).map(asObject));
  return {
    credentials: Object.fromEntries(
      namespaces.map((namespace) => [
        asText(namespace["name"]),
        asList(namespace["credentials"]).map((at) => `${asText(asObject(at)["cidr"])}:${String(asObject(at)["port"])}`),
      ]),
    ),
    annotations: accounts.flatMap(({ annotations }) => Object.keys(asObject(annotations))),
    taints: Object.fromEntries(
      team.nodePools.map(({ name }) => [name, rawTaints(stack, team, name).filter(ofCloud)] as const),
    ),
    offers: Object.fromEntries(
      team.nodePools.map((pool) => {
        const { cpu, memory } = poolOffer(pool, cluster) ?? { cpu: 0, memory: 0 };
        return [pool.name, `${showCores(cpu)} cores, ${showGibibytes(memory)} GiB`];
      }),
    ),
    machines: Object.fromEntries(team.nodePools.map(({ name }) => [name, machines(stack, team, name)])),
  };
}

/** Quotas of the environments, in which the teams' shares are summed. */
export function environmentQuotas(stack: SynthesizedStack): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    ofType(stack, "kubernetes_resource_quota_v1")
      .filter(({ path }) => path.includes("/environment-quotas/"))
      .map((quota) => [asText(metadata(quota)["namespace"]), asObject(asObject(quota.attributes["spec"])["hard"])]),
  );
}

function namespaceFacts(
  stack: SynthesizedStack,
  name: string,
  values: JsonObject,
  egress: readonly Json[],
): NamespaceFacts {
  const in_ = (type: string, of: (resource: SynthesizedResource) => Json | undefined) =>
    ofType(stack, type).find((resource) => of(resource) === name);
  const namespace = in_("kubernetes_namespace_v1", (resource) => metadata(resource)["name"]);
  const quota = in_("kubernetes_resource_quota_v1", (resource) => metadata(resource)["namespace"]);
  return {
    labels: asObject(namespace && metadata(namespace)["labels"]),
    quota: asObject(asObject(quota?.attributes["spec"])["hard"]),
    limitRange: asObject(values["limitRange"]),
    policies: NETWORK_POLICIES.filter((policy) => policy !== "allow-egress" || egress.length > 0),
    serviceAccounts: asList(values["serviceAccounts"]).map((account) => asText(asObject(account)["name"])),
  };
}

/** Those that the chart of a team has; the one of credentials is the clouds' own. */
const NETWORK_POLICIES: readonly string[] = readdirSync(templates())
  .map((name) => readFileSync(join(templates(), name), "utf8"))
  .flatMap((text) => [...text.matchAll(/kind: NetworkPolicy\nmetadata:\n {2}name: ([a-z-]+)/g)])
  .map(([, name = ""]) => name)
  .filter((name) => name !== "allow-credentials");

function templates(): string {
  return join(__dirname, "..", "..", "charts", "team", "templates");
}

/** The config's name of a group, from what a cluster calls it. */
function groupCalled(platform: Platform, { kind }: Cluster, name: string): string {
  const called = (group: Group): string | undefined =>
    ({ aws: `stackyard:${group.name}`, azure: group.azure, local: group.sso })[kind];
  const found = platform.groups.filter((group) => called(group) === name);
  if (found.length !== 1) throw new Error(`${found.length} groups are called "${name}" on ${kind}`);
  return found[0]?.name ?? "";
}

/** Karpenter's NodePool; undefined on a cluster without Karpenter. */
function karpenterPool(stack: SynthesizedStack, team: Team, name: string): JsonObject | undefined {
  const found = ofType(stack, "helm_release").find(
    ({ attributes }) => attributes["name"] === `node-pools-${team.name}`,
  );
  if (!found) return undefined;
  return asList(valuesOf(stack, `node-pools-${team.name}`)["resources"])
    .map(asObject)
    .find((object) => object["kind"] === "NodePool" && asObject(object["metadata"])["name"] === `${team.name}-${name}`);
}

const template = (pool: JsonObject): JsonObject => asObject(asObject(pool["spec"])["template"]);

const required = (pool: JsonObject, key: string): readonly string[] =>
  asList(asObject(template(pool)["spec"])["requirements"])
    .map(asObject)
    .filter((requirement) => requirement["key"] === key)
    .flatMap((requirement) => asList(requirement["values"]).map(String));

const aksPools = (stack: SynthesizedStack, team: Team, name: string): readonly JsonObject[] =>
  ofType(stack, "azurerm_kubernetes_cluster_node_pool")
    .filter(
      ({ path }) =>
        path.endsWith(`/node-pools/${team.name}/${name}-regular`) ||
        path.endsWith(`/node-pools/${team.name}/${name}-spot`),
    )
    .map(({ attributes }) => attributes);

function rawTaints(stack: SynthesizedStack, team: Team, name: string): readonly string[] {
  const pool = karpenterPool(stack, team, name);
  return pool
    ? asList(asObject(template(pool)["spec"])["taints"])
        .map(asObject)
        .map(({ key, value, effect }) => `${asText(key)}=${asText(value)}:${asText(effect)}`)
    : aksPools(stack, team, name).flatMap((attributes) => asList(attributes["node_taints"]).map(asText));
}

const ofCloud = (taint: string): boolean => taint.startsWith(SPOT);

function poolFacts(stack: SynthesizedStack, team: Team, name: string): PoolFacts {
  const pool = karpenterPool(stack, team, name);
  const pools = aksPools(stack, team, name);
  if (!pool && pools.length === 0) throw new Error(`${stack.name} has no pool ${name} of ${team.name}`);
  const labels = pool
    ? [asObject(asObject(template(pool)["metadata"])["labels"])]
    : pools.map((attributes) => asObject(attributes["node_labels"]));
  const taints = [...new Set(rawTaints(stack, team, name))].filter((taint) => !ofCloud(taint));
  return {
    labels: Object.fromEntries(
      labels
        .flatMap((each) => Object.entries(each))
        .filter(([key]) => key !== SPOT)
        .map(([key, value]) => [key, asText(value)] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    taints: taints.sort(),
    architecture: pool
      ? required(pool, "kubernetes.io/arch").join()
      : [...new Set(pools.map((attributes) => VM_SIZES.find((size) => size.name === attributes["vm_size"])))]
          .map((size) => size?.architecture)
          .join(),
    capacity: pool
      ? [...required(pool, "karpenter.sh/capacity-type")].sort()
      : pools.map(({ priority }) => (priority === "Spot" ? "spot" : "on-demand")).sort(),
  };
}

/** The machines that a pool may have, and how many of them or how much of it. */
function machines(stack: SynthesizedStack, team: Team, name: string): string {
  const pool = karpenterPool(stack, team, name);
  if (pool) {
    const [category, [above, below]] = [
      required(pool, "karpenter.k8s.aws/instance-category"),
      required(pool, "karpenter.k8s.aws/instance-cpu").map(Number) as [number, number],
    ];
    const limits = asObject(asObject(pool["spec"])["limits"]);
    return `${category.join()} types of ${above + 1} to ${below - 1} cores, together ${asText(limits["cpu"])} cores and ${asText(limits["memory"])}`;
  }
  return aksPools(stack, team, name)
    .map(
      (attributes) =>
        `${String(attributes["min_count"])} to ${String(attributes["max_count"])} ${asText(attributes["vm_size"])}${attributes["priority"] === "Spot" ? ", spot" : ""}`,
    )
    .join("; or ");
}
