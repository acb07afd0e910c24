import type { KubernetesClusterDefaultNodePool } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import { zonesIn } from "../../config/clouds/azure-locations";
import type { AzureContext } from "./context";
import type { NetworkFacts } from "./network";

/** Nodes of AKS's own add-ons, tainted, in every zone: a part of the cluster, made with it and the last to go. */
export function systemNodes({ config, tags }: AzureContext, network: NetworkFacts): KubernetesClusterDefaultNodePool {
  const zones = zonesIn(config.location);
  return {
    name: "system",
    // A changed size moves through a pool of this name.
    temporaryNameForRotation: "systemtmp",
    vmSize: config.systemNodes.vmSize,
    // Without it the nodes would stay behind when `kubernetes` is raised.
    orchestratorVersion: config.kubernetes,
    autoScalingEnabled: true,
    minCount: config.systemNodes.min,
    maxCount: config.systemNodes.max,
    maxPods: 110,
    ...(zones.length > 0 && { zones: [...zones] }),
    onlyCriticalAddonsEnabled: true,
    hostEncryptionEnabled: config.hostEncryption,
    osDiskType: "Ephemeral",
    osDiskSizeGb: 64,
    osSku: "Ubuntu",
    vnetSubnetId: network.nodeSubnetId,
    upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 },
    // Tags of the cluster do not reach the machines of its pools.
    tags: { ...tags },
  };
}
