import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { Construct } from "constructs";
import type { AzureCluster } from "../../config/clouds/azure";
import { usedGroups, type Platform } from "../../config/platform";
import type { ControlPlane } from "./control-plane";

export interface AccessProps {
  readonly platform: Platform;
  readonly config: AzureCluster;
  readonly controlPlane: ControlPlane;
}

/** Lets every group that is used on the cluster fetch its address; what it may do there is Kubernetes's RBAC, by the group's id. */
export class Access extends Construct {
  constructor(scope: Construct, id: string, props: AccessProps) {
    super(scope, id);
    for (const group of usedGroups(props.platform, props.config)) {
      new RoleAssignment(this, group.name, {
        scope: props.controlPlane.cluster.id,
        roleDefinitionName: "Azure Kubernetes Service Cluster User Role",
        principalId: group.azure as string,
        principalType: "Group",
      });
    }
  }
}
