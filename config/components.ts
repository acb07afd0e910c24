/** The components of the platform: which there are, what they need from each other, and what they ask of the nodes. */
import type { Allocatable } from "./clouds/common";
import type { Profile } from "./profiles";
import { MEBIBYTE } from "./quantities";

interface ComponentFacts {
  /** Components it cannot run without. */
  readonly needs: readonly ComponentName[];
  /** Sum of the requests of its pods with the profile's values in charts-values/, all replicas counted: millicores and bytes. A test compares. */
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

/** Millicores, and mebibytes in bytes. */
const ask = (cpu: number, mebibytes: number): Allocatable => ({ cpu, memory: mebibytes * MEBIBYTE });

/** Requests that do not depend on the profile. */
const same = (cpu: number, mebibytes: number) => ({ small: ask(cpu, mebibytes), production: ask(cpu, mebibytes) });

export const COMPONENTS: Readonly<Record<ComponentName, ComponentFacts>> = {
  "argo-cd": { needs: ["envoy-gateway"], requests: { small: ask(550, 1088), production: ask(800, 1600) } },
  "barman-cloud": { needs: ["cert-manager", "cloudnative-pg"], requests: same(50, 128) },
  "cert-manager": { needs: [], requests: { small: ask(100, 256), production: ask(200, 512) } },
  "cloudnative-pg": { needs: [], requests: { small: ask(100, 128), production: ask(200, 256) } },
  // With the proxies.
  "envoy-gateway": { needs: ["cert-manager"], requests: { small: ask(210, 544), production: ask(420, 1088) } },
  "external-dns": { needs: ["envoy-gateway"], requests: same(25, 64) },
  "external-secrets": { needs: [], requests: { small: ask(100, 256), production: ask(175, 448) } },
  // With its database, in production with Valkey, and with the Job that makes the organisations.
  gitea: {
    needs: ["cloudnative-pg", "envoy-gateway", "external-secrets"],
    requests: { small: ask(400, 1024), production: ask(600, 1536) },
  },
  // With its database, and the Job that imports the realm.
  keycloak: {
    needs: ["cloudnative-pg", "envoy-gateway", "external-secrets"],
    requests: { small: ask(750, 1920), production: ask(1400, 3328) },
  },
  // With node-exporters, one on each of three nodes.
  "kube-prometheus-stack": {
    needs: ["prometheus-operator-crds", "envoy-gateway"],
    requests: { small: ask(475, 1696), production: ask(1325, 4896) },
  },
  kubecost: { needs: [], requests: { small: ask(225, 1856), production: ask(775, 3648) } },
  // One pod: there is one on each node with GPUs, and those are seldom the shared pool's.
  "nvidia-device-plugin": { needs: [], requests: same(10, 32) },
  opencost: { needs: [], requests: { small: ask(110, 288), production: ask(260, 1056) } },
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
