import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { ROUTES_LABEL } from "./envoy-gateway";
import type { HelmValues } from "./helm/values";
import type { PlatformNamespace } from "./platform-namespace";

/** The service account of the pod that reads the bill. */
const BILL_READER = "kubecost-cloud-cost";

/** Kubecost. It has no sign-in of its own without a licence. */
export class Kubecost extends Construct {
  readonly namespace: PlatformNamespace;
  readonly ready: readonly ITerraformDependable[];
  readonly service = { name: "kubecost-frontend", port: 9090 };
  /** What the chart's own pods ask, too: its front hands `/model` on to the aggregator. */
  readonly api = "http://kubecost-frontend.kubecost:9090/model";

  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const { cluster } = props;
    const namespace = componentNamespace(this, props, "kubecost", { labels: ROUTES_LABEL });
    this.namespace = namespace;
    const identity =
      cluster.costs && cluster.identityFor({ namespace: namespace.name, name: BILL_READER }, "read-costs");
    const bill: HelmValues =
      cluster.costs && identity
        ? {
            cloudCost: {
              serviceAccountName: BILL_READER,
              cloudIntegrationJSON: JSON.stringify(cluster.costs.integration),
            },
            serviceAccount: { annotations: identity.serviceAccountAnnotations },
          }
        : {};
    // The chart labels all of its pods or none; only the service account of one of them is trusted with anything.
    const labels = identity && Object.keys(identity.podLabels).length > 0 && { additionalLabels: identity.podLabels };
    const release = componentRelease(this, {
      ...props,
      component: "kubecost",
      namespace,
      // Its one CRD is for the cluster controller, which is off.
      skipCrds: true,
      computed: { global: { clusterId: cluster.name, defaultStorageClass: cluster.storageClass, ...labels }, ...bill },
      dependsOn: [...(identity?.ready ?? []), ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}
