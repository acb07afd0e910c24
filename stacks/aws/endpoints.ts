import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/**
 * What nodes and controllers talk to, beside S3: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html. IAM, Route 53
 * and the price list have no endpoint in a region; those go through NAT.
 */
const SERVICES = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "secretsmanager",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
] as const;

export interface EndpointsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly privateSubnetIds: readonly string[];
  readonly privateRouteTableIds: readonly string[];
  /** `s3` is the gateway alone, which is free. */
  readonly services: "s3" | "all";
}

/** Ways to AWS's services that never leave its network. */
export class Endpoints extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const gateway = new VpcEndpoint(this, "s3", {
      vpcId: props.vpcId,
      // Looked up, because names differ between AWS's partitions.
      serviceName: new DataAwsVpcEndpointService(this, "s3-service", { service: "s3", serviceType: "Gateway" })
        .serviceName,
      vpcEndpointType: "Gateway",
      routeTableIds: [...props.privateRouteTableIds],
      tags: { Name: `${props.name}-s3` },
    });
    this.ready = [gateway, ...(props.services === "all" ? this.interfaces(props) : [])];
  }

  private interfaces({ name, vpcId, cidr, privateSubnetIds }: EndpointsProps): readonly ITerraformDependable[] {
    const securityGroup = new SecurityGroup(this, "security-group", {
      namePrefix: `${name}-endpoints-`,
      description: "Private endpoints of AWS services",
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const rule = new VpcSecurityGroupIngressRule(this, "https", {
      securityGroupId: securityGroup.id,
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: cidr,
    });
    const endpoints = SERVICES.map((service) => {
      const found = new DataAwsVpcEndpointService(this, `${service}-service`, { service, serviceType: "Interface" });
      return new VpcEndpoint(this, service, {
        vpcId,
        serviceName: found.serviceName,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [...privateSubnetIds],
        securityGroupIds: [securityGroup.id],
        tags: { Name: `${name}-${service}` },
      });
    });
    return [rule, ...endpoints];
  }
}
