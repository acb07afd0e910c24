import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { assumedBy, managedPolicyArn, ServiceRole } from "./iam";

export interface NodeRoleProps {
  readonly name: string;
  readonly partition: string;
}

/** What every node may do: join, pull images, have pod addresses, and be reached by Session Manager instead of SSH. */
export class NodeRole extends ServiceRole {
  constructor(scope: Construct, id: string, props: NodeRoleProps) {
    const policy = (name: string): string => managedPolicyArn(props.partition, name);
    super(scope, id, {
      name: props.name,
      trust: assumedBy("ec2.amazonaws.com"),
      managed: {
        worker: policy("AmazonEKSWorkerNodePolicy"),
        cni: policy("AmazonEKS_CNI_Policy"),
        images: policy("AmazonEC2ContainerRegistryPullOnly"),
        ssm: policy("AmazonSSMManagedInstanceCore"),
      },
    });
  }
}

/** Predictable, because EC2NodeClasses name it, also from a stack that did not make it. */
export function nodeRoleName(cluster: string): string {
  return `${cluster}-node`;
}

/** Lets nodes with the role join. Managed node groups bring their own entry; Karpenter's nodes need this one. */
export class NodeAccess extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly clusterName: string; readonly role: ServiceRole }) {
    super(scope, id);
    this.ready = [
      new EksAccessEntry(this, "entry", {
        clusterName: props.clusterName,
        principalArn: props.role.arn,
        type: "EC2_LINUX",
      }),
    ];
  }
}
