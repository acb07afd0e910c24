import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { costTool } from "../config/cost-tool";
import { OWN_POOLS_MARK, PLATFORM_MARK, PROTECTED_MARK, teamLabels } from "../config/names";
import type { Group, Team as TeamConfig, TeamServiceAccount } from "../config/platform";
import { contains, METADATA_RANGES } from "../config/address-ranges";
import { formatCpu, formatMemory } from "../config/quantities";
import type { WorkloadIdentity } from "./cluster";
import { isInstalled, type ComponentProps } from "./component";
import { appProject } from "./app-project";
import { EnvoyGateway } from "./envoy-gateway";
import { HelmRelease } from "./helm/helm-release";
import type { HelmValues } from "./helm/values";
import { TeamAlerts } from "./monitoring/alerts";
import { PlatformNamespace } from "./platform-namespace";
import { quotaHard } from "./resource-quota";

export interface TeamProps extends ComponentProps {
  readonly team: TeamConfig;
  /** Where the records of the teams' releases are kept, out of the teams' own reach. */
  readonly releases: PlatformNamespace;
  /** Its nodes. */
  readonly pools: readonly ITerraformDependable[];
  /** What routes of alerts need. */
  readonly alerting: readonly ITerraformDependable[];
}

/**
 * A team on the host: each namespace and its ResourceQuota one by one, and one release with all else that keeps it in bounds. A quota goes
 * before anything else of the team's, so that a protected one stops Terraform in time: charts/admission-policies.
 */
export class Team extends Construct {
  constructor(scope: Construct, id: string, props: TeamProps) {
    super(scope, id);
    const { team, cluster, platform, releases } = props;
    const labels = { ...teamLabels(team), ...PLATFORM_MARK };
    const ownPools = cluster.nodePools.some((pool) => pool.team === team.name);
    const isProtected = team.deletionProtection ?? cluster.deletionProtection;
    const guarded = { ...labels, ...(isProtected && PROTECTED_MARK) };
    const namespaces = team.namespaces.map(({ name, quota, podSecurity, adopt }) => {
      const scope = new Construct(this, name);
      const namespace = new PlatformNamespace(scope, "namespace", {
        name,
        platform,
        podSecurity,
        labels: { ...guarded, ...(ownPools && OWN_POOLS_MARK) },
        adopt: adopt.includes(cluster.key),
        dependsOn: [...cluster.ready, ...(props.dependsOn ?? [])],
      });
      return { scope, namespace, quota };
    });
    // Without the operator nobody reads it, and what is in it stays.
    const secrets = team.secretStore ? cluster.secretStoreFor(team) : undefined;
    const store = isInstalled("external-secrets", props) ? secrets : undefined;
    const accounts = team.serviceAccounts.map((account) => ({
      ...account,
      identity: cluster.teamIdentityFor(team, account),
    }));
    const release = new HelmRelease(this, "chart", {
      chart: "team",
      name: `team-${team.name}`,
      namespace: releases.name,
      values: {
        ...teamValues(team, accounts, (groups) => groups.flatMap((group) => cluster.kubernetesGroups(group))),
        ...(platform.components["argo-cd"].enabled && {
          appProject: appProject(team, platform, { domain: cluster.dns.domain, hasSecretStore: store !== undefined }),
        }),
        ...(store && { secretStore: { provider: store.provider } }),
        // The namespace of the tool that reports is named after it.
        costReport: { namespace: costTool(platform, cluster) ?? "" },
      },
      dependsOn: [
        releases.resource,
        ...namespaces.map(({ namespace }) => namespace.resource),
        ...accounts.flatMap(({ identity }) => identity.ready),
        ...(store?.ready ?? []),
      ],
    });
    const { alerts } = team;
    const routes = alerts
      ? new TeamAlerts(this, "alerts", { platform, cluster, team: { ...team, alerts }, dependsOn: props.alerting })
          .ready
      : [];
    for (const { scope, namespace, quota } of namespaces)
      new ResourceQuotaV1(scope, "quota", {
        metadata: { name: "team", namespace: namespace.name, labels: guarded },
        spec: { hard: quotaHard(quota) },
        // Where nothing is protected, nodes that fail to come up do not keep a team from its quota.
        dependsOn: [namespace.resource, release.resource, ...(isProtected ? [...routes, ...props.pools] : [])],
      });
  }
}

/** A range without the addresses in it that know the node's credentials. Kubernetes wants an exception to lie inside its range. */
function egressTo(cidr: string): { readonly cidr: string; readonly except?: string[] } {
  const except = METADATA_RANGES.filter((range) => contains(cidr, range));
  return except.length > 0 ? { cidr, except } : { cidr };
}

type Account = TeamServiceAccount & { readonly identity: WorkloadIdentity };

function teamValues(
  team: TeamConfig,
  accounts: readonly Account[],
  subjects: (groups: readonly Group[]) => string[],
): HelmValues {
  const { request, limit, max } = team.containers;
  const amount = ({ cpu, memory }: { cpu: number; memory: number }) => ({
    cpu: formatCpu(cpu),
    memory: formatMemory(memory),
  });
  return {
    labels: teamLabels(team),
    gatewayNamespace: EnvoyGateway.NAMESPACE,
    egress: team.egress.map(egressTo),
    groups: { admin: subjects(team.groups.admin), edit: subjects(team.groups.edit), view: subjects(team.groups.view) },
    namespaces: team.namespaces.map(({ name, quota }) => ({
      name,
      limitRange: {
        defaultRequest: amount(request),
        ...(quota.limits && { default: amount(limit) }),
        ...(max && { max: amount(max) }),
      },
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
