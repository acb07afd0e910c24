import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { Construct } from "constructs";
import type { Platform } from "../../config/platform";
import type { PlatformCluster } from "../../modules/cluster";

export interface ClusterAdminsProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** Names of groups of the config. */
  readonly admins: readonly string[];
}

/** Full rights for groups; on a local cluster nobody but Kubernetes itself can grant them. */
export class ClusterAdmins extends Construct {
  constructor(scope: Construct, id: string, props: ClusterAdminsProps) {
    super(scope, id);
    for (const group of props.platform.groups.filter((candidate) => props.admins.includes(candidate.name))) {
      new ClusterRoleBindingV1(this, group.name, {
        metadata: { name: `stackyard-${group.name}` },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subject: props.cluster
          .kubernetesGroups(group)
          .map((name) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name })),
      });
    }
  }
}
