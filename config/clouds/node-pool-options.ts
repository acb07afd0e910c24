/** The escape hatches of a node pool, one per cloud. */

/** What only EKS understands about a pool. */
export interface AwsNodePoolOptions {
  /** Exactly these instance types, of the pool's architecture, instead of those of its class. @example ["m7i.xlarge", "m6i.xlarge"] */
  readonly instanceTypes?: readonly string[];
  /** AMI alias of the EC2NodeClass, a release of Amazon Linux 2023. @default - the platform's own pin, see stacks/aws/node-pools.ts */
  readonly amiAlias?: string;
  /** Size of each node's encrypted root volume in GiB, 20 to 16384. @default 80 */
  readonly volumeSize?: number;
  /** Age at which a node is replaced, in hours and minutes, or `"Never"`. @default "720h" */
  readonly expireAfter?: string;
  /** How many of the pool's nodes may be disrupted of our own will at a time, as a number or a percentage. @default "10%" */
  readonly disruption?: string;
  /** When none may be: a cron expression in UTC, and for how many hours and minutes. @default - never */
  readonly quietHours?: readonly { readonly schedule: string; readonly duration: string }[];
}

/** What only AKS understands about a pool. */
export interface AzureNodePoolOptions {
  /** Exactly this VM size, instead of the one of the pool's class and `cpus`. One that the platform does not know needs `cpu` and `memoryGibibytes`. */
  readonly vmSize?: string;
  /** Cores of `vmSize`. @default - from the platform's table */
  readonly cpu?: number;
  /** Memory of `vmSize` in GiB. @default - from the platform's table */
  readonly memoryGibibytes?: number;
  /** Availability zones. @default - every zone of the location */
  readonly zones?: readonly string[];
  /** `"Managed"` for a VM size without a local disk that is large enough; slower, and billed. @default "Ephemeral" */
  readonly osDisk?: "Ephemeral" | "Managed";
  /** Most pods on one node, 50 to 250. It also decides how much memory AKS keeps for itself. @default 110 */
  readonly maxPods?: number;
}
