/** What can run inside an environment beside the host's own, and what an environment asks of its quota before any team does. */
import type { Allocatable } from "./clouds/common";
import { controlPlanePods, controlPlaneRequests, controlPlaneStorage } from "./environments";
import type { EnvironmentPreset } from "./input";
import { GIBIBYTE, MEBIBYTE } from "./quantities";

export const ENVIRONMENT_COMPONENTS = ["argo-cd", "cert-manager", "kube-prometheus-stack"] as const;

/** Named as their files in charts-values/vcluster/components/. */
export type EnvironmentComponent = (typeof ENVIRONMENT_COMPONENTS)[number];

/** In millicores, bytes and pods. */
interface Overhead extends Allocatable {
  readonly pods: number;
  readonly storage: number;
}

/**
 * The sum of its pods' requests, and once more the largest that is replaced by starting another first, or no upgrade would ever fit into a full
 * quota. `.ci/workloads` compares with what the charts render. Among the pods is room for a hook of Helm.
 */
export const ENVIRONMENT_COMPONENT_REQUESTS: Readonly<Record<EnvironmentComponent, Overhead>> = {
  "argo-cd": { cpu: 600, memory: 1344 * MEBIBYTE, pods: 7, storage: 0 },
  "cert-manager": { cpu: 150, memory: 352 * MEBIBYTE, pods: 5, storage: 0 },
  "kube-prometheus-stack": { cpu: 335, memory: 1440 * MEBIBYTE, pods: 5, storage: 10 * GIBIBYTE },
};

/** What an environment asks for itself, whatever its teams do: its control plane, and its components. */
export function environmentOverhead(
  { preset, components }: { readonly preset: EnvironmentPreset; readonly components: readonly EnvironmentComponent[] },
  teams: number,
): Overhead {
  const controlPlane = {
    ...controlPlaneRequests(preset),
    pods: controlPlanePods(preset, teams),
    storage: controlPlaneStorage(preset),
  };
  return components
    .map((component) => ENVIRONMENT_COMPONENT_REQUESTS[component])
    .reduce(
      (all, one) => ({
        cpu: all.cpu + one.cpu,
        memory: all.memory + one.memory,
        pods: all.pods + one.pods,
        storage: all.storage + one.storage,
      }),
      controlPlane,
    );
}
