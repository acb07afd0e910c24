/** Node pools, described once for every cloud: the input, its schema, and what a pool is after defaults. */
import { z } from "zod";
import type { AwsNodePoolOptions, AzureNodePoolOptions } from "./clouds/node-pool-options";
import { type Cpu, type Memory } from "./quantities";
import { count, cpu, labels, memory, nonEmpty, object, oneOf } from "./zod";

/** Purpose of a pool's nodes: about 4, 2 or 8 GiB of memory a core, or a GPU. Each cloud picks its machine types from it. */
export type NodeClass = "general" | "compute" | "memory" | "gpu";

/** How machines are bought: interruptible, at list price, or interruptible while there are any, else at list price. */
export type Capacity = "spot" | "on-demand" | "spot-with-fallback";

/** Nodes, described once for every cloud. */
export interface NodePoolInput {
  readonly class: NodeClass;
  /** Smallest and largest number of cores of one node. @example [4, 16] */
  readonly cpus: readonly [number, number];
  /** @default "amd64" */
  readonly architecture?: "amd64" | "arm64";
  /** @default "on-demand" */
  readonly capacity?: Capacity;
  /** What all nodes of the pool may have together, per cluster. */
  readonly limits: { readonly cpu: Cpu; readonly memory: Memory };
  /** Labels on its nodes, beside the platform's own. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Keep other pods off by the taint `stackyard.dev/team=<team>:NoSchedule`. Not on a shared pool. @default true */
  readonly taint?: boolean;
  /** Escape hatch, on EKS only. @default - none */
  readonly aws?: AwsNodePoolOptions;
  /** Escape hatch, on AKS only. @default - none */
  readonly azure?: AzureNodePoolOptions;
}

/** A pool after defaults. `team` is undefined for a cluster's shared pool. */
export interface NodePool extends Readonly<z.output<typeof nodePoolSchema>> {
  readonly team?: string;
  readonly name: string;
}

const DURATION = 'must be hours and minutes as text, such as "10h" or "90m"';
const duration = z.string().regex(/^([0-9]+(m|h))+$/, DURATION);

export const awsInstanceTypes = z
  .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an instance type, such as "m7i.xlarge"'))
  .min(1, "needs at least one instance type");

export const nodePoolSchema = object({
  class: oneOf(["general", "compute", "memory", "gpu"]),
  cpus: z
    .tuple([count, count], {
      error: "must be two whole numbers, [smallest, largest] cores of one node, such as [4, 16]",
    })
    .refine(([smallest, largest]) => smallest <= largest, {
      error: "has the larger number first; write [smallest, largest]",
    }),
  architecture: oneOf(["amd64", "arm64"]).default("amd64"),
  capacity: oneOf(["on-demand", "spot", "spot-with-fallback"]).default("on-demand"),
  limits: object({ cpu, memory }),
  labels: labels.default({}),
  taint: z.boolean().default(true),
  aws: object({
    instanceTypes: awsInstanceTypes.optional(),
    amiAlias: z
      .string()
      .regex(/^al2023@v\d{8}$/, 'must be a release of Amazon Linux 2023, such as "al2023@v20260903"')
      .optional(),
    // The image's own size, and the most of gp3: https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings
    volumeSize: z
      .int("must be a whole number")
      .min(20, "must be at least 20: the image does not fit on less")
      .max(16384, "must be at most 16384")
      .default(80),
    expireAfter: z.union([duration, z.literal("Never")], { error: `${DURATION}, or "Never"` }).default("720h"),
    disruption: z
      .string()
      .regex(/^((100|[0-9]{1,2})%|[0-9]+)$/, 'must be a number or a percentage of nodes as text, such as "1" or "10%"')
      .default("10%"),
    quietHours: z
      .array(
        object({
          schedule: z
            .string()
            .regex(
              /^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|[^\s]+(\s[^\s]+){4})$/,
              'must be a cron expression of five fields in UTC, such as "0 8 * * mon-fri"',
            ),
          duration: z.string().regex(/^(\d+h\d+m|\d+[hm])$/, DURATION),
        }),
      )
      // https://karpenter.sh/docs/concepts/nodepools/#specdisruption: 50 budgets, one of them the pool's own.
      .max(49, "has more than Karpenter's 49 beside the pool's own budget")
      .default([]),
  }).prefault({}),
  azure: object({
    vmSize: nonEmpty.optional(),
    cpu: count.optional(),
    memoryGibibytes: count.optional(),
    zones: z
      .array(oneOf(["1", "2", "3"]))
      .min(1, "needs at least one zone, or be left out")
      .optional(),
    osDisk: oneOf(["Ephemeral", "Managed"]).default("Ephemeral"),
    maxPods: z.int().min(50, "must be at least 50").max(250, "must be at most AKS's 250").default(110),
  }).prefault({}),
});

/** The shared pool, of the platform's components and of teams without pools, where the config names none. */
export const COMPONENTS_POOL = nodePoolSchema.parse({
  class: "general",
  cpus: [2, 8],
  limits: { cpu: 64, memory: "256Gi" },
} satisfies NodePoolInput);

/** GiB of memory per core of the classes, about; a GPU node has at least this. */
export const GIBIBYTES_PER_CORE: Readonly<Record<NodeClass, number>> = { general: 4, compute: 2, memory: 8, gpu: 4 };

/** `checkout/general`, or `shared`: how messages and addresses call a pool. */
export function poolId(pool: NodePool): string {
  return pool.team === undefined ? pool.name : `${pool.team}/${pool.name}`;
}
