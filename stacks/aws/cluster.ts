import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { teamRoleName } from "../../config/clouds/aws-names";
import type { Layer } from "../../config/layers";
import { ownName } from "../../config/names";
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
  type Monitor,
  type PlatformCluster,
  type PodTolerations,
  type SecretProvider,
  type ServiceAccountRef,
  type TeamSecretStore,
  type WorkloadIdentity,
} from "../../modules/cluster";
import { readValues } from "../../modules/helm/values";
import { poolTolerations } from "../../modules/pool-tolerations";
import { Access, kubernetesGroup } from "./access";
import type { BackupStorage } from "./backup-storage";
import { backupStatements, backupStore } from "./backups";
import type { AwsContext } from "./context";
import { costProvider, costStatements } from "./costs";
import { dnsProvider, dnsStatements } from "./dns";
import type { DnsZone } from "./dns-zone";
import type { Eks } from "./eks";
import type { Statement } from "./iam";
import { Karpenter } from "./karpenter";
import { LoadBalancerController } from "./load-balancer-controller";
import { NodePools } from "./node-pools";
import { secretPrefix, secretProvider, secretStatements, teamSecretProvider } from "./secrets";
import { Storage } from "./storage";
import { WorkloadRole } from "./workload-role";

export interface EksPlatformClusterProps {
  readonly context: AwsContext;
  readonly eks: Eks;
  readonly zone: DnsZone;
  /** @default - none: the config wants no backups */
  readonly backups: BackupStorage | undefined;
  /** Those of the stack: controllers belong to `platform`, access and nodes of teams to `teams`. */
  readonly layers: readonly Layer[];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };

/** Terraform would take them for its own: https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/d/iam_policy_document.html.markdown */
const withPolicyVariables = (text: string): string => text.replaceAll("${", "&{");

/** An EKS cluster with Karpenter, as the shared modules see it. */
export class EksPlatformCluster implements PlatformCluster {
  readonly name: string;
  readonly key: string;
  readonly deletionProtection: boolean;
  readonly auth: KubeAuth;
  readonly admins: readonly Group[];
  readonly profile: Profile;
  readonly storageClass = Storage.CLASS;
  readonly snapshotClass = Storage.SNAPSHOT_CLASS;
  readonly secrets: SecretProvider;
  readonly backups: BackupStore | undefined;
  readonly costs: CostProvider | undefined;
  readonly monitors = readValues("aws/monitors") as Readonly<Record<string, Monitor>>;
  readonly nodePools: readonly NodePool[];
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly ready: readonly ITerraformDependable[];

  private readonly identities: Construct;
  private readonly teamIdentities: Construct;
  private readonly pools: Construct;
  private readonly controllers: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    private readonly props: EksPlatformClusterProps,
  ) {
    const { context, eks, layers } = props;
    const { name, config, partition, platform } = context;
    this.name = ownName(platform, config);
    this.key = config.name;
    this.deletionProtection = isProtected(platform, config);
    this.admins = adminGroups(platform, config);
    this.profile = config.profile;
    this.auth = {
      kind: "exec",
      host: eks.endpoint,
      certificateAuthority: Fn.base64decode(eks.certificateAuthority),
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", name, "--region", config.region],
    };
    this.nodePools = poolsOn(platform, config);
    this.secrets = secretProvider(config, secretPrefix(platform, config));
    this.backups =
      props.backups && backupStore({ region: config.region, bucket: props.backups.bucket, ready: props.backups.ready });
    this.costs = costProvider(config, context.account);
    this.loadBalancerAnnotations = LoadBalancerController.serviceAnnotations(
      context.tags,
      config.network.existing?.publicSubnets,
    );
    this.identities = new Construct(scope, "identities");
    this.teamIdentities = new Construct(scope, "team-identities");
    this.pools = new Construct(scope, "node-pools");
    this.controllers = layers.includes("platform") ? new Karpenter(scope, "karpenter", { context, eks }).ready : [];
    this.ready = layers.includes("platform") ? this.installBase(scope) : [];
    if (layers.includes("teams")) {
      const groups = memberGroups(platform, config);
      new Access(scope, "team-access", { clusterName: eks.name, partition, groups });
    }
  }

  /**
   * Load balancers, storage and shared nodes. Before the first Service of type LoadBalancer the controller must be there, and it must
   * be the last to go. The pool stands on Karpenter, that on nodes and add-ons, and those on egress: one edge carries them all.
   */
  private installBase(scope: Construct): readonly ITerraformDependable[] {
    const { context, eks } = this.props;
    const loadBalancers = new LoadBalancerController(scope, "load-balancers", { context, eks });
    const storage = new Storage(scope, "storage", { dependsOn: eks.ready });
    const shared = sharedPool(context.config);
    const pool = new NodePools(scope, "shared-pool", { ...this.poolProps(), pools: shared ? [shared] : [] });
    return [...pool.ready, ...storage.ready, ...loadBalancers.ready];
  }

  get dns(): DnsProvider {
    return dnsProvider(this.props.context.config, this.props.zone);
  }

  identityFor(serviceAccount: ServiceAccountRef, grant: Grant): WorkloadIdentity {
    const { context, eks } = this.props;
    const role = new WorkloadRole(this.identities, `${serviceAccount.namespace}-${serviceAccount.name}`, {
      name: `${context.name}-${serviceAccount.name}`,
      context,
      eks,
      serviceAccount,
      policies: { [grant]: this.statements(grant, serviceAccount) },
    });
    return this.identity(role);
  }

  teamIdentityFor({ name, namespace, aws }: TeamServiceAccount): WorkloadIdentity {
    if (!aws) return NO_IDENTITY;
    const { context, eks } = this.props;
    const role = new WorkloadRole(this.teamIdentities, `${namespace}-${name}`, {
      name: teamRoleName(context.name, namespace, name),
      context,
      eks,
      serviceAccount: { namespace, name },
      managed: Object.fromEntries(aws.managedPolicies.map((arn) => [arn.split("::").slice(1).join(), arn])),
      ...(aws.statements.length > 0 && {
        statements: aws.statements.map(({ actions, resources }) => ({
          actions,
          resources: resources.map(withPolicyVariables),
        })),
      }),
    });
    return this.identity(role);
  }

  private identity(role: WorkloadRole): WorkloadIdentity {
    const byAgent = this.props.context.config.identity === "pod-identity";
    return {
      serviceAccountAnnotations: role.annotations,
      podLabels: {},
      credentials: byAgent ? [POD_IDENTITY_AGENT] : [],
      ready: role.ready,
    };
  }

  secretStoreFor({ name }: Team): TeamSecretStore {
    const { platform, config } = this.props.context;
    return { ...teamSecretProvider(config, secretPrefix(platform, config), name), ready: [] };
  }

  addNodePools(teams: readonly Team[]): readonly ITerraformDependable[] {
    return teams
      .filter((team) => team.nodePools.length > 0)
      .flatMap(
        (team) => new NodePools(this.pools, team.name, { ...this.poolProps(), pools: team.nodePools, team }).ready,
      );
  }

  podTolerations(team: Team): PodTolerations {
    return poolTolerations(poolsOf(team, this.props.context.config));
  }

  kubernetesGroups(group: Group): readonly string[] {
    return [kubernetesGroup(group)];
  }

  private statements(grant: Grant, { namespace }: ServiceAccountRef): readonly Statement[] {
    const { context, zone, backups } = this.props;
    const { platform, config, account, partition } = context;
    switch (grant) {
      case "dns-records":
        return dnsStatements(partition, zone.zoneId);
      case "read-secrets":
        return secretStatements({ account, partition, region: config.region, prefix: secretPrefix(platform, config) });
      case "read-costs":
        return costStatements({ config, account, partition });
      case "write-backups":
        // Nobody asks where there is no store.
        return backups ? backupStatements({ partition, bucket: backups.bucket, namespace }) : [];
    }
  }

  private poolProps() {
    const { context, eks } = this.props;
    return { context, securityGroupId: eks.securityGroupId, dependsOn: this.controllers };
  }
}
