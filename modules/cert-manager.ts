import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { WorkloadIdentity } from "./cluster";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";

/** cert-manager with its CRDs; answers DNS-01 challenges with the cluster's DNS rights. */
export class CertManager extends Construct {
  readonly identity: WorkloadIdentity;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const namespace = componentNamespace(this, props, "cert-manager");
    this.identity = props.cluster.identityFor({ namespace: namespace.name, name: "cert-manager" }, "dns-records");
    const release = componentRelease(this, {
      ...props,
      component: "cert-manager",
      namespace,
      computed: {
        podLabels: this.identity.podLabels,
        serviceAccount: { annotations: this.identity.serviceAccountAnnotations },
      },
      dependsOn: this.identity.ready,
    });
    this.ready = [release.resource];
  }
}
