/** Which images the public charts run, and which keys of their values name them. `.ci/images` compares with what the charts render. */
import { mirrored, splitImage, type Registries } from "../../config/registries";
import { layerValues, type HelmValues } from "./values";

export interface ChartImage {
  /** Registry, repository and tag as the chart has them by default. */
  readonly image: string;
  /** Paths in the values. @default - none: an operator starts the image, and whoever asks for it names the mirror */
  readonly keys: {
    /** Registry alone; the repository is a key beside it. */
    readonly registry?: string;
    /** Repository, with the registry where that has no key. */
    readonly repository?: string;
    readonly tag?: string;
    /** All in one text. */
    readonly reference?: string;
  };
  /** Switches in the values, all of which must be on, and what they are by default. @default - it always runs */
  readonly needs: Readonly<Record<string, boolean>>;
  /** Not in the manifests of the release, because an operator starts it. @default false */
  readonly started?: boolean;
}

export interface ChartImages {
  /** Version of the chart that the images are of; the tags of another may differ, the keys seldom do. */
  readonly version: string;
  readonly images: readonly ChartImage[];
}

type Needs = ChartImage["needs"];

/** Three keys: `registry`, `repository` and `tag`. */
const split = (key: string, image: string, needs: Needs = {}): ChartImage => ({
  image,
  keys: { registry: `${key}.registry`, repository: `${key}.repository`, tag: `${key}.tag` },
  needs,
});

/** Two keys: `repository`, with the registry in it, and `tag`. */
const joined = (key: string, image: string, needs: Needs = {}): ChartImage => ({
  image,
  keys: { repository: `${key}.repository`, tag: `${key}.tag` },
  needs,
});

/** One key, with everything in it. */
const whole = (key: string, image: string, needs: Needs = {}): ChartImage => ({
  image,
  keys: { reference: key },
  needs,
});

/** One registry for all; a part's own would not reach the agent, whose chart lets the one of all win. */
const kubecost = (part: string, image: string, needs: Needs = {}): ChartImage => ({
  image,
  keys: { registry: "global.imageRegistry", repository: `${part}.image.repository`, tag: `${part}.image.tag` },
  needs,
});

/** By name of the chart. */
export const CHART_IMAGES: Readonly<Record<string, ChartImages>> = {
  "argo-cd": {
    version: "10.1.1",
    images: [
      joined("global.image", "quay.io/argoproj/argocd:v3.4.4"),
      joined("redis.image", "ecr-public.aws.com/docker/library/redis:8.2.3-alpine"),
      joined("redis.exporter.image", "ghcr.io/oliver006/redis_exporter:v1.86.0", { "redis.exporter.enabled": false }),
      joined("redis-ha.image", "ecr-public.aws.com/docker/library/redis:8.2.3-alpine", { "redis-ha.enabled": false }),
      joined("redis-ha.haproxy.image", "ecr-public.aws.com/docker/library/haproxy:3.3.10-alpine", {
        "redis-ha.enabled": false,
        "redis-ha.haproxy.enabled": true,
      }),
      {
        image: "ghcr.io/oliver006/redis_exporter:v1.75.0",
        keys: { repository: "redis-ha.exporter.image", tag: "redis-ha.exporter.tag" },
        needs: { "redis-ha.enabled": false, "redis-ha.exporter.enabled": false },
      },
      joined("redis-ha.configmapTest.image", "docker.io/koalaman/shellcheck:v0.11.0", { "redis-ha.enabled": false }),
      joined("dex.image", "ghcr.io/dexidp/dex:v2.45.1", { "dex.enabled": true }),
    ],
  },
  "aws-load-balancer-controller": {
    version: "3.5.0",
    images: [joined("image", "public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0")],
  },
  "cert-manager": {
    version: "v1.21.1",
    images: [
      joined("image", "quay.io/jetstack/cert-manager-controller:v1.21.1"),
      joined("webhook.image", "quay.io/jetstack/cert-manager-webhook:v1.21.1"),
      joined("cainjector.image", "quay.io/jetstack/cert-manager-cainjector:v1.21.1", { "cainjector.enabled": true }),
      joined("acmesolver.image", "quay.io/jetstack/cert-manager-acmesolver:v1.21.1"),
      joined("startupapicheck.image", "quay.io/jetstack/cert-manager-startupapicheck:v1.21.1", {
        "startupapicheck.enabled": true,
      }),
    ],
  },
  "cloudnative-pg": {
    version: "0.29.0",
    images: [joined("image", "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0")],
  },
  "external-dns": {
    version: "1.21.1",
    images: [joined("image", "registry.k8s.io/external-dns/external-dns:v0.21.0")],
  },
  "external-secrets": {
    version: "2.9.0",
    images: [
      joined("image", "ghcr.io/external-secrets/external-secrets:v2.9.0"),
      joined("webhook.image", "ghcr.io/external-secrets/external-secrets:v2.9.0", { "webhook.create": true }),
      joined("certController.image", "ghcr.io/external-secrets/external-secrets:v2.9.0", {
        "certController.create": true,
      }),
      joined("bitwarden-sdk-server.image", "ghcr.io/external-secrets/bitwarden-sdk-server:v0.6.0", {
        "bitwarden-sdk-server.enabled": false,
      }),
    ],
  },
  "gateway-helm": {
    version: "v1.9.0",
    images: [
      joined("deployment.envoyGateway.image", "docker.io/envoyproxy/gateway:v1.9.0"),
      // Without a tag the chart adds its own.
      {
        image: "docker.io/envoyproxy/ratelimit:17b1956c",
        keys: { repository: "global.images.ratelimit.image" },
        needs: {},
      },
      // The proxies: charts/gateway names their repository, and the controller the version that it was made for.
      { image: "docker.io/envoyproxy/envoy:distroless-v1.39.0", keys: {}, needs: {}, started: true },
    ],
  },
  gitea: {
    version: "12.6.0",
    images: [
      split("image", "docker.gitea.com/gitea:1.26.2-rootless"),
      {
        image: "docker.io/busybox:latest",
        keys: { repository: "test.image.name", tag: "test.image.tag" },
        needs: { "test.enabled": true },
      },
      split("postgresql.image", "docker.io/bitnamilegacy/postgresql:17.6.0-debian-12-r4", {
        "postgresql.enabled": false,
      }),
      split("postgresql-ha.postgresql.image", "docker.io/bitnamilegacy/postgresql-repmgr:17.6.0-debian-12-r2", {
        "postgresql-ha.enabled": true,
      }),
      split("postgresql-ha.pgpool.image", "docker.io/bitnamilegacy/pgpool:4.6.3-debian-12-r0", {
        "postgresql-ha.enabled": true,
      }),
      split("valkey.image", "docker.io/bitnamilegacy/valkey:8.1.3-debian-12-r3", { "valkey.enabled": false }),
      split("valkey-cluster.image", "docker.io/bitnamilegacy/valkey-cluster:8.1.3-debian-12-r3", {
        "valkey-cluster.enabled": true,
      }),
    ],
  },
  karpenter: {
    version: "1.14.1",
    images: [joined("controller.image", "public.ecr.aws/karpenter/controller:1.14.1")],
  },
  "karpenter-crd": { version: "1.14.1", images: [] },
  keycloakx: {
    version: "7.2.3",
    images: [
      joined("image", "quay.io/keycloak/keycloak:26.6.4"),
      joined("dbchecker.image", "docker.io/busybox:1.37", { "dbchecker.enabled": false }),
      joined("test.image", "docker.io/selenium/standalone-chromium:147.0", { "test.enabled": false }),
    ],
  },
  "kube-prometheus-stack": {
    version: "88.5.3",
    images: [
      split("prometheusOperator.image", "quay.io/prometheus-operator/prometheus-operator:v0.93.1"),
      split(
        "prometheusOperator.prometheusConfigReloader.image",
        "quay.io/prometheus-operator/prometheus-config-reloader:v0.93.1",
      ),
      split("prometheusOperator.thanosImage", "quay.io/thanos/thanos:v0.42.4"),
      split("prometheusOperator.admissionWebhooks.patch.image", "ghcr.io/jkroepke/kube-webhook-certgen:1.8.7", {
        "prometheusOperator.admissionWebhooks.enabled": true,
        "prometheusOperator.admissionWebhooks.patch.enabled": true,
      }),
      split(
        "prometheusOperator.admissionWebhooks.deployment.image",
        "quay.io/prometheus-operator/admission-webhook:v0.93.1",
        { "prometheusOperator.admissionWebhooks.deployment.enabled": false },
      ),
      split("prometheus.prometheusSpec.image", "quay.io/prometheus/prometheus:v3.14.0-distroless", {
        "prometheus.enabled": true,
      }),
      split("alertmanager.alertmanagerSpec.image", "quay.io/prometheus/alertmanager:v0.34.0", {
        "alertmanager.enabled": true,
      }),
      split("thanosRuler.thanosRulerSpec.image", "quay.io/thanos/thanos:v0.42.4", { "thanosRuler.enabled": false }),
      split("grafana.image", "docker.io/grafana/grafana:13.2.0", { "grafana.enabled": true }),
      split("grafana.sidecar.image", "quay.io/kiwigrid/k8s-sidecar:2.10.1", { "grafana.enabled": true }),
      split("grafana.initChownData.image", "docker.io/library/busybox:1.38.0", {
        "grafana.enabled": true,
        "grafana.persistence.enabled": false,
        "grafana.initChownData.enabled": true,
      }),
      split("grafana.testFramework.image", "docker.io/bats/bats:1.14.0", {
        "grafana.enabled": true,
        "grafana.testFramework.enabled": true,
      }),
      split("grafana.downloadDashboardsImage", "docker.io/curlimages/curl:8.21.0", {
        "grafana.enabled": true,
        "grafana.dashboards": false,
      }),
      split("grafana.imageRenderer.image", "docker.io/grafana/grafana-image-renderer:latest", {
        "grafana.enabled": true,
        "grafana.imageRenderer.enabled": false,
      }),
      split("kube-state-metrics.image", "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0", {
        "kubeStateMetrics.enabled": true,
      }),
      split("prometheus-node-exporter.image", "quay.io/prometheus/node-exporter:v1.12.1-distroless", {
        "nodeExporter.enabled": true,
      }),
      ...["kube-state-metrics", "prometheus-node-exporter"].map((chart) =>
        split(`${chart}.kubeRBACProxy.image`, "quay.io/brancz/kube-rbac-proxy:v0.22.1", {
          [`${chart}.kubeRBACProxy.enabled`]: false,
        }),
      ),
      split("crds.upgradeJob.image.busybox", "docker.io/busybox:latest", { "crds.upgradeJob.enabled": false }),
      split("crds.upgradeJob.image.kubectl", "registry.k8s.io/kubectl:v1.35.0", { "crds.upgradeJob.enabled": false }),
    ],
  },
  kubecost: {
    version: "3.2.1",
    images: [
      kubecost("frontend", "icr.io/kubecost/frontend:3.2.1"),
      kubecost("aggregator", "icr.io/kubecost/cost-model:3.2.1"),
      kubecost("localStore", "icr.io/kubecost/cost-model:3.2.1"),
      kubecost("cloudCost", "icr.io/kubecost/cost-model:3.2.1"),
      kubecost("finopsagent", "icr.io/ibm-finops/agent:v1.0.20", { "finopsagent.enabled": true }),
      kubecost("forecasting", "icr.io/kubecost/modeling:v0.1.36", { "forecasting.enabled": true }),
      kubecost("networkCosts", "icr.io/kubecost/network-costs:v0.19.0", { "networkCosts.enabled": true }),
      kubecost("clusterController", "icr.io/kubecost/cluster-controller:v0.16.37", {
        "clusterController.enabled": true,
      }),
      split("basicHealth", "docker.io/alpine/curl:8.17.0"),
      whole("httprouteTest.image", "docker.io/bitnami/kubectl:1.31", { "httpRoute.enabled": false }),
      whole("plugins.install.fullImageName", "docker.io/curlimages/curl:latest", { "plugins.enabled": false }),
    ],
  },
  "metrics-server": {
    version: "3.13.1",
    images: [
      joined("image", "registry.k8s.io/metrics-server/metrics-server:v0.8.1"),
      joined("addonResizer.image", "registry.k8s.io/autoscaling/addon-resizer:1.8.23", {
        "addonResizer.enabled": false,
      }),
    ],
  },
  "nvidia-device-plugin": {
    version: "0.20.0",
    images: [
      joined("image", "nvcr.io/nvidia/k8s-device-plugin:v0.20.0"),
      joined("nfd.image", "registry.k8s.io/nfd/node-feature-discovery:v0.19.0", { "gfd.enabled": false }),
    ],
  },
  opencost: {
    version: "2.5.17",
    images: [
      split(
        "opencost.exporter.image",
        "ghcr.io/opencost/opencost:1.120.1@sha256:b0701f9b54e43c9abee98f5784792a5b469ca8951e87da32b161c1fa539ab0e1",
      ),
      split(
        "opencost.ui.image",
        "ghcr.io/opencost/opencost-ui:1.120.1@sha256:7c08640291228fd13854c9aa0538a6fdbcc2410bfbb66177a7a40d2634983c52",
        { "opencost.ui.enabled": true },
      ),
      whole("opencost.sigV4Proxy.image", "public.ecr.aws/aws-observability/aws-sigv4-proxy:latest", {
        "opencost.prometheus.amp.enabled": false,
      }),
      whole("plugins.install.fullImageName", "docker.io/curlimages/curl:latest", { "plugins.enabled": false }),
    ],
  },
  "plugin-barman-cloud": {
    version: "0.7.0",
    images: [
      split("image", "ghcr.io/cloudnative-pg/plugin-barman-cloud:v0.13.0"),
      split("sidecarImage", "ghcr.io/cloudnative-pg/plugin-barman-cloud-sidecar:v0.13.0"),
    ],
  },
  "prometheus-operator-crds": { version: "31.0.1", images: [] },
  valkey: {
    version: "0.11.0",
    images: [
      split("image", "docker.io/valkey/valkey:9.1.1"),
      split("metrics.exporter.image", "ghcr.io/oliver006/redis_exporter:v1.79.0", { "metrics.enabled": false }),
    ],
  },
  vcluster: {
    version: "0.36.1",
    images: [
      // Not `controlPlane.advanced.defaultImageRegistry`: that is one place for the images of all registries.
      split("controlPlane.statefulSet.image", "ghcr.io/loft-sh/vcluster-pro:0.36.1"),
      split("controlPlane.distro.k8s.image", "ghcr.io/loft-sh/kubernetes:v1.36.0"),
      split("controlPlane.backingStore.etcd.deploy.statefulSet.image", "registry.k8s.io/etcd:3.6.8-0", {
        "controlPlane.backingStore.etcd.deploy.enabled": false,
      }),
      // Made by the control plane, which knows the version of CoreDNS by that of Kubernetes.
      {
        ...whole("controlPlane.coredns.deployment.image", "docker.io/coredns/coredns:1.14.2", {
          "controlPlane.coredns.enabled": true,
        }),
        started: true,
      },
      // An init container that the control plane adds to pods of StatefulSets.
      {
        ...split("sync.toHost.pods.rewriteHosts.initContainer.image", "mirror.gcr.io/library/alpine:3.20", {
          "sync.toHost.pods.rewriteHosts.enabled": true,
        }),
        started: true,
      },
    ],
  },
};

/** An image that a release runs. */
export interface RunningImage {
  readonly reference: string;
  readonly facts: ChartImage;
}

/**
 * Images that a release runs with these values, in the order of the table; several containers may run the same.
 *
 * @throws Error for a chart whose images nobody has written down
 */
export function imagesOf(chart: string, values: HelmValues): readonly RunningImage[] {
  return factsOf(chart)
    .images.filter(({ needs }) =>
      Object.entries(needs).every(([key, byDefault]) => isOn(read(values, key) ?? byDefault)),
    )
    .map((facts) => ({ reference: referenceOf(facts, values), facts }));
}

/** Values that fetch a release's images from the mirrors, whatever else its values say; none where nothing is mirrored. */
export function mirrorValues(chart: string, values: HelmValues, registries: Registries): HelmValues {
  if (registries.mirror === undefined && Object.keys(registries.images).length === 0) return {};
  return layerValues({}, ...factsOf(chart).images.map((image) => redirect(image, values, registries)));
}

function factsOf(chart: string): ChartImages {
  const facts = CHART_IMAGES[chart];
  if (!facts)
    throw new Error(`the images of the chart "${chart}" are not known; add them to modules/helm/chart-images.ts`);
  return facts;
}

function redirect(facts: ChartImage, values: HelmValues, registries: Registries): HelmValues {
  const { registry, repository, reference } = facts.keys;
  const image = referenceOf(facts, values);
  const moved = mirrored(image, registries);
  if (moved === image) return {};
  if (reference !== undefined) return write(reference, moved);
  if (repository === undefined) return {};
  const { repository: own, suffix } = splitImage(image);
  const at = moved.slice(0, moved.length - suffix.length);
  if (registry === undefined) return write(repository, at);
  return layerValues(write(registry, at.slice(0, -own.length - 1)), write(repository, own));
}

/** As the chart puts it together from its defaults and these values. */
function referenceOf({ image, keys }: ChartImage, values: HelmValues): string {
  if (keys.reference !== undefined) return textAt(values, keys.reference) ?? image;
  const { host, repository, suffix } = splitImage(image);
  const tag = textAt(values, keys.tag);
  const says = textAt(values, keys.repository);
  const name =
    keys.registry === undefined
      ? (says ?? `${host}/${repository}`)
      : `${textAt(values, keys.registry) ?? host}/${says ?? repository}`;
  return `${name}${tag === undefined ? suffix : `:${tag}`}`;
}

/** A switch that is not a boolean is a list or a map: something is in it, or nothing. */
const isOn = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value === true;

/** Charts take an empty text for "the default", too. */
function textAt(values: HelmValues, key: string | undefined): string | undefined {
  const value = key === undefined ? undefined : read(values, key);
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
}

const read = (values: HelmValues, key: string): unknown =>
  key.split(".").reduce<unknown>((inner, part) => (inner as HelmValues | null | undefined)?.[part], values);

const write = (key: string, value: string): HelmValues =>
  key.split(".").reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as HelmValues;
