import { DataAzurermClientConfig } from "@cdktf/provider-azurerm/lib/data-azurerm-client-config";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { findStack } from "../../config/layers";
import { clusterFullName, ownName } from "../../config/names";
import type { Platform } from "../../config/platform";
import { configureKubernetes } from "../../modules/kubernetes-providers";
import { platformOutputs } from "../../modules/outputs";
import { installPlatform } from "../../modules/platform";
import { platformTags } from "../tags";
import { ExistingAks } from "./aks";
import { BackupStorage } from "./backup-storage";
import { Budget } from "./budget";
import { AksPlatformCluster } from "./cluster";
import { clusterLayer } from "./cluster-layer";
import type { AzureContext } from "./context";
import { DnsZone } from "./dns-zone";
import { configureState } from "./state";
import { tagEverything } from "./tags";

/**
 * The platform on AKS, from the network to the teams, or one layer of it. The stack's name says which: the cluster's key in the config,
 * or with `layout: "layered"` one of `x-cluster`, `x-platform` and `x-teams`.
 */
export class AzurePlatformStack extends TerraformStack {
  /** @throws Error when the config has no Azure stack of this name. */
  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    const { cluster: config, layers, first, state } = findStack(platform, name, "azure");
    const tags = platformTags(platform, config);
    configureState(this, config, state);
    new AzurermProvider(this, "azurerm", {
      features: [
        {
          // What somebody else has put into the group stays, and a destroy says so, instead of taking it along.
          resourceGroup: [{ preventDeletionIfContainsResources: true }],
          // A vault that an earlier destroy left for its 90 days is taken back with what is in it; its name is not free before.
          keyVault: [{ recoverSoftDeletedKeyVaults: true, purgeSoftDeleteOnDestroy: false }],
          // The account of the backups answers in the nodes' network alone, and whoever deploys need not be in it.
          storage: [{ dataPlaneAvailable: false }],
        },
      ],
      subscriptionId: config.subscription,
      storageUseAzuread: true,
      // Registering is for the subscription's owner, once: `stackyard preflight` says which. By default the provider would try dozens.
      resourceProviderRegistrations: "none",
    });
    tagEverything(this, tags);
    const prefix = ownName(platform, config);
    const context: AzureContext = {
      name: clusterFullName(platform, config),
      prefix,
      resourceGroup: first
        ? new ResourceGroup(this, "resource-group", { name: prefix, location: config.location }).name
        : prefix,
      platform,
      config,
      tenant: new DataAzurermClientConfig(this, "client").tenantId,
      tags,
    };

    const aks = layers.includes("cluster") ? clusterLayer(this, context) : new ExistingAks(this, "existing", context);
    if (first) new Budget(this, "budget", { context, nodeResourceGroup: aks.nodeResourceGroup });
    const backups = platform.components["barman-cloud"].enabled
      ? new BackupStorage(this, "backups", { context, first, network: aks.network })
      : undefined;
    const zone = new DnsZone(this, "zone", { context, first });
    if (!layers.includes("platform") && !layers.includes("teams")) return;
    const cluster = new AksPlatformCluster(this, { context, aks, zone, backups, layers });
    configureKubernetes(this, cluster.auth);
    installPlatform(this, { platform, cluster, layers });
    if (layers.includes("platform"))
      platformOutputs(
        this,
        platform,
        cluster,
        `az aks get-credentials --resource-group ${aks.resourceGroup} --name ${context.name} --context ${config.name} && kubelogin convert-kubeconfig -l azurecli`,
      );
  }
}
