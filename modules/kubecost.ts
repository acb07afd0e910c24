import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import type { HelmValues } from "./helm/values";

/** The service account of the pod that reads the bill. */
const BILL_READER = "kubecost-cloud-cost";

/** Kubecost. It has no sign-in without a licence, so it has no route: reach it by `kubectl port-forward`. */
export class Kubecost extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const { cluster } = props;
    const namespace = componentNamespace(this, props, "kubecost");
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
    componentRelease(this, {
      ...props,
      component: "kubecost",
      namespace,
      computed: { global: { clusterId: cluster.name, defaultStorageClass: cluster.storageClass, ...labels }, ...bill },
      dependsOn: [...(identity?.ready ?? []), ...(props.dependsOn ?? [])],
    });
  }
}
