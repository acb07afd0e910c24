import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { Construct } from "constructs";
import type { Group } from "../../config/platform";

/** Lets groups fetch the cluster's address; what they may do there is Kubernetes's RBAC, by the group's id. */
export class Access extends Construct {
  /** The one of a stack: administrators and teams have theirs below it, so that addresses are the same in one stack and in layers. */
  static of(stack: Construct): Access {
    return (stack.node.tryFindChild("access") as Access | undefined) ?? new Access(stack, "access");
  }

  allow(groups: readonly Group[], clusterId: string): void {
    for (const group of groups) {
      new RoleAssignment(this, group.name, {
        scope: clusterId,
        roleDefinitionName: "Azure Kubernetes Service Cluster User Role",
        principalId: group.azure as string,
        principalType: "Group",
      });
    }
  }
}
