import type { AzureCluster } from "../../config/clouds/azure";
import { acmeIssuer } from "../../modules/acme";
import type { DnsProvider } from "../../modules/cluster";

/** Records in an Azure DNS zone that exists, and certificates by DNS-01 in it. */
export function dnsProvider(config: AzureCluster, tenant: string): DnsProvider {
  const { subscription } = config;
  const { zone, resourceGroup } = config.dns;
  return {
    domain: config.domain,
    records: {
      // The domain may lie below the zone: then its name alone would match no zone.
      values: { provider: { name: "azure" }, extraArgs: [`--zone-name-filter=${zone}`] },
      // https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/azure/: names the zone's place, holds no secret
      configFile: {
        name: "azure.json",
        content: JSON.stringify({
          tenantId: tenant,
          subscriptionId: subscription,
          resourceGroup,
          useWorkloadIdentityExtension: true,
        }),
      },
    },
    issuer: (email, identity) =>
      acmeIssuer(email, {
        azureDNS: {
          environment: "AzurePublicCloud",
          subscriptionID: subscription,
          resourceGroupName: resourceGroup,
          hostedZoneName: zone,
          managedIdentity: { clientID: identity.clientId },
        },
      }),
  };
}

/** Resource id of the zone: the scope of rights on it. */
export function zoneId(config: AzureCluster): string {
  return `${zoneResourceGroupId(config)}/providers/Microsoft.Network/dnsZones/${config.dns.zone}`;
}

export function zoneResourceGroupId(config: AzureCluster): string {
  return `/subscriptions/${config.subscription}/resourceGroups/${config.dns.resourceGroup}`;
}
