import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { systemInstanceTypes, type AwsCluster } from "../../config/clouds/aws";
import type { ControlPlane } from "./control-plane";
import type { NetworkFacts } from "./network";
import type { ServiceRole } from "./iam";

export interface SystemNodesProps {
  readonly name: string;
  readonly config: AwsCluster["systemNodes"];
  readonly controlPlane: ControlPlane;
  readonly network: NetworkFacts;
  readonly role: ServiceRole;
  /** Tags of instances, volumes and interfaces: the provider's default tags do not reach what a launch template makes. */
  readonly tags: Readonly<Record<string, string>>;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The few nodes that are there before Karpenter: tainted, in every zone, replaced by new ones before the old ones go. */
export class SystemNodes extends Construct {
  readonly nodeGroup: EksNodeGroup;

  constructor(scope: Construct, id: string, props: SystemNodesProps) {
    super(scope, id);
    const { config, controlPlane, network, role } = props;
    const template = new LaunchTemplate(this, "template", {
      namePrefix: `${props.name}-system-`,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 50, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: { ...props.tags, Name: `${props.name}-system` },
      })),
      lifecycle: { createBeforeDestroy: true },
    });
    this.nodeGroup = new EksNodeGroup(this, "node-group", {
      clusterName: controlPlane.cluster.name,
      // A generated name lets the next group be made while this one still runs.
      nodeGroupNamePrefix: "system-",
      nodeRoleArn: role.arn,
      // Without it only the control plane would be upgraded.
      version: controlPlane.cluster.version,
      subnetIds: [...network.privateSubnetIds],
      amiType: config.architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
      ...(config.amiRelease !== undefined && { releaseVersion: config.amiRelease }),
      instanceTypes: [...systemInstanceTypes(config)],
      launchTemplate: { id: template.id, version: `${template.latestVersion}` },
      scalingConfig: { minSize: config.min, desiredSize: config.min, maxSize: config.max },
      updateConfig: { maxUnavailable: 1 },
      taint: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
      labels: { "stackyard.dev/node-pool": "system" },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...props.dependsOn, ...network.egress, ...role.ready],
    });
  }
}
