import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { Construct } from "constructs";
import { adminGroups } from "../../config/platform";
import { Access } from "./access";
import { NetworkAddons, WorkloadAddons } from "./addons";
import type { AwsContext } from "./context";
import { ControlPlane } from "./control-plane";
import type { Eks } from "./eks";
import { EncryptionKey } from "./encryption-key";
import { FlowLogs } from "./flow-logs";
import { Network, type NetworkFacts } from "./network";
import { NodeRole } from "./node-role";
import { PrivateAccess } from "./private-access";
import { SystemNodes } from "./system-nodes";

/** The cluster itself, from the VPC to the nodes that are there before Karpenter. */
export function clusterLayer(scope: Construct, context: AwsContext): Eks {
  const { name, platform, config, account, partition, tags } = context;
  const key = new EncryptionKey(scope, "encryption-key", { name, account, partition, region: config.region });
  const network = networkOf(scope, context, key);
  const controlPlane = new ControlPlane(scope, "control-plane", { context, network, key });
  const { cluster } = controlPlane;
  const { issuer } = cluster.identity.get(0).oidc.get(0);
  const securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;

  const access = new Access(scope, "access", {
    clusterName: cluster.name,
    partition,
    groups: adminGroups(platform, config),
    admin: true,
  });
  const ranges = new PrivateAccess(scope, "private-access", {
    securityGroupId,
    ranges: config.access.private
      ? Object.fromEntries([...config.access.private].sort().map((range) => [range, range]))
      : { vpc: config.network.cidr },
  });
  if (config.identity === "irsa")
    new IamOpenidConnectProvider(scope, "identity-provider", {
      url: issuer,
      clientIdList: ["sts.amazonaws.com"],
    });

  const addons = { clusterName: cluster.name, kubernetes: config.kubernetes };
  const networkAddons = new NetworkAddons(scope, "network-addons", addons);
  const systemNodes = new SystemNodes(scope, "system-nodes", {
    name,
    config: config.systemNodes,
    controlPlane,
    network,
    // A role of its own: EKS makes the access entry of a managed node group's role, and a second one for it would be refused.
    role: new NodeRole(scope, "system-node-role", { name: `${name}-system-node`, partition }),
    tags,
    dependsOn: networkAddons.ready,
  });
  const workloadAddons = new WorkloadAddons(scope, "workload-addons", {
    ...addons,
    context,
    issuer,
    dependsOn: [systemNodes.nodeGroup],
  });
  return {
    name: cluster.name,
    endpoint: cluster.endpoint,
    certificateAuthority: cluster.certificateAuthority.get(0).data,
    securityGroupId,
    vpcId: network.vpcId,
    issuer,
    ready: [...workloadAddons.ready, ...access.ready, ...ranges.ready],
  };
}

/** A VPC of the cluster's own with its flow logs, or the one that the config names. */
function networkOf(scope: Construct, context: AwsContext, key: EncryptionKey): NetworkFacts {
  const { name, config } = context;
  const { existing } = config.network;
  if (existing)
    return {
      vpcId: existing.vpc,
      privateSubnetIds: existing.privateSubnets,
      publicSubnetIds: existing.publicSubnets,
      egress: [],
    };
  const network = new Network(scope, "network", { name, network: config.network });
  new FlowLogs(scope, "flow-logs", {
    name,
    vpcId: network.vpcId,
    key,
    retention: config.logRetention,
    keep: config.keepLogs,
  });
  return network;
}
