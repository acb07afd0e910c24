import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import type { PlatformNamespace } from "./platform-namespace";

/** The operator of PostgreSQL clusters, with its CRDs. */
export class CloudNativePg extends Construct {
  readonly namespace: PlatformNamespace;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    this.namespace = componentNamespace(this, props, "cnpg-system");
    const release = componentRelease(this, { ...props, component: "cloudnative-pg", namespace: this.namespace });
    this.ready = [release.resource];
  }
}
