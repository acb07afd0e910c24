/** Names that a cloud or Kubernetes would refuse, and names given twice. */
import { clusterFullName } from "../names";
import type { Cluster } from "../platform";
import type { Finding, Rule } from "./rule";

/** RFC 1123 label: what Kubernetes takes as name of a namespace, and clouds in nearly every name. */
const DNS_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const FORM = "lower-case letters, digits and '-', a letter first and no '-' last";

/**
 * Longest full name of a cluster. AWS: an IAM role name has 64 characters and the longest of ours is
 * `<cluster>-karpenter-controller`; Azure: 54 for the DNS prefix of AKS.
 */
const LONGEST_CLUSTER: Readonly<Record<Cluster["kind"], { length: number; whose: string }>> = {
  aws: { length: 64 - "-karpenter-controller".length, whose: "IAM's 64 for the role <cluster>-karpenter-controller" },
  azure: { length: 54, whose: "AKS's 54 for its DNS prefix" },
  local: { length: 63, whose: "Kubernetes's 63 for a label" },
};

/** The release `node-pools-shared` is the cluster's; the other is a property of every JavaScript object. */
const RESERVED_TEAMS = ["shared", "constructor"];

export const NAME_RULES: readonly Rule[] = [
  {
    id: "name-form",
    severity: "error",
    check: (platform, { parsed }) => [
      ...form("name", platform.name),
      ...keys(parsed.clusters, "clusters"),
      ...keys(parsed.groups, "groups"),
      ...keys(parsed.environments, "environments"),
      ...Object.entries(parsed.environments).flatMap(([name, environment]) =>
        form(`environments.${name}.cluster`, environment.cluster),
      ),
      ...keys(parsed.teams, "teams"),
      ...Object.entries(parsed.teams).flatMap(([name, team]) => [
        ...keys(team.namespaces ?? {}, `teams.${name}.namespaces`),
        ...keys(team.nodePools, `teams.${name}.nodePools`),
        ...keys(team.serviceAccounts, `teams.${name}.serviceAccounts`),
      ]),
    ],
  },
  {
    id: "reserved-name",
    severity: "error",
    check: (_platform, { parsed }) =>
      Object.keys(parsed.teams)
        .filter((name) => RESERVED_TEAMS.includes(name))
        .map((name) => ({ path: `teams.${name}`, message: `"${name}" is a name of the platform's own; take another` })),
  },
  {
    id: "cluster-name-length",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster) => {
        const { length, whose } = LONGEST_CLUSTER[cluster.kind];
        return tooLong(`clusters.${cluster.name}`, clusterFullName(platform, cluster), length, whose);
      }),
  },
  {
    id: "team-name-length",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        tooLong(
          `teams.${team.name}`,
          team.name,
          31,
          "the platform's 31: namespaces, releases (Helm's 53) and roles add to it",
        ),
      ),
  },
  {
    id: "namespace-name-length",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.namespaces.flatMap((namespace) =>
          tooLong(`teams.${team.name}.namespaces`, namespace.name, 63, "Kubernetes's 63 for a namespace"),
        ),
      ),
  },
  {
    id: "virtual-cluster-name-length",
    severity: "error",
    check: (platform) =>
      platform.environments.flatMap((environment) =>
        tooLong(
          `environments.${environment.name}.cluster`,
          environment.cluster,
          49,
          "Kubernetes's 63 for the Service <cluster>-etcd-headless",
        ),
      ),
  },
  {
    id: "node-pool-name-length",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.nodePools.flatMap((pool) =>
          tooLong(
            `teams.${team.name}.nodePools.${pool.name}`,
            `${team.name}-${pool.name}`,
            63,
            "Kubernetes's 63 for the label that names a NodePool",
          ),
        ),
      ),
  },
  {
    id: "duplicate-namespace",
    severity: "error",
    check: (platform) =>
      duplicates(
        platform.teams.flatMap((team) =>
          team.namespaces.map((namespace) => ({ path: `teams.${team.name}`, name: namespace.name })),
        ),
        "the namespace",
      ),
  },
  {
    id: "duplicate-virtual-cluster",
    severity: "error",
    check: (platform) =>
      duplicates(
        platform.environments.map((environment) => ({
          path: `environments.${environment.name}.cluster`,
          name: environment.cluster,
        })),
        "the virtual cluster",
      ),
  },
  {
    id: "duplicate-node-pool",
    severity: "error",
    check: (platform) =>
      duplicates(
        platform.teams.flatMap((team) =>
          team.nodePools.map((pool) => ({
            path: `teams.${team.name}.nodePools.${pool.name}`,
            name: `${team.name}-${pool.name}`,
          })),
        ),
        "a NodePool",
      ),
  },
  {
    // Identities in the clouds are named so, and so are their addresses in the state.
    id: "duplicate-service-account",
    severity: "error",
    check: (platform) =>
      duplicates(
        platform.teams.flatMap((team) =>
          team.serviceAccounts.map(({ name, namespace }) => ({
            path: `teams.${team.name}.serviceAccounts.${name}`,
            name: `${namespace}-${name}`,
          })),
        ),
        "the identity",
      ),
  },
];

function keys(record: Readonly<Record<string, unknown>>, path: string): Finding[] {
  return Object.keys(record).flatMap((key) => form(`${path}.${key}`, key));
}

function form(path: string, name: string): Finding[] {
  return DNS_LABEL.test(name)
    ? []
    : [{ path, message: `"${name}" is not a name that Kubernetes and the clouds take; allowed: ${FORM}` }];
}

function tooLong(path: string, name: string, length: number, whose: string): Finding[] {
  return name.length <= length
    ? []
    : [{ path, message: `"${name}" has ${name.length} characters; allowed: ${length}, from ${whose}` }];
}

/** A finding for each but the first of one name. */
export function duplicates(all: readonly { path: string; name: string }[], what: string): Finding[] {
  const seen = new Map<string, string>();
  return all.flatMap(({ path, name }) => {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, path);
    return first === undefined
      ? []
      : [{ path, message: `would be ${what} "${name}", which ${first} is already; rename one` }];
  });
}
