import { NO_IDENTITY, type PlatformCluster } from "../../modules/cluster";
import { OpenCost } from "../../modules/opencost";
import { synthesized } from "../support/azure";
import { platformOf } from "../support/config";
import { valuesOf } from "../support/synth";

/** Values of OpenCost's release on a cluster. */
function values({ prometheus = true, ...cluster }: { prometheus?: boolean } & Partial<PlatformCluster> = {}) {
  const props = { name: "acme", profile: "small", storageClass: "disk", ready: [], ...cluster };
  return valuesOf(
    synthesized(
      (scope) =>
        new OpenCost(scope, "opencost", {
          platform: platformOf(),
          cluster: props as unknown as PlatformCluster,
          prometheus,
        }),
    ),
    "opencost",
  );
}

test("reads the Prometheus of kube-prometheus-stack, which scrapes it", () => {
  expect(values()).toMatchObject({
    opencost: {
      exporter: { defaultClusterId: "acme" },
      metrics: { serviceMonitor: { enabled: true } },
      prometheus: {
        internal: { serviceName: "kube-prometheus-stack-prometheus", namespaceName: "monitoring", port: 9090 },
      },
    },
  });
});

test("gives no metric that kube-state-metrics gives", () => {
  expect(values()).toHaveProperty("opencost.metrics.kubeStateMetrics", {
    emitKsmV1Metrics: false,
    emitKsmV1MetricsOnly: true,
  });
});

test("collects by itself where there is no Prometheus, on a volume that one pod at a time has", () => {
  const alone = values({ prometheus: false });
  expect(alone).toMatchObject({
    updateStrategy: { type: "Recreate", rollingUpdate: null },
    opencost: {
      exporter: {
        collectorDataSource: { enabled: true },
        persistence: { enabled: true, accessMode: "ReadWriteOnce", storageClass: "disk", size: "8Gi" },
      },
    },
  });
  expect(alone).not.toHaveProperty("opencost.metrics.serviceMonitor");
});

test("reads the bill with the identity that may", () => {
  const integration = { cloud: { table: "cur" } };
  const identity = {
    ...NO_IDENTITY,
    serviceAccountAnnotations: { "identity/role": "reader" },
    podLabels: { "identity/use": "true" },
  };
  const identityFor = jest.fn(() => identity);
  expect(values({ costs: { integration }, identityFor })).toMatchObject({
    serviceAccount: { name: "opencost", annotations: { "identity/role": "reader" } },
    podLabels: { "identity/use": "true" },
    opencost: { cloudCost: { enabled: true }, cloudIntegrationJSON: JSON.stringify(integration) },
  });
  expect(identityFor).toHaveBeenCalledWith({ namespace: "opencost", name: "opencost" }, "read-costs");
});

test("asks for no identity where there is no bill to read", () => {
  expect(values()).not.toHaveProperty("opencost.cloudCost");
});
