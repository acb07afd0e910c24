/** The components of the platform: which there are, what they need from each other, and what they ask of the nodes. */
import type { Allocatable } from "./clouds/common";
import type { Profile } from "./profiles";
import { GIBIBYTE, MEBIBYTE } from "./quantities";

interface ComponentFacts {
  /** Components it cannot run without. */
  readonly needs: readonly ComponentName[];
  /** Sum of the requests of its pods with the profile's values in charts-values/: millicores and bytes. A test compares. */
  readonly requests: Readonly<Record<Profile, Allocatable>>;
}

export const COMPONENT_NAMES = [
  "argo-cd",
  "barman-cloud",
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
  "opencost",
  "prometheus-operator-crds",
] as const;

/** Named as their files in charts-values/. */
export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** Components on a PostgreSQL database of their own, or on one that somebody else runs. */
export const DATABASE_OWNERS = ["gitea", "keycloak"] as const satisfies readonly ComponentName[];

export type DatabaseOwner = (typeof DATABASE_OWNERS)[number];

/** Requests that do not depend on the profile. */
const same = (cpu: number, memory: number) => ({ small: { cpu, memory }, production: { cpu, memory } });

export const COMPONENTS: Readonly<Record<ComponentName, ComponentFacts>> = {
  "argo-cd": { needs: ["envoy-gateway"], requests: same(700, 1280 * MEBIBYTE) },
  "barman-cloud": { needs: ["cert-manager", "cloudnative-pg"], requests: same(50, 128 * MEBIBYTE) },
  "cert-manager": { needs: [], requests: same(150, 256 * MEBIBYTE) },
  "cloudnative-pg": { needs: [], requests: same(100, 256 * MEBIBYTE) },
  "envoy-gateway": { needs: ["cert-manager"], requests: same(500, 1 * GIBIBYTE) },
  "external-dns": { needs: ["envoy-gateway"], requests: same(50, 64 * MEBIBYTE) },
  "external-secrets": { needs: [], requests: same(100, 256 * MEBIBYTE) },
  gitea: {
    needs: ["cloudnative-pg", "envoy-gateway", "external-secrets"],
    requests: {
      small: { cpu: 400, memory: 1 * GIBIBYTE },
      production: { cpu: 600, memory: 1536 * MEBIBYTE },
    },
  },
  keycloak: {
    needs: ["cloudnative-pg", "envoy-gateway", "external-secrets"],
    requests: {
      small: { cpu: 650, memory: 1536 * MEBIBYTE },
      production: { cpu: 800, memory: 2 * GIBIBYTE },
    },
  },
  // With node-exporters, one on each of a few nodes.
  "kube-prometheus-stack": {
    needs: ["prometheus-operator-crds", "envoy-gateway"],
    requests: {
      small: { cpu: 600, memory: 2 * GIBIBYTE },
      production: { cpu: 1600, memory: 5.5 * GIBIBYTE },
    },
  },
  kubecost: {
    needs: [],
    requests: { small: { cpu: 300, memory: 2 * GIBIBYTE }, production: { cpu: 1000, memory: 4 * GIBIBYTE } },
  },
  // One pod: there is one on each node with GPUs, and those are seldom the shared pool's.
  "nvidia-device-plugin": { needs: [], requests: same(10, 32 * MEBIBYTE) },
  opencost: {
    needs: [],
    requests: { small: { cpu: 200, memory: 512 * MEBIBYTE }, production: { cpu: 350, memory: 1280 * MEBIBYTE } },
  },
  "prometheus-operator-crds": { needs: [], requests: same(0, 0) },
};

/** What a component needs as the config has it: the operator of databases only where it has one of its own. */
export function needsOf(
  name: ComponentName,
  { database }: { readonly database?: { readonly external?: unknown } | undefined },
): readonly ComponentName[] {
  const { needs } = COMPONENTS[name];
  return database?.external ? needs.filter((need) => need !== "cloudnative-pg") : needs;
}
