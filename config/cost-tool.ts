/** Which of the two cost tools a cluster runs: Kubecost or OpenCost, never both. */
import { COMPONENT_NAMES, type ComponentName } from "./components";
import type { Cluster, Platform } from "./platform";

/** Components of which a cluster runs one. */
export type CostTool = "kubecost" | "opencost";

type Choice = Pick<Platform, "components">;

/** OpenCost in the small profile, Kubecost in the production profile; where the config switches one off, the other; else none. */
export function costTool({ components }: Choice, { profile }: Pick<Cluster, "profile">): CostTool | undefined {
  const order: readonly CostTool[] = profile === "small" ? ["opencost", "kubecost"] : ["kubecost", "opencost"];
  return order.find((tool) => components[tool].enabled);
}

/** Components that the config leaves on, without the cost tool that the cluster does not run. */
export function installedComponents(platform: Choice, cluster: Pick<Cluster, "profile">): readonly ComponentName[] {
  const tool = costTool(platform, cluster);
  return COMPONENT_NAMES.filter(
    (name) => platform.components[name].enabled && (tool === name || (name !== "kubecost" && name !== "opencost")),
  );
}
