import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { subnet } from "../../config/address-ranges";
import type { AwsCluster } from "../../config/clouds/aws";
import { Endpoints } from "./endpoints";
import { ZONES_WITHOUT_EKS } from "./zones";

export interface NetworkProps {
  /** Full name of the cluster, for Name tags and Karpenter's discovery. */
  readonly name: string;
  readonly network: AwsCluster["network"];
}

/** What others need to know of a VPC, whoever made it. */
export interface NetworkFacts {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  /** Egress of the private subnets: nodes need it to join, and to leave in good order. */
  readonly egress: readonly ITerraformDependable[];
}

/** Ids of what is made once per zone; a zone that is added later leaves the others' addresses and ranges alone. */
const ZONE_IDS = ["a", "b", "c"] as const;

/** A VPC over two or three zones: nodes in private subnets behind NAT, load balancers in public ones. */
export class Network extends Construct implements NetworkFacts {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  readonly egress: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, network } = props;
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: network.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    this.vpcId = vpc.id;
    // Without rules of its own it lets nothing in or out: whoever forgets to name a security group reaches nobody.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: { Name: `${name}-closed` } });

    // The list of zones may change; a subnet stays where it was made.
    const available = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      excludeZoneIds: [...ZONES_WITHOUT_EKS],
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(self.names) >= ${network.zones}}`,
            errorMessage: `The region has fewer than ${network.zones} zones that this account can use for EKS; set network.zones to 2, or take another region.`,
          },
        ],
      },
    });
    const internet = new InternetGateway(this, "internet", { vpcId: vpc.id, tags: { Name: name } });
    const publicRoutes = new RouteTable(this, "public-routes", { vpcId: vpc.id, tags: { Name: `${name}-public` } });
    const outward = new Route(this, "public-route", {
      routeTableId: publicRoutes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet.id,
    });

    const zones = ZONE_IDS.slice(0, network.zones).map((zone, index) => {
      const availabilityZone = Fn.element(available.names, index) as string;
      // A quarter of the range for each private subnet; the last quarter holds the public ones.
      const privateSubnet = new Subnet(this, `private-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: subnet(network.cidr, 2, index),
        availabilityZone,
        lifecycle: { ignoreChanges: ["availability_zone"] },
        tags: {
          Name: `${name}-private-${zone}`,
          "kubernetes.io/role/internal-elb": "1",
          [`kubernetes.io/cluster/${name}`]: "shared",
          "karpenter.sh/discovery": name,
        },
      });
      const publicSubnet = new Subnet(this, `public-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: subnet(network.cidr, 6, 48 + index),
        availabilityZone,
        lifecycle: { ignoreChanges: ["availability_zone"] },
        mapPublicIpOnLaunch: false,
        tags: {
          Name: `${name}-public-${zone}`,
          "kubernetes.io/role/elb": "1",
          [`kubernetes.io/cluster/${name}`]: "shared",
        },
      });
      const association = new RouteTableAssociation(this, `public-${zone}-routes`, {
        subnetId: publicSubnet.id,
        routeTableId: publicRoutes.id,
      });
      return { zone, privateSubnet, publicSubnet, association };
    });

    const gateways = zones
      .slice(0, network.nat === "single" ? 1 : zones.length)
      .map(({ zone, publicSubnet, association }) => {
        const address = new Eip(this, `nat-${zone}-address`, {
          domain: "vpc",
          tags: { Name: `${name}-nat-${zone}` },
          dependsOn: [internet],
        });
        // A gateway without a way out is useless while it is made and while it goes: hence the edges to route and association.
        return new NatGateway(this, `nat-${zone}`, {
          allocationId: address.id,
          subnetId: publicSubnet.id,
          tags: { Name: `${name}-${zone}` },
          dependsOn: [outward, association],
        });
      });

    const privateRoutes = zones.map(({ zone, privateSubnet }, index) => {
      const gateway = (gateways[index] ?? gateways[0]) as NatGateway;
      const routes = new RouteTable(this, `private-${zone}-routes`, {
        vpcId: vpc.id,
        tags: { Name: `${name}-private-${zone}` },
      });
      const route = new Route(this, `private-${zone}-route`, {
        routeTableId: routes.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.id,
      });
      const association = new RouteTableAssociation(this, `private-${zone}-association`, {
        subnetId: privateSubnet.id,
        routeTableId: routes.id,
      });
      return { routes, ready: [route, association] };
    });
    this.privateSubnetIds = zones.map(({ privateSubnet }) => privateSubnet.id);
    this.publicSubnetIds = zones.map(({ publicSubnet }) => publicSubnet.id);
    const endpoints = new Endpoints(this, "endpoints", {
      name,
      vpcId: vpc.id,
      cidr: network.cidr,
      privateSubnetIds: this.privateSubnetIds,
      privateRouteTableIds: privateRoutes.map(({ routes }) => routes.id),
      services: network.endpoints,
    });
    this.egress = [...privateRoutes.flatMap(({ ready }) => ready), ...endpoints.ready];
  }
}
