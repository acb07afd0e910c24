/** How each type is removed, in the order in which it goes: what holds others comes first. */

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

/** The command that removes it. */
export function removal(type: string, id: string, subscription: string, stack: string): string {
  const on = `--subscription ${subscription}`;
  const part = (name: string): string => new RegExp(`/${name}/([^/]+)`, "i").exec(id)?.[1] ?? "";
  switch (type.toLowerCase()) {
    case CLUSTER.toLowerCase():
      return `npx cdktf destroy ${stack}`;
    case `${CLUSTER}/agentPools`.toLowerCase():
      return `az aks nodepool delete ${on} --resource-group ${part("resourceGroups")} --cluster-name ${part("managedClusters")} --name ${part("agentPools")}`;
    case "microsoft.authorization/locks":
      return `az lock delete --ids ${id}`;
    case "microsoft.network/dnszones/recordsets": {
      const [kind = "", name = ""] = id.split("/").slice(-2);
      return `az network dns record-set ${kind.toLowerCase()} delete ${on} --resource-group ${part("resourceGroups")} --zone-name ${part("dnsZones")} --name '${name}' --yes`;
    }
    case "microsoft.resources/resourcegroups":
      return `az group delete ${on} --name ${part("resourceGroups")}`;
    case "microsoft.consumption/budgets":
      return `az consumption budget delete ${on} --budget-name ${part("budgets")}`;
    case "microsoft.keyvault/deletedvaults":
      return `az keyvault purge ${on} --name ${part("deletedVaults")} --location ${part("locations")}`;
    default:
      return `az resource delete --ids ${id}`;
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
