/** How each type is removed, in the order in which it goes: what holds others comes first. */
import type { AzureCluster } from "../../../../config/clouds/azure";
import { az } from "../az";

const CLUSTER = "Microsoft.ContainerService/managedClusters";

/** In this order; what is not here comes after the last of them but the groups, in which it is. */
const ORDER = [
  "Microsoft.Authorization/locks",
  "Microsoft.Network/dnsZones/recordsets",
  `${CLUSTER}/agentPools`,
  CLUSTER,
  "Microsoft.Compute/virtualMachineScaleSets",
  "Microsoft.Compute/virtualMachines",
  "Microsoft.Network/privateEndpoints",
  "Microsoft.Network/loadBalancers",
  "Microsoft.Network/natGateways",
  "Microsoft.Network/networkInterfaces",
  "Microsoft.Network/publicIPAddresses",
  "Microsoft.Compute/snapshots",
  "Microsoft.Compute/disks",
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  "Microsoft.Network/virtualNetworks",
];
const LAST = [
  "Microsoft.Resources/resourceGroups",
  "Microsoft.Consumption/budgets",
  // After the group of the vault, which becomes one of them.
  "Microsoft.KeyVault/deletedVaults",
];

/** The command that removes it. @param stack of the cluster itself */
export function removal(type: string, id: string, cluster: Pick<AzureCluster, "subscription">, stack: string): string {
  const part = (name: string): string => new RegExp(`/${name}/([^/]+)`, "i").exec(id)?.[1] ?? "";
  const group = { "resource-group": part("resourceGroups") };
  switch (type.toLowerCase()) {
    case CLUSTER.toLowerCase():
      return `npx cdktf destroy ${stack}, or where no state has it: ${az(cluster, "aks delete", { ...group, name: part("managedClusters") })}`;
    case `${CLUSTER}/agentPools`.toLowerCase():
      return az(cluster, "aks nodepool delete", {
        ...group,
        "cluster-name": part("managedClusters"),
        name: part("agentPools"),
      });
    case "microsoft.authorization/locks":
      return az(cluster, "lock delete", { ids: id });
    case "microsoft.network/dnszones/recordsets": {
      const [kind = "", name = ""] = id.split("/").slice(-2);
      const command = `network dns record-set ${kind.toLowerCase()} delete --yes`;
      return az(cluster, command, { ...group, "zone-name": part("dnsZones"), name });
    }
    case "microsoft.resources/resourcegroups":
      return az(cluster, "group delete", { name: part("resourceGroups") });
    case "microsoft.consumption/budgets":
      return az(cluster, "consumption budget delete", { "budget-name": part("budgets") });
    case "microsoft.keyvault/deletedvaults":
      return az(cluster, "keyvault purge", { name: part("deletedVaults"), location: part("locations") });
    default:
      return az(cluster, "resource delete", { ids: id });
  }
}

/** Place in the order of removal. */
export function removalOrder(type: string): number {
  const place = (among: readonly string[]): number =>
    among.findIndex((known) => known.toLowerCase() === type.toLowerCase());
  const last = place(LAST);
  if (last !== -1) return ORDER.length + 1 + last;
  return place(ORDER) === -1 ? ORDER.length : place(ORDER);
}
