/** What a stack says of each team, read out of its objects: quotas, pools, namespaces, groups. */
import { CLASS_LABEL, LABEL_PREFIX, POOL_LABEL } from "../../config/names";
import { parseCpu, parseMemory } from "../../config/quantities";
import {
  asList,
  asObject,
  asText,
  type Json,
  type JsonObject,
  type SynthesizedResource,
} from "../../policies/plan/synthesized-stack";
import { mergedValues } from "../read/documents";
import { ownerOf } from "./owner";

/** By the name of the resource, as Kubernetes writes it; millicores, bytes, or a number. */
export type Amounts = Readonly<Record<string, number>>;

export type Groups = ReadonlyMap<string, readonly string[]>;

export interface TeamFacts {
  /** By where: `namespace team-checkout`, `environment prod`. */
  readonly quotas: ReadonlyMap<string, Amounts>;
  /** By the pool's name. */
  readonly pools: ReadonlyMap<string, PoolFacts>;
  /** By role: the names of its groups. */
  readonly groups: Groups;
  /** The same where its people sign in, by where: `environments`, `Argo CD`. */
  readonly signIns: ReadonlyMap<string, Groups>;
  readonly namespaces: readonly string[];
  /** What else it has by its release: `secret store`. */
  readonly extras: readonly string[];
  /** Ranges outside the cluster that its pods may reach. */
  readonly egress: readonly string[];
  /** What its LimitRanges say, by where and bound: `environment dev`, `max cpu`. */
  readonly containers: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface PoolFacts {
  /** `cpu` and `memory` of all its nodes, or `nodes`, the most there may be. */
  readonly limits: Amounts;
  /** What its nodes must be: `instance-category In g`, `Standard_D16ds_v5`. */
  readonly requirements: readonly string[];
  /** What pods must tolerate: `stackyard.dev/team=web:NoSchedule`. */
  readonly taints: readonly string[];
  /** What pods may ask for, of the config's own: `example.com/kind=cache`. */
  readonly labels: readonly string[];
  /** Of what Karpenter replaces a node where it differs, as paths and values: `tags.owner platform`. */
  readonly nodes: readonly string[];
}

interface Collected {
  readonly quotas: Map<string, Amounts>;
  readonly pools: Map<string, PoolFacts>;
  readonly groups: Map<string, readonly string[]>;
  readonly signIns: Map<string, Groups>;
  readonly namespaces: string[];
  readonly extras: string[];
  readonly egress: string[];
  readonly containers: Map<string, ReadonlyMap<string, string>>;
}

/**
 * @param resources of a stack, or only those that a question is about
 * @returns by the team's name; pools of the platform's own stand under `""`
 */
export function teamFacts(resources: readonly SynthesizedResource[]): ReadonlyMap<string, TeamFacts> {
  const teams = new Map<string, Collected>();
  const of = (team: string): Collected => {
    const known = teams.get(team) ?? {
      quotas: new Map(),
      pools: new Map(),
      groups: new Map(),
      signIns: new Map(),
      namespaces: [],
      extras: [],
      egress: [],
      containers: new Map(),
    };
    teams.set(team, known);
    return known;
  };
  for (const resource of resources) {
    const path = resource.path.split("/").slice(1).join("/");
    const owner = ownerOf({ path, after: resource.attributes });
    const team = owner.kind === "team" ? owner.name : "";
    if (team === "" && !mayHavePools(path)) continue;
    collect(resource, path, of(team));
  }
  return teams;
}

/** @param path of a construct below its stack, of what is no team's */
export const mayHavePools = (path: string): boolean => /^(shared-pool|node-pools)\b/.test(path);

function collect({ type, attributes }: SynthesizedResource, path: string, facts: Collected): void {
  if (type === "kubernetes_namespace_v1") facts.namespaces.push(asText(asObject(attributes["metadata"])["name"]));
  else if (type === "kubernetes_resource_quota_v1") {
    const hard = amounts(asObject(asObject(attributes["spec"])["hard"]));
    const where = `namespace ${asText(asObject(attributes["metadata"])["namespace"])}`;
    if (Object.keys(hard).length > 0) facts.quotas.set(where, hard);
  } else if (type === "helm_release" && path.startsWith("teams/")) teamRelease(valuesOf(attributes), facts);
  else if (type === "helm_release") karpenterPools(asList(valuesOf(attributes)["resources"]).map(asObject), facts);
  else if (type.endsWith("_node_pool")) vmPool(attributes, facts);
}

/** Values of charts/team. */
function teamRelease(values: JsonObject, facts: Collected): void {
  for (const environment of asList(values["environments"]).map(asObject)) {
    const quota = amounts(asObject(environment["quota"]));
    if (Object.keys(quota).length > 0) facts.quotas.set(`environment ${asText(environment["name"])}`, quota);
  }
  for (const section of ["namespaces", "environments"])
    for (const place of asList(values[section]).map(asObject))
      facts.containers.set(`${section} ${asText(place["name"])}`, boundsOf(asObject(place["limitRange"])));
  if (asObject(values["secretStore"])["provider"] !== undefined) facts.extras.push("secret store");
  facts.egress.push(...asList(values["egress"]).map((range) => asText(asObject(range)["cidr"])));
  for (const [role, groups] of groupsOf(asObject(values["groups"]))) facts.groups.set(role, groups);
  signIns(values, facts);
}

/** Groups have another name there: as they sign in, and not as the cluster calls them. */
function signIns(values: JsonObject, facts: Collected): void {
  const inside = groupsOf(asObject(asObject(values["inside"])["groups"]));
  if (inside.size > 0 && asList(values["environments"]).length > 0) facts.signIns.set("environments", inside);
  const roles = asList(asObject(asObject(values["appProject"])["spec"])["roles"]).map(asObject);
  if (roles.length > 0)
    facts.signIns.set(
      "Argo CD",
      groupsOf(Object.fromEntries(roles.map(({ name, groups = [] }) => [asText(name), groups]))),
    );
}

const groupsOf = (byRole: JsonObject): Groups =>
  new Map(
    Object.entries(byRole).map(([role, groups]) => [
      role,
      asList(groups).map((group) => asText(group).replace(/^stackyard:/, "")),
    ]),
  );

/** `max cpu` is `4`. */
const boundsOf = (limitRange: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(limitRange).flatMap(([bound, resources]) =>
      Object.entries(asObject(resources)).map(([resource, amount]): [string, string] => [
        `${bound} ${resource}`,
        typeof amount === "number" ? String(amount) : asText(amount),
      ]),
    ),
  );

function karpenterPools(objects: readonly JsonObject[], facts: Collected): void {
  for (const pool of objects.filter(({ kind }) => kind === "NodePool")) {
    const spec = asObject(pool["spec"]);
    const template = asObject(spec["template"]);
    const { requirements, taints, ...rest } = asObject(template["spec"]);
    const labels = labelsOf(asObject(asObject(template["metadata"])["labels"]));
    // A pool and the class of its nodes have one name.
    const name = nameIn(pool["metadata"]);
    const nodeClass = objects.find(({ kind, metadata }) => kind === "EC2NodeClass" && nameIn(metadata) === name);
    const tainted = asList(taints).map(asObject).map(taintOf);
    facts.pools.set(name, {
      limits: amounts(asObject(spec["limits"])),
      requirements: asList(requirements)
        .map(asObject)
        .map(
          ({ key, operator, values }) =>
            `${asText(key).replace(/^.*\//, "")} ${asText(operator)} ${asList(values).map(String).join(", ")}`,
        ),
      taints: tainted,
      labels: labels.filter(isOfConfig),
      // https://karpenter.sh/docs/concepts/disruption/#drift
      nodes: [
        ...labels.map((label) => `label ${label}`),
        ...tainted.map((taint) => `taint ${taint}`),
        ...leaves("", rest),
        ...leaves("", asObject(nodeClass?.["spec"])),
      ],
    });
  }
}

const nameIn = (metadata: Json | undefined): string => asText(asObject(metadata)["name"]);

/** The class follows what the nodes must be, which is told by itself. */
const labelsOf = (labels: JsonObject): readonly string[] =>
  Object.entries(labels).flatMap(([key, value]) => (key === CLASS_LABEL ? [] : [`${key}=${asText(value)}`]));

/** The platform's own labels follow the team and the pool. */
const isOfConfig = (label: string): boolean =>
  ![`${LABEL_PREFIX}/`, "kubernetes.azure.com/"].some((prefix) => label.startsWith(prefix));

const taintOf = ({ key, value, effect }: JsonObject): string =>
  `${asText(key)}${asText(value) === "" ? "" : `=${asText(value)}`}:${asText(effect)}`;

/** `blockDeviceMappings.ebs.volumeSize 80Gi` */
function leaves(path: string, value: Json): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((inner) => leaves(path, inner));
  if (typeof value !== "object" || value === null) return [`${path} ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(path === "" ? key : `${path}.${key}`, inner));
}

function vmPool(attributes: JsonObject, facts: Collected): void {
  const labels = asObject(attributes["node_labels"]);
  const pool = asText(labels[POOL_LABEL]) || asText(attributes["name"]);
  const spot = attributes["priority"] === "Spot" ? " (spot)" : "";
  const most = attributes["max_count"] ?? attributes["node_count"];
  facts.pools.set(`${pool}${spot}`, {
    limits: typeof most === "number" ? { nodes: most } : {},
    requirements: [asText(attributes["vm_size"])].filter(Boolean),
    taints: asList(attributes["node_taints"]).map(asText),
    labels: labelsOf(labels).filter(isOfConfig),
    // AKS changes taints and labels of the nodes that are there; that a pool is replaced is told of the pool.
    nodes: [],
  });
}

const valuesOf = (attributes: JsonObject): JsonObject => asObject(mergedValues(asList(attributes["values"])));

/** Only what can be counted; `8` and `"8"` are the same. */
function amounts(hard: JsonObject): Amounts {
  return Object.fromEntries(
    Object.entries(hard).flatMap(([name, value]): [string, number][] => {
      const amount = amountOf(name, value);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

function amountOf(name: string, value: Json): number | undefined {
  const text = typeof value === "number" ? String(value) : asText(value);
  if (/cpu$/.test(name)) return parseCpu(/^[\d.]+$/.test(text) ? Number(text) : text);
  const count = Number(text);
  return text !== "" && Number.isFinite(count) ? count : parseMemory(text);
}
