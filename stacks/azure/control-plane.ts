import { KubernetesCluster } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";
import { hostAddress } from "../../config/address-ranges";
import type { AzureCluster } from "../../config/clouds/azure";
import type { Network } from "./network";

export interface ControlPlaneProps {
  readonly name: string;
  readonly config: AzureCluster;
  readonly resourceGroup: string;
  readonly network: Network;
  /** Object ids of the Entra groups with full rights. */
  readonly adminGroupIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** AKS: Entra sign-in only, workload identity, Cilium, a system pool of its own, and an API that is private or has an allow list. */
export class ControlPlane extends Construct {
  readonly cluster: KubernetesCluster;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    const { name, config, resourceGroup: resourceGroupName, network } = props;
    const { location } = config;
    // A system-assigned identity could not be given rights before the cluster exists.
    const identity = new UserAssignedIdentity(this, "identity", {
      name: `${name}-control-plane`,
      location,
      resourceGroupName,
    });
    const joinSubnet = new RoleAssignment(this, "subnet-rights", {
      scope: network.nodeSubnetId,
      roleDefinitionName: "Network Contributor",
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
    });
    const allowed = config.access.public;
    this.cluster = new KubernetesCluster(this, "cluster", {
      name,
      location,
      resourceGroupName,
      dnsPrefix: name,
      // The default, MC_<group>_<cluster>_<location>, has the name twice and an end at 80 characters.
      nodeResourceGroup: `${name}-nodes`,
      kubernetesVersion: config.kubernetes,
      skuTier: "Standard",
      automaticUpgradeChannel: "patch",
      nodeOsUpgradeChannel: "NodeImage",
      maintenanceWindowAutoUpgrade: {
        frequency: "Weekly",
        interval: 1,
        dayOfWeek: "Sunday",
        startTime: "00:00",
        utcOffset: "+00:00",
        duration: 4,
      },
      maintenanceWindowNodeOs: {
        frequency: "Weekly",
        interval: 1,
        dayOfWeek: "Sunday",
        startTime: "04:00",
        utcOffset: "+00:00",
        duration: 8,
      },
      identity: { type: "UserAssigned", identityIds: [identity.id] },
      localAccountDisabled: true,
      roleBasedAccessControlEnabled: true,
      azureActiveDirectoryRoleBasedAccessControl: {
        azureRbacEnabled: false,
        adminGroupObjectIds: [...props.adminGroupIds],
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
        outboundType: "userAssignedNATGateway",
        podCidr: config.network.podCidr,
        serviceCidr: config.network.serviceCidr,
        dnsServiceIp: hostAddress(config.network.serviceCidr, 10),
      },
      ...(allowed.length > 0
        ? // Nodes reach a public API server through their own egress address.
          { apiServerAccessProfile: { authorizedIpRanges: [...[...allowed].sort(), `${network.egressAddress}/32`] } }
        : { privateClusterEnabled: true, privateDnsZoneId: "System" }),
      defaultNodePool: {
        name: "system",
        // A changed size moves through a pool of this name.
        temporaryNameForRotation: "systemtmp",
        vmSize: config.systemNodes.vmSize,
        autoScalingEnabled: true,
        minCount: config.systemNodes.min,
        maxCount: config.systemNodes.max,
        maxPods: 110,
        zones: ["1", "2", "3"],
        onlyCriticalAddonsEnabled: true,
        osDiskType: "Ephemeral",
        osDiskSizeGb: 64,
        osSku: "Ubuntu",
        vnetSubnetId: network.nodeSubnetId,
        upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30 },
        tags: { ...props.tags },
      },
      autoScalerProfile: { expander: "priority", balanceSimilarNodeGroups: true, skipNodesWithLocalStorage: false },
      storageProfile: {
        diskDriverEnabled: true,
        fileDriverEnabled: true,
        snapshotControllerEnabled: true,
        blobDriverEnabled: false,
      },
      timeouts: { create: "60m", update: "90m", delete: "60m" },
      lifecycle: { ignoreChanges: ["default_node_pool[0].node_count"] },
      dependsOn: [joinSubnet, ...network.egress],
    });
  }
}
