import { DataAzurermClientConfig } from "@cdktf/provider-azurerm/lib/data-azurerm-client-config";
import { AzurermProvider } from "@cdktf/provider-azurerm/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { findStack } from "../../config/layers";
import { clusterFullName } from "../../config/names";
import type { Platform } from "../../config/platform";
import { configureKubernetes } from "../../modules/kubernetes-providers";
import { platformOutputs } from "../../modules/outputs";
import { installPlatform } from "../../modules/platform";
import { platformTags } from "../tags";
import { AksPlatformCluster } from "./cluster";
import { configureState } from "./state";
import { tagEverything } from "./tags";

/** The platform on AKS, from the resource group to the teams. The stack's name is the cluster's key in the config. */
export class AzurePlatformStack extends TerraformStack {
  /** @throws Error when the config has no Azure cluster of this name. */
  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    const { cluster: config, layers, state } = findStack(platform, name, "azure");
    const tags = platformTags(platform, config);
    configureState(this, config, state);
    new AzurermProvider(this, "azurerm", {
      features: [{}],
      subscriptionId: config.subscription,
      storageUseAzuread: true,
    });
    const tenant = new DataAzurermClientConfig(this, "client").tenantId;
    const cluster = new AksPlatformCluster(this, {
      name: clusterFullName(platform, config),
      platform,
      config,
      tenant,
      tags,
    });
    tagEverything(this, tags);
    configureKubernetes(this, cluster.auth);
    installPlatform(this, { platform, cluster, layers });
    platformOutputs(
      this,
      platform,
      cluster,
      `az aks get-credentials --resource-group ${cluster.name} --name ${cluster.name} --context ${name} && kubelogin convert-kubeconfig -l azurecli`,
    );
  }
}
