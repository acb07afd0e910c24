import { NatGateway } from "@cdktf/provider-azurerm/lib/nat-gateway";
import { NatGatewayPublicIpAssociation } from "@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association";
import { NetworkSecurityGroup } from "@cdktf/provider-azurerm/lib/network-security-group";
import { PublicIp } from "@cdktf/provider-azurerm/lib/public-ip";
import { Subnet } from "@cdktf/provider-azurerm/lib/subnet";
import { SubnetNatGatewayAssociation } from "@cdktf/provider-azurerm/lib/subnet-nat-gateway-association";
import { SubnetNetworkSecurityGroupAssociation } from "@cdktf/provider-azurerm/lib/subnet-network-security-group-association";
import { VirtualNetwork } from "@cdktf/provider-azurerm/lib/virtual-network";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { subnet } from "../../config/address-ranges";
import type { AzureCluster } from "../../config/clouds/azure";

export interface NetworkProps {
  /** Full name of the cluster, start of every name. */
  readonly name: string;
  readonly location: string;
  readonly resourceGroup: string;
  readonly network: AzureCluster["network"];
}

/** A virtual network with one subnet for nodes, closed by a security group, and one address through which all egress goes. */
export class Network extends Construct {
  readonly nodeSubnetId: string;
  /** The address that the internet sees. */
  readonly egressAddress: string;
  /** Egress and the subnet's closing: nodes need it to join, and to leave in good order. */
  readonly egress: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, location, resourceGroup: resourceGroupName, network } = props;
    const virtualNetwork = new VirtualNetwork(this, "virtual-network", {
      name,
      location,
      resourceGroupName,
      addressSpace: [network.cidr],
    });
    // Half of the range: with overlay networking only nodes take addresses here. The rest is for private endpoints and the like.
    const nodes = new Subnet(this, "nodes", {
      name: "nodes",
      resourceGroupName,
      virtualNetworkName: virtualNetwork.name,
      addressPrefixes: [subnet(network.cidr, 1, 0)],
      defaultOutboundAccessEnabled: false,
    });
    // The default rules let in the virtual network only. AKS opens what Services need in a group of its own, not in this one:
    // without this rule nobody would reach the gateway. https://github.com/Azure/AKS/issues/674
    const security = new NetworkSecurityGroup(this, "nodes-security-group", {
      name: `${name}-nodes`,
      location,
      resourceGroupName,
      securityRule: [
        {
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
        },
      ],
    });
    const closed = new SubnetNetworkSecurityGroupAssociation(this, "nodes-security", {
      subnetId: nodes.id,
      networkSecurityGroupId: security.id,
    });

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
    const routed = new SubnetNatGatewayAssociation(this, "nodes-nat", {
      subnetId: nodes.id,
      natGatewayId: gateway.id,
      dependsOn: [addressed],
    });
    this.nodeSubnetId = nodes.id;
    this.egressAddress = address.ipAddress;
    this.egress = [routed, closed];
  }
}
