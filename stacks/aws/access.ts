import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Group } from "../../config/platform";

export interface AccessProps {
  readonly clusterName: string;
  readonly partition: string;
  readonly groups: readonly Group[];
  /** Whether the groups have every right on the cluster. @default false: what RoleBindings give to their Kubernetes group */
  readonly admin?: boolean;
}

/** One access entry for each group; no aws-auth. */
export class Access extends Construct {
  /** Without the administrators' Terraform itself has no rights: releases must come after them and go before them. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AccessProps) {
    super(scope, id);
    const { clusterName, partition, groups, admin = false } = props;
    this.ready = groups.map((group) => {
      const entry = new EksAccessEntry(this, group.name, {
        clusterName,
        principalArn: group.aws as string,
        type: "STANDARD",
        kubernetesGroups: [kubernetesGroup(group)],
      });
      if (!admin) return entry;
      return new EksAccessPolicyAssociation(this, `${group.name}-admin`, {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      });
    });
  }
}

/** What RoleBindings call a group. EKS refuses names that start with `system:`. */
export function kubernetesGroup(group: Group): string {
  return `stackyard:${group.name}`;
}
