/** What the platform's pods ask for, read off the values of a stack's releases: requests times replicas. */
import type { ComponentName } from "../../config/components";
import { parseCpu, parseMemory } from "../../config/quantities";
import { CHARTS } from "../../modules/helm/charts";
import {
  asText,
  releaseValues,
  type SynthesizedResource,
  type SynthesizedStack,
} from "../../policies/plan/synthesized-stack";
import { ofType, parsed } from "./synth";

export interface Asked {
  /** Millicores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

type Values = Readonly<Record<string, unknown>>;

/** Where the values of a chart have a workload: the key that has its `resources`, and the one that says how many. */
type Workload = readonly [resources: string, replicas?: string | number];

/** node-exporter is on each node: of a few. */
const NODES = 3;

/** By chart. Whatever asks for something and is not here fails the test that reads it. */
const WORKLOADS: Readonly<Record<string, readonly Workload[]>> = {
  "argo-cd": [
    ["controller.resources"],
    ["server.resources", "server.replicas"],
    ["repoServer.resources", "repoServer.replicas"],
    ["applicationSet.resources", "applicationSet.replicas"],
    ["redis.resources"],
  ],
  "plugin-barman-cloud": [["resources"]],
  "cert-manager": [
    ["resources", "replicaCount"],
    ["webhook.resources", "webhook.replicaCount"],
    ["cainjector.resources", "cainjector.replicaCount"],
  ],
  "cloudnative-pg": [["resources", "replicaCount"]],
  "external-dns": [["resources"]],
  "external-secrets": [
    ["resources", "replicaCount"],
    ["webhook.resources", "webhook.replicaCount"],
    ["certController.resources"],
  ],
  "gateway-helm": [["deployment.envoyGateway.resources", "deployment.replicas"]],
  gitea: [["resources"]],
  keycloakx: [["resources", "replicas"]],
  "kube-prometheus-stack": [
    ["prometheusOperator.resources"],
    ["prometheus.prometheusSpec.resources", "prometheus.prometheusSpec.replicas"],
    ["alertmanager.alertmanagerSpec.resources", "alertmanager.alertmanagerSpec.replicas"],
    ["grafana.resources"],
    ["kube-state-metrics.resources"],
    ["prometheus-node-exporter.resources", NODES],
  ],
  kubecost: [["frontend.resources"], ["aggregator.resources"], ["finopsagent.resources"]],
  "nvidia-device-plugin": [["resources"]],
  opencost: [["opencost.exporter.resources"], ["opencost.ui.resources"]],
  "prometheus-operator-crds": [],
  // Its init container asks for less, and before it starts.
  valkey: [["resources"], ["initResources", 0]],
  vcluster: [
    ["controlPlane.statefulSet.resources", "controlPlane.statefulSet.highAvailability.replicas"],
    [
      "controlPlane.backingStore.etcd.deploy.statefulSet.resources",
      "controlPlane.backingStore.etcd.deploy.statefulSet.highAvailability.replicas",
    ],
    ["controlPlane.coredns.deployment.resources", "controlPlane.coredns.deployment.replicas"],
  ],
  // The project's own. Each instance of a database has the plugin that writes its backups beside it.
  database: [
    ["resources", "instances"],
    ["backup.sidecar", "instances"],
  ],
  gateway: [["resources", "replicas"]],
  "http-route": [],
  "secret-store": [],
  "snapshot-class": [],
  // Jobs after a deploy, in the quota of the environment that they deliver to.
  team: [["inside", 0]],
  // Once a week, for a minute.
  "cost-report": [],
  // The clouds' own; not on the shared pool.
  "aws-load-balancer-controller": [["resources", "replicaCount"]],
  karpenter: [["controller.resources", "replicas"]],
  "karpenter-crd": [],
};

/** https://github.com/envoyproxy/gateway/blob/v1.9.0/internal/infrastructure/kubernetes/proxy/resource.go: beside each proxy. */
const SHUTDOWN_MANAGER: Asked = { cpu: 10, memory: 32 * 2 ** 20 };

/** Releases of each component, by name. The others are routes, rules and Secrets, and nothing runs in them. */
export const RELEASES: Readonly<Record<ComponentName, readonly string[]>> = {
  "argo-cd": ["argo-cd"],
  "barman-cloud": ["barman-cloud"],
  "cert-manager": ["cert-manager"],
  "cloudnative-pg": ["cloudnative-pg"],
  "envoy-gateway": ["envoy-gateway", "gateway"],
  "external-dns": ["external-dns"],
  "external-secrets": ["external-secrets"],
  gitea: ["gitea", "gitea-db", "gitea-valkey", "gitea-organisations"],
  keycloak: ["keycloak", "keycloak-db", "keycloak-realm"],
  "kube-prometheus-stack": ["kube-prometheus-stack"],
  kubecost: ["kubecost"],
  "nvidia-device-plugin": ["nvidia-device-plugin"],
  opencost: ["opencost"],
  "prometheus-operator-crds": ["prometheus-operator-crds"],
};

/** What the pods of a release ask for; nothing where the stack has no such release. */
export function askedByRelease(stack: SynthesizedStack, name: string): Asked {
  const release = ofType(stack, "helm_release").find(({ attributes }) => attributes["name"] === name);
  if (!release) return NOTHING;
  const { chart, values } = read(release);
  if (chart === "resources") return total((values["resources"] as Values[]).map(ofObject));
  const workloads = WORKLOADS[chart];
  if (!workloads) throw new Error(`say in __tests__/support/requests.ts where the chart ${chart} has its workloads`);
  const unknown = [...requestsIn(values)].filter((path) => !workloads.some(([resources]) => resources === path));
  if (unknown.length > 0)
    throw new Error(`say in __tests__/support/requests.ts how often there is ${unknown.join(", ")} of ${chart}`);
  return total(
    workloads.map(([resources, replicas]) => {
      const one = requestsOf((at(values, resources) as Values | undefined)?.["requests"]);
      const beside = chart === "gateway" ? SHUTDOWN_MANAGER : NOTHING;
      return times(total([one, beside]), count(values, replicas));
    }),
  );
}

/** Workloads of which there is one, each as its release and the key in the values. */
export function singleWorkloads(stack: SynthesizedStack): string[] {
  return ofType(stack, "helm_release").flatMap((release) => {
    const { chart, values } = read(release);
    return (WORKLOADS[chart] ?? [])
      .filter(([resources, replicas]) => at(values, resources) !== undefined && count(values, replicas) === 1)
      .map(([resources]) => `${asText(release.attributes["name"])} ${resources}`);
  });
}

function read({ attributes, ...release }: SynthesizedResource): { readonly chart: string; readonly values: Values } {
  const chart = asText(attributes["chart"]);
  return {
    // One of the project's own is an asset.
    chart: /assets\/chart-([a-z-]+)\//.exec(chart)?.[1] ?? chart,
    values: (parsed(releaseValues({ ...release, attributes })[0] ?? "") ?? {}) as Values,
  };
}

/** Every public chart that is installed has its workloads in the table. */
export const unknownCharts = (): string[] =>
  Object.values(CHARTS)
    .map(({ chart }) => chart)
    .filter((chart) => !(chart in WORKLOADS));

export function total(all: readonly Asked[]): Asked {
  return all.reduce((sum, one) => ({ cpu: sum.cpu + one.cpu, memory: sum.memory + one.memory }), NOTHING);
}

const NOTHING: Asked = { cpu: 0, memory: 0 };

const times = (one: Asked, factor: number): Asked => ({ cpu: one.cpu * factor, memory: one.memory * factor });

/** One of what the values leave to the chart, which is one in each chart that is asked this. */
function count(values: Values, replicas: string | number | undefined): number {
  if (typeof replicas === "number") return replicas;
  return replicas === undefined ? 1 : Number(at(values, replicas) ?? 1);
}

/** A Job runs whenever its release changed, and is the CronJob's; that one counts, as if it always ran. */
function ofObject(object: Values): Asked {
  if (object["kind"] !== "CronJob") return NOTHING;
  const { containers } = at(object, "spec.jobTemplate.spec.template.spec") as { containers: readonly Values[] };
  return total(containers.map((container) => requestsOf(at(container, "resources.requests"))));
}

function requestsOf(requests: unknown): Asked {
  const { cpu, memory } = (requests ?? {}) as { cpu?: string | number; memory?: string };
  return {
    cpu: parseCpu(typeof cpu === "string" && /^\d+$/.test(cpu) ? Number(cpu) : cpu) ?? 0,
    memory: parseMemory(memory) ?? 0,
  };
}

/** Paths of all maps with `requests` of CPU or memory, but of volumes. */
function* requestsIn(value: unknown, path = ""): Generator<string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const { requests } = value as { requests?: Values };
  if (requests && ("cpu" in requests || "memory" in requests)) yield path;
  for (const [key, inner] of Object.entries(value)) yield* requestsIn(inner, path ? `${path}.${key}` : key);
}

/** Keys of charts have no dots, but may have hyphens. */
const at = (values: Values, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], values);
