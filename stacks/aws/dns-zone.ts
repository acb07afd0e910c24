import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CLUSTER_TAG } from "../../config/names";
import type { AwsContext } from "./context";

export interface DnsZoneProps {
  readonly context: AwsContext;
  /** Whether this stack is the one that makes what the config wants made. */
  readonly first: boolean;
}

/** The Route 53 zone of the cluster's domain: one that exists, one that is made, or the one that an earlier layer made. */
export class DnsZone extends Construct {
  private zone: Route53Zone | DataAwsRoute53Zone | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DnsZoneProps,
  ) {
    super(scope, id);
    const { domain, dns, name } = props.context.config;
    if (dns.zone !== undefined || !props.first) return;
    this.zone = new Route53Zone(this, "zone", { name: domain, comment: `${name}, by Stackyard` });
    new TerraformOutput(TerraformStack.of(this), "name_servers", {
      value: this.zone.nameServers,
      staticId: true,
      description: `Delegate ${domain} to these, in the zone above it`,
    });
  }

  /** Looked up only where somebody asks: the layer of the teams has no records to write. */
  get zoneId(): string {
    const { config, tags } = this.props.context;
    if (config.dns.zone !== undefined) return config.dns.zone;
    // By the tag as well, because zones of one name may be several.
    this.zone ??= new DataAwsRoute53Zone(this, "made", {
      name: config.domain,
      tags: { [CLUSTER_TAG]: tags[CLUSTER_TAG] as string },
    });
    return this.zone.zoneId;
  }
}
