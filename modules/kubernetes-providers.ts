import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import type { KubeAuth } from "./cluster";

/** Both providers of the Kubernetes layer from one description of the access. Call once per stack. */
export function configureKubernetes(scope: Construct, auth: KubeAuth): void {
  if (auth.kind === "kubeconfig") {
    const connection = { configPath: auth.path, configContext: auth.context };
    new KubernetesProvider(scope, "kubernetes", connection);
    new HelmProvider(scope, "helm", { kubernetes: connection });
    return;
  }
  const connection = { host: auth.host, clusterCaCertificate: auth.certificateAuthority };
  const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: auth.command, args: [...auth.args] };
  new KubernetesProvider(scope, "kubernetes", { ...connection, exec: [exec] });
  new HelmProvider(scope, "helm", { kubernetes: { ...connection, exec } });
}
