/**
 * What the load balancer controller may do, split by purpose. From what version 3.5.0 asks for
 * (https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json), less all that only
 * application load balancers, Outposts and address pools need, and with every change bound to this cluster's tag.
 */
import type { Statement } from "./iam";

export interface LoadBalancerPermissionsProps {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly vpcId: string;
  /** Of the nodes: it must let the load balancers in. */
  readonly nodeSecurityGroupId: string;
}

/** The controller sets it on all that it makes; its value is the cluster's name. */
const TAG = "elbv2.k8s.aws/cluster";

export function loadBalancerPermissions(
  props: LoadBalancerPermissionsProps,
): Readonly<Record<string, readonly Statement[]>> {
  const { cluster, account, region, partition, vpcId, nodeSecurityGroupId } = props;
  const ec2 = (resource: string): string => `arn:${partition}:ec2:${region}:${account}:${resource}`;
  const elb = (resource: string): string => `arn:${partition}:elasticloadbalancing:${region}:${account}:${resource}`;
  const equals = (variable: string, ...values: string[]) => ({ test: "StringEquals", variable, values });
  const taggedAsOurs = equals(`aws:RequestTag/${TAG}`, cluster);
  const ours = equals(`aws:ResourceTag/${TAG}`, cluster);
  const leavesTagAlone = { test: "Null", variable: `aws:RequestTag/${TAG}`, values: ["true"] };
  const loadBalancers = elb("loadbalancer/net/*/*");
  const targetGroups = elb("targetgroup/*/*");
  const listeners = elb("listener/net/*/*/*");
  const securityGroups = ec2("security-group/*");

  return {
    "load-balancers": [
      {
        sid: "CreateWithTag",
        actions: ["CreateLoadBalancer", "CreateTargetGroup"].map((action) => `elasticloadbalancing:${action}`),
        resources: [loadBalancers, targetGroups],
        condition: [taggedAsOurs],
      },
      {
        sid: "TagWhileCreating",
        actions: ["elasticloadbalancing:AddTags"],
        resources: [loadBalancers, targetGroups, listeners],
        condition: [
          taggedAsOurs,
          equals("elasticloadbalancing:CreateAction", "CreateLoadBalancer", "CreateTargetGroup", "CreateListener"),
        ],
      },
      {
        sid: "TagOurs",
        actions: ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
        resources: [loadBalancers, targetGroups, listeners],
        condition: [ours, leavesTagAlone],
      },
      {
        sid: "ChangeOurs",
        actions: [
          "CreateListener",
          "DeleteListener",
          "DeleteLoadBalancer",
          "DeleteTargetGroup",
          "DeregisterTargets",
          "ModifyListener",
          "ModifyListenerAttributes",
          "ModifyLoadBalancerAttributes",
          "ModifyTargetGroup",
          "ModifyTargetGroupAttributes",
          "RegisterTargets",
          "SetIpAddressType",
          "SetSecurityGroups",
          "SetSubnets",
        ].map((action) => `elasticloadbalancing:${action}`),
        resources: [loadBalancers, targetGroups, listeners],
        condition: [ours],
      },
      {
        sid: "FirstLoadBalancerOfTheAccount",
        actions: ["iam:CreateServiceLinkedRole"],
        resources: [
          `arn:${partition}:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`,
        ],
        condition: [equals("iam:AWSServiceName", "elasticloadbalancing.amazonaws.com")],
      },
    ],
    "security-groups": [
      {
        sid: "CreateWithTag",
        actions: ["ec2:CreateSecurityGroup"],
        resources: [securityGroups],
        condition: [taggedAsOurs],
      },
      // A request to create one names its network as well, which has no tag of the request's.
      { sid: "CreateInNetwork", actions: ["ec2:CreateSecurityGroup"], resources: [ec2(`vpc/${vpcId}`)] },
      {
        sid: "TagWhileCreating",
        actions: ["ec2:CreateTags"],
        resources: [securityGroups],
        condition: [taggedAsOurs, equals("ec2:CreateAction", "CreateSecurityGroup")],
      },
      {
        sid: "TagOurs",
        actions: ["ec2:CreateTags", "ec2:DeleteTags"],
        resources: [securityGroups],
        condition: [ours, leavesTagAlone],
      },
      {
        sid: "ChangeOurs",
        actions: ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "DeleteSecurityGroup"].map(
          (action) => `ec2:${action}`,
        ),
        resources: [securityGroups],
        condition: [ours],
      },
      // EKS makes this group, so it has no tag of ours: named by its id instead.
      {
        sid: "LetThemReachNodes",
        actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
        resources: [ec2(`security-group/${nodeSecurityGroupId}`)],
      },
    ],
    discovery: [
      { sid: "ReadGroupsOfNetwork", actions: ["ec2:GetSecurityGroupsForVpc"], resources: [ec2(`vpc/${vpcId}`)] },
      {
        sid: "ReadInRegion",
        actions: [
          ...[
            "DescribeAccountAttributes",
            "DescribeAddresses",
            "DescribeAvailabilityZones",
            "DescribeInstances",
            "DescribeInternetGateways",
            "DescribeNetworkInterfaces",
            "DescribeRouteTables",
            "DescribeSecurityGroups",
            "DescribeSubnets",
            "DescribeTags",
            "DescribeVpcs",
          ].map((action) => `ec2:${action}`),
          ...[
            "DescribeListenerAttributes",
            "DescribeListenerCertificates",
            "DescribeListeners",
            "DescribeLoadBalancerAttributes",
            "DescribeLoadBalancers",
            "DescribeRules",
            "DescribeSSLPolicies",
            "DescribeTags",
            "DescribeTargetGroupAttributes",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
          ].map((action) => `elasticloadbalancing:${action}`),
        ],
        // Reads of whole lists: these actions know no narrower resource.
        resources: ["*"],
        condition: [equals("aws:RequestedRegion", region)],
      },
    ],
  };
}
