import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import { isProtected } from "../../config/platform";
import type { AwsContext } from "./context";
import type { EncryptionKey } from "./encryption-key";
import { assumedBy, managedPolicyArn, ServiceRole } from "./iam";
import type { NetworkFacts } from "./network";

export interface ControlPlaneProps {
  readonly context: AwsContext;
  readonly network: NetworkFacts;
  readonly key: EncryptionKey;
}

/** The EKS control plane: encrypted Secrets, every log, access entries only, and an API that is private or has an allow list. */
export class ControlPlane extends Construct {
  readonly cluster: EksCluster;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    const { context, network, key } = props;
    const { name, config, partition, platform } = context;
    const role = new ServiceRole(this, "role", {
      name: `${name}-control-plane`,
      trust: assumedBy("eks.amazonaws.com"),
      managed: { "cluster-policy": managedPolicyArn(partition, "AmazonEKSClusterPolicy") },
      statements: [
        {
          sid: "UseKeyForSecrets",
          actions: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
          resources: [key.arn],
        },
      ],
    });
    // Before the cluster, or EKS makes one that never expires and outlives it.
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/eks/${name}/cluster`,
      retentionInDays: config.logRetention,
      skipDestroy: config.keepLogs,
      // The key goes with the cluster: logs that stay are encrypted with one of AWS's.
      ...(!config.keepLogs && { kmsKeyId: key.arn }),
      dependsOn: [key.policy],
    });
    const { public: allowed } = config.access;
    const deletionProtection = isProtected(platform, config);
    this.cluster = new EksCluster(this, "cluster", {
      name,
      version: config.kubernetes,
      roleArn: role.arn,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      kubernetesNetworkConfig: { serviceIpv4Cidr: config.network.serviceCidr },
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection,
      vpcConfig: {
        // Two zones for good: EKS refuses to add another later. Nodes use all of them.
        subnetIds: network.privateSubnetIds.slice(0, 2),
        endpointPrivateAccess: true,
        endpointPublicAccess: allowed.length > 0,
        ...(allowed.length > 0 && { publicAccessCidrs: [...allowed].sort() }),
      },
      // AWS would refuse only when all that runs on the cluster is gone already; this refuses the plan.
      ...(deletionProtection && { lifecycle: { preventDestroy: true } }),
      timeouts: { create: "60m", update: "90m", delete: "30m" },
      dependsOn: [logs, key.policy, ...role.ready],
    });
  }
}
