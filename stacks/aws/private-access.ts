import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface PrivateAccessProps {
  /** The group that EKS makes; it lets only its own members in. */
  readonly securityGroupId: string;
  /** Address ranges of runners, VPNs and peered networks, by a name for their address in the state. */
  readonly ranges: Readonly<Record<string, string>>;
}

/** Lets ranges inside networks reach the API server's private addresses: without it a runner in the VPC waits for ever. */
export class PrivateAccess extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PrivateAccessProps) {
    super(scope, id);
    this.ready = Object.entries(props.ranges).map(
      ([name, cidrIpv4]) =>
        new VpcSecurityGroupIngressRule(this, name, {
          securityGroupId: props.securityGroupId,
          description: "Kubernetes API from inside the network",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4,
        }),
    );
  }
}
