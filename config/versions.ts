/** Which Kubernetes versions the clouds offer and the charts support. State of November 2026. */
import type { ComponentName } from "./components";
import type { Cluster } from "./platform";

interface Support {
  readonly what: string;
  /** Oldest and newest minor version of Kubernetes 1. */
  readonly minor: readonly [number, number];
  /** Where it matters. @default - on every cluster */
  readonly kind?: Cluster["kind"];
  /** Only where this component is installed. @default - always */
  readonly component?: ComponentName;
  /** `tested` bounds are advice, `supported` ones are not. */
  readonly strength: "supported" | "tested";
}

export const SUPPORT: readonly Support[] = [
  { what: "EKS (standard support)", minor: [34, 36], kind: "aws", strength: "supported" },
  { what: "AKS (standard support)", minor: [34, 36], kind: "azure", strength: "supported" },
  { what: "Envoy Gateway 1.9", minor: [33, 36], component: "envoy-gateway", strength: "supported" },
  { what: "Karpenter 1.14", minor: [30, 36], kind: "aws", strength: "supported" },
  { what: "Kubecost 3.2", minor: [29, 34], component: "kubecost", strength: "tested" },
];
