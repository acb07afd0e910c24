/** What teams may be given on Azure: nothing that is the platform's. */
import type { AzureCluster } from "../clouds/azure";
import { managedClusterId, nodeResourceGroup } from "../clouds/azure-names";
import { clusterFullName, ownName } from "../names";
import type { Platform } from "../platform";
import { azureClusters } from "./azure";
import type { Finding, Rule } from "./rule";

export const AZURE_RIGHTS_RULES: readonly Rule[] = [
  {
    id: "azure-team-rights",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.serviceAccounts.flatMap(({ name, azure }) =>
          (azure?.roleAssignments ?? []).flatMap(({ scope }): Finding[] => {
            const part = partOfPlatform(platform, scope);
            return part === undefined
              ? []
              : [
                  {
                    path: `teams.${team.name}.serviceAccounts.${name}.azure.roleAssignments`,
                    message: `"${scope}" has ${part} in it, which is the platform's; name something of the team's own`,
                  },
                ];
          }),
        ),
      ),
  },
];

/** What of the platform lies in a scope, or holds it; whoever has a role there has it on all below. */
function partOfPlatform(platform: Omit<Platform, "warnings">, scope: string): string | undefined {
  const wanted = scope.toLowerCase();
  return azureClusters(platform)
    .flatMap((cluster) => partsOfPlatform(platform, cluster))
    .find(({ id }) => {
      const part = id.toLowerCase();
      return part === wanted || part.startsWith(`${wanted}/`) || wanted.startsWith(`${part}/`);
    })?.what;
}

function partsOfPlatform(
  platform: Omit<Platform, "warnings">,
  cluster: AzureCluster,
): readonly { readonly what: string; readonly id: string }[] {
  const { subscription, existing, encryptionKey, secrets, state, dns } = cluster;
  const group = (name: string): string => `/subscriptions/${subscription}/resourceGroups/${name}`;
  const full = clusterFullName(platform, cluster);
  return [
    { what: "the platform's resource group", id: group(ownName(platform, cluster)) },
    existing
      ? {
          what: "the cluster",
          id: managedClusterId(subscription, existing.resourceGroup, full),
        }
      : { what: "the nodes' resource group", id: group(nodeResourceGroup(full)) },
    ...(encryptionKey ? [{ what: "the vault of encryptionKey", id: encryptionKey.vault }] : []),
    ...(secrets ? [{ what: "the vault of secrets", id: secrets.vault }] : []),
    ...(dns.zone !== undefined && dns.resourceGroup !== undefined
      ? [{ what: "the DNS zone", id: `${group(dns.resourceGroup)}/providers/Microsoft.Network/dnsZones/${dns.zone}` }]
      : []),
    ...(state
      ? [
          {
            what: "the state",
            id: `${group(state.resourceGroup)}/providers/Microsoft.Storage/storageAccounts/${state.storageAccount}`,
          },
        ]
      : []),
  ];
}
