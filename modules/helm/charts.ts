/** A chart of the table: bump its version here, read its page in docs/components/. */
export interface ChartPin {
  /** `https://` chart repository or `oci://` registry, without a trailing slash. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** Every public chart that the shared modules install, pinned. */
export const CHARTS = {
  "argo-cd": { repository: "https://argoproj.github.io/argo-helm", chart: "argo-cd", version: "10.1.1" },
  "barman-cloud": {
    repository: "https://cloudnative-pg.github.io/charts",
    chart: "plugin-barman-cloud",
    version: "0.7.0",
  },
  "cert-manager": { repository: "oci://quay.io/jetstack/charts", chart: "cert-manager", version: "v1.21.1" },
  "cloudnative-pg": {
    repository: "https://cloudnative-pg.github.io/charts",
    chart: "cloudnative-pg",
    version: "0.29.0",
  },
  "envoy-gateway": { repository: "oci://docker.io/envoyproxy", chart: "gateway-helm", version: "v1.9.0" },
  "external-dns": {
    repository: "https://kubernetes-sigs.github.io/external-dns",
    chart: "external-dns",
    version: "1.21.1",
  },
  "external-secrets": {
    repository: "https://charts.external-secrets.io",
    chart: "external-secrets",
    version: "2.9.0",
  },
  gitea: { repository: "https://dl.gitea.com/charts", chart: "gitea", version: "12.6.0" },
  keycloak: { repository: "https://codecentric.github.io/helm-charts", chart: "keycloakx", version: "7.2.3" },
  "kube-prometheus-stack": {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
  },
  kubecost: { repository: "https://kubecost.github.io/kubecost", chart: "kubecost", version: "3.2.1" },
  "nvidia-device-plugin": {
    repository: "https://nvidia.github.io/k8s-device-plugin",
    chart: "nvidia-device-plugin",
    version: "0.20.0",
  },
  opencost: { repository: "https://opencost.github.io/opencost-helm-chart", chart: "opencost", version: "2.5.17" },
  "prometheus-operator-crds": {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "prometheus-operator-crds",
    version: "31.0.1",
  },
  valkey: { repository: "https://valkey.io/valkey-helm", chart: "valkey", version: "0.11.0" },
  vcluster: { repository: "https://charts.loft.sh", chart: "vcluster", version: "0.36.1" },
} as const satisfies Record<string, ChartPin>;
