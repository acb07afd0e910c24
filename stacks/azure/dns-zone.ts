import { DnsZone as AzureDnsZone } from "@cdktf/provider-azurerm/lib/dns-zone";
import { TerraformOutput, TerraformStack, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { azureZone } from "../../config/clouds/azure";
import type { AzureContext } from "./context";

export interface DnsZoneProps {
  readonly context: AzureContext;
  /** Whether this stack is the one that makes what the config wants made. */
  readonly first: boolean;
}

/**
 * The Azure DNS zone of the cluster's domain: one that exists, one that is made, or the one that an earlier layer made. Nothing is
 * looked up: its id follows from its name and its resource group.
 */
export class DnsZone extends Construct {
  readonly name: string;
  readonly resourceGroup: string;
  /** Resource id of its resource group. */
  readonly resourceGroupId: string;
  /** Resource id. */
  readonly id: string;
  /** Depend on these before rights on the zone. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, first }: DnsZoneProps) {
    super(scope, id);
    const { config } = context;
    this.name = azureZone(config);
    this.resourceGroup = config.dns.resourceGroup ?? context.resourceGroup;
    this.resourceGroupId = `/subscriptions/${config.subscription}/resourceGroups/${this.resourceGroup}`;
    this.id = `${this.resourceGroupId}/providers/Microsoft.Network/dnsZones/${this.name}`;
    this.ready = config.dns.zone === undefined && first ? [this.make()] : [];
  }

  private make(): ITerraformDependable {
    const zone = new AzureDnsZone(this, "zone", { name: this.name, resourceGroupName: this.resourceGroup });
    new TerraformOutput(TerraformStack.of(this), "name_servers", {
      value: zone.nameServers,
      staticId: true,
      description: `Delegate ${this.name} to these, in the zone above it`,
    });
    return zone;
  }
}
