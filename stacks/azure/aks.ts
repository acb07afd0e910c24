import { DataAzurermKubernetesCluster } from "@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster";
import { conditional, Fn, Op, Token, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzureContext } from "./context";
import { PRIVATE_DOMAIN } from "./key-vault";
import { Network } from "./network";
import { makesVault } from "./secrets";

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
  /** Depend on these before rights on the vault of secrets. */
  readonly vault: readonly ITerraformDependable[];
  /** Where vaults of teams go. @default - nowhere: the network is somebody else's, or so is the vault */
  readonly vaults?: VaultSurroundings | undefined;
  /** Depend on these before anything in Kubernetes: nodes, egress, and Terraform's own access. */
  readonly ready: readonly ITerraformDependable[];
}

/** What a vault beside the platform's own needs. */
export interface VaultSurroundings {
  /** Where its endpoint gets an address. */
  readonly subnetId: string;
  /** By which the network knows that. */
  readonly privateZoneId: string;
  /** Where its logs go. */
  readonly logWorkspaceId: string;
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
  readonly vaults: VaultSurroundings | undefined;
  readonly ready: readonly ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, context: AzureContext) {
    super(scope, id);
    const { name, resourceGroup, config } = context;
    this.vaults = vaultSurroundings(context);
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

/** Nothing is looked up: the ids of what an earlier layer made follow from its names. */
function vaultSurroundings({ name, resourceGroup, config }: AzureContext): VaultSurroundings | undefined {
  if (!makesVault(config)) return undefined;
  const group = `/subscriptions/${config.subscription}/resourceGroups/${resourceGroup}/providers`;
  return {
    subnetId: `${group}/Microsoft.Network/virtualNetworks/${name}/subnets/${Network.PRIVATE_ENDPOINTS}`,
    privateZoneId: `${group}/Microsoft.Network/privateDnsZones/${PRIVATE_DOMAIN}`,
    logWorkspaceId: config.logWorkspace ?? `${group}/Microsoft.OperationalInsights/workspaces/${name}`,
  };
}

/** A cluster in a network of AKS's own has an empty text there, which is the id of nothing. */
function orNull(id: string): string {
  return Token.asString(conditional(Op.eq(id, Fn.rawString("")), Token.nullValue(), id));
}
