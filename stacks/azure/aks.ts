import { DataAzurermKubernetesCluster } from "@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster";
import { conditional, Fn, Op, Token, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzureContext } from "./context";
import type { Network } from "./network";

/** What the layers above a cluster know of it: made in the same stack, or read by its name. */
export interface Aks {
  /** Resource id. */
  readonly id: string;
  /** The group that it lies in; not that of its nodes. */
  readonly resourceGroup: string;
  readonly endpoint: string;
  /** PEM in base64. */
  readonly certificateAuthority: string;
  /** Where node pools go. */
  readonly nodeSubnetId: string;
  /** The network, where it is the platform's own and was made in this stack. @default - somebody else's, or of an earlier layer */
  readonly network?: Network | undefined;
  /** The group that AKS makes for nodes, disks and load balancers. */
  readonly nodeResourceGroup: string;
  /** URL of the issuer of service accounts' tokens. */
  readonly issuer: string;
  /** Depend on these before rights on the vault of secrets, and before vaults beside it. */
  readonly vault: readonly ITerraformDependable[];
  /** Depend on these before anything in Kubernetes: nodes, egress, and Terraform's own access. */
  readonly ready: readonly ITerraformDependable[];
}

/** A cluster that an earlier layer or somebody else made. */
export class ExistingAks extends Construct implements Aks {
  readonly id: string;
  readonly resourceGroup: string;
  readonly endpoint: string;
  readonly certificateAuthority: string;
  readonly nodeSubnetId: string;
  readonly network = undefined;
  readonly nodeResourceGroup: string;
  readonly issuer: string;
  readonly vault: readonly ITerraformDependable[] = [];
  readonly ready: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, { name, resourceGroup, config }: AzureContext) {
    super(scope, id);
    this.resourceGroup = config.existing?.resourceGroup ?? resourceGroup;
    const cluster = new DataAzurermKubernetesCluster(this, "cluster", { name, resourceGroupName: this.resourceGroup });
    this.id = cluster.id;
    this.endpoint = cluster.kubeConfig.get(0).host;
    this.certificateAuthority = cluster.kubeConfig.get(0).clusterCaCertificate;
    // Every pool of a cluster of ours is in one subnet.
    this.nodeSubnetId = config.network.existing?.nodeSubnet ?? orNull(cluster.agentPoolProfile.get(0).vnetSubnetId);
    this.nodeResourceGroup = cluster.nodeResourceGroup;
    this.issuer = cluster.oidcIssuerUrl;
  }
}

/** A cluster in a network of AKS's own has an empty text there, which is the id of nothing. */
function orNull(id: string): string {
  return Token.asString(conditional(Op.eq(id, Fn.rawString("")), Token.nullValue(), id));
}
