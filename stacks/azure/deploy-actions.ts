/**
 * What Terraform does in Azure for each type of resource: what the azurerm provider calls, and what Azure asks for beside that because one
 * resource joins another. Every type that the stacks have must be here; a test compares. The actions are those of
 * https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations, November 2026.
 */

export interface Actions {
  /** Enough for a plan. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Types that ask Azure for nothing. */
export const NOTHING: Actions = { read: [], write: [] };

/** Actions of one resource provider: `network("natGateways/read")` is `"Microsoft.Network/natGateways/read"`. */
const of =
  (provider: string) =>
  (...actions: readonly string[]): readonly string[] =>
    actions.map((action) => `Microsoft.${provider}/${action}`);
const [aks, authorization, compute, identity, insights, keyVault, logs, network, resources, storage] = [
  of("ContainerService"),
  of("Authorization"),
  of("Compute"),
  of("ManagedIdentity"),
  of("Insights"),
  of("KeyVault"),
  of("OperationalInsights"),
  of("Network"),
  of("Resources"),
  of("Storage"),
] as const;

/** To read, make, change and remove one type; there is no action of its own for a change. */
const all = (make: (...actions: readonly string[]) => readonly string[], type: string): Actions => ({
  read: make(`${type}/read`),
  write: make(`${type}/write`, `${type}/delete`),
});

/** `actions` and more of them. */
const and = ({ read, write }: Actions, more: Partial<Actions>): Actions => ({
  read: [...read, ...(more.read ?? [])],
  write: [...write, ...(more.write ?? [])],
});

/** Where the provider asks whether something has become of what it asked for. */
const NETWORK_RESULTS = network("locations/operationResults/read", "locations/operations/read");
const AKS_RESULTS = aks("locations/operationresults/read", "locations/operations/read");
const DNS_RESULTS = network("dnsoperationresults/read", "dnsoperationstatuses/read");
const PRIVATE_DNS_RESULTS = network("privateDnsOperationResults/read", "privateDnsOperationStatuses/read");

/** Azure looks at the rights on both ends when one thing is put into another. */
const JOIN_SUBNET = network("virtualNetworks/subnets/join/action");
const JOIN_SECURITY_GROUP = network("networkSecurityGroups/join/action");
const JOIN_NAT_GATEWAY = network("natGateways/join/action");
/** The provider asks whether a pool may have the version of Kubernetes that it is told; without, Azure says that none is offered. */
const POOL_VERSIONS = aks("managedClusters/availableAgentPoolVersions/read");
const ASSIGN_IDENTITY = identity("userAssignedIdentities/assign/action");

const networkType = (type: string): Actions => and(all(network, type), { write: NETWORK_RESULTS });
/** The provider sets what a subnet is joined to by writing the subnet. */
const SUBNET = networkType("virtualNetworks/subnets");

const CLUSTER_READ = aks("managedClusters/listClusterUserCredential/action", "managedClusters/read");

export const ACTIONS_BY_TYPE: Readonly<Record<string, Actions>> = {
  azurerm_consumption_budget_subscription: all(of("Consumption"), "budgets"),
  azurerm_disk_encryption_set: and(all(compute, "diskEncryptionSets"), {
    write: [
      ...ASSIGN_IDENTITY,
      ...compute("locations/DiskOperations/read"),
      // The key is of a vault that somebody else keeps: https://learn.microsoft.com/azure/virtual-machines/disk-encryption
      ...keyVault("vaults/deploy/action", "vaults/read"),
    ],
  }),
  azurerm_dns_zone: and(all(network, "dnszones"), { read: network("dnszones/SOA/read"), write: DNS_RESULTS }),
  azurerm_federated_identity_credential: all(identity, "userAssignedIdentities/federatedIdentityCredentials"),
  azurerm_key_vault: and(all(keyVault, "vaults"), {
    // One that an earlier destroy left deleted, but recoverable, is recovered.
    write: keyVault("locations/deletedVaults/read", "locations/operationResults/read"),
  }),
  azurerm_kubernetes_cluster: and(all(aks, "managedClusters"), {
    read: [...CLUSTER_READ, ...aks("managedClusters/maintenanceConfigurations/read")],
    write: [
      // The system pool moves through a temporary one when its size changes.
      ...all(aks, "managedClusters/agentPools").read,
      ...all(aks, "managedClusters/agentPools").write,
      ...all(aks, "managedClusters/maintenanceConfigurations").write,
      ...aks("managedClusters/resetAADProfile/action"),
      ...POOL_VERSIONS,
      ...AKS_RESULTS,
      ...ASSIGN_IDENTITY,
      ...JOIN_SUBNET,
    ],
  }),
  azurerm_kubernetes_cluster_node_pool: and(all(aks, "managedClusters/agentPools"), {
    read: aks("managedClusters/read"),
    write: [...POOL_VERSIONS, ...AKS_RESULTS, ...JOIN_SUBNET],
  }),
  azurerm_log_analytics_workspace: and(all(logs, "workspaces"), {
    write: logs(
      "deletedWorkspaces/read",
      "locations/operationStatuses/read",
      // Read into the state by the provider, which goes on without.
      "workspaces/sharedKeys/action",
    ),
  }),
  azurerm_monitor_diagnostic_setting: and(all(insights, "diagnosticSettings"), {
    // Whoever sends logs to a workspace must have the right to: https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
    write: [...logs("workspaces/read", "workspaces/sharedKeys/action"), ...aks("managedClusters/read")],
  }),
  azurerm_nat_gateway: networkType("natGateways"),
  azurerm_nat_gateway_public_ip_association: {
    read: network("natGateways/read"),
    write: [...network("natGateways/write", "publicIPAddresses/join/action"), ...NETWORK_RESULTS],
  },
  azurerm_network_security_group: networkType("networkSecurityGroups"),
  azurerm_private_dns_zone: and(all(network, "privateDnsZones"), {
    read: network("privateDnsZones/SOA/read"),
    write: PRIVATE_DNS_RESULTS,
  }),
  azurerm_private_dns_zone_virtual_network_link: and(all(network, "privateDnsZones/virtualNetworkLinks"), {
    write: [...network("virtualNetworks/join/action"), ...PRIVATE_DNS_RESULTS],
  }),
  azurerm_private_endpoint: and(networkType("privateEndpoints"), {
    read: [
      ...network("networkInterfaces/read", "privateDnsZones/read"),
      ...all(network, "privateEndpoints/privateDnsZoneGroups").read,
    ],
    write: [
      ...all(network, "privateEndpoints/privateDnsZoneGroups").write,
      ...network("privateDnsZones/join/action"),
      ...JOIN_SUBNET,
      // Else somebody would have to approve the endpoint by hand.
      ...keyVault("vaults/PrivateEndpointConnectionsApproval/action"),
      ...storage("storageAccounts/PrivateEndpointConnectionsApproval/action"),
    ],
  }),
  azurerm_public_ip: networkType("publicIPAddresses"),
  azurerm_resource_group: and(all(resources, "subscriptions/resourceGroups"), {
    // The provider removes no group that still holds something.
    write: resources("subscriptions/resourceGroups/resources/read"),
  }),
  azurerm_role_assignment: and(all(authorization, "roleAssignments"), {
    read: authorization("roleDefinitions/read"),
  }),
  azurerm_storage_account: and(all(storage, "storageAccounts"), {
    // Not the right to list keys, which nothing takes: the provider goes on without.
    read: storage("storageAccounts/blobServices/read", "storageAccounts/fileServices/read"),
    write: storage("storageAccounts/blobServices/write"),
  }),
  azurerm_storage_container: and(all(storage, "storageAccounts/blobServices/containers"), {
    read: storage("storageAccounts/read"),
  }),
  azurerm_storage_management_policy: and(all(storage, "storageAccounts/managementPolicies"), {
    read: storage("storageAccounts/read"),
  }),
  azurerm_subnet: and(SUBNET, { read: network("virtualNetworks/read") }),
  azurerm_subnet_nat_gateway_association: {
    read: SUBNET.read,
    write: [...network("virtualNetworks/subnets/write"), ...JOIN_NAT_GATEWAY, ...NETWORK_RESULTS],
  },
  azurerm_subnet_network_security_group_association: {
    read: SUBNET.read,
    write: [...network("virtualNetworks/subnets/write"), ...JOIN_SECURITY_GROUP, ...NETWORK_RESULTS],
  },
  azurerm_user_assigned_identity: all(identity, "userAssignedIdentities"),
  azurerm_virtual_network: networkType("virtualNetworks"),
  // Data sources
  "data.azurerm_client_config": NOTHING,
  "data.azurerm_kubernetes_cluster": { read: CLUSTER_READ, write: [] },
};

/** What a type needs; those of other providers, such as Helm's, need nothing of Azure. @throws Error for an azurerm type without an entry */
export function actionsOf(type: string): Actions {
  const actions = ACTIONS_BY_TYPE[type];
  if (actions) return actions;
  if (type.replace(/^data\./, "").startsWith("azurerm_"))
    throw new Error(`stacks/azure/deploy-actions.ts has no entry for ${type}`);
  return NOTHING;
}
