/** Names that a cloud or Kubernetes would refuse, and names given twice. */
import { clusterFullName, HOST_CONTEXT, ownName } from "../names";
import type { Cluster } from "../platform";
import { suggest } from "../zod";
import type { Finding, Rule } from "./rule";

/** RFC 1123 label: what Kubernetes takes as name of a namespace, and clouds in nearly every name. */
const DNS_LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
/** What YAML 1.1 reads as a boolean or as nothing: https://yaml.org/type/bool.html */
const NOT_TEXT: ReadonlySet<string> = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);
const FORM = "lower-case letters, digits and '-', a letter first and no '-' last";

/**
 * Lengths of the full name of a cluster. AWS: an IAM role name has 64 characters and the longest of ours is
 * `<cluster>-karpenter-controller`; Azure: 54 for the DNS prefix of AKS.
 */
const CLUSTER_NAMES: Readonly<Record<Cluster["kind"], { shortest?: number; length: number; whose: string }>> = {
  aws: { length: 64 - "-karpenter-controller".length, whose: "IAM's 64 for the role <cluster>-karpenter-controller" },
  azure: { shortest: 4, length: 54, whose: "AKS's 54 for its DNS prefix" },
  local: { length: 63, whose: "Kubernetes's 63 for a label" },
};

/**
 * The release `node-pools-shared` is the cluster's, and Argo CD makes an AppProject `default` itself.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/projects/#the-default-project
 */
const RESERVED_TEAMS = ["shared", "default"];

/**
 * What no organisation may be called: Gitea's own paths and accounts, and the administrator that the platform makes.
 * https://github.com/go-gitea/gitea/blob/v1.26.2/models/user/user.go
 */
const RESERVED_ORGANISATIONS = [
  "admin",
  "api",
  "assets",
  "attachments",
  "avatar",
  "avatars",
  "captcha",
  "explore",
  "ghost",
  "gitea-actions",
  "gitea-admin",
  "issues",
  "login",
  "metrics",
  "milestones",
  "notifications",
  "org",
  "pulls",
  "repo",
  "repo-avatars",
  "user",
  "v2",
];

/** Of components, on whichever cluster they are; a test compares them with what is synthesized. */
const COMPONENT_NAMESPACES = [
  "argocd",
  "cert-manager",
  "cnpg-system",
  "envoy-gateway-system",
  "external-dns",
  "external-secrets",
  "gitea",
  "keycloak",
  "kubecost",
  "monitoring",
  "nvidia-device-plugin",
  "opencost",
  "volume-snapshots",
];

/** Whether a namespace is Kubernetes's, a cloud's, a component's or an environment's; `team-…` is checked as a duplicate. */
function isTaken(name: string, environments: readonly { readonly namespace: string }[]): boolean {
  return (
    name === "default" ||
    /^(kube|karpenter|stackyard|vcluster|aks|gatekeeper|calico|tigera|azure|amazon)(-|$)/.test(name) ||
    COMPONENT_NAMESPACES.includes(name) ||
    environments.some(({ namespace }) => namespace === name)
  );
}

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
    check: (platform, { parsed }) => [
      ...platform.groups
        .filter(({ sso }) => sso.startsWith("system:"))
        .map(({ name, sso }) => ({
          path: `groups.${name}.sso`,
          message: `"${sso}" is a group of Kubernetes's own, whose rights its members would get; take another name`,
        })),
      ...platform.environments
        .filter(({ name }) => name === HOST_CONTEXT)
        .map(({ name }) => ({
          path: `environments.${name}`,
          message: `"${name}" is what kubectl calls the cluster itself, after stackyard kubeconfig write; take another name`,
        })),
      ...Object.entries(parsed.teams).flatMap(([name, team]) => [
        ...(RESERVED_TEAMS.includes(name)
          ? [{ path: `teams.${name}`, message: `"${name}" is a name of the platform's own; take another` }]
          : []),
        ...(RESERVED_ORGANISATIONS.includes(name) && platform.components.gitea.enabled
          ? [
              {
                path: `teams.${name}`,
                message: `"${name}" is a name that Gitea keeps for itself, and the team's organisation there has the team's; take another`,
              },
            ]
          : []),
        ...(name.includes("--")
          ? [
              {
                path: `teams.${name}`,
                message: `"${name}" has "--", which in host names <name>--<team>.apps.<domain> comes before the team; take a name without`,
              },
            ]
          : []),
        ...Object.keys(team.nodePools)
          .filter((pool) => pool === "shared")
          .map((pool) => ({
            path: `teams.${name}.nodePools.${pool}`,
            message:
              '"shared" is the pool of the cluster, by whose name teams without pools find their nodes; take another',
          })),
        ...Object.keys(team.serviceAccounts)
          .filter((account) => account === "default")
          .map((account) => ({
            path: `teams.${name}.serviceAccounts.${account}`,
            message: '"default" is made by Kubernetes in every namespace, for pods that name none; take another',
          })),
      ]),
    ],
  },
  {
    id: "namespace-name",
    severity: "error",
    check: (platform, { parsed, known }) =>
      Object.entries(parsed.teams).flatMap(([team, { namespaces }]) =>
        Object.entries(namespaces ?? {}).flatMap(([key, { name, adopt }]): Finding[] => {
          const path = `teams.${team}.namespaces.${key}`;
          const unknown = adopt.filter((cluster) => !known.clusters.includes(cluster));
          return [
            ...(name === undefined ? [] : form(`${path}.name`, name)),
            ...(name !== undefined && isTaken(name, platform.environments)
              ? [
                  {
                    path: `${path}.name`,
                    message: `"${name}" is a namespace of Kubernetes or of the platform; a team cannot have it`,
                  },
                ]
              : []),
            ...unknown.map((cluster) => ({
              path: `${path}.adopt`,
              message: `there is no cluster "${cluster}" under clusters${suggest(cluster, known.clusters)}`,
            })),
            ...(adopt.length > 0 && name === undefined
              ? [
                  {
                    path: `${path}.adopt`,
                    message: "says where the namespace is there already, but not which it is; add name",
                  },
                ]
              : []),
          ];
        }),
      ),
  },
  {
    id: "cluster-name-length",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster) => {
        const { shortest = 0, length, whose } = CLUSTER_NAMES[cluster.kind];
        // What somebody else's cluster is called is theirs; on AWS its name begins those of our roles.
        const name = cluster.kind === "aws" ? clusterFullName(platform, cluster) : ownName(platform, cluster);
        const path = `clusters.${cluster.name}`;
        return name.length < shortest
          ? [
              {
                path,
                message: `"${name}" has ${name.length} characters; needed: ${shortest}, for a Log Analytics workspace`,
              },
            ]
          : tooLong(path, name, length, whose);
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
    id: "service-account-name-length",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.serviceAccounts.flatMap(({ name }) =>
          tooLong(
            `teams.${team.name}.serviceAccounts.${name}`,
            name,
            63,
            "the platform's 63: identities in the clouds add to it",
          ),
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
    id: "environment-name-length",
    severity: "error",
    check: (platform) =>
      platform.environments.flatMap(({ name, cluster }) => [
        ...tooLong(`environments.${name}`, name, 63, "Kubernetes's 63 for a label"),
        ...tooLong(
          `environments.${name}.cluster`,
          cluster,
          // The longest of its releases: a local cluster signs by itself. All else that has the name in it has room for more, such as the
          // label of StatefulSet <cluster>-etcd's pods (47) and its Service <cluster>-etcd-headless (49).
          53 - "-authority".length,
          "Helm's 53 for the release <cluster>-authority",
        ),
      ]),
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
    // Identities in the clouds are named by the two, and their addresses in the state are these.
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
  if (NOT_TEXT.has(name))
    return [
      { path, message: `"${name}" is a boolean or nothing where the templates of charts write it; take another name` },
    ];
  if (name === "constructor")
    return [{ path, message: '"constructor" is what every JavaScript object has already; take another name' }];
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
