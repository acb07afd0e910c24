/** How a cluster's platform is cut into stacks: one for all, or one for each layer, with a state and rights of its own. */
import type { Cluster, Platform } from "./platform";

/**
 * `cluster`: network, control plane, system nodes. `platform`: controllers, components, environments. `teams`: all that follows
 * from the teams' entries.
 */
export type Layer = "cluster" | "platform" | "teams";

/** A stack that the config asks for. */
export interface StackPlan {
  /** Name of the stack. */
  readonly name: string;
  readonly cluster: Cluster;
  readonly layers: readonly Layer[];
  /** Whether it is the first of its cluster's, which makes what there is once and belongs to no layer: group, zone, budget. */
  readonly first: boolean;
  /**
   * Name of its state. A layer's is never that of the one stack, so that a deploy in another layout that nobody moved meets what is
   * there, instead of destroying all that the other layers own.
   */
  readonly state: string;
}

/** What the key of a cluster with layers ends with; the layers' names put their own in its place. */
export const LAYERED_SUFFIX = "-platform";

/** The stacks of a cluster, in the order in which they are deployed. They are destroyed in the reverse one. */
export function stacksOf(cluster: Cluster): readonly StackPlan[] {
  const layers: readonly Layer[] =
    cluster.kind !== "local" && cluster.existing !== undefined
      ? ["platform", "teams"]
      : ["cluster", "platform", "teams"];
  if (cluster.kind === "local" || cluster.layout === "single")
    return [{ name: cluster.name, cluster, layers, first: true, state: cluster.name }];
  const prefix = cluster.name.slice(0, -LAYERED_SUFFIX.length);
  return layers.map((layer, index) => ({
    name: `${prefix}-${layer}`,
    cluster,
    layers: [layer],
    first: index === 0,
    state: `${cluster.name}.${layer}`,
  }));
}

/** Whether one deploy makes a private cluster in a network of its own, in which nobody can be yet. */
export function shutsItselfIn(cluster: Exclude<Cluster, { kind: "local" }>): boolean {
  const { layout, existing, network, access } = cluster;
  return layout === "single" && existing === undefined && !network.existing && access.public.length === 0;
}

/** Every stack of the config, cluster by cluster. */
export function allStacks(platform: Pick<Platform, "clusters">): readonly StackPlan[] {
  return platform.clusters.flatMap(stacksOf);
}

/**
 * The stack of this name on a cluster of this kind.
 *
 * @throws Error when the config has none.
 */
export function findStack<Kind extends Cluster["kind"]>(
  platform: Platform,
  name: string,
  kind: Kind,
): StackPlan & { readonly cluster: Extract<Cluster, { kind: Kind }> } {
  const stacks = allStacks(platform).filter(
    (stack): stack is StackPlan & { readonly cluster: Extract<Cluster, { kind: Kind }> } => stack.cluster.kind === kind,
  );
  const stack = stacks.find((candidate) => candidate.name === name);
  if (stack) return stack;
  const known = stacks.map((candidate) => candidate.name);
  throw new Error(`the config has no ${kind} stack "${name}"; it has: ${known.join(", ") || "none"}`);
}
