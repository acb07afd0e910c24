import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { KubernetesVersion } from "../../config/clouds/common";
import type { ControlPlane } from "./control-plane";
import { assumedBy, managedPolicyArn, ServiceRole } from "./iam";

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

export interface NetworkAddonsProps {
  readonly controlPlane: ControlPlane;
  readonly kubernetes: string;
}

/** What a node needs to become Ready and pods to get identities: before the first node. */
export class NetworkAddons extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkAddonsProps) {
    super(scope, id);
    const { controlPlane, kubernetes } = props;
    const { kubeProxy } = VERSIONS[kubernetes as KubernetesVersion];
    this.ready = [
      addon(this, controlPlane, "vpc-cni", VPC_CNI, { enableNetworkPolicy: "true" }),
      addon(this, controlPlane, "kube-proxy", kubeProxy),
      addon(this, controlPlane, "eks-pod-identity-agent", POD_IDENTITY_AGENT),
    ];
  }
}

export interface WorkloadAddonsProps extends NetworkAddonsProps {
  readonly name: string;
  readonly partition: string;
  /** Nodes, on which these run. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** DNS and volumes: after the first nodes, or EKS calls them degraded. */
export class WorkloadAddons extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadAddonsProps) {
    super(scope, id);
    const { controlPlane, kubernetes, dependsOn } = props;
    const ebs = new ServiceRole(this, "ebs-csi-role", {
      name: `${props.name}-ebs-csi`,
      trust: assumedBy("pods.eks.amazonaws.com"),
      managed: { "ebs-csi-policy": managedPolicyArn(props.partition, "service-role/AmazonEBSCSIDriverPolicy") },
    });
    this.ready = [
      addon(this, controlPlane, "coredns", VERSIONS[kubernetes as KubernetesVersion].coreDns, undefined, dependsOn),
      new EksAddon(this, "aws-ebs-csi-driver", {
        clusterName: controlPlane.name,
        addonName: "aws-ebs-csi-driver",
        addonVersion: EBS_CSI_DRIVER,
        resolveConflictsOnUpdate: "OVERWRITE",
        podIdentityAssociation: [{ roleArn: ebs.arn, serviceAccount: "ebs-csi-controller-sa" }],
        dependsOn: [...dependsOn, ...ebs.ready],
      }),
    ];
  }
}

function addon(
  scope: Construct,
  controlPlane: ControlPlane,
  name: string,
  version: string,
  configuration?: object,
  dependsOn: readonly ITerraformDependable[] = [],
): EksAddon {
  return new EksAddon(scope, name, {
    clusterName: controlPlane.name,
    addonName: name,
    addonVersion: version,
    resolveConflictsOnUpdate: "OVERWRITE",
    ...(configuration && { configurationValues: JSON.stringify(configuration) }),
    dependsOn: [...dependsOn],
  });
}
