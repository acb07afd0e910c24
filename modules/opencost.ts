import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { ROUTES_LABEL } from "./envoy-gateway";
import type { HelmValues } from "./helm/values";
import { MONITORING_NAMESPACE } from "./monitoring/namespace";
import type { PlatformNamespace } from "./platform-namespace";

export interface OpenCostProps extends ComponentProps {
  /** Whether kube-prometheus-stack is there to keep its metrics; else it keeps them on a volume of its own. */
  readonly prometheus: boolean;
}

/** OpenCost. It has no sign-in of its own. */
export class OpenCost extends Construct {
  readonly namespace: PlatformNamespace;
  readonly ready: readonly ITerraformDependable[];
  readonly service = { name: "opencost", port: 9090 };
  readonly api = "http://opencost.opencost:9003";

  constructor(scope: Construct, id: string, props: OpenCostProps) {
    super(scope, id);
    const { cluster } = props;
    const namespace = componentNamespace(this, props, "opencost", { labels: ROUTES_LABEL });
    this.namespace = namespace;
    const identity =
      cluster.costs && cluster.identityFor({ namespace: namespace.name, name: "opencost" }, "read-costs");
    const bill: HelmValues =
      cluster.costs && identity
        ? { cloudCost: { enabled: true }, cloudIntegrationJSON: JSON.stringify(cluster.costs.integration) }
        : {};
    const metrics = props.prometheus ? fromPrometheus() : fromOwnVolume(cluster.storageClass);
    const release = componentRelease(this, {
      ...props,
      component: "opencost",
      namespace,
      computed: {
        ...(identity && {
          serviceAccount: { annotations: identity.serviceAccountAnnotations },
          podLabels: identity.podLabels,
        }),
        ...(!props.prometheus && { updateStrategy: { type: "Recreate", rollingUpdate: null } }),
        opencost: {
          ...bill,
          ...metrics,
          exporter: { ...metrics.exporter, defaultClusterId: cluster.name },
        },
      },
      dependsOn: [...(identity?.ready ?? []), ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}

interface Metrics extends HelmValues {
  readonly exporter: HelmValues;
}

/** Prometheus scrapes it and answers its queries. */
function fromPrometheus(): Metrics {
  return {
    exporter: {},
    metrics: { serviceMonitor: { enabled: true } },
    prometheus: {
      internal: { serviceName: "kube-prometheus-stack-prometheus", namespaceName: MONITORING_NAMESPACE, port: 9090 },
    },
  };
}

/** It asks the kubelets itself. Its volume can be on one node only, so the old pod goes before the new one comes. */
function fromOwnVolume(storageClass: string): Metrics {
  return {
    exporter: {
      collectorDataSource: { enabled: true },
      persistence: { enabled: true, accessMode: "ReadWriteOnce", storageClass, size: "8Gi" },
    },
  };
}
