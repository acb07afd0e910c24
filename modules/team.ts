import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { costTool } from "../config/cost-tool";
import { OWN_POOLS_MARK, PLATFORM_MARK, PROTECTED_MARK, teamLabels } from "../config/names";
import {
  rangesOf,
  type Group,
  type Platform,
  type Team as TeamConfig,
  type TeamServiceAccount,
} from "../config/platform";
import { exceptionsOf } from "../config/address-ranges";
import { admissionAnnotations, admissionLabels } from "./admission-policies";
import type { WorkloadIdentity } from "./cluster";
import { isInstalled, type ComponentProps } from "./component";
import { appProject } from "./app-project";
import { DeletionGuard, isProtectedTeam } from "./deletion-guard";
import { APPS_LABEL, EnvoyGateway } from "./envoy-gateway";
import { HelmRelease } from "./helm/helm-release";
import type { HelmValues } from "./helm/values";
import { TeamAlerts } from "./monitoring/alerts";
import { limitRange } from "./limit-range";
import { PlatformNamespace } from "./platform-namespace";
import { quotaHard } from "./resource-quota";
import { insideValues } from "./team-inside";

export interface TeamProps extends ComponentProps {
  readonly team: TeamConfig;
  /** Where the records of the teams' releases are kept, out of the teams' own reach. */
  readonly releases: PlatformNamespace;
  /** The virtual clusters: what the team has inside them goes before they do. */
  readonly environments: readonly ITerraformDependable[];
  /** Its nodes. */
  readonly pools: readonly ITerraformDependable[];
  /** What routes of alerts need. */
  readonly alerting: readonly ITerraformDependable[];
}

/**
 * A team: on the host each namespace and its ResourceQuota one by one, and one release with all else that keeps it in bounds. Jobs of
 * that release take the same into each environment: a release for each would be teams times environments. Quotas are there before the
 * release gives anybody a right.
 */
export class Team extends Construct {
  /** What it has in environments is delivered. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TeamProps) {
    super(scope, id);
    const { team, cluster, platform, releases } = props;
    const labels = { ...teamLabels(team), ...PLATFORM_MARK };
    const ownPools = cluster.nodePools.some((pool) => pool.team === team.name);
    const isProtected = isProtectedTeam(team, cluster);
    const guarded = { ...labels, ...(isProtected && PROTECTED_MARK) };
    const namespaces = team.namespaces.flatMap(({ name, quota, podSecurity, adopt }) => {
      const scope = new Construct(this, name);
      const namespace = new PlatformNamespace(scope, "namespace", {
        name,
        platform,
        podSecurity,
        labels: {
          ...guarded,
          ...APPS_LABEL,
          ...admissionLabels(platform.admission.mode),
          ...(ownPools && OWN_POOLS_MARK),
        },
        annotations: admissionAnnotations(platform),
        adopt: adopt.includes(cluster.key),
        dependsOn: [...cluster.ready, ...(props.dependsOn ?? [])],
      });
      const bound = new ResourceQuotaV1(scope, "quota", {
        metadata: { name: "team", namespace: namespace.name, labels: guarded },
        spec: { hard: quotaHard(quota) },
        dependsOn: [namespace.resource],
      });
      return [namespace.resource, bound];
    });
    // Without the operator nobody reads it, and what is in it stays.
    const secrets = team.secretStore ? cluster.secretStoreFor(team) : undefined;
    const store = isInstalled("external-secrets", props) ? secrets : undefined;
    const accounts = team.serviceAccounts.map((account) => ({
      ...account,
      identity: cluster.teamIdentityFor(account),
    }));
    const release = new HelmRelease(this, "chart", {
      chart: "team",
      name: `team-${team.name}`,
      namespace: releases.name,
      values: {
        ...teamValues(team, platform, accounts, (groups) => groups.flatMap((group) => cluster.kubernetesGroups(group))),
        ...(platform.components["argo-cd"].enabled && {
          appProject: appProject(team, platform, { domain: cluster.dns.domain, hasSecretStore: store !== undefined }),
        }),
        ...(store && { secretStore: { provider: store.provider } }),
        // The namespace of the tool that reports is named after it.
        costReport: { namespace: costTool(platform, cluster) ?? "" },
        ...insideValues(team, { platform, cluster, labels: guarded }),
      },
      dependsOn: [
        releases.resource,
        ...namespaces,
        ...props.environments,
        ...accounts.flatMap(({ identity }) => identity.ready),
        ...(store?.ready ?? []),
      ],
    });
    this.ready = [release.resource];
    const { alerts } = team;
    const routes = alerts
      ? new TeamAlerts(this, "alerts", { platform, cluster, team: { ...team, alerts }, dependsOn: props.alerting })
          .ready
      : [];
    new DeletionGuard(this, "deletion-guard", {
      name: `team-${team.name}`,
      namespace: releases.name,
      labels,
      isProtected,
      // Its nodes change without it where nothing is protected.
      dependsOn: [...namespaces, release.resource, ...(isProtected ? [...routes, ...props.pools] : [])],
    });
  }
}

/** A range of the entry, without what is inside the clusters: see `exceptionsOf`. */
function egressTo(
  cidr: string,
  { clusters }: Platform,
): { readonly cidr: string; readonly except?: readonly string[] } {
  const except = exceptionsOf(cidr, clusters.flatMap(rangesOf));
  return except.length > 0 ? { cidr, except } : { cidr };
}

type Account = TeamServiceAccount & { readonly identity: WorkloadIdentity };

function teamValues(
  team: TeamConfig,
  platform: Platform,
  accounts: readonly Account[],
  subjects: (groups: readonly Group[]) => string[],
): HelmValues {
  return {
    labels: teamLabels(team),
    gatewayNamespace: EnvoyGateway.NAMESPACE,
    egress: team.egress.map((cidr) => egressTo(cidr, platform)),
    groups: { admin: subjects(team.groups.admin), edit: subjects(team.groups.edit), view: subjects(team.groups.view) },
    namespaces: team.namespaces.map(({ name, quota }) => ({
      name,
      limitRange: limitRange(team.containers, quota, platform.admission.mode),
      ...accountValues(accounts.filter((account) => account.namespace === name)),
    })),
  };
}

function accountValues(accounts: readonly Account[]): HelmValues {
  if (accounts.length === 0) return {};
  return {
    serviceAccounts: accounts.map(({ name, identity }) => ({ name, annotations: identity.serviceAccountAnnotations })),
    // All accounts of a cluster fetch theirs in one way.
    credentials: accounts.find(({ identity }) => identity.credentials.length > 0)?.identity.credentials ?? [],
  };
}
