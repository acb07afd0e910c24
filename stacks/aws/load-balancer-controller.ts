import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ChartPin } from "../../modules/helm/charts";
import { HelmRelease } from "../../modules/helm/helm-release";
import { layerValues, readValues } from "../../modules/helm/values";
import type { AwsContext } from "./context";
import type { Eks } from "./eks";
import { loadBalancerPermissions } from "./load-balancer-permissions";
import { WorkloadRole } from "./workload-role";

/**
 * Chart and the permissions of load-balancer-permissions.ts belong together: bump both at once. Helm installs the chart's CRDs
 * and never upgrades them; before a bump apply its `crds/crds.yaml`: docs/components/load-balancer-controller.md.
 */
const CHART: ChartPin = {
  repository: "https://aws.github.io/eks-charts",
  chart: "aws-load-balancer-controller",
  version: "3.5.0",
};
const NAME = "aws-load-balancer-controller";

export interface LoadBalancerControllerProps {
  readonly context: AwsContext;
  /** Its nodes, add-ons, egress and access are all that it needs to run, and to take load balancers down at the end. */
  readonly eks: Eks;
}

/** AWS Load Balancer Controller on the system nodes: a network load balancer for the gateway, and for nothing else. */
export class LoadBalancerController extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    const { context, eks } = props;
    const { name, config, account, partition, platform } = context;
    const { region } = config;
    const identity = new WorkloadRole(this, "identity", {
      name: `${name}-load-balancers`,
      context,
      eks,
      serviceAccount: { namespace: "kube-system", name: NAME },
      policies: loadBalancerPermissions({
        cluster: name,
        account,
        region,
        partition,
        vpcId: eks.vpcId,
        nodeSecurityGroupId: eks.securityGroupId,
      }),
    });
    const controller = new HelmRelease(this, "controller", {
      chart: CHART,
      name: NAME,
      namespace: "kube-system",
      values: layerValues(readValues("aws/load-balancer-controller"), {
        clusterName: name,
        // Pods cannot ask the metadata service: its answers end after one hop.
        region,
        vpcId: eks.vpcId,
        serviceAccount: { annotations: identity.annotations },
      }),
      dependsOn: [...identity.ready, ...eks.ready],
      registries: platform.registries,
    });
    this.ready = [controller.resource];
  }

  /** Annotations of a Service that is to get a load balancer on the internet with these tags, in subnets by id or found by their tags. */
  static serviceAnnotations(
    tags: Readonly<Record<string, string>>,
    subnetIds?: readonly string[],
  ): Record<string, string> {
    const annotations = {
      // This controller's and not that of EKS itself: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
      type: "external",
      // Straight to the pods: no hop over another node, and only healthy proxies are targets.
      "nlb-target-type": "ip",
      scheme: "internet-facing",
      // Two proxies may be in two of three zones: each address must reach both.
      attributes: "load_balancing.cross_zone.enabled=true",
      // The proxies see who calls. Proxy protocol would do it, too, but the proxies would have to expect it.
      "target-group-attributes": "preserve_client_ip.enabled=true",
      "additional-resource-tags": Object.entries(tags)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(","),
      ...(subnetIds && { subnets: subnetIds.join(",") }),
    };
    return Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`service.beta.kubernetes.io/aws-load-balancer-${key}`, value]),
    );
  }
}
