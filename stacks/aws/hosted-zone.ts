import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";
import type { AwsCluster } from "../../config/clouds/aws";

export interface HostedZoneProps {
  readonly config: AwsCluster;
  /** Whether this stack is the one that makes what the config wants made. */
  readonly first: boolean;
}

/** The Route 53 zone of the cluster's domain: one that exists, one that is made, or the one that an earlier layer made. */
export class HostedZone extends Construct {
  readonly id: string;
  /** What the owner of the parent domain delegates to; undefined for a zone that exists, which somebody has delegated already. */
  readonly nameServers: readonly string[] | undefined;

  constructor(scope: Construct, id: string, { config, first }: HostedZoneProps) {
    super(scope, id);
    const { zone } = config.dns;
    if (zone !== undefined) {
      this.id = zone;
      return;
    }
    const made = first
      ? new Route53Zone(this, "zone", { name: config.domain, comment: `${config.name}, by Stackyard` })
      : new DataAwsRoute53Zone(this, "made", { name: config.domain });
    this.id = made.zoneId;
    this.nameServers = made.nameServers;
  }
}
