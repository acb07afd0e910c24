import { z } from "zod";
import { API_VERSIONS } from "../api-versions";
import { inside } from "../rest-api";
import type { Finder, Found } from "./find";

/**
 * Records of ExternalDNS in a zone that exists, which marks each with a TXT record; a zone that the platform made goes with its group.
 * https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/
 */
export const recordLeftovers: Finder = {
  where: "DNS records",
  needs: "Microsoft.Network/dnsZones/recordsets/read",
  find: async ({ cluster, name, clients }) => {
    const { zone, resourceGroup } = cluster.dns;
    if (zone === undefined || resourceGroup === undefined) return [];
    const id = `/subscriptions/${cluster.subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/dnsZones/${zone}`;
    const records = await inside(
      clients.resourceManager.list({ path: `${id}/recordsets`, apiVersion: API_VERSIONS.dns }, recordShape),
    );
    return ownedRecords(records, name).map(({ record, why }): Found => ({ type: RECORD, id: record.id, why }));
  },
};

/** The kind of every record, whatever is in it. */
const RECORD = "Microsoft.Network/dnsZones/recordsets";

/** https://learn.microsoft.com/rest/api/dns/record-sets/list-by-dns-zone */
const recordShape = z.object({
  id: z.string(),
  /** Below the zone; `@` is the zone itself. */
  name: z.string(),
  /** `Microsoft.Network/dnszones/TXT` */
  type: z.string(),
  properties: z.object({ TXTRecords: z.array(z.object({ value: z.array(z.string()) })).nullish() }),
});
type DnsRecord = z.output<typeof recordShape>;

/** TXT records that name the owner, and the records that they mark. */
export function ownedRecords(
  records: readonly DnsRecord[],
  owner: string,
): readonly { readonly record: DnsRecord; readonly why: string }[] {
  const marks = records.filter(({ properties }) =>
    (properties.TXTRecords ?? []).some(({ value }) => ownerOf(value.join("")) === owner),
  );
  const names = new Set(marks.map(({ name }) => name));
  const marked = records.filter(
    ({ type, name }) => ["A", "AAAA", "CNAME"].includes(kindOf(type)) && names.has(markOf(kindOf(type), name)),
  );
  const why = `ExternalDNS's owner ${owner}`;
  return [
    ...marks.map((record) => ({ record, why })),
    ...marked.map((record) => ({ record, why: `${why}, by the TXT record beside it` })),
  ];
}

const kindOf = (type: string): string => type.split("/").at(-1)?.toUpperCase() ?? "";

const ownerOf = (text: string): string | undefined => /external-dns\/owner=([^,"]+)/.exec(text)?.[1];

/** The TXT record of `A argocd` is `a-argocd`. */
const markOf = (kind: string, name: string): string => `${kind.toLowerCase()}-${name}`;
