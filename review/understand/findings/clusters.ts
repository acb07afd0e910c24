/** Of the cluster and its network. */
import type { ResourceChange } from "../../../policies/plan/resource-change";
import { asText } from "../../../policies/plan/synthesized-stack";
import { differencesOf } from "../../read/differences";
import { jumpOf } from "../releases";
import { describe, inWords, type Finding } from "./finding";

/** What Terraform calls the version of Kubernetes. */
const VERSIONS = ["version", "kubernetes_version", "orchestrator_version"];
const CLUSTER_PARTS = /^(aws_eks_(cluster|node_group|addon)|azurerm_kubernetes_cluster(_node_pool)?)$/;

/** Nodes and add-ons follow their cluster by the dozen, which is one thing to know. */
export function folded(found: readonly Finding[]): Finding[] {
  const following = found.filter(({ level }) => level === "routine");
  if (following.length < 2) return [...found];
  return [
    ...found.filter(({ level }) => level !== "routine"),
    {
      level: "routine",
      text: `${following.length} groups of nodes and add-ons go to another version`,
      addresses: following.flatMap(({ addresses }) => addresses),
    },
  ];
}

/** Another Kubernetes, and what follows it. */
export function ofVersion({ type, action, before, after, address, path }: ResourceChange): Finding[] {
  if (!CLUSTER_PARTS.test(type) || action !== "update") return [];
  return VERSIONS.flatMap((attribute): Finding[] => {
    const key = type === "aws_eks_addon" ? "addon_version" : attribute;
    const [from, to] = [asText(before?.[key]), asText(after?.[key])];
    if (
      from === "" ||
      to === "" ||
      from === to ||
      from.startsWith(`${to}.`) ||
      (key !== attribute && attribute !== "version")
    )
      return [];
    const jump = jumpOf(from, to);
    const isCluster = /cluster$/.test(type);
    return [
      {
        level: jump === "downgrade" ? "danger" : isCluster ? "caution" : "routine",
        text: `${isCluster ? "Kubernetes" : path} goes from ${from} to ${to}${isCluster ? "; there is no way back" : ""}`,
        addresses: [address],
      },
    ];
  });
}

/** Who may reach the API server. */
export function ofApi(change: ResourceChange): Finding[] {
  if (change.action !== "update" || !/^(aws_eks_cluster|azurerm_kubernetes_cluster)$/.test(change.type)) return [];
  return differencesOf(change)
    .list.filter(({ path }) =>
      /public_access_cidrs|authorized_ip_ranges|endpoint_public_access|private_cluster_enabled/.test(path),
    )
    .map(({ path, before, after }) => ({
      level: "caution",
      text: `who may reach the API server changes: ${path} ${inWords(before)} → ${inWords(after)}`,
      addresses: [change.address],
    }));
}

/**
 * Azure has no replacement for it: the plan says that it changes in place, and the apply is refused while something has an address there.
 * https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#change-a-virtual-network
 */
export function ofRange(changes: readonly ResourceChange[]): Finding[] {
  const moved = (type: string) =>
    changes
      .filter((change) => change.action === "update" && change.type === type)
      .flatMap((change) =>
        differencesOf(change)
          .list.filter(({ path }) => /^(address_space|address_prefixes)\b/.test(path))
          .map((difference) => ({ change, difference })),
      );
  const [networks, subnets] = [moved("azurerm_virtual_network"), moved("azurerm_subnet")];
  // Subnets lie in their network: they are a matter of their own only where it stays.
  const subnetsToo =
    subnets.length === 0 ? "" : `, and ${subnets.length} subnet${subnets.length === 1 ? "" : "s"} with it`;
  return (networks.length > 0 ? networks : subnets).map(({ change, difference: { path, before, after } }) => ({
    level: "danger",
    text: `${describe(change, undefined).text} changes its range, ${path} ${inWords(before)} → ${inWords(after)}${networks.length > 0 ? subnetsToo : ""}: Azure refuses that while something has an address in it`,
    addresses: [change.address, ...(networks.length > 0 ? subnets.map((subnet) => subnet.change.address) : [])],
  }));
}
