import type { AwsCluster } from "../../config/clouds/aws";
import type { DnsProvider } from "../../modules/cluster";
import { acmeIssuer } from "../../modules/acme";
import type { DnsZone } from "./dns-zone";
import type { Statement } from "./iam";

/** Records in the zone, and certificates by DNS-01 in it. */
export function dnsProvider(config: AwsCluster, zone: DnsZone): DnsProvider {
  return {
    domain: config.domain,
    records: {
      values: {
        provider: { name: "aws" },
        env: [{ name: "AWS_REGION", value: config.region }],
        extraArgs: { "zone-id-filter": zone.zoneId, "aws-zone-type": "public", "aws-zone-match-parent": true },
      },
    },
    issuer: (email) => acmeIssuer(email, { route53: { region: config.region, hostedZoneID: zone.zoneId } }),
  };
}

/** Change records in one zone; the lists have no resource to narrow to. https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/ */
export function dnsStatements(partition: string, zone: string): readonly Statement[] {
  return [
    {
      sid: "ChangeRecords",
      actions: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
      resources: [`arn:${partition}:route53:::hostedzone/${zone}`],
    },
    { sid: "FollowChanges", actions: ["route53:GetChange"], resources: [`arn:${partition}:route53:::change/*`] },
    { sid: "FindZones", actions: ["route53:ListHostedZones", "route53:ListHostedZonesByName"], resources: ["*"] },
  ];
}
