import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { findStack } from "../../config/layers";
import { clusterFullName } from "../../config/names";
import type { Platform } from "../../config/platform";
import { configureKubernetes } from "../../modules/kubernetes-providers";
import { platformOutputs } from "../../modules/outputs";
import { installPlatform } from "../../modules/platform";
import { platformTags } from "../tags";
import { BackupStorage } from "./backup-storage";
import { Budget } from "./budget";
import { EksPlatformCluster } from "./cluster";
import { clusterLayer } from "./cluster-layer";
import type { AwsContext } from "./context";
import { DnsZone } from "./dns-zone";
import { ExistingEks } from "./eks";
import { boundRoles } from "./iam";
import { configureState } from "./state";

/**
 * The platform on EKS, from the VPC to the teams, or one layer of it. The stack's name says which: the cluster's key in the config,
 * or with `layout: "layered"` one of `x-cluster`, `x-platform` and `x-teams`.
 */
export class AwsPlatformStack extends TerraformStack {
  /** @throws Error when the config has no AWS stack of this name. */
  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    const { cluster: config, layers, first, state } = findStack(platform, name, "aws");
    const tags = platformTags(platform, config);
    configureState(this, config, state);
    new AwsProvider(this, "aws", {
      region: config.region,
      defaultTags: [{ tags }],
      ...(config.account !== undefined && { allowedAccountIds: [config.account] }),
    });
    const context: AwsContext = {
      name: clusterFullName(platform, config),
      platform,
      config,
      account: config.account ?? new DataAwsCallerIdentity(this, "account").accountId,
      partition: new DataAwsPartition(this, "partition").partition,
      tags,
    };
    boundRoles(this, config.permissionsBoundary);

    if (first && config.spotServiceLinkedRole === "create")
      new IamServiceLinkedRole(this, "spot-role", { awsServiceName: "spot.amazonaws.com" });
    const eks = layers.includes("cluster")
      ? clusterLayer(this, context)
      : new ExistingEks(this, "existing", context.name);
    if (first) new Budget(this, "budget", context);
    const backups = platform.components["barman-cloud"].enabled
      ? new BackupStorage(this, "backups", { context, first })
      : undefined;
    const zone = new DnsZone(this, "zone", { context, first });
    if (!layers.includes("platform") && !layers.includes("teams")) return;
    const cluster = new EksPlatformCluster(this, { context, eks, zone, backups, layers });
    configureKubernetes(this, cluster.auth);
    installPlatform(this, { platform, cluster, layers });
    if (layers.includes("platform"))
      platformOutputs(
        this,
        platform,
        cluster,
        `aws eks update-kubeconfig --name ${context.name} --region ${config.region} --alias ${config.name}`,
      );
  }
}
