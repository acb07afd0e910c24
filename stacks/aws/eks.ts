import { DataAwsEksCluster } from "@cdktf/provider-aws/lib/data-aws-eks-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** What the layers above a cluster know of it: made in the same stack, or read by its name. */
export interface Eks {
  readonly name: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** The one security group that EKS makes for control plane and nodes. */
  readonly securityGroupId: string;
  readonly vpcId: string;
  /** URL of the issuer of service accounts' tokens. */
  readonly issuer: string;
  /** Depend on these before anything in Kubernetes: nodes, egress, add-ons, and Terraform's own access. */
  readonly ready: readonly ITerraformDependable[];
}

/** A cluster that an earlier layer or somebody else made. */
export class ExistingEks extends Construct implements Eks {
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly securityGroupId: string;
  readonly vpcId: string;
  readonly issuer: string;
  readonly ready: readonly ITerraformDependable[] = [];

  constructor(
    scope: Construct,
    id: string,
    readonly name: string,
  ) {
    super(scope, id);
    const cluster = new DataAwsEksCluster(this, "cluster", { name });
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.get(0).data;
    this.securityGroupId = cluster.vpcConfig.get(0).clusterSecurityGroupId;
    this.vpcId = cluster.vpcConfig.get(0).vpcId;
    this.issuer = cluster.identity.get(0).oidc.get(0).issuer;
  }
}
