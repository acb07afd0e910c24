import { NatGateway } from "@cdktf/provider-azurerm/lib/nat-gateway";
import { NatGatewayPublicIpAssociation } from "@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association";
import {
  NetworkSecurityGroup,
  type NetworkSecurityGroupSecurityRule,
} from "@cdktf/provider-azurerm/lib/network-security-group";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import { Subnet, type SubnetConfig } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNatGatewayAssociation } from "@cdktf/provider-azurerm/lib/subnet-nat-gateway-association";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { subnet } from "../../config/address-ranges";
import type { AzureContext } from "./context";

/** What others need to know of a network, whoever made it. */
export interface NetworkFacts {
  readonly nodeSubnetId: string;
  /** Where the API server has its addresses. @default - in a network of AKS's own */
  readonly apiServerSubnetId?: string | undefined;
  /** The address that the internet sees. @default - not known */
  readonly egressAddress?: string | undefined;
  /** Egress and the subnets' closing: nodes need them to join, and to leave in good order. */
  readonly egress: readonly ITerraformDependable[];
}

/** A virtual network of the cluster's own: nodes, the API server if it wants addresses, private endpoints, each behind a security group. */
export class Network extends Construct implements NetworkFacts {
  /** Name of the subnet of private endpoints. */
  static readonly PRIVATE_ENDPOINTS = "private-endpoints";

  readonly virtualNetworkId: string;
  readonly nodeSubnetId: string;
  readonly apiServerSubnetId: string | undefined;
  readonly privateEndpointSubnetId: string;
  readonly egressAddress: string | undefined;
  readonly egress: readonly ITerraformDependable[];

  private readonly virtualNetworkName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly context: AzureContext,
  ) {
    super(scope, id);
    const { name, config, resourceGroup: resourceGroupName } = context;
    const { cidr, outbound } = config.network;
    const virtualNetwork = new VirtualNetwork(this, "virtual-network", {
      name,
      location: config.location,
      resourceGroupName,
      addressSpace: [cidr],
    });
    this.virtualNetworkId = virtualNetwork.id;
    this.virtualNetworkName = virtualNetwork.name;
    // Half of the range: with overlay networking only nodes take addresses here.
    const nodes = this.closedSubnet("nodes", subnet(cidr, 1, 0), { defaultOutboundAccessEnabled: false }, [GATEWAY]);
    // Of the other half the first part is for private endpoints, and the start of the second, at least a /28, for the API server.
    const endpoints = this.closedSubnet(Network.PRIVATE_ENDPOINTS, subnet(cidr, 2, 2), {
      defaultOutboundAccessEnabled: false,
      // Else the security group would not hold for them: https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
      privateEndpointNetworkPolicies: "Enabled",
    });
    const apiServer = config.access.vnetIntegration
      ? this.closedSubnet("api-server", subnet(cidr, 4, 12), { delegation: [API_SERVER_DELEGATION] })
      : undefined;
    this.nodeSubnetId = nodes.id;
    this.privateEndpointSubnetId = endpoints.id;
    this.apiServerSubnetId = apiServer?.id;
    const egress = outbound === "nat-gateway" ? this.natGateway(nodes.id) : undefined;
    this.egressAddress = egress?.address;
    this.egress = [
      ...(egress ? [egress.ready] : []),
      nodes.closed,
      endpoints.closed,
      ...(apiServer ? [apiServer.closed] : []),
    ];
  }

  /** A subnet with a security group of its own, whose default rules let in the virtual network only. */
  private closedSubnet(
    name: string,
    range: string,
    more: Partial<SubnetConfig>,
    securityRule: readonly NetworkSecurityGroupSecurityRule[] = [],
  ): { readonly id: string; readonly closed: ITerraformDependable } {
    const { config, resourceGroup: resourceGroupName } = this.context;
    const made = new Subnet(this, name, {
      name,
      resourceGroupName,
      virtualNetworkName: this.virtualNetworkName,
      addressPrefixes: [range],
      ...more,
    });
    const group = new NetworkSecurityGroup(this, `${name}-security-group`, {
      name: `${this.context.name}-${name}`,
      location: config.location,
      resourceGroupName,
      securityRule: [...securityRule],
    });
    const closed = new SubnetNetworkSecurityGroupAssociation(this, `${name}-security`, {
      subnetId: made.id,
      networkSecurityGroupId: group.id,
    });
    return { id: made.id, closed };
  }

  /** One address through which all egress goes. */
  private natGateway(subnetId: string): { readonly address: string; readonly ready: ITerraformDependable } {
    const { name, config, resourceGroup: resourceGroupName } = this.context;
    const { location } = config;
    const address = new PublicIp(this, "egress-address", {
      name: `${name}-egress`,
      location,
      resourceGroupName,
      allocationMethod: "Static",
      sku: "Standard",
    });
    const gateway = new NatGateway(this, "nat", {
      name,
      location,
      resourceGroupName,
      skuName: "Standard",
      idleTimeoutInMinutes: 10,
    });
    const addressed = new NatGatewayPublicIpAssociation(this, "nat-address", {
      natGatewayId: gateway.id,
      publicIpAddressId: address.id,
    });
    const ready = new SubnetNatGatewayAssociation(this, "nodes-nat", {
      subnetId,
      natGatewayId: gateway.id,
      dependsOn: [addressed],
    });
    return { address: address.ipAddress, ready };
  }
}

/**
 * AKS opens what Services need in a group of its own, not in that of the subnet: without this rule nobody would reach the gateway.
 * https://github.com/Azure/AKS/issues/674
 */
const GATEWAY: NetworkSecurityGroupSecurityRule = {
  name: "gateway",
  description: "HTTP and HTTPS to the gateway's load balancer",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourceAddressPrefix: "Internet",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRanges: ["80", "443"],
};

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration */
const API_SERVER_DELEGATION = {
  name: "aks",
  serviceDelegation: {
    name: "Microsoft.ContainerService/managedClusters",
    actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
  },
};
