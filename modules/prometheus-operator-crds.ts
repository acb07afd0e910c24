import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentRelease, type ComponentProps } from "./component";
import type { PlatformNamespace } from "./platform-namespace";

/** The Prometheus operator's CRDs as a release of their own, because kube-prometheus-stack never upgrades those it brings. */
export class PrometheusOperatorCrds extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ComponentProps & { readonly namespace: PlatformNamespace }) {
    super(scope, id);
    this.ready = [componentRelease(this, { ...props, component: "prometheus-operator-crds" }).resource];
  }
}
