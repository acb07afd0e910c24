/** The config section of a cluster on AWS: its input, its schema, and what its nodes can offer. */
import { z } from "zod";
import { GIBIBYTES_PER_CORE, nodePoolSchema, type NodePool, type NodePoolInput } from "../node-pools";
import { GIBIBYTE, MEBIBYTE } from "../quantities";
import { count, nonEmpty, object, oneOf } from "../zod";
import { addressRange, domain, minorVersion, type Allocatable, type KubernetesVersion } from "./common";

/** An EKS cluster in a VPC of its own, with Karpenter. */
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
  readonly network: {
    /** Range of the VPC, /16 to /22, not used elsewhere. */
    readonly cidr: string;
    /** Number of availability zones with a public and a private subnet. @default 3 */
    readonly zones?: 2 | 3;
    /** One NAT gateway for all zones, or one in each: twice or three times the price, no single point of failure. @default "per-zone" */
    readonly nat?: "single" | "per-zone";
    /** Range of Kubernetes Services. @default "172.20.0.0/16" */
    readonly serviceCidr?: string;
  };
  readonly access: {
    /** Ranges that may reach the API server from the internet. @default - none: the API server is private */
    readonly public?: readonly string[];
    /** Groups with full rights. Whoever runs Terraform must be in one of them. */
    readonly admins: readonly [Group, ...Group[]];
  };
  /** Route 53 hosted zone that holds `domain`; it must exist. */
  readonly dns: { readonly zone: string };
  /** Nodes that the platform itself needs before Karpenter can make any. @default two to three m6i.large */
  readonly systemNodes?: {
    readonly instanceTypes?: readonly [string, ...string[]];
    readonly min?: number;
    readonly max?: number;
  };
  /** Nodes of the platform's components and of teams without pools. Required when a team has none. */
  readonly sharedPool?: Omit<NodePoolInput, "taint" | "azure">;
  /** S3 bucket of the Terraform state, in the cluster's region unless said otherwise. @default - a local file */
  readonly state?: { readonly bucket: string; readonly region?: string };
}

/** `aws({ … })` in the config. */
export function aws<const Group extends string = never>(
  input: Omit<AwsClusterInput<Group>, "kind">,
): AwsClusterInput<Group> {
  return { kind: "aws", ...input };
}

export type AwsCluster = z.output<typeof awsSchema> & { readonly name: string };

export const awsSchema = object({
  kind: z.literal("aws"),
  domain,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as "us-west-2"'),
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the account's twelve digits, as text")
    .optional(),
  kubernetes: minorVersion,
  network: object({
    cidr: addressRange(16, 22),
    zones: z.literal([2, 3], { error: "must be 2 or 3" }).default(3),
    nat: oneOf(["single", "per-zone"]).default("per-zone"),
    // https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html: between /24 and /12
    serviceCidr: addressRange(12, 24).default("172.20.0.0/16"),
  }),
  access: object({
    public: z.array(addressRange(0, 32)).default([]),
    admins: z
      .array(nonEmpty)
      .min(1, "needs at least one group: nobody else gets rights on the cluster, Terraform included"),
  }),
  dns: object({
    zone: z
      .string()
      .regex(/^Z[A-Z0-9]{5,31}$/, 'must be the id of a Route 53 hosted zone, such as "Z0123456789ABCDEFGHIJ"'),
  }),
  systemNodes: object({
    instanceTypes: z.array(nonEmpty).min(1).default(["m6i.large"]),
    min: count.min(2, "must be at least 2: Karpenter's two replicas need two nodes in two zones").default(2),
    max: count.default(3),
  }).prefault({}),
  sharedPool: nodePoolSchema.omit({ taint: true, azure: true }).optional(),
  state: object({ bucket: nonEmpty, region: nonEmpty.optional() }).optional(),
});

/**
 * What pods can have on a node of the pool's largest size: cores and memory less the kubelet's reservations on AL2023
 * (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go) with up to 110 pods, and the 7.5 %
 * that Karpenter sets aside until it has seen a type (`VM_MEMORY_OVERHEAD_PERCENT`).
 */
export function awsLargestNode(pool: NodePool): Allocatable {
  const cores = pool.cpus[1];
  const memory = cores * GIBIBYTES_PER_CORE[pool.class] * GIBIBYTE;
  const reservedMemory = (11 * 110 + 255 + 100) * MEBIBYTE;
  const reservedCpu =
    60 + 10 * Math.min(cores - 1, 1) + 5 * Math.min(Math.max(cores - 2, 0), 2) + 2.5 * Math.max(cores - 4, 0);
  return { cpu: Math.floor(cores * 1000 - reservedCpu), memory: Math.floor(memory * 0.925 - reservedMemory) };
}

/** What the pool can give to all its pods together: Karpenter makes nodes up to the limits. */
export function awsPoolOffer(pool: NodePool): Allocatable {
  return pool.limits;
}
