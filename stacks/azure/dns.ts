import { acmeIssuer } from "../../modules/acme";
import type { DnsProvider } from "../../modules/cluster";
import type { AzureContext } from "./context";
import type { DnsZone } from "./dns-zone";
import type { Roles } from "./roles";

/** Records in the zone, and certificates by DNS-01 in it. */
export function dnsProvider({ config, tenant }: Pick<AzureContext, "config" | "tenant">, zone: DnsZone): DnsProvider {
  const { subscription } = config;
  return {
    domain: config.domain,
    records: {
      // The domain may lie below the zone: then its name alone would match no zone.
      values: { provider: { name: "azure" }, extraArgs: { "zone-name-filter": zone.name } },
      // https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/azure/: names the zone's place, holds no secret
      configFile: {
        name: "azure.json",
        content: JSON.stringify({
          tenantId: tenant,
          subscriptionId: subscription,
          resourceGroup: zone.resourceGroup,
          useWorkloadIdentityExtension: true,
        }),
      },
    },
    issuer: (email, identity) =>
      acmeIssuer(email, {
        azureDNS: {
          environment: "AzurePublicCloud",
          subscriptionID: subscription,
          resourceGroupName: zone.resourceGroup,
          hostedZoneName: zone.name,
          managedIdentity: { clientID: identity.clientId },
        },
      }),
  };
}

/** Change records in one zone, and list the zones of its group, which ExternalDNS does before it looks for its own. */
export function dnsRoles(zone: DnsZone): Roles {
  return {
    rights: { role: "DNS Zone Contributor", scope: zone.id },
    "list-zones": { role: "Reader", scope: zone.resourceGroupId },
  };
}
