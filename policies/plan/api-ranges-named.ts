import { blocks, faultsOf, isTrue, texts, when } from "./look";
import type { PlanRule } from "./rule";

export const apiRangesNamed: PlanRule = {
  id: "api-ranges-named",
  severity: "deny",
  why: "Where nothing is said, EKS and AKS open the API server to every address: a public API server must be somebody's decision.",
  fix: "Name the ranges of your offices, VPN and runners in the cluster's access.public; leave it out for a private API server.",
  links: ["CIS EKS 5.4.2", "CIS AKS 5.4.2", "CKV_AWS_39", "CKV_AZURE_6"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_eks_cluster"], ({ vpc_config: network }) =>
      blocks(network)
        .filter(({ endpoint_public_access: open }) => open === undefined || open === null || isTrue(open))
        .flatMap(({ public_access_cidrs: ranges }) =>
          when(texts(ranges).length === 0, "its API server is public, and public_access_cidrs names no range"),
        ),
    ),
    ...faultsOf(stack, ["azurerm_kubernetes_cluster"], (cluster) =>
      when(
        !isTrue(cluster["private_cluster_enabled"]) &&
          blocks(cluster["api_server_access_profile"]).every(
            ({ authorized_ip_ranges: ranges }) => texts(ranges).length === 0,
          ),
        "its API server is public, and authorized_ip_ranges names no range",
      ),
    ),
  ],
};
