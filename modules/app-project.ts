import { virtualClusterServer } from "../config/environments";
import type { Group, Platform, Team } from "../config/platform";
import { ArgoCd } from "./argo-cd";
import type { HelmValues } from "./helm/values";

/**
 * What a team may deliver. Argo CD itself could make anything, so this is the bound: not what keeps the team in its bounds (quotas,
 * limits, network policies, roles), and no request to an operator that acts with rights of its own (certificates, secrets, monitors).
 */
export const DELIVERABLE: Readonly<Record<string, readonly string[]>> = {
  "": ["ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"],
  apps: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  autoscaling: ["HorizontalPodAutoscaler"],
  batch: ["CronJob", "Job"],
  "gateway.networking.k8s.io": ["GRPCRoute", "HTTPRoute"],
  policy: ["PodDisruptionBudget"],
};

/** A team's project: its namespaces here and in the environments, its organisation in Gitea, its groups. https://argo-cd.readthedocs.io/en/stable/user-guide/projects/ */
export function appProject(
  team: Team,
  { environments, components }: Pick<Platform, "components" | "environments">,
  { domain, hasSecretStore }: { readonly domain: string; readonly hasSecretStore: boolean },
): HelmValues {
  const role = (name: string, groups: readonly Group[], policies: readonly string[]) =>
    groups.length === 0
      ? []
      : [
          {
            name,
            groups: groups.map(({ sso }) => sso),
            policies: policies.map((policy) => `p, proj:${team.name}:${name}, ${policy}, allow`),
          },
        ];
  const own = `${team.name}/*`;
  return {
    namespace: ArgoCd.NAMESPACE,
    spec: {
      description: `Team ${team.name}`,
      sourceRepos: components.gitea.enabled ? [`https://gitea.${domain}/${team.name}/*`] : ["*"],
      destinations: [
        ...team.namespaces.map(({ name }) => ({ server: "https://kubernetes.default.svc", namespace: name })),
        ...team.environments.flatMap((entry) =>
          environments
            .filter(({ name }) => name === entry.environment)
            .map((environment) => ({ server: virtualClusterServer(environment), namespace: `team-${team.name}` })),
        ),
      ],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: Object.entries({
        ...DELIVERABLE,
        // Its own store is the only one that it may name: external-secrets.ts.
        ...(hasSecretStore && { "external-secrets.io": ["ExternalSecret"] }),
      }).flatMap(([group, kinds]) => kinds.map((kind) => ({ group, kind }))),
      roles: [
        ...role("admin", team.groups.admin, [
          `applications, *, ${own}`,
          // Who may write generators may read what other teams have.
          `applicationsets, get, ${own}`,
          `repositories, *, ${own}`,
          `logs, get, ${own}`,
        ]),
        ...role("edit", team.groups.edit, [
          `applications, *, ${own}`,
          `applicationsets, get, ${own}`,
          `repositories, get, ${own}`,
          `logs, get, ${own}`,
        ]),
        ...role("view", team.groups.view, [
          `applications, get, ${own}`,
          `applicationsets, get, ${own}`,
          `repositories, get, ${own}`,
          `logs, get, ${own}`,
        ]),
      ],
    },
  };
}
