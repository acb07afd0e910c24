import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ChartPin } from "../../modules/helm/charts";
import { HelmRelease } from "../../modules/helm/helm-release";
import { layerValues, readValues } from "../../modules/helm/values";
import type { AwsContext } from "./context";
import type { Eks } from "./eks";
import { InterruptionQueue } from "./interruption-queue";
import { karpenterPermissions } from "./karpenter-permissions";
import { NodeAccess, NodeRole, nodeRoleName } from "./node-role";
import { WorkloadRole } from "./workload-role";

/** Controller, CRDs and the permissions of karpenter-permissions.ts belong together: bump all three at once. */
const VERSION = "1.14.1";
const CONTROLLER: ChartPin = { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter", version: VERSION };
const CRDS: ChartPin = { repository: "oci://public.ecr.aws/karpenter", chart: "karpenter-crd", version: VERSION };

export interface KarpenterProps {
  readonly context: AwsContext;
  /** Its nodes, add-ons, egress and access are all that the controller needs to run, and to take its machines down at the end. */
  readonly eks: Eks;
}

/** Karpenter: its CRDs, its rights, its queue, the role of its nodes, and the controller on the system nodes. */
export class Karpenter extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const { context, eks } = props;
    const { name, config, account, partition, platform } = context;
    const nodeRole = new NodeRole(this, "node-role", { name: nodeRoleName(name), partition });
    const nodeAccess = new NodeAccess(this, "node-access", { clusterName: eks.name, role: nodeRole });
    const queue = new InterruptionQueue(this, "interruption", { name });
    const identity = new WorkloadRole(this, "identity", {
      name: `${name}-karpenter-controller`,
      context,
      eks,
      serviceAccount: { namespace: "kube-system", name: "karpenter" },
      policies: karpenterPermissions({
        cluster: name,
        account,
        partition,
        region: config.region,
        nodeRoleArn: nodeRole.arn,
        queueArn: queue.arn,
      }),
    });
    const { registries } = platform;
    const crds = new HelmRelease(this, "crds", {
      chart: CRDS,
      name: "karpenter-crd",
      namespace: "kube-system",
      values: readValues("aws/karpenter-crd"),
      dependsOn: eks.ready,
      registries,
    });
    const controller = new HelmRelease(this, "controller", {
      chart: CONTROLLER,
      name: "karpenter",
      namespace: "kube-system",
      values: layerValues(readValues("aws/karpenter"), {
        settings: { clusterName: name, clusterEndpoint: eks.endpoint, interruptionQueue: queue.name },
        serviceAccount: { annotations: identity.annotations },
        // Pods cannot ask the metadata service: its answers end after one hop.
        controller: { env: [{ name: "AWS_REGION", value: config.region }] },
      }),
      dependsOn: [crds.resource, ...identity.ready, ...queue.ready, ...nodeRole.ready, ...nodeAccess.ready],
      skipCrds: true,
      registries,
    });
    this.ready = [controller.resource];
  }
}
