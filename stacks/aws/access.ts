import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AwsCluster } from "../../config/clouds/aws";
import { usedGroups, type Group, type Platform } from "../../config/platform";
import type { ControlPlane } from "./control-plane";

export interface AccessProps {
  readonly platform: Platform;
  readonly config: AwsCluster;
  readonly controlPlane: ControlPlane;
  readonly partition: string;
}

/** One access entry for each group that is used on the cluster; no aws-auth. */
export class Access extends Construct {
  /** Without these Terraform itself has no rights: releases must come after them and go before them. */
  readonly admins: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AccessProps) {
    super(scope, id);
    const { platform, config, controlPlane, partition } = props;
    this.admins = usedGroups(platform, config).flatMap((group) => {
      const entry = new EksAccessEntry(this, group.name, {
        clusterName: controlPlane.name,
        principalArn: group.aws as string,
        type: "STANDARD",
        kubernetesGroups: [kubernetesGroup(group)],
      });
      if (!config.access.admins.includes(group.name)) return [];
      const association = new EksAccessPolicyAssociation(this, `${group.name}-admin`, {
        clusterName: controlPlane.name,
        principalArn: entry.principalArn,
        policyArn: `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        accessScope: { type: "cluster" },
      });
      return [association];
    });
  }
}

/** What RoleBindings call a group. EKS refuses names that start with `system:`. */
export function kubernetesGroup(group: Group): string {
  return `stackyard:${group.name}`;
}
