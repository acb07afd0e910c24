import type { AzureCluster } from "../../../config/clouds/azure";
import { findStack } from "../../../config/layers";
import { clusterFullName, ownName } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import type { Operations, Surroundings } from "../../operations";
import { deployRole, subscriptionsOf } from "../deploy-permissions";
import { makesVault, vaultNames } from "../secrets";
import { bootstrap } from "./bootstrap";
import { azureClients, type AzureClients } from "./clients";
import { inWords } from "./errors";
import { leftovers } from "./leftovers/leftovers";
import { preflight } from "./preflight/preflight";
import { statePlace } from "./storage-account";

/** The commands for a cluster on Azure. */
export function azureOperations(
  platform: Platform,
  cluster: AzureCluster,
  surroundings: Surroundings,
  clients: AzureClients = azureClients(cluster.subscription),
): Operations {
  const name = clusterFullName(platform, cluster);
  const context = { platform, cluster, name, clients, surroundings };
  return {
    preflight: (stack, types) =>
      preflight({
        ...context,
        stack: findStack(platform, stack, "azure"),
        types,
        resourceGroup: ownName(platform, cluster),
        vaultNames: makesVault(cluster) ? vaultNames(platform, cluster) : [],
        month: new Date().toISOString().slice(0, 7),
      }),
    permissions: (stack, types, planOnly) =>
      deployRole({
        stack: findStack(platform, stack, "azure").name,
        prefix: ownName(platform, cluster),
        subscriptions: subscriptionsOf(platform, cluster),
        stateContainer: cluster.state && statePlace(cluster, cluster.state).container,
        types,
        planOnly,
      }),
    leftovers: () => leftovers({ cluster, name: ownName(platform, cluster), clients }),
    bootstrap: (options) =>
      inWords(
        () => bootstrap(platform, cluster, clients, options),
        (refusal) => `Azure refused: ${refusal}; whatever was made stays, and another run goes on from there`,
      ),
  };
}
