/** What must be there before what, told from what releases hold, and whether the graph of a stack says so. */
import type { SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { metadata, ofType, upstream, type Graph } from "./synth";
import { objectsOf, provided, referred, releasesOf, type Release } from "./wiring";

/** `by` needs `on` to be there before it, and to outlive it. Addresses. */
export interface Need {
  readonly by: string;
  readonly on: string;
  readonly why: string;
}

/** By API group: the releases that bring its definitions, and that guard and reconcile its resources. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "acme.cert-manager.io": ["cert-manager"],
  "argoproj.io": ["argo-cd"],
  "barmancloud.cnpg.io": ["barman-cloud"],
  "cert-manager.io": ["cert-manager"],
  "external-secrets.io": ["external-secrets"],
  "gateway.envoyproxy.io": ["envoy-gateway"],
  "gateway.networking.k8s.io": ["envoy-gateway"],
  "generators.external-secrets.io": ["external-secrets"],
  "karpenter.k8s.aws": ["karpenter-crd", "karpenter"],
  "karpenter.sh": ["karpenter-crd", "karpenter"],
  // Its operator comes with Prometheus, after the first monitors, and guards nothing.
  "monitoring.coreos.com": ["prometheus-operator-crds"],
  "postgresql.cnpg.io": ["cloudnative-pg"],
};

/** API groups of what the templates of our own charts make. */
const IN_TEMPLATES: Readonly<Record<string, (values: Release["values"]) => readonly string[]>> = {
  database: (values) => ["postgresql.cnpg.io", ...(values.backups ? ["barmancloud.cnpg.io"] : [])],
  gateway: () => ["cert-manager.io", "gateway.envoyproxy.io", "gateway.networking.k8s.io"],
  "http-route": () => ["gateway.networking.k8s.io"],
  "secret-store": () => ["external-secrets.io"],
  team: (values) => (values.appProject ? ["argoproj.io"] : []),
};

/** Groups that Kubernetes has by itself, and those that come with an add-on of the cloud, which order.test.ts looks at. */
const BUILT_IN = /^(v1|(apps|batch|policy|autoscaling|[a-z.]+\.k8s\.io)\/.*)$/;

function groupsOf(release: Release): readonly string[] {
  const apis: readonly string[] = objectsOf(release)
    .map(({ apiVersion }: { readonly apiVersion: string }) => apiVersion)
    .filter((api) => OPERATORS[api.split("/")[0] ?? ""] !== undefined || !BUILT_IN.test(api));
  const own = /chart-([a-z-]+?)(_[0-9A-F]{8})?\//.exec(`${release.chart}/`)?.[1] ?? "";
  const monitored = /"(service|pod)Monitor":\{[^{}]*"enabled":true/.test(JSON.stringify(release.values));
  return [
    ...apis.map((api) => api.split("/")[0] ?? ""),
    ...(IN_TEMPLATES[own]?.(release.values) ?? []),
    ...(monitored ? ["monitoring.coreos.com"] : []),
  ];
}

/** Everything that must come before something else. */
export function needs(stack: SynthesizedStack): readonly Need[] {
  const releases = releasesOf(stack);
  const addressOf = (name: string) => releases.find((release) => release.name === name)?.address;
  const operators = releases.flatMap((release) =>
    groupsOf(release).flatMap((group) => {
      const names = OPERATORS[group];
      if (!names)
        throw new Error(`${release.name} has resources of ${group}: say in order.ts who brings and guards them`);
      return names.map((name) => ({ by: release.address, on: addressOf(name), why: `resources of ${group}` }));
    }),
  );
  const namespaces = new Map(
    ofType(stack, "kubernetes_namespace_v1").map((resource) => [String(metadata(resource)["name"]), resource.address]),
  );
  const inhabitants = [
    ...releases.map(({ address, namespace }) => ({ address, namespace })),
    ...stack.resources
      .filter(({ type }) => type.startsWith("kubernetes_"))
      .map((resource) => ({ address: resource.address, namespace: String(metadata(resource)["namespace"]) })),
  ].map(({ address, namespace }) => ({ by: address, on: namespaces.get(namespace), why: `namespace ${namespace}` }));
  const there = provided(stack);
  const references = referred(stack).flatMap(({ by, kind, namespace, name }) =>
    there
      .filter((named) => named.kind === kind && named.namespace === namespace && named.name === name)
      .map(({ from }) => ({
        by: addressOf(by) ?? by,
        on: from && (addressOf(from) ?? from),
        why: `${kind} ${namespace}/${name}`,
      })),
  );
  const all = [...operators, ...inhabitants, ...references].filter(
    (need): need is Need => need.on !== undefined && need.on !== need.by,
  );
  return [...new Map(all.map((need) => [`${need.by} ${need.on}`, need])).values()];
}

/** Needs that the graph does not grant. */
export const unmet = (graph: Graph, all: readonly Need[]): readonly Need[] => {
  const known = new Map<string, ReadonlySet<string>>();
  return all.filter(({ by, on }) => {
    const above = known.get(by) ?? upstream(graph, by);
    known.set(by, above);
    return !above.has(on);
  });
};
