import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";

/** Kubecost. It has no sign-in without a licence, so it has no route: reach it by `kubectl port-forward`. */
export class Kubecost extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const { cluster } = props;
    const namespace = componentNamespace(this, props, "kubecost");
    componentRelease(this, {
      ...props,
      component: "kubecost",
      namespace,
      computed: { global: { clusterId: cluster.name, defaultStorageClass: cluster.storageClass } },
    });
  }
}
