import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { findStack } from "../../config/layers";
import type { Platform } from "../../config/platform";
import { configureKubernetes } from "../../modules/kubernetes-providers";
import { platformOutputs } from "../../modules/outputs";
import { installPlatform } from "../../modules/platform";
import { localState } from "../local-state";
import { ClusterAdmins } from "./access";
import { LocalPlatformCluster } from "./cluster";

/** The platform on any context of a kubeconfig file, for a trial. The stack's name is the cluster's key in the config. */
export class LocalPlatformStack extends TerraformStack {
  /** @throws Error when the config has no local cluster of this name. */
  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    const { cluster: config, layers, state } = findStack(platform, name, "local");
    const cluster = new LocalPlatformCluster(platform, config);
    localState(this, state);
    configureKubernetes(this, cluster.auth);
    new ClusterAdmins(this, "access", { cluster });
    installPlatform(this, { platform, cluster, layers });
    platformOutputs(this, platform, cluster, `kubectl config use-context ${config.context}`);
  }
}
