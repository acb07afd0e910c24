/** Configs that between them have every kind of resource that a stack on Azure can have. */
import type { Platform } from "../../config/platform";
import { platformOf, type Draft } from "./config";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const NETWORK = `${SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub`;
const VAULT = `${SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme`;
const KEY = { vault: VAULT, key: "https://acme.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef" };

/** The config without AWS: an environment is on every cluster, and layers and pools are checked for each. */
const CHANGES: Readonly<Record<string, (azure: Draft, draft: Draft) => void>> = {
  minimal: () => undefined,
  full: (azure, draft) => {
    azure.encryptionKey = KEY;
    azure.budget = { monthly: 5000, from: "2026-12" };
    azure.costExport = {
      storageAccount: `${SUBSCRIPTION}/resourceGroups/costs/providers/Microsoft.Storage/storageAccounts/acmecosts`,
      container: "costs",
    };
    azure.state = { storageAccount: "acmestate", resourceGroup: "state" };
    draft.teams.web.serviceAccounts = {
      uploads: {
        azure: {
          roleAssignments: [{ role: "Storage Blob Data Contributor", scope: `${SUBSCRIPTION}/resourceGroups/web` }],
        },
      },
    };
  },
  private: (azure) => {
    azure.access.public = [];
    azure.access.vnetIntegration = true;
    azure.network.outbound = "load-balancer";
  },
  "private with a key": (azure) => {
    azure.access.vnetIntegration = true;
    azure.encryptionKey = KEY;
  },
  "own zone": (azure) => (azure.dns = { create: true }),
  "network of others": (azure) => {
    azure.network.existing = {
      nodeSubnet: `${NETWORK}/subnets/nodes`,
      apiServerSubnet: `${NETWORK}/subnets/api-server`,
    };
    azure.access.vnetIntegration = true;
    azure.secrets = { vault: VAULT };
    azure.logWorkspace = `${SUBSCRIPTION}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/acme`;
  },
  "cluster of others": (azure) => {
    azure.existing = { name: "theirs", resourceGroup: "their-group" };
    delete azure.access.public;
  },
  layered: (azure) => (azure.layout = "layered"),
};

export const VARIANTS: readonly string[] = Object.keys(CHANGES);

export function variant(name: string): Platform {
  return platformOf((draft) => CHANGES[name]?.(draft.clusters["azure-platform"], draft));
}
