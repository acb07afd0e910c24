import { Construct } from "constructs";
import type { ComponentProps } from "../component";
import { Resources, type KubernetesObject } from "../helm/resources";
import { readValues } from "../helm/values";
import { jobOf, monitorsOn } from "./monitors";
import { MONITORING_NAMESPACE } from "./namespace";

/** A group of rules, as Prometheus takes it: https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/ */
interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/** Alerts and recorded metrics: charts-values/monitoring/rules/, and an alert for each monitor that nothing answers. */
export class Rules extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    new Resources(this, "resources", {
      name: "rules",
      namespace: MONITORING_NAMESPACE,
      resources: [
        ...["environments", "platform", "teams"].map((name) => prometheusRule(name, groupsOf(name))),
        prometheusRule("components", [componentsDown(props)]),
      ],
      dependsOn: props.dependsOn ?? [],
    });
  }
}

const groupsOf = (name: string): readonly RuleGroup[] =>
  readValues(`monitoring/rules/${name}`)["groups"] as readonly RuleGroup[];

function prometheusRule(name: string, groups: readonly RuleGroup[]): KubernetesObject {
  return { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata: { name }, spec: { groups } };
}

/** One alert for each monitor, so that none is forgotten. Of what is not there at all there is no `up` that could be 0. */
function componentsDown(props: ComponentProps): RuleGroup {
  return {
    name: "platform.components",
    rules: monitorsOn(props).map((monitor) => ({
      alert: "ComponentDown",
      expr: `absent(up{job="${jobOf(monitor)}"} == 1)`,
      for: "10m",
      labels: { severity: "critical", component: monitor.name },
      annotations: {
        summary: "A component of the platform does not answer",
        description: `No pod of ${monitor.name} in ${monitor.namespace} gives metrics: it is down, or out of Prometheus's reach.`,
        runbook_url: "docs/operations.md#componentdown",
      },
    })),
  };
}
