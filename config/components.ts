/** The components of the platform: which there are, what they need from each other, and what they ask of the nodes. */
import { GIBIBYTE, MEBIBYTE } from "./quantities";

interface ComponentFacts {
  /** Components it cannot run without. */
  readonly needs: readonly ComponentName[];
  /** Sum of the requests of its pods with the values in charts-values/: millicores and bytes. A test compares. */
  readonly cpu: number;
  readonly memory: number;
}

export const COMPONENT_NAMES = [
  "argo-cd",
  "cert-manager",
  "cloudnative-pg",
  "envoy-gateway",
  "external-dns",
  "external-secrets",
  "gitea",
  "keycloak",
  "kube-prometheus-stack",
  "kubecost",
  "nvidia-device-plugin",
  "prometheus-operator-crds",
] as const;

/** Named as their files in charts-values/. */
export type ComponentName = (typeof COMPONENT_NAMES)[number];

export const COMPONENTS: Readonly<Record<ComponentName, ComponentFacts>> = {
  "argo-cd": { needs: ["envoy-gateway"], cpu: 700, memory: 1280 * MEBIBYTE },
  "cert-manager": { needs: [], cpu: 150, memory: 256 * MEBIBYTE },
  "cloudnative-pg": { needs: [], cpu: 100, memory: 256 * MEBIBYTE },
  "envoy-gateway": { needs: ["cert-manager"], cpu: 500, memory: 1 * GIBIBYTE },
  "external-dns": { needs: ["envoy-gateway"], cpu: 50, memory: 64 * MEBIBYTE },
  "external-secrets": { needs: [], cpu: 100, memory: 256 * MEBIBYTE },
  gitea: { needs: ["cloudnative-pg", "envoy-gateway"], cpu: 500, memory: 1 * GIBIBYTE },
  keycloak: { needs: ["cloudnative-pg", "envoy-gateway"], cpu: 800, memory: 2 * GIBIBYTE },
  "kube-prometheus-stack": { needs: ["prometheus-operator-crds", "envoy-gateway"], cpu: 1000, memory: 4 * GIBIBYTE },
  kubecost: { needs: [], cpu: 1000, memory: 4 * GIBIBYTE },
  // One pod: there is one on each node with GPUs, and those are seldom the shared pool's.
  "nvidia-device-plugin": { needs: [], cpu: 10, memory: 32 * MEBIBYTE },
  "prometheus-operator-crds": { needs: [], cpu: 0, memory: 0 },
};
