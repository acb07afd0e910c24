import { Construct } from "constructs";
import { COMPONENT_NAMES, type ComponentName } from "../../config/components";
import type { Monitor } from "../cluster";
import { isInstalled, type ComponentProps } from "../component";
import { Resources, type KubernetesObject } from "../helm/resources";
import { readValues } from "../helm/values";
import { MONITORING_NAMESPACE } from "./namespace";

/** What Prometheus asks for metrics, one PodMonitor for each thing that answers: charts-values/monitoring/monitors.yaml. */
export class Monitors extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    new Resources(this, "resources", {
      name: "monitors",
      namespace: MONITORING_NAMESPACE,
      resources: monitorsOn(props).map(podMonitor),
      dependsOn: props.dependsOn ?? [],
    });
  }
}

type NamedMonitor = Monitor & { readonly name: string };

/** Monitors of everything that is on this cluster, sorted by name. */
export function monitorsOn(props: Pick<ComponentProps, "platform" | "cluster">): readonly NamedMonitor[] {
  const ofComponents = readValues("monitoring/monitors") as Partial<Record<ComponentName, Record<string, Monitor>>>;
  const monitors = COMPONENT_NAMES.filter((name) => isInstalled(name, props)).map((name) => ofComponents[name] ?? {});
  return Object.entries(Object.assign({}, ...monitors, props.cluster.monitors) as Record<string, Monitor>)
    .map(([name, monitor]) => ({ name, ...monitor }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The label `job` of what a monitor finds: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor */
export const jobOf = (monitor: NamedMonitor): string => `${namespaceOf(monitor)}/${monitor.name}`;

/** A monitor may read a Secret of its own namespace only. */
const namespaceOf = ({ token, namespace }: Monitor): string => (token ? namespace : MONITORING_NAMESPACE);

function podMonitor(monitor: NamedMonitor): KubernetesObject {
  const { name, namespace, labels, port, path = "/metrics", token } = monitor;
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name, namespace: namespaceOf(monitor) },
    spec: {
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels: labels },
      // A certificate's namespace is its own, not that of the operator that reports it.
      podMetricsEndpoints: [{ port, path, honorLabels: true, ...(token && { authorization: { credentials: token } }) }],
    },
  };
}
