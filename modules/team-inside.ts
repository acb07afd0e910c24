/** What a team has inside the environments: values for the chart of the team, whose Jobs take it there. */
import { DELIVERY_JOB } from "../config/environments";
import { POOL_LABEL, TEAM_LABEL } from "../config/names";
import type { Group, Platform, Team } from "../config/platform";
import { formatCpu, formatMemory } from "../config/quantities";
import { admissionAnnotations, admissionLabels } from "./admission-policies";
import type { PlatformCluster, Toleration } from "./cluster";
import { imageOf } from "./helm/images";
import type { HelmValues } from "./helm/values";
import { limitRange } from "./limit-range";
import { namespaceAnnotations, namespaceLabels } from "./platform-namespace";
import { quotaHard } from "./resource-quota";

export interface InsideProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** Of its namespaces. */
  readonly labels: Readonly<Record<string, string>>;
}

/** For every environment, also those that the team has no part of, or no longer: there the Job removes what an earlier release left. */
export function insideValues(team: Team, { platform, cluster, labels }: InsideProps): HelmValues {
  if (platform.environments.length === 0) return {};
  const quotas = new Map(team.environments.map(({ environment, quota }) => [environment, quota]));
  // People come with the names that Keycloak knows: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
  const subjects = (groups: readonly Group[]) => groups.map(({ sso }) => sso);
  return {
    environments: platform.environments.map(({ name, cluster, admission }) => {
      const quota = quotas.get(name);
      return {
        name,
        cluster,
        ...(quota && {
          labels: admissionLabels(admission),
          quota: quotaHard(quota),
          limitRange: limitRange(team.containers, quota, admission),
        }),
      };
    }),
    inside: {
      image: imageOf("kubectl", platform.registries),
      requests: { cpu: formatCpu(DELIVERY_JOB.cpu), memory: formatMemory(DELIVERY_JOB.memory) },
      ...(quotas.size > 0 && {
        groups: {
          admin: subjects(team.groups.admin),
          edit: subjects(team.groups.edit),
          view: subjects(team.groups.view),
        },
        labels: namespaceLabels({ platform, labels }),
        annotations: {
          ...namespaceAnnotations({ platform }),
          ...admissionAnnotations(platform),
          ...pinning(team, cluster),
        },
      }),
    },
  };
}

/**
 * Annotations that the API server's PodNodeSelector and PodTolerationRestriction read: the team's pods run on its own nodes, or on the
 * shared ones. None where the platform makes no nodes.
 * https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#podnodeselector
 */
function pinning(team: Team, cluster: PlatformCluster): Record<string, string> {
  const tolerations = cluster.podTolerations(team);
  if (!tolerations) return {};
  const { given, allowed } = tolerations;
  const own = team.nodePools.length > 0;
  return {
    "scheduler.alpha.kubernetes.io/node-selector": own ? `${TEAM_LABEL}=${team.name}` : `${POOL_LABEL}=shared`,
    ...(given.length > 0 && {
      "scheduler.alpha.kubernetes.io/defaultTolerations": JSON.stringify(
        given.map((toleration) => ({ ...tolerationOf(toleration), effect: "NoSchedule" })),
      ),
    }),
    "scheduler.alpha.kubernetes.io/tolerationsWhitelist": JSON.stringify([
      ...OF_EVERY_POD,
      // Its own taint also where no node has it any more: pods from before have the toleration, and could not even finish without.
      ...[{ key: TEAM_LABEL, value: team.name }, ...given, ...allowed].flatMap(spellingsOf),
    ]),
  };
}

/** Without an effect it covers each of them. */
const tolerationOf = ({ key, value }: Toleration) =>
  value === undefined ? { key, operator: "Exists" } : { key, operator: "Equal", value };

/** The plugin compares texts, and to it `Equal` is another toleration than the same without an operator, or with an effect. */
const spellingsOf = (toleration: Toleration): readonly object[] => {
  const { key, value } = toleration;
  if (value === undefined) return [tolerationOf(toleration)];
  return [tolerationOf(toleration), { key, value }, { key, value, effect: "NoSchedule" }];
};

/**
 * What the API server and the controller of DaemonSets add by themselves: without them in the list no pod at all would be admitted.
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
const OF_EVERY_POD = [
  "not-ready",
  "unreachable",
  "memory-pressure",
  "disk-pressure",
  "pid-pressure",
  "unschedulable",
].map((condition) => tolerationOf({ key: `node.kubernetes.io/${condition}` }));
