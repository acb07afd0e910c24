/** What becomes of Helm releases: chart and version, how large a jump that is, and what to read before it. */
import { coerce, diff, gt } from "semver";
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asText } from "../../policies/plan/synthesized-stack";

export interface ReleaseChange {
  readonly address: string;
  readonly name: string;
  readonly namespace: string;
  /** `argo-cd`; `charts/team` for the project's own. */
  readonly chart: string;
  readonly action: ResourceChange["action"];
  /** @default - the project's own chart, or not there */
  readonly versions?: { readonly before?: string; readonly after?: string };
  /** How large the jump of the version is. @default - it stays */
  readonly jump?: "major" | "minor" | "patch" | "downgrade" | "other";
  /** Brings CRDs: what they describe goes with them. */
  readonly crds: boolean;
  /** Where its changes are written down. @default - the project's own chart, or not known */
  readonly changelog?: string;
}

/** Charts that bring custom resource definitions. */
const WITH_CRDS: ReadonlySet<string> = new Set([
  "argo-cd",
  "cert-manager",
  "cloudnative-pg",
  "external-dns",
  "external-secrets",
  "gateway-helm",
  "karpenter-crd",
  "keda",
  "kube-prometheus-stack",
  "plugin-barman-cloud",
  "prometheus-operator-crds",
]);

/** Where the projects write down what changes. */
const CHANGELOGS: Readonly<Record<string, string>> = {
  "argo-cd": "https://github.com/argoproj/argo-helm/releases",
  "aws-load-balancer-controller": "https://github.com/kubernetes-sigs/aws-load-balancer-controller/releases",
  "cert-manager": "https://github.com/cert-manager/cert-manager/releases",
  "cloudnative-pg": "https://github.com/cloudnative-pg/charts/releases",
  "external-dns": "https://github.com/kubernetes-sigs/external-dns/releases",
  "external-secrets": "https://github.com/external-secrets/external-secrets/releases",
  "gateway-helm": "https://github.com/envoyproxy/gateway/releases",
  gitea: "https://gitea.com/gitea/helm-gitea/releases",
  karpenter: "https://github.com/aws/karpenter-provider-aws/releases",
  "karpenter-crd": "https://github.com/aws/karpenter-provider-aws/releases",
  keycloakx: "https://github.com/codecentric/helm-charts/releases",
  "kube-prometheus-stack": "https://github.com/prometheus-community/helm-charts/releases",
  kubecost: "https://github.com/kubecost/kubecost/releases",
  "metrics-server": "https://github.com/kubernetes-sigs/metrics-server/releases",
  "nvidia-device-plugin": "https://github.com/NVIDIA/k8s-device-plugin/releases",
  opencost: "https://github.com/opencost/opencost-helm-chart/releases",
  "plugin-barman-cloud": "https://github.com/cloudnative-pg/charts/releases",
  "prometheus-operator-crds": "https://github.com/prometheus-community/helm-charts/releases",
  valkey: "https://github.com/valkey-io/valkey-helm/releases",
  vcluster: "https://github.com/loft-sh/vcluster/releases",
};

export function releaseChange(change: ResourceChange): ReleaseChange | undefined {
  if (change.type !== "helm_release" || change.action === "none") return undefined;
  const [was, is] = [change.before, change.after];
  const { name, namespace, chart: path } = (is ?? was) as NonNullable<typeof is>;
  const chart = chartName(asText(path));
  const [from, to] = OWN.test(asText(path)) ? ["", ""] : [asText(was?.["version"]), asText(is?.["version"])];
  const jump = from && to && from !== to ? jumpOf(from, to) : undefined;
  const changelog = Object.hasOwn(CHANGELOGS, chart) ? CHANGELOGS[chart] : undefined;
  return {
    address: change.address,
    name: asText(name),
    namespace: asText(namespace),
    chart,
    action: change.action,
    ...((from || to) && { versions: { ...(from && { before: from }), ...(to && { after: to }) } }),
    ...(jump && { jump }),
    crds: WITH_CRDS.has(chart),
    ...(changelog !== undefined && { changelog }),
  };
}

const OWN = /^assets\/chart-([a-z-]+)\//;

/** @param path what a release calls its chart: a name, a reference into a registry, or a folder of the project's own */
export function chartName(path: string): string {
  const own = OWN.exec(path)?.[1];
  return own === undefined ? (path.split("/").at(-1) ?? "") : `charts/${own}`;
}

/** Of a chart's version or Kubernetes's. */
export function jumpOf(before: string, after: string): NonNullable<ReleaseChange["jump"]> {
  const [from, to] = [coerce(before), coerce(after)];
  if (!from || !to) return "other";
  if (gt(from, to)) return "downgrade";
  const level = diff(from, to);
  return level === "major" || level === "minor" || level === "patch" ? level : "other";
}
