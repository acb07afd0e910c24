import { Construct } from "constructs";
import { componentRelease, type ComponentProps } from "./component";
import { EnvoyGateway } from "./envoy-gateway";
import type { PlatformNamespace } from "./platform-namespace";

/** Prometheus, Alertmanager and Grafana. Only Grafana has a sign-in of its own, so only Grafana has a route. */
export class KubePrometheusStack extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps & { readonly namespace: PlatformNamespace }) {
    super(scope, id);
    const { cluster } = props;
    const grafana = `grafana.${cluster.dns.domain}`;
    componentRelease(this, {
      ...props,
      component: "kube-prometheus-stack",
      computed: {
        prometheus: {
          prometheusSpec: {
            externalLabels: { cluster: cluster.name },
            storageSpec: claim(cluster.storageClass, "50Gi"),
          },
        },
        alertmanager: { alertmanagerSpec: { storage: claim(cluster.storageClass, "2Gi") } },
        grafana: {
          persistence: { storageClassName: cluster.storageClass },
          "grafana.ini": { server: { domain: grafana, root_url: `https://${grafana}` } },
          route: { main: { hostnames: [grafana], parentRefs: [EnvoyGateway.PARENT] } },
        },
      },
      // The chart's own CRDs never upgrade; the release prometheus-operator-crds brings them.
      skipCrds: true,
    });
  }
}

const claim = (storageClassName: string, storage: string) => ({
  volumeClaimTemplate: {
    spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  },
});
