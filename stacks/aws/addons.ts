import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { KubernetesVersion } from "../../config/clouds/common";
import type { AwsContext } from "./context";
import { managedPolicyArn, ServiceRole } from "./iam";
import { workloadTrust } from "./workload-role";

/** Versions by Kubernetes minor version, from `aws eks describe-addon-versions`; state of mid-2026. */
const VERSIONS = {
  "1.34": { kubeProxy: "v1.34.6-eksbuild.13", coreDns: "v1.13.2-eksbuild.11" },
  "1.35": { kubeProxy: "v1.35.3-eksbuild.13", coreDns: "v1.14.3-eksbuild.3" },
  "1.36": { kubeProxy: "v1.36.0-eksbuild.14", coreDns: "v1.14.3-eksbuild.3" },
} as const satisfies Record<KubernetesVersion, { kubeProxy: string; coreDns: string }>;

/** The same for all of these. */
const VPC_CNI = "v1.22.3-eksbuild.1";
const POD_IDENTITY_AGENT = "v1.3.10-eksbuild.3";
const EBS_CSI_DRIVER = "v1.63.1-eksbuild.1";
/**
 * Not from our own list: public configs for 1.35 name it in one list with this CoreDNS and this EBS driver, others for 1.36 a later
 * build of the same version (v8.6.0-eksbuild.8). Check with `aws eks describe-addon-versions --addon-name snapshot-controller`.
 */
const SNAPSHOT_CONTROLLER = "v8.6.0-eksbuild.4";

export interface NetworkAddonsProps {
  readonly clusterName: string;
  readonly kubernetes: string;
}

/** What a node needs to become Ready and pods to get identities: before the first node. */
export class NetworkAddons extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkAddonsProps) {
    super(scope, id);
    const { clusterName, kubernetes } = props;
    const { kubeProxy } = VERSIONS[kubernetes as KubernetesVersion];
    this.ready = [
      addon(this, clusterName, "vpc-cni", VPC_CNI, { enableNetworkPolicy: "true" }),
      addon(this, clusterName, "kube-proxy", kubeProxy),
      addon(this, clusterName, "eks-pod-identity-agent", POD_IDENTITY_AGENT),
    ];
  }
}

export interface WorkloadAddonsProps extends NetworkAddonsProps {
  readonly context: AwsContext;
  readonly issuer: string;
  /** Nodes, on which these run. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** DNS, volumes and their snapshots: after the first nodes, or EKS calls them degraded. */
export class WorkloadAddons extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadAddonsProps) {
    super(scope, id);
    const { context, clusterName, kubernetes, issuer, dependsOn } = props;
    const account = "ebs-csi-controller-sa";
    const ebs = new ServiceRole(this, "ebs-csi-role", {
      name: `${context.name}-ebs-csi`,
      trust: workloadTrust(context, { issuer }, { namespace: "kube-system", name: account }),
      managed: { "ebs-csi-policy": managedPolicyArn(context.partition, "service-role/AmazonEBSCSIDriverPolicy") },
    });
    const snapshots = addon(
      this,
      clusterName,
      "snapshot-controller",
      SNAPSHOT_CONTROLLER,
      // Only the tainted system nodes are there yet. Tolerations can be said: https://github.com/aws/containers-roadmap/issues/2311
      { tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }] },
      dependsOn,
    );
    this.ready = [
      addon(this, clusterName, "coredns", VERSIONS[kubernetes as KubernetesVersion].coreDns, undefined, dependsOn),
      new EksAddon(this, "aws-ebs-csi-driver", {
        clusterName,
        addonName: "aws-ebs-csi-driver",
        addonVersion: EBS_CSI_DRIVER,
        resolveConflictsOnUpdate: "OVERWRITE",
        // Volumes are made by the driver, which the provider's default tags do not reach.
        configurationValues: JSON.stringify({ controller: { extraVolumeTags: context.tags } }),
        ...(context.config.identity === "irsa"
          ? { serviceAccountRoleArn: ebs.arn }
          : { podIdentityAssociation: [{ roleArn: ebs.arn, serviceAccount: account }] }),
        // The driver looks for the definitions of snapshots when it starts: https://github.com/aws/containers-roadmap/issues/1838
        dependsOn: [snapshots, ...ebs.ready],
      }),
    ];
  }
}

function addon(
  scope: Construct,
  clusterName: string,
  name: string,
  version: string,
  configuration?: object,
  dependsOn: readonly ITerraformDependable[] = [],
): EksAddon {
  return new EksAddon(scope, name, {
    clusterName,
    addonName: name,
    addonVersion: version,
    resolveConflictsOnUpdate: "OVERWRITE",
    ...(configuration && { configurationValues: JSON.stringify(configuration) }),
    dependsOn: [...dependsOn],
  });
}
