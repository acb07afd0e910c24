import { KubernetesCluster } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";
import { hostAddress } from "../../config/address-ranges";
import { nodeResourceGroup } from "../../config/clouds/azure-names";
import { adminGroups, isProtected } from "../../config/platform";
import type { AzureContext } from "./context";
import { EncryptionKey } from "./encryption-key";
import type { NetworkFacts } from "./network";
import { systemNodes } from "./system-nodes";
import { upgrades } from "./upgrades";

export interface ControlPlaneProps {
  readonly context: AzureContext;
  readonly network: NetworkFacts;
}

/** Terraform's words for how nodes reach the internet. */
const OUTBOUND = {
  "nat-gateway": "userAssignedNATGateway",
  "load-balancer": "loadBalancer",
  "user-defined-routing": "userDefinedRouting",
} as const;

/** AKS: Entra sign-in only, workload identity, Cilium, a system pool of its own, and an API that is private or has an allow list. */
export class ControlPlane extends Construct {
  readonly cluster: KubernetesCluster;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    const { context, network } = props;
    const { name, config, platform, resourceGroup: resourceGroupName } = context;
    const { location } = config;
    // A system-assigned identity could not be given rights before the cluster exists.
    const identity = new UserAssignedIdentity(this, "identity", {
      name: `${name}-control-plane`,
      location,
      resourceGroupName,
    });
    const join = (assignment: string, subnetId: string): RoleAssignment =>
      new RoleAssignment(this, assignment, {
        scope: subnetId,
        roleDefinitionName: "Network Contributor",
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      });
    const joins = [
      join("subnet-rights", network.nodeSubnetId),
      ...(network.apiServerSubnetId === undefined ? [] : [join("api-server-subnet-rights", network.apiServerSubnetId)]),
    ];
    const { encryptionKey } = config;
    const key =
      encryptionKey &&
      new EncryptionKey(this, "encryption-key", { context, key: encryptionKey, principalId: identity.principalId });
    const deletionProtection = isProtected(platform, config);
    this.cluster = new KubernetesCluster(this, "cluster", {
      name,
      location,
      resourceGroupName,
      dnsPrefix: name,
      // The default, MC_<group>_<cluster>_<location>, has the name twice and an end at 80 characters.
      nodeResourceGroup: nodeResourceGroup(context.name),
      kubernetesVersion: config.kubernetes,
      skuTier: "Standard",
      ...upgrades(config.upgrades),
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      localAccountDisabled: true,
      roleBasedAccessControlEnabled: true,
      azureActiveDirectoryRoleBasedAccessControl: {
        azureRbacEnabled: false,
        adminGroupObjectIds: adminGroups(platform, config).map((group) => group.azure as string),
      },
      oidcIssuerEnabled: true,
      workloadIdentityEnabled: true,
      runCommandEnabled: false,
      imageCleanerEnabled: true,
      imageCleanerIntervalHours: 48,
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataPlane: "cilium",
        networkPolicy: "cilium",
        loadBalancerSku: "standard",
        outboundType: OUTBOUND[config.network.outbound],
        podCidr: config.network.podCidr,
        serviceCidr: config.network.serviceCidr,
        dnsServiceIp: hostAddress(config.network.serviceCidr, 10),
      },
      ...apiServer(context, network),
      ...key?.settings,
      defaultNodePool: systemNodes(context, network),
      autoScalerProfile: { expander: "priority", balanceSimilarNodeGroups: true, skipNodesWithLocalStorage: false },
      storageProfile: {
        diskDriverEnabled: true,
        fileDriverEnabled: true,
        snapshotControllerEnabled: true,
        blobDriverEnabled: false,
      },
      timeouts: { create: "60m", update: "90m", delete: "60m" },
      lifecycle: {
        // The first is the autoscaler's; the others are what an organisation's Azure Policy switches on by itself.
        ignoreChanges: ["default_node_pool[0].node_count", "microsoft_defender", "monitor_metrics", "oms_agent"],
        // Not a lock of Azure's: it would hold for the cluster's node pools as well, and no team could give one up.
        ...(deletionProtection && { preventDestroy: true }),
      },
      dependsOn: [...joins, ...(key?.ready ?? []), ...network.egress],
    });
  }
}

function apiServer({ config }: AzureContext, { apiServerSubnetId, egressAddress }: NetworkFacts) {
  const { public: allowed } = config.access;
  // Nodes without an address in the same network reach a public API server through their own egress.
  const ranges =
    apiServerSubnetId === undefined && egressAddress !== undefined
      ? [...[...allowed].sort(), `${egressAddress}/32`]
      : [...allowed].sort();
  const profile = {
    ...(allowed.length > 0 && { authorizedIpRanges: ranges }),
    ...(apiServerSubnetId !== undefined && { virtualNetworkIntegrationEnabled: true, subnetId: apiServerSubnetId }),
  };
  return {
    ...(Object.keys(profile).length > 0 && { apiServerAccessProfile: profile }),
    ...(allowed.length === 0 && { privateClusterEnabled: true, privateDnsZoneId: "System" }),
  };
}
