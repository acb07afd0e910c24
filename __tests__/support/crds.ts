/**
 * How each public chart's CRDs are upgraded, because Helm never upgrades a chart's folder `crds/`. `.ci/workloads` compares with the
 * charts themselves.
 *
 * - `release`: in the chart's templates, so Helm upgrades them with the release
 * - `left out`: `skipCrds`; another release brings them, or nothing needs them
 * - `by hand`: a command on the component's page, before the chart's bump
 * - `none`: the chart has no CRDs
 */
export type CrdUpgrade = "release" | "left out" | "by hand" | "none";

export const CRD_UPGRADES: Readonly<Record<string, CrdUpgrade>> = {
  "argo-cd": "release",
  "aws-load-balancer-controller": "by hand",
  "cert-manager": "release",
  "cloudnative-pg": "release",
  "external-dns": "left out",
  "external-secrets": "release",
  "gateway-helm": "by hand",
  gitea: "none",
  karpenter: "left out",
  "karpenter-crd": "release",
  keycloakx: "none",
  "kube-prometheus-stack": "left out",
  kubecost: "left out",
  "nvidia-device-plugin": "left out",
  opencost: "none",
  "plugin-barman-cloud": "release",
  "prometheus-operator-crds": "release",
  valkey: "none",
  vcluster: "none",
};
