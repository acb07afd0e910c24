/** Groups and environments that are used must exist, and have an id on every cluster where they are used. */
import { TEAM_ROLES, type Cluster, type Group, type Platform } from "../platform";
import { suggest } from "../zod";
import type { Finding, Rule, Source } from "./rule";

export const REFERENCE_RULES: readonly Rule[] = [
  {
    id: "unknown-group",
    severity: "error",
    check: (_platform, { parsed, known }) =>
      groupUses(parsed)
        .filter(({ group }) => !known.groups.includes(group))
        .map(({ path, group }) => ({
          path,
          message: `there is no group "${group}" under groups${suggest(group, known.groups)}`,
        })),
  },
  {
    id: "unknown-environment",
    severity: "error",
    check: (_platform, { parsed, known }) =>
      Object.entries(parsed.teams).flatMap(([team, { environments }]) =>
        Object.keys(environments)
          .filter((environment) => !known.environments.includes(environment))
          .map((environment) => ({
            path: `teams.${team}.environments.${environment}`,
            message: `there is no environment "${environment}" under environments${suggest(environment, known.environments)}`,
          })),
      ),
  },
  {
    id: "unknown-namespace",
    severity: "error",
    check: (_platform, { parsed }) =>
      Object.entries(parsed.teams).flatMap(([team, { serviceAccounts, namespaces }]) => {
        const keys = Object.keys(namespaces ?? {});
        return Object.entries(serviceAccounts).flatMap(([account, { namespace }]): Finding[] => {
          const path = `teams.${team}.serviceAccounts.${account}.namespace`;
          if (namespace === undefined)
            return namespaces ? [{ path, message: `is missing; the team has several: ${keys.join(", ")}` }] : [];
          if (keys.includes(namespace)) return [];
          const message = namespaces
            ? `there is no "${namespace}" under the team's namespaces${suggest(namespace, keys)}`
            : `"${namespace}" is too much: the team has one namespace; take it out`;
          return [{ path, message }];
        });
      }),
  },
  {
    id: "group-id",
    severity: "error",
    check: (platform) => platform.clusters.flatMap((cluster) => groupsWithoutId(platform, cluster)),
  },
  {
    id: "duplicate-group-id",
    severity: "error",
    check: ({ groups }) => [...sameId(groups, "sso"), ...sameId(groups, "aws"), ...sameId(groups, "azure")],
  },
];

/** Every place that names a group. */
function groupUses(parsed: Source["parsed"]): { path: string; group: string }[] {
  const ofTeams = Object.entries(parsed.teams).flatMap(([team, { groups }]) =>
    TEAM_ROLES.flatMap((role) => groups[role].map((group) => ({ path: `teams.${team}.groups.${role}`, group }))),
  );
  const ofClusters = Object.entries(parsed.clusters).flatMap(([name, { access }]) =>
    access.admins.map((group) => ({ path: `clusters.${name}.access.admins`, group })),
  );
  return [...ofClusters, ...ofTeams];
}

function groupsWithoutId(platform: Omit<Platform, "warnings">, cluster: Cluster): Finding[] {
  if (cluster.kind === "local") return [];
  const kind = cluster.kind;
  const used = new Map<string, string>(
    cluster.access.admins.map((name) => [name, `clusters.${cluster.name}.access.admins`]),
  );
  for (const team of platform.teams) {
    for (const role of TEAM_ROLES)
      team.groups[role].forEach((group) =>
        used.set(group.name, used.get(group.name) ?? `teams.${team.name}.groups.${role}`),
      );
  }
  const idOf = new Map(platform.groups.map((group) => [group.name, group[kind]]));
  return [...used]
    .filter(([name]) => idOf.has(name) && idOf.get(name) === undefined)
    .map(([name, where]) => ({
      path: `groups.${name}.${kind}`,
      message: `is missing: ${where} uses the group, and ${cluster.name} must know what to call it; add ${kind === "aws" ? "the ARN of its IAM role" : "the object id of its Entra ID group"}`,
    }));
}

/** Rights are given to ids, so what two groups share would make their members one group. */
function sameId(groups: readonly Group[], kind: "sso" | "aws" | "azure"): Finding[] {
  const first = new Map<string, string>();
  return groups.flatMap((group) => {
    const id = group[kind];
    if (id === undefined) return [];
    const other = first.get(id);
    if (other === undefined) first.set(id, group.name);
    return other === undefined
      ? []
      : [
          {
            path: `groups.${group.name}.${kind}`,
            message: `is the id of the group "${other}" as well; one identity can be in one group of the config`,
          },
        ];
  });
}
