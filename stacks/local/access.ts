import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { Construct } from "constructs";
import type { PlatformCluster } from "../../modules/cluster";

export interface ClusterAdminsProps {
  readonly cluster: Pick<PlatformCluster, "admins" | "kubernetesGroups">;
}

/** Full rights for groups; on a local cluster nobody but Kubernetes itself can grant them. */
export class ClusterAdmins extends Construct {
  constructor(scope: Construct, id: string, { cluster }: ClusterAdminsProps) {
    super(scope, id);
    for (const group of cluster.admins) {
      new ClusterRoleBindingV1(this, group.name, {
        metadata: { name: `stackyard-${group.name}` },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subject: cluster
          .kubernetesGroups(group)
          .map((name) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name })),
      });
    }
  }
}
