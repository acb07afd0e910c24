import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/**
 * Spot before on-demand: pools whose names end with `s` first, see `azurePoolName`. It does not list pools, so that a team's change
 * does not touch it. https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview#expander
 */
const PRIORITIES = `20:
  - aks-[a-z0-9]+s-[0-9]+-vmss.*
10:
  - .*
`;

export class AutoscalerPriorities extends Construct {
  constructor(scope: Construct, id: string, props: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    new ConfigMapV1(this, "priorities", {
      metadata: { name: "cluster-autoscaler-priority-expander", namespace: "kube-system" },
      data: { priorities: PRIORITIES },
      dependsOn: [...props.dependsOn],
    });
  }
}
