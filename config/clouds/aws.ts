/** The config section of a cluster on AWS: its input and its schema. */
import { z } from "zod";
import { awsInstanceTypes, nodePoolSchema, type NodePoolInput } from "../node-pools";
import { PROFILES, type Profile } from "../profiles";
import { count, nonEmpty, object, oneOf } from "../zod";
import {
  addressRange,
  domain,
  minorVersion,
  storeOf,
  vaultStore,
  type KubernetesVersion,
  type VaultStoreInput,
} from "./common";

/** An EKS cluster with Karpenter, in a VPC of its own or in one that is there; or a cluster that somebody else made. */
export interface AwsClusterInput<Group extends string = string> {
  readonly kind: "aws";
  /** DNS domain of the cluster's components: `argocd.<domain>`. No two clusters share one. */
  readonly domain: string;
  /** @example "us-west-2" */
  readonly region: string;
  /** Twelve digits; Terraform refuses to run against another account. @default - any account */
  readonly account?: string;
  /** Minor version of Kubernetes. */
  readonly kubernetes: KubernetesVersion;
  /**
   * Name of an EKS cluster that somebody else made: the platform is installed on it, and its network, nodes and add-ons are left
   * alone. It needs access entries (`API` mode), `network.existing`, egress, and the add-ons vpc-cni, coredns, kube-proxy,
   * eks-pod-identity-agent, aws-ebs-csi-driver and snapshot-controller; see docs/components/eks.md.
   * @default - the cluster is made
   */
  readonly existing?: string;
  /**
   * `"layered"` makes three stacks of the key `x-platform`: `x-cluster`, `x-platform` and `x-teams`, each with a state and rights
   * of its own, so that a change of a quota does not run with the rights of a network administrator. Advised for production;
   * `stackyard layout` moves a state that is there.
   * @default "single"
   */
  readonly layout?: "single" | "layered";
  readonly network: AwsNetworkInput;
  readonly access: {
    /** Ranges that may reach the API server from the internet. @default - none: the API server is private */
    readonly public?: readonly string[];
    /** Ranges inside networks that may reach the API server's private addresses: runners, VPN, peered networks. @default the VPC's own */
    readonly private?: readonly string[];
    /** Groups with full rights. Whoever runs Terraform must be in one of them. */
    readonly admins: readonly [Group, ...Group[]];
  };
  /** How service accounts get rights in AWS: EKS Pod Identity, or IAM roles for service accounts. @default "pod-identity" */
  readonly identity?: "pod-identity" | "irsa";
  /** ARN of a policy that bounds every role the platform makes. @default - none */
  readonly permissionsBoundary?: string;
  /** Whether a plan that would destroy the cluster is refused, and by AWS as well, until this is set to false and applied. @default - true where an environment has the preset "prod" */
  readonly deletionProtection?: boolean;
  /** Days that the logs of control plane and network are kept. @default 365 */
  readonly logRetention?: (typeof LOG_RETENTION_DAYS)[number];
  /** Whether those logs outlive a destroy. A cluster of the same name then cannot be made before they are deleted. @default false */
  readonly keepLogs?: boolean;
  /** Route 53 hosted zone of `domain`: one that exists, by its id, or one that is made and then delegated to by whoever owns the parent. */
  readonly dns: { readonly zone: string } | { readonly create: true };
  /**
   * Monthly budget of everything that carries the tag `stackyard-cluster`. It stays at 0 until that is an active cost allocation tag
   * (`costAllocationTags`, or by hand in the payer account). @default - none
   */
  readonly budget?: {
    /** US dollars a month. */
    readonly monthly: number;
    /** Percent of it at which somebody is told, at most five. @default [80, 100] */
    readonly alerts?: readonly number[];
    /** Who is told, by e-mail. @default - the platform's contact */
    readonly emails?: readonly [string, ...string[]];
  };
  /**
   * The account's Cost and Usage Report as Athena knows it, for what machines really cost: discounts, savings plans, spot.
   * @default - list prices
   */
  readonly costReport?: {
    readonly database: string;
    readonly table: string;
    /** @default "primary" */
    readonly workgroup?: string;
    /** Bucket that the report lies in. */
    readonly reportBucket: string;
    /** Bucket that Athena's answers are written to. */
    readonly resultBucket: string;
    /** Region of all of these. @default - the cluster's */
    readonly region?: string;
  };
  /**
   * Whether to activate the platform's tags for cost reports. Only in an organisation's payer account, where AWS knows a tag a day
   * after its first use; taking it back, or a destroy, switches the tags off for the whole organisation. @default false
   */
  readonly costAllocationTags?: boolean;
  /**
   * Whether to make the role that spot machines need once per account, AWSServiceRoleForEC2Spot. Making it where it is there already
   * fails, and so does removing it with a destroy while others have spot machines. @default "exists"
   */
  readonly spotServiceLinkedRole?: "create" | "exists";
  /** Secrets Manager: the platform reads secrets whose names start with `<prefix>/`. @default the cluster's full name, `<name>-<cluster>` */
  readonly secrets?: { readonly prefix?: string };
  /**
   * Where `stackyard kubeconfig store` puts the ways to reach this cluster, which hold no secret: Systems Manager's Parameter Store
   * in the cluster's region, or Vault. @default - nowhere
   */
  readonly kubeconfigStore?:
    | {
        readonly kind: "ssm";
        /** Start of the parameters' names, without the first slash. @default "secret/kubeconfigs" */
        readonly path?: string;
      }
    | VaultStoreInput;
  /** Nodes that the platform itself needs before Karpenter can make any. */
  readonly systemNodes?: {
    /** @default ["m6i.large"], or ["m7g.large"] with `architecture: "arm64"` */
    readonly instanceTypes?: readonly [string, ...string[]];
    /** @default "amd64" */
    readonly architecture?: "amd64" | "arm64";
    /** Release of EKS's AL2023 image, such as "1.35.2-20260903". @default - EKS's newest when the nodes are made; it stays at that */
    readonly amiRelease?: string;
    /** Nodes. At least 2. @default 2 */
    readonly min?: number;
    /** Nodes. @default 3 */
    readonly max?: number;
  };
  /**
   * Sizes, replicas and safety of the platform's components: `small` is one replica of each and fits a laptop, `production` survives the
   * loss of a node. The values are in charts-values/<profile>/.
   * @default "production"
   */
  readonly profile?: Profile;
  /** Nodes of the platform's components and of teams without pools. Required when a team has none. */
  readonly sharedPool?: Omit<NodePoolInput, "taint" | "azure">;
  /** S3 bucket of the Terraform state, in the cluster's region unless said otherwise. @default - a local file */
  readonly state?: { readonly bucket: string; readonly region?: string };
  /** EKS Auto Mode is refused: it brings a Karpenter of its own beside the platform's. @default false */
  readonly autoMode?: false;
  /** EKS's managed Argo CD is refused: it cannot deploy into virtual clusters, and two would fight over one. @default false */
  readonly managedArgoCd?: false;
}

export interface AwsNetworkInput {
  /** Range of the VPC, /16 to /22, not used elsewhere. With `existing`, the range that it has. */
  readonly cidr: string;
  /** Number of availability zones with a public and a private subnet. @default 3 */
  readonly zones?: 2 | 3;
  /** One NAT gateway for all zones, or one in each: twice or three times the price, no single point of failure. @default "per-zone" */
  readonly nat?: "single" | "per-zone";
  /** Range of Kubernetes Services. @default "172.20.0.0/16" */
  readonly serviceCidr?: string;
  /**
   * Private endpoints of AWS's services: the gateway of S3, which is free, or all that nodes and controllers talk to, each about
   * 7 dollars a month and zone. @default "s3"
   */
  readonly endpoints?: "s3" | "all";
  /** A VPC that is there, with its routes, NAT and endpoints, by ids. @default - a VPC is made */
  readonly existing?: {
    readonly vpc: string;
    /** At least two, in different zones: nodes, and EKS's own interfaces in the first two. */
    readonly privateSubnets: readonly [string, string, ...string[]];
    /** Where the load balancer goes: one subnet in each zone of the private ones. */
    readonly publicSubnets: readonly [string, ...string[]];
  };
}

/** `aws({ … })` in the config. */
export function aws<const Group extends string = never>(
  input: Omit<AwsClusterInput<Group>, "kind">,
): AwsClusterInput<Group> {
  return { kind: "aws", ...input };
}

export type AwsCluster = z.output<typeof awsSchema> & { readonly name: string };

/** What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const; // prettier-ignore

const id = (prefix: string, what: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
      `must be the id of ${what}, such as "${prefix}-0123456789abcdef0"`,
    );

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as "us-west-2"');

/** Parts of ARNs in policies, where * and ? would mean more than themselves. */
const glueName = z.string().regex(/^[A-Za-z0-9_.-]+$/, "must be letters, digits and _.- only");
const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "must be the name of a bucket: 3 to 63 lower-case letters, digits, '.' and '-'",
  );

export const awsSchema = object({
  kind: z.literal("aws"),
  domain,
  region,
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the account's twelve digits, as text")
    .optional(),
  kubernetes: minorVersion,
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
  existing: z
    .string()
    .regex(
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
      "must be the name of an EKS cluster: at most 100 letters, digits, '-' and '_'",
    )
    .optional(),
  layout: oneOf(["single", "layered"]).default("single"),
  network: object({
    cidr: addressRange(16, 22),
    zones: z.literal([2, 3], { error: "must be 2 or 3" }).default(3),
    nat: oneOf(["single", "per-zone"]).default("per-zone"),
    // https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html: between /24 and /12
    serviceCidr: addressRange(12, 24).default("172.20.0.0/16"),
    endpoints: oneOf(["s3", "all"]).default("s3"),
    existing: object({
      vpc: id("vpc", "a VPC"),
      privateSubnets: z.array(id("subnet", "a subnet")).min(2, "needs at least two subnets, in different zones"),
      publicSubnets: z.array(id("subnet", "a subnet")).min(1, "needs a subnet for the load balancer"),
    }).optional(),
  }),
  access: object({
    // https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html
    public: z.array(addressRange(0, 32)).max(40, "has more than EKS's forty ranges").default([]),
    private: z.array(addressRange(0, 32)).optional(),
    admins: z
      .array(nonEmpty)
      .min(1, "needs at least one group: nobody else gets rights on the cluster, Terraform included"),
  }),
  identity: oneOf(["pod-identity", "irsa"]).default("pod-identity"),
  permissionsBoundary: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/\S+$/, "must be the ARN of an IAM policy")
    .optional(),
  deletionProtection: z.boolean().optional(),
  logRetention: z
    .literal(LOG_RETENTION_DAYS, {
      error: `must be a number of days that CloudWatch takes: ${LOG_RETENTION_DAYS.join(", ")}`,
    })
    .default(365),
  keepLogs: z.boolean().default(false),
  dns: object({
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{5,31}$/, 'must be the id of a Route 53 hosted zone, such as "Z0123456789ABCDEFGHIJ"')
      .optional(),
    create: z.literal(true, { error: "must be true, or be left out" }).optional(),
  }),
  budget: object({
    monthly: z.number("must be a number of US dollars").positive("must be more than 0"),
    // https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
    alerts: z
      .array(z.number().positive("must be a percentage above 0").max(1000, "must be at most 1000 percent"))
      .min(1, "needs at least one percentage")
      .max(5, "has more than the five alerts that a budget may have")
      .default([80, 100]),
    emails: z
      .array(z.email("must be an e-mail address"))
      .min(1, "needs at least one address")
      .max(10, "has more than AWS's ten addresses")
      .optional(),
  }).optional(),
  costReport: object({
    database: glueName,
    table: glueName,
    workgroup: glueName.default("primary"),
    reportBucket: bucketName,
    resultBucket: bucketName,
    region: region.optional(),
  }).optional(),
  costAllocationTags: z.boolean().default(false),
  spotServiceLinkedRole: oneOf(["create", "exists"]).default("exists"),
  secrets: object({
    // Part of an ARN in a policy, where * and ? would mean more than themselves.
    prefix: z
      .string()
      .regex(
        /^[A-Za-z0-9_.@+=-]+(\/[A-Za-z0-9_.@+=-]+)*$/,
        'must be the start of secrets\' names without a slash at either end, such as "acme/platform"',
      )
      .max(200, "must leave room for names: at most 200 characters")
      .optional(),
  }).prefault({}),
  kubeconfigStore: z
    .discriminatedUnion("kind", [storeOf("ssm", {}), vaultStore], {
      error: 'must be { kind: "ssm" } or { kind: "vault" }',
    })
    .optional(),
  systemNodes: object({
    instanceTypes: awsInstanceTypes.optional(),
    architecture: oneOf(["amd64", "arm64"]).default("amd64"),
    amiRelease: z
      .string()
      .regex(/^1\.\d{2}\.\d+-\d{8}$/, 'must be a release of the EKS image, such as "1.35.2-20260903"')
      .optional(),
    min: z
      .int("must be a whole number")
      .min(2, "must be at least 2: Karpenter's two replicas need two nodes in two zones")
      .default(2),
    max: count.default(3),
  }).prefault({}),
  profile: oneOf(PROFILES).default("production"),
  sharedPool: nodePoolSchema.omit({ taint: true, azure: true }).optional(),
  state: object({ bucket: bucketName, region: region.optional() }).optional(),
  autoMode: z
    .literal(false, {
      error:
        "must stay false: EKS Auto Mode runs a Karpenter of its own, which would fight the platform's over pods, pools and node classes",
    })
    .optional(),
  managedArgoCd: z
    .literal(false, {
      error:
        "must stay false: EKS's managed Argo CD addresses clusters by ARN, so it cannot deploy into virtual clusters, and the platform brings one that can",
    })
    .optional(),
});

/** Instance types of the system nodes: those of the config, or one of the architecture. */
export function systemInstanceTypes({ instanceTypes, architecture }: AwsCluster["systemNodes"]): readonly string[] {
  return instanceTypes ?? { amd64: ["m6i.large"], arm64: ["m7g.large"] }[architecture];
}

/** Regions with fewer zones for EKS than we would take: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html */
export const AWS_ZONES: Readonly<Record<string, number>> = { "us-west-1": 2 };
