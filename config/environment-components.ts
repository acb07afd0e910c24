/** What can run inside an environment beside the host's own, and what it asks of the environment's quota. */
import type { Allocatable } from "./clouds/common";
import { controlPlaneRequests } from "./environments";
import type { EnvironmentPreset } from "./input";
import { MEBIBYTE } from "./quantities";

export const ENVIRONMENT_COMPONENTS = ["argo-cd", "cert-manager", "kube-prometheus-stack"] as const;

/** Named as their files in charts-values/vcluster/components/. */
export type EnvironmentComponent = (typeof ENVIRONMENT_COMPONENTS)[number];

/**
 * Requests in millicores and bytes: the sum of its pods', and once more the largest that is replaced by starting another first, or no
 * upgrade would ever fit into a full quota. `.ci/workloads` compares with what the charts render.
 */
export const ENVIRONMENT_COMPONENT_REQUESTS: Readonly<Record<EnvironmentComponent, Allocatable>> = {
  "argo-cd": { cpu: 600, memory: 1344 * MEBIBYTE },
  "cert-manager": { cpu: 150, memory: 352 * MEBIBYTE },
  "kube-prometheus-stack": { cpu: 335, memory: 1440 * MEBIBYTE },
};

/** What an environment asks for itself, before any team: its control plane and its components. */
export function environmentRequests(environment: {
  readonly preset: EnvironmentPreset;
  readonly components: readonly EnvironmentComponent[];
}): readonly Allocatable[] {
  return [
    controlPlaneRequests(environment.preset),
    ...environment.components.map((component) => ENVIRONMENT_COMPONENT_REQUESTS[component]),
  ];
}
