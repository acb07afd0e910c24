import type { Construct } from "constructs";
import { nodeResourceGroup } from "../../config/clouds/azure-names";
import { adminGroups } from "../../config/platform";
import { Access } from "./access";
import type { Aks } from "./aks";
import type { AzureContext } from "./context";
import { ControlPlane } from "./control-plane";
import { KeyVault } from "./key-vault";
import { CONTROL_PLANE_LOGS, Logs, VAULT_LOGS } from "./logs";
import { Network, type NetworkFacts } from "./network";
import { makesVault } from "./secrets";

/** The cluster itself, from the network to the nodes of its add-ons. */
export function clusterLayer(scope: Construct, context: AzureContext): Aks {
  const { platform, config, resourceGroup } = context;
  const network = networkOf(scope, context);
  const logs = new Logs(scope, "logs", context);
  const vault =
    network instanceof Network && makesVault(config)
      ? new KeyVault(scope, "key-vault", { context, network })
      : undefined;
  const vaultLogs = vault && logs.keep("key-vault", vault.id, VAULT_LOGS);
  const { cluster } = new ControlPlane(scope, "control-plane", { context, network });
  logs.keep("control-plane", cluster.id, CONTROL_PLANE_LOGS);
  Access.of(scope).allow(adminGroups(platform, config), cluster.id);
  const kubeConfig = cluster.kubeConfig.get(0);
  return {
    id: cluster.id,
    resourceGroup,
    endpoint: kubeConfig.host,
    certificateAuthority: kubeConfig.clusterCaCertificate,
    nodeSubnetId: network.nodeSubnetId,
    network: network instanceof Network ? network : undefined,
    nodeResourceGroup: nodeResourceGroup(context.name),
    issuer: cluster.oidcIssuerUrl,
    vault: [...(vault?.ready ?? []), ...(vaultLogs ? [vaultLogs] : [])],
    ready: [cluster],
  };
}

/** A network of the cluster's own with what is private in it, or the one that the config names. */
function networkOf(scope: Construct, context: AzureContext): NetworkFacts {
  const { existing } = context.config.network;
  if (existing) return { nodeSubnetId: existing.nodeSubnet, apiServerSubnetId: existing.apiServerSubnet, egress: [] };
  return new Network(scope, "network", context);
}
