import { CLUSTER_TAG } from "../../../../config/names";
import type { FinderContext } from "./find";

/** A tag that says whose something is. */
export interface OwnerTag {
  readonly key: string;
  readonly value: string;
  readonly setBy: string;
}

/**
 * Everything that the cluster makes carries at least one of these. Not among them: `ebs.csi.aws.com/cluster`, which is `true` on the
 * volumes of every cluster, and `karpenter.sh/nodepool`, which does not say of which cluster (Karpenter sets `eks:eks-cluster-name`
 * beside it).
 */
export function ownerTags({
  cluster,
  name,
  own,
}: Pick<FinderContext, "cluster" | "name" | "own">): readonly OwnerTag[] {
  const ours = { key: CLUSTER_TAG, value: own, setBy: "the platform" };
  // What a cluster of somebody else has is in use by them.
  if (cluster.existing !== undefined) return [ours];
  return [
    ours,
    // Also load balancers of EKS's own controller, and volumes and snapshots of the EBS CSI driver, to which EKS gives the cluster's name:
    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
    { key: `kubernetes.io/cluster/${name}`, value: "owned", setBy: "Kubernetes" },
    { key: "ebs.csi.aws.com/cluster-name", value: name, setBy: "the EBS CSI driver" },
    // https://karpenter.sh/docs/concepts/nodeclasses/#spectags
    { key: "eks:eks-cluster-name", value: name, setBy: "Karpenter" },
    { key: "aws:eks:cluster-name", value: name, setBy: "EKS" },
    // https://github.com/aws/amazon-vpc-cni-k8s/pull/1482
    { key: "cluster.k8s.amazonaws.com/name", value: name, setBy: "the VPC CNI" },
    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#resource-tags
    { key: "elbv2.k8s.aws/cluster", value: name, setBy: "the AWS load balancer controller" },
  ];
}

export const becauseOf = ({ key, value }: OwnerTag): string => `tag ${key}=${value}`;
