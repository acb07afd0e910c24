import { TerraformOutput, type TerraformStack } from "cdktf";
import type { ComponentName } from "../config/components";
import type { Platform } from "../config/platform";
import type { PlatformCluster } from "./cluster";

/** Components with a sign-in of their own, by the first label of their host name. */
const HOSTS: readonly (readonly [ComponentName, string])[] = [
  ["argo-cd", "argocd"],
  ["gitea", "gitea"],
  ["kube-prometheus-stack", "grafana"],
  ["keycloak", "keycloak"],
];

/** What a deploy prints at its end: where people sign in, and how they get there with kubectl. */
export function platformOutputs(
  stack: TerraformStack,
  platform: Platform,
  cluster: PlatformCluster,
  kubeconfig: string,
): void {
  const urls = HOSTS.filter(([component]) => platform.components[component].enabled).map(([, host]) => [
    host,
    `https://${host}.${cluster.dns.domain}`,
  ]);
  new TerraformOutput(stack, "urls", { value: Object.fromEntries(urls) as Record<string, string>, staticId: true });
  new TerraformOutput(stack, "kubeconfig", {
    value: kubeconfig,
    staticId: true,
    description: "Adds the cluster to your kubeconfig",
  });
}
