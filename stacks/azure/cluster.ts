import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzureCluster } from "../../config/clouds/azure";
import type { NodePool } from "../../config/node-pools";
import { poolsOn, sharedPool, type Group, type Platform, type Team } from "../../config/platform";
import {
  NO_IDENTITY,
  type DnsProvider,
  type Grant,
  type KubeAuth,
  type PlatformCluster,
  type ServiceAccountRef,
  type WorkloadIdentity,
} from "../../modules/cluster";
import { Access } from "./access";
import { AutoscalerPriorities } from "./autoscaler";
import { ControlPlane } from "./control-plane";
import { dnsProvider, zoneId, zoneResourceGroupId } from "./dns";
import { Network } from "./network";
import { NodePools } from "./node-pools";
import { Storage } from "./storage";

/** Entra application of every AKS API server: https://azure.github.io/kubelogin/concepts/aks.html */
const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Rights by the name of Azure's built-in role. Nobody asks for `read-secrets`: this cluster offers no secret store yet. */
const ROLES: Readonly<Partial<Record<Grant, string>>> = { "dns-records": "DNS Zone Contributor" };

export interface AksPlatformClusterProps {
  readonly name: string;
  readonly platform: Platform;
  readonly config: AzureCluster;
  /** From the provider. */
  readonly tenant: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** AKS, from the resource group to the shared pool, as the shared modules see it. */
export class AksPlatformCluster implements PlatformCluster {
  readonly name: string;
  readonly auth: KubeAuth;
  readonly storageClass = Storage.CLASS;
  readonly dns: DnsProvider;
  readonly nodePools: readonly NodePool[];
  readonly loadBalancerAnnotations = {
    // A TCP probe: the proxies answer health checks on no path of their own.
    "service.beta.kubernetes.io/port_443_health-probe_protocol": "tcp",
  };
  readonly ready: readonly ITerraformDependable[];

  private readonly resourceGroup: ResourceGroup;
  private readonly network: Network;
  private readonly controlPlane: ControlPlane;
  private readonly identities: Construct;
  private readonly pools: Construct;

  constructor(
    scope: Construct,
    private readonly props: AksPlatformClusterProps,
  ) {
    const { name, platform, config, tenant, tags } = props;
    this.name = name;
    this.resourceGroup = new ResourceGroup(scope, "resource-group", { name, location: config.location });
    const resourceGroup = this.resourceGroup.name;
    this.network = new Network(scope, "network", {
      name,
      location: config.location,
      resourceGroup,
      network: config.network,
    });
    const { network } = this;
    const adminGroupIds = platform.groups
      .filter((group) => config.access.admins.includes(group.name))
      .map((group) => group.azure as string);
    this.controlPlane = new ControlPlane(scope, "control-plane", {
      name,
      config,
      resourceGroup,
      network,
      adminGroupIds,
      tags,
    });
    const { controlPlane } = this;
    new Access(scope, "access", { platform, config, controlPlane });

    const shared = sharedPool(config);
    const sharedPools = new NodePools(scope, "shared-pool", { controlPlane, network, pools: shared ? [shared] : [] });
    this.pools = new Construct(scope, "node-pools");
    const storage = new Storage(scope, "storage", { dependsOn: [controlPlane.cluster] });
    new AutoscalerPriorities(scope, "autoscaler", { dependsOn: [controlPlane.cluster] });
    this.identities = new Construct(scope, "identities");

    const { kubeConfig } = controlPlane.cluster;
    this.auth = {
      kind: "exec",
      host: kubeConfig.get(0).host,
      certificateAuthority: Fn.base64decode(kubeConfig.get(0).clusterCaCertificate),
      command: "kubelogin",
      args: ["get-token", "--login", "azurecli", "--server-id", AKS_SERVER_ID],
    };
    this.nodePools = poolsOn(platform, config);
    this.dns = dnsProvider(config, tenant);
    // Pools stand on the cluster, and that on egress: one edge carries them all.
    this.ready = [...sharedPools.ready, ...storage.ready];
  }

  /** Workload identity: an identity of its own that trusts exactly one service account of this cluster. */
  identityFor(account: ServiceAccountRef, grant: Grant): WorkloadIdentity {
    const role = ROLES[grant];
    if (role === undefined) throw new Error(`AKS has no rights for "${grant}" yet`);
    const scope = new Construct(this.identities, `${account.namespace}-${account.name}`);
    const { location } = this.props.config;
    const resourceGroupName = this.resourceGroup.name;
    const identity = new UserAssignedIdentity(scope, "identity", {
      name: `${this.name}-${account.name}`,
      location,
      resourceGroupName,
    });
    const credential = new FederatedIdentityCredential(scope, "credential", {
      name: account.name,
      resourceGroupName,
      parentId: identity.id,
      issuer: this.controlPlane.cluster.oidcIssuerUrl,
      subject: `system:serviceaccount:${account.namespace}:${account.name}`,
      audience: ["api://AzureADTokenExchange"],
      // Between the cluster and a release: in one plan that updates the one and removes the other it would close a circle.
      lifecycle: { createBeforeDestroy: true },
    });
    const assign = (id: string, on: string, roleDefinitionName: string): RoleAssignment =>
      new RoleAssignment(scope, id, {
        scope: on,
        roleDefinitionName,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      });
    const rights = [
      assign("rights", zoneId(this.props.config), role),
      // ExternalDNS lists the zones of the resource group before it looks for its own.
      assign("list-zones", zoneResourceGroupId(this.props.config), "Reader"),
    ];
    return {
      serviceAccountAnnotations: { "azure.workload.identity/client-id": identity.clientId },
      podLabels: { "azure.workload.identity/use": "true" },
      clientId: identity.clientId,
      credentials: [],
      ready: [credential, ...rights],
    };
  }

  /** Rights of teams on Azure come with a later release. */
  teamIdentityFor() {
    return NO_IDENTITY;
  }

  addNodePools(teams: readonly Team[]): readonly ITerraformDependable[] {
    const { controlPlane, network } = this;
    return teams
      .filter((team) => team.nodePools.length > 0)
      .flatMap(
        (team) => new NodePools(this.pools, team.name, { controlPlane, network, pools: team.nodePools, team }).ready,
      );
  }

  /** AKS knows an Entra group by its object id. */
  kubernetesGroups(group: Group): readonly string[] {
    return [group.azure as string];
  }
}
