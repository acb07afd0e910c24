/**
 * What a stack's deploy may do in AWS, and no more: from the types of its resources to an IAM policy. `stackyard permissions` prints it.
 * Every type that the stacks have must be here (a test compares); every action must exist (`.ci/iam` asks AWS's own definitions).
 */

interface Actions {
  /** Enough for a plan. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const NOTHING: Actions = { read: [], write: [] };

/** Actions of one service: `ec2("DescribeVpcs")` is `"ec2:DescribeVpcs"`. */
const of =
  (service: string) =>
  (...names: readonly string[]): readonly string[] =>
    names.map((name) => `${service}:${name}`);
const [ec2, eks, iam, kms, logs, sqs, events, route53] = [
  of("ec2"),
  of("eks"),
  of("iam"),
  of("kms"),
  of("logs"),
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
    write: [...ec2("CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint"), ...TAGS_OF_EC2],
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

export interface DeployPermissionsProps {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Names of the states that it keeps, without `.tfstate`. */
  readonly states: readonly string[];
  readonly region: string;
  /** Twelve digits, or `*` where the config names no account. */
  readonly account: string;
  readonly partition: string;
  readonly stateBucket: string | undefined;
  /** Every role that is made must have it. @default - roles may have none */
  readonly permissionsBoundary?: string | undefined;
  /** Types of the stack's resources, and of its data sources with `data.` before them. */
  readonly types: ReadonlySet<string>;
  /** Only what a plan needs. */
  readonly planOnly: boolean;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** The part of AWS that a region belongs to: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The IAM policy of whoever plans or deploys a stack. What it may do in Kubernetes is `access.admins`. */
export function deployPolicy(props: DeployPermissionsProps): PolicyDocument {
  const actions = new Set(
    [...props.types].flatMap((type) => {
      const { read, write } = ACTIONS_BY_TYPE[type] ?? NOTHING;
      return props.planOnly ? read : [...read, ...write];
    }),
  );
  const taken = (...names: readonly string[]): string[] => names.filter((name) => actions.delete(name));
  // A role that could lose its boundary would have none.
  if (props.permissionsBoundary !== undefined) actions.delete("iam:DeleteRolePermissionsBoundary");
  const special = specialStatements(props, [...actions].filter(isList).sort(), taken);
  const services = Object.entries(scopes(props)).map(([service, { resources, condition }]) => {
    const own = [...actions].filter((action) => action.startsWith(`${service}:`)).sort();
    const sid = service.charAt(0).toUpperCase() + service.slice(1);
    return statement(sid, own, resources, condition);
  });
  return { Version: "2012-10-17", Statement: [...services, ...special].flatMap((found) => found ?? []) };
}

type Condition = PolicyStatement["Condition"];

function statement(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: Condition,
): PolicyStatement | undefined {
  if (actions.length === 0) return undefined;
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  };
}

/** Where each service's actions apply: by the cluster's name wherever names are ours, in one region wherever they are not. */
function scopes(
  props: DeployPermissionsProps,
): Readonly<Record<string, { resources: string[]; condition?: Condition }>> {
  const { cluster, region, account, partition } = props;
  const arn = (service: string, resource: string, where = region) =>
    `arn:${partition}:${service}:${where}:${account}:${resource}`;
  return {
    budgets: { resources: [arn("budgets", `budget/${cluster}`, "")] },
    ce: { resources: ["*"] },
    // Ids of what is made are not known before. Images are Amazon's.
    ec2: { resources: [arn("ec2", "*/*"), `arn:${partition}:ec2:${region}::image/*`] },
    eks: {
      resources: [
        arn("eks", `cluster/${cluster}`),
        ...["access-entry", "addon", "nodegroup", "podidentityassociation"].map((kind) =>
          arn("eks", `${kind}/${cluster}/*`),
        ),
      ],
    },
    events: { resources: [arn("events", `rule/${cluster.slice(0, 37)}-*`)] },
    iam: {
      resources: [
        arn("iam", `role/${cluster}-*`, ""),
        ...(props.types.has("aws_iam_openid_connect_provider")
          ? [arn("iam", `oidc-provider/oidc.eks.${region}.amazonaws.com*`, "")]
          : []),
      ],
    },
    kms: { resources: [arn("kms", "key/*"), arn("kms", `alias/${cluster}`)] },
    logs: {
      resources: [arn("logs", `log-group:/aws/eks/${cluster}/*`), arn("logs", `log-group:/aws/vpc/${cluster}/*`)],
    },
    route53: { resources: [`arn:${partition}:route53:::hostedzone/*`, `arn:${partition}:route53:::change/*`] },
    sqs: { resources: [arn("sqs", cluster)] },
  };
}

/** Every list of EC2 but one is of the whole region. */
const isList = (action: string): boolean => action.startsWith("ec2:Describe") && action !== "ec2:DescribeVpcAttribute";

/** What must not be allowed as broadly as the rest of its service, what knows no resource, and the state. */
function specialStatements(
  props: DeployPermissionsProps,
  lists: readonly string[],
  taken: (...names: readonly string[]) => string[],
): readonly (PolicyStatement | undefined)[] {
  const { cluster, states, account, partition, stateBucket, permissionsBoundary } = props;
  const roles = [`arn:${partition}:iam::${account}:role/${cluster}-*`];
  return [
    // AWS knows no resource to narrow these to.
    statement(
      "NoResource",
      taken(
        ...lists,
        "eks:CreateCluster",
        "kms:CreateKey",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
        "route53:CreateHostedZone",
        "route53:ListHostedZones",
      ),
      ["*"],
    ),
    statement("PassRoles", taken("iam:PassRole"), roles, {
      StringEquals: {
        "iam:PassedToService": [
          "eks.amazonaws.com",
          "ec2.amazonaws.com",
          "pods.eks.amazonaws.com",
          "vpc-flow-logs.amazonaws.com",
        ],
      },
    }),
    statement(
      "LinkRoles",
      taken("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus"),
      [`arn:${partition}:iam::${account}:role/aws-service-role/*`],
      {
        StringEquals: {
          "iam:AWSServiceName": ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "spot.amazonaws.com"],
        },
      },
    ),
    // Terraform reads and tags the role that it links.
    props.types.has("aws_iam_service_linked_role")
      ? statement(
          "KeepLinkedRole",
          props.planOnly ? iam("GetRole") : iam("GetRole", "TagRole", "UntagRole", "UpdateRoleDescription"),
          [`arn:${partition}:iam::${account}:role/aws-service-role/spot.amazonaws.com/*`],
        )
      : undefined,
    // Whoever may give a role rights could give it all of them, but for a boundary.
    permissionsBoundary === undefined
      ? undefined
      : statement(
          "GiveBoundRolesRights",
          taken(
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
          ),
          roles,
          { StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } },
        ),
    ...(stateBucket === undefined
      ? []
      : [
          statement("FindState", ["s3:ListBucket"], [`arn:${partition}:s3:::${stateBucket}`]),
          // The state, and the lock beside it.
          statement(
            "KeepState",
            ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            states.flatMap((state) =>
              ["", ".tflock"].map((end) => `arn:${partition}:s3:::${stateBucket}/${state}.tfstate${end}`),
            ),
          ),
        ]),
  ];
}
