/**
 * What Karpenter's controller may do, split by purpose as its own CloudFormation template splits it (one document would be larger
 * than a managed policy may be): https://karpenter.sh/docs/reference/cloudformation/, version 1.14.
 */
import type { Statement } from "./iam";

export interface KarpenterPermissionsProps {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
}

type Condition = NonNullable<Exclude<Statement["condition"], { resolve: unknown }>>;

export function karpenterPermissions(props: KarpenterPermissionsProps): Readonly<Record<string, readonly Statement[]>> {
  const { cluster, account, region, partition, nodeRoleArn, queueArn } = props;
  const ec2 = (resource: string, owner = "*"): string => `arn:${partition}:ec2:${region}:${owner}:${resource}`;
  const equals = (variable: string, ...values: string[]) => ({ test: "StringEquals", variable, values });
  const like = (variable: string, ...values: string[]) => ({ test: "StringLike", variable, values });
  const owned = equals(`aws:ResourceTag/kubernetes.io/cluster/${cluster}`, "owned");
  const ofNodePool = like("aws:ResourceTag/karpenter.sh/nodepool", "*");
  const taggedAsOurs = [
    equals(`aws:RequestTag/kubernetes.io/cluster/${cluster}`, "owned"),
    equals("aws:RequestTag/eks:eks-cluster-name", cluster),
    like("aws:RequestTag/karpenter.sh/nodepool", "*"),
  ] satisfies Condition;
  const created = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"].map(
    (kind) => ec2(`${kind}/*`),
  );
  const profiles = [`arn:${partition}:iam::${account}:instance-profile/*`];
  const ofNodeClass = (tags: "RequestTag" | "ResourceTag") => like(`aws:${tags}/karpenter.k8s.aws/ec2nodeclass`, "*");
  const inRegion = (tags: "RequestTag" | "ResourceTag") => equals(`aws:${tags}/topology.kubernetes.io/region`, region);
  const profileRequest = [
    equals(`aws:RequestTag/kubernetes.io/cluster/${cluster}`, "owned"),
    equals("aws:RequestTag/eks:eks-cluster-name", cluster),
    inRegion("RequestTag"),
    ofNodeClass("RequestTag"),
  ] satisfies Condition;
  const profileOwned = [owned, inRegion("ResourceTag"), ofNodeClass("ResourceTag")] satisfies Condition;

  return {
    "node-lifecycle": [
      {
        sid: "AllowScopedEC2InstanceAccessActions",
        actions: ["ec2:RunInstances", "ec2:CreateFleet"],
        resources: [
          ec2("image/*", ""),
          ec2("snapshot/*", ""),
          ...["security-group", "subnet", "capacity-reservation", "placement-group"].map((kind) => ec2(`${kind}/*`)),
        ],
      },
      {
        sid: "AllowScopedEC2LaunchTemplateAccessActions",
        actions: ["ec2:RunInstances", "ec2:CreateFleet"],
        resources: [ec2("launch-template/*")],
        condition: [owned, ofNodePool],
      },
      {
        sid: "AllowScopedEC2InstanceActionsWithTags",
        actions: ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"],
        resources: created,
        condition: taggedAsOurs,
      },
      {
        sid: "AllowScopedResourceCreationTagging",
        actions: ["ec2:CreateTags"],
        resources: created,
        condition: [...taggedAsOurs, equals("ec2:CreateAction", "RunInstances", "CreateFleet", "CreateLaunchTemplate")],
      },
      {
        sid: "AllowScopedResourceTagging",
        actions: ["ec2:CreateTags"],
        resources: [ec2("instance/*")],
        condition: [
          owned,
          ofNodePool,
          { test: "StringEqualsIfExists", variable: "aws:RequestTag/eks:eks-cluster-name", values: [cluster] },
          {
            test: "ForAllValues:StringEquals",
            variable: "aws:TagKeys",
            values: ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
          },
        ],
      },
      {
        sid: "AllowScopedDeletion",
        actions: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
        resources: [ec2("instance/*"), ec2("launch-template/*")],
        condition: [owned, ofNodePool],
      },
    ],
    iam: [
      {
        sid: "AllowPassingInstanceRole",
        actions: ["iam:PassRole"],
        resources: [nodeRoleArn],
        condition: [equals("iam:PassedToService", "ec2.amazonaws.com", "ec2.amazonaws.com.cn")],
      },
      {
        sid: "AllowScopedInstanceProfileCreationActions",
        actions: ["iam:CreateInstanceProfile"],
        resources: profiles,
        condition: profileRequest,
      },
      {
        sid: "AllowScopedInstanceProfileTagActions",
        actions: ["iam:TagInstanceProfile"],
        resources: profiles,
        condition: [...profileOwned, ...profileRequest],
      },
      {
        sid: "AllowScopedInstanceProfileActions",
        actions: ["iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"],
        resources: profiles,
        condition: profileOwned,
      },
    ],
    eks: [
      {
        sid: "AllowAPIServerEndpointDiscovery",
        actions: ["eks:DescribeCluster"],
        resources: [`arn:${partition}:eks:${region}:${account}:cluster/${cluster}`],
      },
    ],
    interruption: [
      {
        sid: "AllowInterruptionQueueActions",
        actions: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
        resources: [queueArn],
      },
    ],
    discovery: [
      {
        sid: "AllowRegionalReadActions",
        actions: [
          "CapacityReservations",
          "Images",
          "Instances",
          "InstanceStatus",
          "InstanceTypeOfferings",
          "InstanceTypes",
          "LaunchTemplates",
          "PlacementGroups",
          "SecurityGroups",
          "SpotPriceHistory",
          "Subnets",
        ].map((what) => `ec2:Describe${what}`),
        resources: ["*"],
        condition: [equals("aws:RequestedRegion", region)],
      },
      {
        sid: "AllowSSMReadActions",
        actions: ["ssm:GetParameter"],
        resources: [`arn:${partition}:ssm:${region}::parameter/aws/service/*`],
      },
      { sid: "AllowPricingReadActions", actions: ["pricing:GetProducts"], resources: ["*"] },
      { sid: "AllowUnscopedInstanceProfileListAction", actions: ["iam:ListInstanceProfiles"], resources: ["*"] },
      { sid: "AllowInstanceProfileReadActions", actions: ["iam:GetInstanceProfile"], resources: profiles },
    ],
  };
}
