/** What a stack's deploy may do in AWS, and no more: from the types of its resources to an IAM policy. `stackyard permissions` prints it. */
import { ACTIONS_BY_TYPE, NOTHING } from "./deploy-actions";

export interface DeployPermissionsProps {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Names of the states that it keeps, without `.tfstate`. */
  readonly states: readonly string[];
  /** The bucket of its backups. */
  readonly backupBucket: string;
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
    s3: { resources: ["", "/*"].map((end) => `arn:${partition}:s3:::${props.backupBucket}${end}`) },
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
      taken("iam:CreateServiceLinkedRole"),
      [`arn:${partition}:iam::${account}:role/aws-service-role/*`],
      {
        StringEquals: {
          "iam:AWSServiceName": ["eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "spot.amazonaws.com"],
        },
      },
    ),
    // EKS asks as the caller whether it is there: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/823
    props.types.has("aws_eks_node_group") && !props.planOnly
      ? statement(
          "SeeLinkedRole",
          ["iam:GetRole"],
          [`arn:${partition}:iam::${account}:role/aws-service-role/eks-nodegroup.amazonaws.com/*`],
        )
      : undefined,
    // Terraform reads and tags the role that it links, and deletes it, an action that knows no name of a service to ask for.
    props.types.has("aws_iam_service_linked_role")
      ? statement(
          "KeepLinkedRole",
          props.planOnly
            ? ["iam:GetRole"]
            : [
                ...taken("iam:DeleteServiceLinkedRole", "iam:GetServiceLinkedRoleDeletionStatus"),
                "iam:GetRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateRoleDescription",
              ],
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
