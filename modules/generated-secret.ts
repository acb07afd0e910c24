import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HelmRelease } from "./helm/helm-release";
import type { PlatformNamespace } from "./platform-namespace";

export interface GeneratedSecretProps {
  readonly name: string;
  readonly namespace: PlatformNamespace;
  readonly username: string;
}

/** A Secret with `username` and a `password` that Helm makes up in the cluster, once: it is in no plan and no state. */
export class GeneratedSecret extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GeneratedSecretProps) {
    super(scope, id);
    const release = new HelmRelease(this, "chart", {
      chart: "generated-secret",
      name: props.name,
      namespace: props.namespace.name,
      values: { username: props.username },
      dependsOn: [props.namespace.resource],
    });
    this.ready = [release.resource];
  }
}
