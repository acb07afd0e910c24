import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/**
 * The class of the platform's own pods, which charts-values/ names. Everything else has none, and so the priority 0: where room is
 * scarce, as after the loss of a node, the platform comes first. Teams are kept from using it by a quota (charts/team).
 */
export class Priority extends Construct {
  static readonly NAME = "stackyard-platform";
  /** Pods of the class can be made. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { dependsOn }: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    const priorityClass = new PriorityClassV1(this, "class", {
      metadata: { name: Priority.NAME },
      description: "What the platform's users stand on; not for their own pods.",
      // Below the clusters' own add-ons, which begin at two billion.
      value: 1_000_000,
      dependsOn: [...dependsOn],
    });
    this.ready = [priorityClass];
  }
}
