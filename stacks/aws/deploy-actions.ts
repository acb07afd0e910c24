/**
 * What Terraform does in AWS for each type of resource. Every type that the stacks have must be here, and every action must exist:
 * `.ci/iam` compares with the stacks and with AWS's own definitions.
 */

export interface Actions {
  /** Enough for a plan. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Types that ask AWS for nothing. */
export const NOTHING: Actions = { read: [], write: [] };

/** Actions of one service: `ec2("DescribeVpcs")` is `"ec2:DescribeVpcs"`. */
const of =
  (service: string) =>
  (...names: readonly string[]): readonly string[] =>
    names.map((name) => `${service}:${name}`);
const [ec2, eks, iam, kms, logs, s3, sqs, events, route53] = [
  of("ec2"),
  of("eks"),
  of("iam"),
  of("kms"),
  of("logs"),
  of("s3"),
  of("sqs"),
  of("events"),
  of("route53"),
] as const;

const RULES_OF_GROUPS = ec2(
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "ModifySecurityGroupRules",
  "RevokeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
);
const TAGS_OF_EC2 = ec2("CreateTags", "DeleteTags");
const GROUPS = ec2("DescribeSecurityGroups", "DescribeSecurityGroupRules", "DescribeNetworkInterfaces");
const ROUTES = ec2("DescribeRouteTables");
const PASS_ROLE = iam("GetRole", "PassRole");

export const ACTIONS_BY_TYPE: Readonly<Record<string, Actions>> = {
  aws_budgets_budget: {
    read: ["budgets:ViewBudget", "budgets:ListTagsForResource"],
    write: ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"],
  },
  aws_ce_cost_allocation_tag: {
    read: ["ce:ListCostAllocationTags"],
    write: ["ce:UpdateCostAllocationTagsStatus"],
  },
  aws_cloudwatch_event_rule: {
    read: events("DescribeRule", "ListTagsForResource"),
    write: events("DeleteRule", "DisableRule", "EnableRule", "PutRule", "TagResource", "UntagResource"),
  },
  aws_cloudwatch_event_target: {
    read: events("ListTargetsByRule"),
    write: events("PutTargets", "RemoveTargets"),
  },
  aws_cloudwatch_log_group: {
    read: logs("DescribeLogGroups", "ListTagsForResource"),
    write: logs(
      "AssociateKmsKey",
      "CreateLogGroup",
      "DeleteLogGroup",
      "DisassociateKmsKey",
      "PutRetentionPolicy",
      "TagResource",
      "UntagResource",
    ),
  },
  aws_default_security_group: { read: GROUPS, write: [...RULES_OF_GROUPS, ...TAGS_OF_EC2] },
  aws_eip: {
    read: ec2("DescribeAddresses", "DescribeAddressesAttribute"),
    write: [...ec2("AllocateAddress", "DisassociateAddress", "ReleaseAddress"), ...TAGS_OF_EC2],
  },
  aws_eks_access_entry: {
    read: eks("DescribeAccessEntry"),
    write: eks("CreateAccessEntry", "DeleteAccessEntry", "TagResource", "UntagResource", "UpdateAccessEntry"),
  },
  aws_eks_access_policy_association: {
    read: eks("ListAssociatedAccessPolicies"),
    write: eks("AssociateAccessPolicy", "DisassociateAccessPolicy"),
  },
  aws_eks_addon: {
    read: eks("DescribeAddon", "DescribePodIdentityAssociation", "ListPodIdentityAssociations"),
    write: [
      ...eks(
        "CreateAddon",
        "CreatePodIdentityAssociation",
        "DeleteAddon",
        "DeletePodIdentityAssociation",
        "DescribeUpdate",
        "TagResource",
        "UntagResource",
        "UpdateAddon",
        "UpdatePodIdentityAssociation",
      ),
      ...PASS_ROLE,
    ],
  },
  aws_eks_cluster: {
    read: eks("DescribeCluster"),
    write: [
      ...eks(
        "AssociateEncryptionConfig",
        "CreateCluster",
        "DeleteCluster",
        "DescribeUpdate",
        "TagResource",
        "UntagResource",
        "UpdateClusterConfig",
        "UpdateClusterVersion",
      ),
      ...PASS_ROLE,
      ...iam("CreateServiceLinkedRole"),
      ...kms("CreateGrant", "DescribeKey"),
      ...ec2("DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"),
    ],
  },
  aws_eks_node_group: {
    read: eks("DescribeNodegroup"),
    write: [
      ...eks(
        "CreateNodegroup",
        "DeleteNodegroup",
        "DescribeUpdate",
        "TagResource",
        "UntagResource",
        "UpdateNodegroupConfig",
        "UpdateNodegroupVersion",
      ),
      ...PASS_ROLE,
      ...iam("CreateServiceLinkedRole", "ListAttachedRolePolicies"),
      // EKS tries the launch template with the caller's rights:
      // https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
      ...ec2("DescribeLaunchTemplateVersions", "DescribeSubnets", "RunInstances"),
      ...TAGS_OF_EC2,
    ],
  },
  aws_eks_pod_identity_association: {
    read: eks("DescribePodIdentityAssociation"),
    write: [
      ...eks(
        "CreatePodIdentityAssociation",
        "DeletePodIdentityAssociation",
        "TagResource",
        "UntagResource",
        "UpdatePodIdentityAssociation",
      ),
      ...PASS_ROLE,
    ],
  },
  aws_flow_log: {
    read: ec2("DescribeFlowLogs"),
    write: [...ec2("CreateFlowLogs", "DeleteFlowLogs"), ...TAGS_OF_EC2, ...PASS_ROLE],
  },
  aws_iam_openid_connect_provider: {
    read: iam("GetOpenIDConnectProvider"),
    write: iam(
      "AddClientIDToOpenIDConnectProvider",
      "CreateOpenIDConnectProvider",
      "DeleteOpenIDConnectProvider",
      "RemoveClientIDFromOpenIDConnectProvider",
      "TagOpenIDConnectProvider",
      "UntagOpenIDConnectProvider",
      "UpdateOpenIDConnectProviderThumbprint",
    ),
  },
  aws_iam_role: {
    read: iam("GetRole", "ListAttachedRolePolicies", "ListInstanceProfilesForRole", "ListRolePolicies"),
    write: iam(
      "CreateRole",
      "DeleteRole",
      "DeleteRolePermissionsBoundary",
      "PutRolePermissionsBoundary",
      "TagRole",
      "UntagRole",
      "UpdateAssumeRolePolicy",
      "UpdateRole",
      "UpdateRoleDescription",
    ),
  },
  aws_iam_role_policy: { read: iam("GetRolePolicy"), write: iam("DeleteRolePolicy", "PutRolePolicy") },
  aws_iam_role_policy_attachment: {
    read: iam("ListAttachedRolePolicies"),
    write: iam("AttachRolePolicy", "DetachRolePolicy"),
  },
  aws_iam_service_linked_role: {
    read: iam("GetRole"),
    write: iam(
      "CreateServiceLinkedRole",
      "DeleteServiceLinkedRole",
      "GetServiceLinkedRoleDeletionStatus",
      "TagRole",
      "UntagRole",
      "UpdateRoleDescription",
    ),
  },
  aws_internet_gateway: {
    read: ec2("DescribeInternetGateways"),
    write: [
      ...ec2("AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"),
      ...TAGS_OF_EC2,
    ],
  },
  aws_kms_alias: { read: kms("ListAliases"), write: kms("CreateAlias", "DeleteAlias", "UpdateAlias") },
  aws_kms_key: {
    read: kms("DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags"),
    write: kms(
      "CreateKey",
      "DisableKey",
      "EnableKey",
      "EnableKeyRotation",
      "PutKeyPolicy",
      "ScheduleKeyDeletion",
      "TagResource",
      "UntagResource",
      "UpdateKeyDescription",
    ),
  },
  aws_kms_key_policy: { read: kms("DescribeKey", "GetKeyPolicy"), write: kms("PutKeyPolicy") },
  aws_launch_template: {
    read: ec2("DescribeLaunchTemplates", "DescribeLaunchTemplateVersions"),
    write: [
      ...ec2("CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplate", "ModifyLaunchTemplate"),
      ...TAGS_OF_EC2,
    ],
  },
  aws_nat_gateway: {
    read: ec2("DescribeNatGateways"),
    write: [...ec2("CreateNatGateway", "DeleteNatGateway"), ...TAGS_OF_EC2],
  },
  aws_route: { read: ROUTES, write: ec2("CreateRoute", "DeleteRoute", "ReplaceRoute") },
  aws_route53_zone: {
    read: route53("GetHostedZone", "ListResourceRecordSets", "ListTagsForResource"),
    write: route53(
      "ChangeTagsForResource",
      "CreateHostedZone",
      "DeleteHostedZone",
      "GetChange",
      "UpdateHostedZoneComment",
    ),
  },
  aws_route_table: { read: ROUTES, write: [...ec2("CreateRouteTable", "DeleteRouteTable"), ...TAGS_OF_EC2] },
  aws_route_table_association: {
    read: ROUTES,
    write: ec2("AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"),
  },
  aws_s3_bucket: {
    // The provider reads every aspect of a bucket, whether the stack sets it or not.
    read: s3(
      "GetAccelerateConfiguration",
      "GetBucketAcl",
      "GetBucketCORS",
      "GetBucketLogging",
      "GetBucketObjectLockConfiguration",
      "GetBucketPolicy",
      "GetBucketRequestPayment",
      "GetBucketTagging",
      "GetBucketVersioning",
      "GetBucketWebsite",
      "GetEncryptionConfiguration",
      "GetLifecycleConfiguration",
      "GetReplicationConfiguration",
      "ListBucket",
      "ListTagsForResource",
    ),
    write: s3(
      "CreateBucket",
      "DeleteBucket",
      // What is in it, with an unprotected cluster's destroy.
      "DeleteObject",
      "DeleteObjectVersion",
      "ListBucketVersions",
      "PutBucketTagging",
      "TagResource",
      "UntagResource",
    ),
  },
  aws_s3_bucket_lifecycle_configuration: {
    read: s3("GetLifecycleConfiguration"),
    write: s3("PutLifecycleConfiguration"),
  },
  aws_s3_bucket_policy: { read: s3("GetBucketPolicy"), write: s3("DeleteBucketPolicy", "PutBucketPolicy") },
  aws_s3_bucket_public_access_block: {
    read: s3("GetBucketPublicAccessBlock"),
    write: s3("PutBucketPublicAccessBlock"),
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    read: s3("GetEncryptionConfiguration"),
    write: s3("PutEncryptionConfiguration"),
  },
  aws_s3_bucket_versioning: { read: s3("GetBucketVersioning"), write: s3("PutBucketVersioning") },
  aws_security_group: {
    read: GROUPS,
    write: [...ec2("CreateSecurityGroup", "DeleteSecurityGroup"), ...RULES_OF_GROUPS, ...TAGS_OF_EC2],
  },
  aws_sqs_queue: {
    read: sqs("GetQueueAttributes", "GetQueueUrl", "ListQueueTags"),
    write: sqs("CreateQueue", "DeleteQueue", "SetQueueAttributes", "TagQueue", "UntagQueue"),
  },
  aws_sqs_queue_policy: { read: sqs("GetQueueAttributes"), write: sqs("SetQueueAttributes") },
  aws_subnet: {
    read: ec2("DescribeNetworkInterfaces", "DescribeSubnets"),
    write: [...ec2("CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute"), ...TAGS_OF_EC2],
  },
  aws_vpc: {
    read: ec2(
      "DescribeNetworkAcls",
      "DescribeRouteTables",
      "DescribeSecurityGroups",
      "DescribeVpcAttribute",
      "DescribeVpcs",
    ),
    write: [...ec2("CreateVpc", "DeleteVpc", "ModifyVpcAttribute"), ...TAGS_OF_EC2],
  },
  aws_vpc_endpoint: {
    read: ec2("DescribePrefixLists", "DescribeVpcEndpoints"),
    write: [
      ...ec2("CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"),
      // With private DNS the caller puts the VPC into a zone of AWS's: https://github.com/hasura/ddn-docs/pull/1075
      ...route53("AssociateVPCWithHostedZone"),
      ...TAGS_OF_EC2,
    ],
  },
  aws_vpc_security_group_ingress_rule: { read: GROUPS, write: [...RULES_OF_GROUPS, ...TAGS_OF_EC2] },
  // Data sources
  "data.aws_availability_zones": { read: ec2("DescribeAvailabilityZones"), write: [] },
  "data.aws_caller_identity": NOTHING,
  "data.aws_eks_cluster": { read: eks("DescribeCluster"), write: [] },
  "data.aws_iam_policy_document": NOTHING,
  "data.aws_partition": NOTHING,
  "data.aws_route53_zone": {
    read: route53("GetHostedZone", "ListHostedZones", "ListTagsForResource"),
    write: [],
  },
  "data.aws_vpc_endpoint_service": { read: ec2("DescribeVpcEndpointServices"), write: [] },
};
