import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Layer } from "../../config/layers";
import type { NodePool } from "../../config/node-pools";
import type { Profile } from "../../config/profiles";
import {
  adminGroups,
  isProtected,
  memberGroups,
  poolsOf,
  poolsOn,
  sharedPool,
  type Group,
  type Team,
  type TeamServiceAccount,
} from "../../config/platform";
import {
  NO_IDENTITY,
  type BackupStore,
  type CostProvider,
  type DnsProvider,
  type Grant,
  type KubeAuth,
  type PlatformCluster,
  type PodTolerations,
  type SecretProvider,
  type ServiceAccountRef,
  type TeamSecretStore,
  type WorkloadIdentity,
} from "../../modules/cluster";
import { poolTolerations } from "../../modules/pool-tolerations";
import { Access } from "./access";
import type { Aks } from "./aks";
import { AutoscalerPriorities } from "./autoscaler";
import type { BackupStorage } from "./backup-storage";
import { backupRoles, backupStore } from "./backups";
import { resourceGroupId, type AzureContext } from "./context";
import { costProvider, costRoles } from "./costs";
import { dnsProvider, dnsRoles } from "./dns";
import type { DnsZone } from "./dns-zone";
import { KUBELOGIN } from "./kubelogin";
import { NodePools, SPOT_LABEL } from "./node-pools";
import { teamRoles, type Roles } from "./roles";
import { makesVault, secretProvider, secretRoles, secretVault, type SecretVault } from "./secrets";
import { Storage } from "./storage";
import { tagList } from "./tags";
import { TeamVault } from "./team-vault";
import { FederatedIdentity, teamIdentityName, workloadIdentity } from "./workload-identity";

export interface AksPlatformClusterProps {
  readonly context: AzureContext;
  readonly aks: Aks;
  readonly zone: DnsZone;
  /** @default - none: the config wants no backups */
  readonly backups: BackupStorage | undefined;
  /** Those of the stack: controllers belong to `platform`, access and nodes of teams to `teams`. */
  readonly layers: readonly Layer[];
}

/** An AKS cluster with its autoscaler, as the shared modules see it. */
export class AksPlatformCluster implements PlatformCluster {
  readonly name: string;
  readonly key: string;
  readonly deletionProtection: boolean;
  readonly auth: KubeAuth;
  readonly admins: readonly Group[];
  readonly profile: Profile;
  readonly storageClass = Storage.CLASS;
  readonly snapshotClass = Storage.SNAPSHOT_CLASS;
  readonly secrets: SecretProvider | undefined;
  readonly backups: BackupStore | undefined;
  readonly costs: CostProvider | undefined;
  readonly nodePools: readonly NodePool[];
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly ready: readonly ITerraformDependable[];

  private readonly vault: SecretVault | undefined;
  private readonly identities: Construct;
  private readonly teamIdentities: Construct;
  private readonly vaults: Construct;
  private readonly pools: Construct;

  constructor(
    scope: Construct,
    private readonly props: AksPlatformClusterProps,
  ) {
    const { context, aks, layers } = props;
    const { prefix, config, platform, tags } = context;
    this.name = prefix;
    this.key = config.name;
    this.deletionProtection = isProtected(platform, config);
    this.admins = adminGroups(platform, config);
    this.profile = config.profile;
    this.auth = {
      kind: "exec",
      host: aks.endpoint,
      certificateAuthority: Fn.base64decode(aks.certificateAuthority),
      ...KUBELOGIN,
    };
    this.nodePools = poolsOn(platform, config);
    this.vault = secretVault(context);
    this.secrets = this.vault && secretProvider(this.vault);
    this.backups = props.backups && backupStore(context, props.backups.ready);
    this.costs = costProvider(config);
    this.loadBalancerAnnotations = {
      // https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/: the address is AKS's to make, so no tag of Terraform's reaches it
      "service.beta.kubernetes.io/azure-pip-tags": tagList(tags),
    };
    this.identities = new Construct(scope, "identities");
    this.teamIdentities = new Construct(scope, "team-identities");
    this.vaults = new Construct(scope, "team-vaults");
    this.pools = new Construct(scope, "node-pools");
    this.ready = layers.includes("platform") ? this.installBase(scope) : [];
    if (layers.includes("teams")) {
      Access.of(scope).allow(memberGroups(platform, config), aks.id);
    }
  }

  /** Storage and shared nodes. Pools stand on the cluster, and that on egress: one edge carries them all. */
  private installBase(scope: Construct): readonly ITerraformDependable[] {
    const { context, aks } = this.props;
    const storage = new Storage(scope, "storage", {
      location: context.config.location,
      own: context.prefix,
      dependsOn: aks.ready,
    });
    // What a cluster of somebody else prefers is theirs.
    if (!context.config.existing) new AutoscalerPriorities(scope, "autoscaler", { dependsOn: aks.ready });
    const shared = sharedPool(context.config);
    const pool = new NodePools(scope, "shared-pool", { context, aks, pools: shared ? [shared] : [] });
    return [...pool.ready, ...storage.ready];
  }

  get dns(): DnsProvider {
    return dnsProvider(this.props.context, this.props.zone);
  }

  identityFor(serviceAccount: ServiceAccountRef, grant: Grant): WorkloadIdentity {
    const { context, aks } = this.props;
    const identity = new FederatedIdentity(this.identities, `${serviceAccount.namespace}-${serviceAccount.name}`, {
      name: `${context.prefix}-${serviceAccount.name}`,
      context,
      aks,
      serviceAccount,
      roles: this.roles(grant),
      dependsOn: this.scopes(grant),
    });
    return workloadIdentity(identity);
  }

  teamIdentityFor({ name, namespace, azure }: TeamServiceAccount): WorkloadIdentity {
    if (!azure) return NO_IDENTITY;
    const { context, aks } = this.props;
    const identity = new FederatedIdentity(this.teamIdentities, `${namespace}-${name}`, {
      name: teamIdentityName(context.prefix, { namespace, name }),
      context,
      aks,
      serviceAccount: { namespace, name },
      roles: teamRoles(azure),
    });
    return workloadIdentity(identity);
  }

  secretStoreFor(team: Team): TeamSecretStore | undefined {
    const { context, aks } = this.props;
    return makesVault(context.config)
      ? new TeamVault(this.vaults, team.name, { context, team, dependsOn: aks.vault })
      : undefined;
  }

  addNodePools(teams: readonly Team[]): readonly ITerraformDependable[] {
    const { context, aks } = this.props;
    return teams
      .filter((team) => team.nodePools.length > 0)
      .flatMap((team) => new NodePools(this.pools, team.name, { context, aks, pools: team.nodePools, team }).ready);
  }

  /** AKS taints spot nodes by itself. Pods from before may tolerate that also where no pool is on spot any more. */
  podTolerations(team: Team): PodTolerations {
    const pools = poolsOf(team, this.props.context.config);
    const { given, allowed } = poolTolerations(pools);
    const spot = [{ key: SPOT_LABEL, value: "spot" }];
    return pools.some(({ capacity }) => capacity !== "on-demand")
      ? { given: [...given, ...spot], allowed }
      : { given, allowed: [...allowed, ...spot] };
  }

  /** AKS knows an Entra group by its object id. */
  kubernetesGroups(group: Group): readonly string[] {
    return [group.azure as string];
  }

  private roles(grant: Grant): Roles {
    const { context, zone } = this.props;
    switch (grant) {
      case "dns-records":
        return dnsRoles(zone);
      case "read-secrets":
        // Nobody asks where there is no store.
        return this.vault ? secretRoles(this.vault, this.teamVaultsIn()) : {};
      case "read-costs":
        return costRoles(context.config);
      case "write-backups":
        return backupRoles(context);
    }
  }

  /** Resource id of the group with the vaults of teams, if any has one. */
  private teamVaultsIn(): string | undefined {
    const { context } = this.props;
    const { platform, config } = context;
    if (!makesVault(config) || !platform.teams.some(({ secretStore }) => secretStore)) return undefined;
    return resourceGroupId(context);
  }

  /** What makes that on which the roles are. */
  private scopes(grant: Grant): readonly ITerraformDependable[] {
    const { aks, zone, backups } = this.props;
    switch (grant) {
      case "read-secrets":
        return aks.vault;
      case "write-backups":
        return backups?.ready ?? [];
      case "dns-records":
        return zone.ready;
      // Somebody else's storage account.
      case "read-costs":
        return [];
    }
  }
}
