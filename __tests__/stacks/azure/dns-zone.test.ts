import { dnsProvider, dnsRoles } from "../../../stacks/azure/dns";
import { DnsZone } from "../../../stacks/azure/dns-zone";
import { NO_IDENTITY } from "../../../modules/cluster";
import { azureContext, GROUP, SUBSCRIPTION, synthesized } from "../../support/azure";
import { ofType } from "../../support/synth";

const create = azureContext((cluster) => (cluster.dns = { create: true }));
const exists = azureContext();

/** The zone, and the stack that it is in. */
function zoneIn(context: typeof create, first: boolean) {
  let zone: DnsZone | undefined;
  const stack = synthesized((scope) => (zone = new DnsZone(scope, "zone", { context, first })));
  return { stack, zone: zone as DnsZone };
}

describe("a zone that exists", () => {
  const { stack, zone } = zoneIn(exists, true);

  test("is neither made nor looked up", () => {
    expect([stack.resources, stack.dataSources, stack.outputs]).toEqual([[], [], {}]);
    expect(zone.ready).toEqual([]);
    expect(zone.id).toBe(
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network/dnsZones/acme.example`,
    );
  });

  test("is what ExternalDNS and cert-manager are told of", () => {
    const dns = dnsProvider(exists, zone);
    expect(dns.records?.values).toEqual({
      provider: { name: "azure" },
      extraArgs: { "zone-name-filter": "acme.example" },
    });
    expect(JSON.parse(dns.records?.configFile?.content ?? "")).toEqual({
      tenantId: exists.tenant,
      subscriptionId: SUBSCRIPTION,
      resourceGroup: "dns",
      useWorkloadIdentityExtension: true,
    });
    expect(JSON.stringify(dns.issuer?.("platform@acme.example", { ...NO_IDENTITY, clientId: "client" }))).toContain(
      '"resourceGroupName":"dns","hostedZoneName":"acme.example","managedIdentity":{"clientID":"client"}',
    );
  });

  test("may be written, and the zones beside it be listed", () => {
    expect(dnsRoles(zone)).toEqual({
      rights: { role: "DNS Zone Contributor", scope: zone.id },
      "list-zones": { role: "Reader", scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/dns` },
    });
  });
});

describe("a zone of our own", () => {
  test("is made by the first stack, which says whom to delegate to", () => {
    const { stack, zone } = zoneIn(create, true);
    expect(ofType(stack, "azurerm_dns_zone").map(({ attributes }) => attributes)).toEqual([
      { name: "azure.acme.example", resource_group_name: "acme-azure-platform" },
    ]);
    expect(stack.outputs).toMatchObject({
      name_servers: { description: "Delegate azure.acme.example to these, in the zone above it" },
    });
    expect(zone.ready).toHaveLength(1);
  });

  test("is known to later stacks by its name alone", () => {
    const { stack, zone } = zoneIn(create, false);
    expect([stack.resources, stack.dataSources]).toEqual([[], []]);
    expect(zone.id).toBe(`${GROUP}/providers/Microsoft.Network/dnsZones/azure.acme.example`);
    expect(zone.resourceGroupId).toBe(GROUP);
  });
});
