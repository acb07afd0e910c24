import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { clusterFullName } from "../../config/names";
import { findCluster, type Platform } from "../../config/platform";
import { configureKubernetes } from "../../modules/kubernetes-providers";
import { platformOutputs } from "../../modules/outputs";
import { installPlatform } from "../../modules/platform";
import { platformTags } from "../tags";
import { EksPlatformCluster } from "./cluster";
import { configureState } from "./state";

/** The platform on EKS, from the VPC to the teams. The stack's name is the cluster's key in the config. */
export class AwsPlatformStack extends TerraformStack {
  /** @throws Error when the config has no AWS cluster of this name. */
  constructor(scope: Construct, name: string, platform: Platform) {
    super(scope, name);
    const config = findCluster(platform, name, "aws");
    const tags = platformTags(platform, config);
    configureState(this, config);
    new AwsProvider(this, "aws", {
      region: config.region,
      defaultTags: [{ tags }],
      ...(config.account !== undefined && { allowedAccountIds: [config.account] }),
    });
    const account = config.account ?? new DataAwsCallerIdentity(this, "account").accountId;
    const partition = new DataAwsPartition(this, "partition").partition;
    const cluster = new EksPlatformCluster(this, {
      name: clusterFullName(platform, config),
      platform,
      config,
      account,
      partition,
      tags,
    });
    configureKubernetes(this, cluster.auth);
    installPlatform(this, platform, cluster);
    platformOutputs(
      this,
      platform,
      cluster,
      `aws eks update-kubeconfig --name ${cluster.name} --region ${config.region} --alias ${name}`,
    );
  }
}
