import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";

/** The operator of PostgreSQL clusters, with its CRDs. */
export class CloudNativePg extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const namespace = componentNamespace(this, props, "cnpg-system");
    this.ready = [componentRelease(this, { ...props, component: "cloudnative-pg", namespace }).resource];
  }
}
