/** What every node must keep, whether a node group or an autoscaler starts it. */
import { block, blocks, faultsOf, isTrue, manifests, nameOf, occurrences, when } from "./look";
import type { PlanRule, RuleFinding } from "./rule";
import { asObject, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

export const instanceMetadata: PlanRule = {
  id: "instance-metadata",
  severity: "deny",
  why: "From a pod that reaches the metadata service of its node, anybody takes the node's own rights in the cloud.",
  fix: "Keep http_tokens required and the hop limit 1; pods get rights by service accounts.",
  links: ["CKV_AWS_79", "CKV_AWS_341", "https://aws.github.io/aws-eks-best-practices/security/docs/iam/"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_launch_template"], ({ metadata_options: options }) =>
      when(
        block(options)["http_tokens"] !== "required" || Number(block(options)["http_put_response_hop_limit"]) !== 1,
        "pods may reach the metadata service of its nodes",
      ),
    ),
    ...nodeClasses(
      stack,
      (text, count) =>
        occurrences(text, "httpTokens: required\n") === count &&
        occurrences(text, "httpPutResponseHopLimit: 1\n") === count,
      ({ metadataOptions }) =>
        when(
          asObject(metadataOptions)["httpTokens"] !== "required" ||
            asObject(metadataOptions)["httpPutResponseHopLimit"] !== 1,
          "pods may reach the metadata service of its nodes",
        ),
    ),
  ],
};

export const nodesPrivate: PlanRule = {
  id: "nodes-private",
  severity: "deny",
  why: "A node with an address on the internet is scanned within minutes, and its kubelet and every host port with it.",
  fix: "Keep nodes in private subnets; what is to be reached goes through the platform's Gateway.",
  links: ["CIS EKS 5.4.3", "CIS AKS 5.4.3", "CKV_AWS_88", "CKV_AWS_130", "CKV_AZURE_143"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_launch_template"], ({ network_interfaces: interfaces }) =>
      when(
        blocks(interfaces).some((each) => isTrue(each["associate_public_ip_address"])),
        "gives nodes public addresses",
      ),
    ),
    ...faultsOf(stack, ["aws_subnet"], ({ map_public_ip_on_launch: open }) =>
      when(isTrue(open), "gives what starts in it a public address"),
    ),
    ...faultsOf(stack, ["azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_node_pool"], (attributes) =>
      when(
        isTrue((blocks(attributes["default_node_pool"])[0] ?? attributes)["node_public_ip_enabled"]),
        "gives nodes public addresses",
      ),
    ),
    ...nodeClasses(
      stack,
      (text) => !text.includes("associatePublicIPAddress: true"),
      ({ associatePublicIPAddress: open }) => when(isTrue(open), "gives nodes public addresses"),
    ),
  ],
};

export const nodeDisksEncrypted: PlanRule = {
  id: "node-disks-encrypted",
  severity: "deny",
  why: "On a node's disk are the images, logs and scratch files of every pod that ran there, and what Secrets were mounted.",
  fix: "Keep encrypted on every disk of launch templates and node classes.",
  links: ["CKV_AWS_3", "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_launch_template"], ({ block_device_mappings: disks }) =>
      blocks(disks)
        .filter(({ ebs }) => blocks(ebs).some(({ encrypted }) => !isTrue(encrypted)))
        .map(({ device_name: name }) => `its disk ${JSON.stringify(name ?? null)} is not encrypted`),
    ),
    ...nodeClasses(
      stack,
      (text, count) => {
        const disks = occurrences(text, "deviceName:");
        return disks >= count && occurrences(text, "encrypted: true\n") === disks;
      },
      ({ blockDeviceMappings: disks }) =>
        when(
          blocks(disks).length === 0 || blocks(disks).some(({ ebs }) => !isTrue(asObject(ebs)["encrypted"])),
          "has a disk that is not encrypted",
        ),
    ),
  ],
};

export const hostEncryption: PlanRule = {
  id: "host-encryption",
  severity: "warn",
  why: "Without encryption at the host, temporary disks and caches of AKS nodes lie in clear text on the machine below.",
  fix: "Leave out the cluster's hostEncryption: false once the subscription has the feature.",
  links: ["CKV_AZURE_227", "https://learn.microsoft.com/azure/aks/enable-host-encryption"],
  check: (stack) =>
    faultsOf(stack, ["azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_node_pool"], (attributes) =>
      when(
        !isTrue((blocks(attributes["default_node_pool"])[0] ?? attributes)["host_encryption_enabled"]),
        "its nodes do not encrypt at the host",
      ),
    ),
};

/** Findings about Karpenter's node classes, whose specs are in Helm values. */
function nodeClasses(
  stack: SynthesizedStack,
  fine: (text: string, count: number) => boolean,
  faults: (spec: JsonObject) => readonly string[],
): RuleFinding[] {
  return manifests(stack, "EC2NodeClass", fine).flatMap(({ resource, object }) =>
    faults(asObject(object["spec"])).map((message) => ({
      resource,
      message: `node class ${nameOf(object)}: ${message}`,
    })),
  );
}
