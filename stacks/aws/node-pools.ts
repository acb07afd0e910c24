import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { AWS_CATEGORIES, AWS_OLDEST_GENERATION } from "../../config/clouds/aws-node-pools";
import { CLASS_LABEL, nodePoolLabels, POOL_LABEL, TEAM_LABEL, teamLabels } from "../../config/names";
import type { NodePool } from "../../config/node-pools";
import type { Team } from "../../config/platform";
import { formatCpu, formatMemory } from "../../config/quantities";
import { HelmRelease } from "../../modules/helm/helm-release";
import type { AwsContext } from "./context";
import { nodeRoleName } from "./node-role";

/** Image of the nodes, pinned: a new one replaces every node. https://github.com/awslabs/amazon-eks-ami/releases */
const AMI_ALIAS = "al2023@v20260903";

export interface NodePoolsProps {
  readonly context: AwsContext;
  readonly securityGroupId: string;
  readonly pools: readonly NodePool[];
  /** Whose nodes these are. @default - the cluster's shared pool */
  readonly team?: Team;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A release with one NodePool and one EC2NodeClass for each pool of a team, or for the shared pool. */
export class NodePools extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodePoolsProps) {
    super(scope, id);
    const release = new HelmRelease(this, "chart", {
      chart: "resources",
      name: props.team ? `node-pools-${props.team.name}` : "node-pools-shared",
      namespace: "kube-system",
      values: { resources: props.pools.flatMap((pool) => [nodeClass(pool, props), nodePool(pool, props)]) },
      dependsOn: props.dependsOn,
      // Uninstalling waits until the machines are drained and gone.
      timeout: 1800,
    });
    this.ready = [release.resource];
  }
}

/** `checkout-general`, or `shared`. */
const objectName = (pool: NodePool): string => (pool.team === undefined ? pool.name : `${pool.team}-${pool.name}`);

function nodeLabels(pool: NodePool, team: Team | undefined): Record<string, string> {
  return { ...pool.labels, ...(team && nodePoolLabels(team)), [POOL_LABEL]: pool.name, [CLASS_LABEL]: pool.class };
}

function nodePool(pool: NodePool, { team }: NodePoolsProps): object {
  const name = objectName(pool);
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name, ...(team && { labels: teamLabels(team) }) },
    spec: {
      template: {
        metadata: { labels: nodeLabels(pool, team) },
        spec: {
          nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name },
          requirements: requirements(pool),
          ...(taints(pool).length > 0 && { taints: taints(pool) }),
          expireAfter: pool.aws.expireAfter,
          // A pod that may never be disrupted would keep its node, and a destroy, for ever.
          terminationGracePeriod: "24h",
        },
      },
      limits: { cpu: formatCpu(pool.limits.cpu), memory: formatMemory(pool.limits.memory) },
      disruption: {
        consolidationPolicy: "WhenEmptyOrUnderutilized",
        consolidateAfter: "1m",
        // The strictest that is active holds, so what must be quiet has a schedule: an unscheduled zero would hold for ever.
        budgets: [
          { nodes: pool.aws.disruption },
          ...pool.aws.quietHours.map(({ schedule, duration }) => ({ nodes: "0", schedule, duration })),
        ],
      },
    },
  };
}

function taints(pool: NodePool): object[] {
  const team =
    pool.taint && pool.team !== undefined ? [{ key: TEAM_LABEL, value: pool.team, effect: "NoSchedule" }] : [];
  return pool.class === "gpu" ? [...team, { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] : team;
}

/** https://karpenter.sh/docs/concepts/nodepools/#well-known-labels */
function requirements(pool: NodePool): object[] {
  const { instanceTypes } = pool.aws;
  const capacity = { spot: ["spot"], "on-demand": ["on-demand"], "spot-with-fallback": ["on-demand", "spot"] }[
    pool.capacity
  ];
  const common = [
    { key: "kubernetes.io/arch", operator: "In", values: [pool.architecture] },
    { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
    // With both, Karpenter takes spot while there is any, and on-demand else.
    { key: "karpenter.sh/capacity-type", operator: "In", values: capacity },
  ];
  if (instanceTypes)
    return [...common, { key: "node.kubernetes.io/instance-type", operator: "In", values: [...instanceTypes].sort() }];
  return [
    ...common,
    { key: "karpenter.k8s.aws/instance-category", operator: "In", values: AWS_CATEGORIES[pool.class] },
    {
      key: "karpenter.k8s.aws/instance-generation",
      operator: "Gt",
      values: [String(AWS_OLDEST_GENERATION[pool.class] - 1)],
    },
    { key: "karpenter.k8s.aws/instance-cpu", operator: "Gt", values: [String(pool.cpus[0] - 1)] },
    { key: "karpenter.k8s.aws/instance-cpu", operator: "Lt", values: [String(pool.cpus[1] + 1)] },
    { key: "karpenter.k8s.aws/instance-hypervisor", operator: "In", values: ["nitro"] },
    // The category has AMD's as well, and types with a part of a GPU, which no plugin can offer to pods.
    ...(pool.class === "gpu"
      ? [
          { key: "karpenter.k8s.aws/instance-gpu-manufacturer", operator: "In", values: ["nvidia"] },
          { key: "karpenter.k8s.aws/instance-gpu-count", operator: "Gt", values: ["0"] },
        ]
      : []),
  ];
}

function nodeClass(pool: NodePool, props: NodePoolsProps): object {
  const { context, securityGroupId, team } = props;
  const { name, config, tags } = context;
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name: objectName(pool), ...(team && { labels: teamLabels(team) }) },
    spec: {
      role: nodeRoleName(name),
      amiSelectorTerms: [{ alias: pool.aws.amiAlias ?? AMI_ALIAS }],
      subnetSelectorTerms: config.network.existing
        ? config.network.existing.privateSubnets.map((id) => ({ id }))
        : [{ tags: { "karpenter.sh/discovery": name } }],
      securityGroupSelectorTerms: [{ id: securityGroupId }],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          rootVolume: true,
          ebs: {
            volumeType: "gp3",
            volumeSize: `${pool.aws.volumeSize}Gi`,
            encrypted: true,
            deleteOnTermination: true,
          },
        },
      ],
      tags: { ...tags, ...(team && nodePoolLabels(team)), [POOL_LABEL]: objectName(pool) },
    },
  };
}
