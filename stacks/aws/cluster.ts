import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AwsCluster } from "../../config/clouds/aws";
import { sharedPool, type Group, type Platform, type Team } from "../../config/platform";
import type {
  DnsProvider,
  Grant,
  KubeAuth,
  PlatformCluster,
  ServiceAccountRef,
  WorkloadIdentity,
} from "../../modules/cluster";
import { Access, kubernetesGroup } from "./access";
import { NetworkAddons, WorkloadAddons } from "./addons";
import { ControlPlane } from "./control-plane";
import { dnsProvider, dnsStatements } from "./dns";
import { EncryptionKey } from "./encryption-key";
import { FlowLogs } from "./flow-logs";
import { assumedBy, ServiceRole } from "./iam";
import { Karpenter } from "./karpenter";
import { Network } from "./network";
import { NodePools } from "./node-pools";
import { NodeAccess, NodeRole } from "./node-role";
import { Storage } from "./storage";
import { SystemNodes } from "./system-nodes";

export interface EksPlatformClusterProps {
  readonly name: string;
  readonly platform: Platform;
  readonly config: AwsCluster;
  /** From the provider: twelve digits, and `aws`, `aws-cn` or `aws-us-gov`. */
  readonly account: string;
  readonly partition: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** EKS with Karpenter, from the VPC to the shared pool, as the shared modules see it. */
export class EksPlatformCluster implements PlatformCluster {
  readonly name: string;
  readonly auth: KubeAuth;
  readonly storageClass = Storage.CLASS;
  readonly dns: DnsProvider;
  readonly loadBalancerAnnotations = {
    // The controller that EKS runs itself makes a network load balancer in the public subnets.
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
  };
  readonly ready: readonly ITerraformDependable[];

  private readonly controlPlane: ControlPlane;
  private readonly nodeRole: NodeRole;
  private readonly karpenter: Karpenter;
  private readonly identities: Construct;
  private readonly pools: Construct;

  constructor(
    scope: Construct,
    private readonly props: EksPlatformClusterProps,
  ) {
    const { name, platform, config, account, partition, tags } = props;
    this.name = name;
    const network = new Network(scope, "network", { name, network: config.network });
    const key = new EncryptionKey(scope, "encryption-key", { name, account, partition, region: config.region });
    new FlowLogs(scope, "flow-logs", { name, vpcId: network.vpcId, key });
    this.controlPlane = new ControlPlane(scope, "control-plane", { name, config, network, key, partition });
    const { controlPlane } = this;
    const access = new Access(scope, "access", { platform, config, controlPlane, partition });

    const networkAddons = new NetworkAddons(scope, "network-addons", { controlPlane, kubernetes: config.kubernetes });
    // A role of its own: EKS makes the access entry of a managed node group's role, and a second one for it would be refused.
    const systemRole = new NodeRole(scope, "system-node-role", { name: `${name}-system-node`, partition });
    const systemNodes = new SystemNodes(scope, "system-nodes", {
      name,
      config: config.systemNodes,
      controlPlane,
      network,
      role: systemRole,
      tags,
      dependsOn: networkAddons.ready,
    });
    const workloadAddons = new WorkloadAddons(scope, "workload-addons", {
      name,
      partition,
      controlPlane,
      kubernetes: config.kubernetes,
      dependsOn: [systemNodes.nodeGroup],
    });

    this.nodeRole = new NodeRole(scope, "node-role", { name: `${name}-node`, partition });
    const nodeAccess = new NodeAccess(scope, "node-access", { controlPlane, role: this.nodeRole });
    this.karpenter = new Karpenter(scope, "karpenter", {
      name,
      account,
      partition,
      region: config.region,
      controlPlane,
      nodeRole: this.nodeRole,
      mirrors: platform.chartMirrors,
      dependsOn: [...workloadAddons.ready, ...nodeAccess.ready, ...access.admins],
    });
    this.pools = new Construct(scope, "node-pools");
    const storage = new Storage(scope, "storage", { dependsOn: [...workloadAddons.ready, ...access.admins] });
    const shared = sharedPool(config);
    const sharedPools = new NodePools(scope, "shared-pool", { ...this.poolProps(), pools: shared ? [shared] : [] });
    this.identities = new Construct(scope, "identities");

    this.auth = {
      kind: "exec",
      host: controlPlane.cluster.endpoint,
      certificateAuthority: Fn.base64decode(controlPlane.cluster.certificateAuthority.get(0).data),
      command: "aws",
      args: ["eks", "get-token", "--cluster-name", name, "--region", config.region],
    };
    this.dns = dnsProvider(config);
    // The shared pool stands on Karpenter, that on nodes and add-ons, and those on egress: one edge carries them all.
    this.ready = [...sharedPools.ready, ...storage.ready];
  }

  /** EKS Pod Identity: nothing to say to Kubernetes but which service account it is. */
  identityFor(account: ServiceAccountRef, grant: Grant): WorkloadIdentity {
    const scope = new Construct(this.identities, `${account.namespace}-${account.name}`);
    const role = new ServiceRole(scope, "role", {
      name: `${this.name}-${account.name}`,
      trust: assumedBy("pods.eks.amazonaws.com"),
      policies: { [grant]: dnsStatements(this.props.partition, this.props.config.dns.zone) },
    });
    const association = new EksPodIdentityAssociation(scope, "association", {
      clusterName: this.controlPlane.name,
      namespace: account.namespace,
      serviceAccount: account.name,
      roleArn: role.arn,
      dependsOn: [...role.ready],
    });
    return { serviceAccountAnnotations: {}, podLabels: {}, ready: [association] };
  }

  addNodePools(teams: readonly Team[]): readonly ITerraformDependable[] {
    return teams
      .filter((team) => team.nodePools.length > 0)
      .flatMap(
        (team) => new NodePools(this.pools, team.name, { ...this.poolProps(), pools: team.nodePools, team }).ready,
      );
  }

  kubernetesGroups(group: Group): readonly string[] {
    return [kubernetesGroup(group)];
  }

  private poolProps() {
    return {
      cluster: this.name,
      nodeRole: this.nodeRole.name,
      securityGroupId: this.controlPlane.securityGroupId,
      tags: this.props.tags,
      dependsOn: this.karpenter.ready,
    };
  }
}
