import type { ITerraformDependable } from "cdktf";
import type { LocalCluster } from "../../config/clouds/local";
import { clusterFullName } from "../../config/names";
import { adminGroups, type Group, type Platform } from "../../config/platform";
import type { Profile } from "../../config/profiles";
import { NO_IDENTITY, type DnsProvider, type KubeAuth, type PlatformCluster } from "../../modules/cluster";

/** A cluster that is there already: nothing to build, no cloud to ask for identities, DNS or nodes. */
export class LocalPlatformCluster implements PlatformCluster {
  readonly name: string;
  readonly key: string;
  readonly deletionProtection = false;
  readonly auth: KubeAuth;
  readonly admins: readonly Group[];
  readonly profile: Profile;
  readonly storageClass: string;
  readonly dns: DnsProvider;
  readonly nodePools = [];
  readonly loadBalancerAnnotations = {};
  readonly ready: readonly ITerraformDependable[] = [];

  constructor(platform: Platform, cluster: LocalCluster) {
    this.name = clusterFullName(platform, cluster);
    this.key = cluster.name;
    this.auth = { kind: "kubeconfig", path: cluster.kubeconfig, context: cluster.context };
    this.admins = adminGroups(platform, cluster);
    this.profile = cluster.profile;
    this.storageClass = cluster.storageClass;
    // No zone to write to, and no public authority that would sign for the domain.
    this.dns = { domain: cluster.domain };
  }

  identityFor() {
    return NO_IDENTITY;
  }

  teamIdentityFor() {
    return NO_IDENTITY;
  }

  secretStoreFor() {
    return undefined;
  }

  addNodePools() {
    return [];
  }

  kubernetesGroups(group: Group): readonly string[] {
    return [group.sso];
  }
}
