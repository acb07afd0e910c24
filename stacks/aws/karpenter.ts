import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ChartPin } from "../../modules/helm/charts";
import { HelmRelease } from "../../modules/helm/helm-release";
import { layerValues, readValues } from "../../modules/helm/values";
import type { ControlPlane } from "./control-plane";
import { assumedBy, ServiceRole } from "./iam";
import { InterruptionQueue } from "./interruption-queue";
import { karpenterPermissions } from "./karpenter-permissions";

/** Controller, CRDs and the permissions of karpenter-permissions.ts belong together: bump all three at once. */
const VERSION = "1.14.1";
const CONTROLLER: ChartPin = { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter", version: VERSION };
const CRDS: ChartPin = { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter-crd", version: VERSION };

export interface KarpenterProps {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly controlPlane: ControlPlane;
  readonly nodeRole: ServiceRole;
  readonly mirrors: Readonly<Record<string, string>>;
  /** System nodes, add-ons, egress and access: all that the controller needs to run, and to take its machines down at the end. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Karpenter: its CRDs, its rights, its queue, and the controller on the system nodes. */
export class Karpenter extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const { name, controlPlane, nodeRole, mirrors } = props;
    const queue = new InterruptionQueue(this, "interruption", { name });
    const role = new ServiceRole(this, "role", {
      name: `${name}-karpenter-controller`,
      trust: assumedBy("pods.eks.amazonaws.com"),
      policies: karpenterPermissions({ ...props, cluster: name, nodeRoleArn: nodeRole.arn, queueArn: queue.arn }),
    });
    const identity = new EksPodIdentityAssociation(this, "identity", {
      clusterName: controlPlane.name,
      namespace: "kube-system",
      serviceAccount: "karpenter",
      roleArn: role.arn,
      dependsOn: [...role.ready],
    });
    const crds = new HelmRelease(this, "crds", {
      chart: CRDS,
      name: "karpenter-crd",
      namespace: "kube-system",
      values: readValues("aws/karpenter-crd"),
      dependsOn: props.dependsOn,
      mirrors,
    });
    const controller = new HelmRelease(this, "controller", {
      chart: CONTROLLER,
      name: "karpenter",
      namespace: "kube-system",
      values: layerValues(readValues("aws/karpenter"), {
        settings: { clusterName: name, clusterEndpoint: controlPlane.cluster.endpoint, interruptionQueue: queue.name },
        // Pods cannot ask the metadata service: its answers end after one hop.
        controller: { env: [{ name: "AWS_REGION", value: props.region }] },
      }),
      dependsOn: [crds.resource, identity, ...queue.ready, ...nodeRole.ready],
      skipCrds: true,
      mirrors,
    });
    this.ready = [controller.resource];
  }
}
