/** Ids of zones in which EKS cannot place its own interfaces: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
export const ZONES_WITHOUT_EKS: readonly string[] = ["use1-az3", "usw1-az2", "cac1-az3"];
