import type {
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
  ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { isNamed } from "../errors";
import type { Finder, Found } from "./find";

/** Records of ExternalDNS in a zone that exists; one that the platform made goes only when it is empty. ExternalDNS marks each with a TXT record: https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/ */
export const recordLeftovers: Finder = {
  where: "DNS records",
  needs: "route53:ListResourceRecordSets",
  find: async ({ cluster, own, clients }) => {
    const { zone } = cluster.dns;
    if (zone === undefined) return [];
    const records: ResourceRecordSet[] = [];
    try {
      let next: Pick<ListResourceRecordSetsCommandInput, "StartRecordName" | "StartRecordType"> | undefined = {};
      while (next) {
        const page: ListResourceRecordSetsCommandOutput = await clients
          .route53()
          .listResourceRecordSets({ HostedZoneId: zone, ...next });
        records.push(...(page.ResourceRecordSets ?? []));
        next = page.IsTruncated
          ? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
          : undefined;
      }
    } catch (error) {
      // A zone that is gone holds nothing.
      if (isNamed(error, "NoSuchHostedZone")) return [];
      throw error;
    }
    return ownedRecords(records, own).map(({ record, why }): Found => ({
      type: "route53:record",
      id: JSON.stringify({ zone, record: withoutEmpty(record) }),
      why,
    }));
  },
};

/** TXT records that name the owner, and the records that they mark. */
export function ownedRecords(
  records: readonly ResourceRecordSet[],
  owner: string,
): readonly { readonly record: ResourceRecordSet; readonly why: string }[] {
  const marks = records.filter(
    ({ Type, ResourceRecords = [] }) =>
      Type === "TXT" && ResourceRecords.some(({ Value = "" }) => ownerOf(Value) === owner),
  );
  const names = new Set(marks.map(({ Name = "" }) => Name));
  const marked = records.filter(
    ({ Type = "", Name = "" }) => ["A", "AAAA", "CNAME"].includes(Type) && names.has(markOf(Type, Name)),
  );
  const why = `ExternalDNS's owner ${owner}`;
  return [
    ...marks.map((record) => ({ record, why })),
    ...marked.map((record) => ({ record, why: `${why}, by the TXT record beside it` })),
  ];
}

const ownerOf = (text: string): string | undefined => /external-dns\/owner=([^,"]+)/.exec(text)?.[1];

/** The TXT record of `A argocd.example.com` is `a-argocd.example.com`. */
const markOf = (type: string, name: string): string => `${type.toLowerCase()}-${name}`;

/** `A argocd.example.com`: what people call the record of which the id is all that its removal needs. */
export function recordName(id: string): string {
  const { record } = JSON.parse(id) as { readonly record: ResourceRecordSet };
  return `${record.Type ?? ""} ${(record.Name ?? "").replace(/\.$/, "")}`;
}

/** The SDK fills in what was not there. */
const withoutEmpty = (record: ResourceRecordSet): object =>
  Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
