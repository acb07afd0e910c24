import { COST_CENTER_LABEL, OWN_TAGS, TEAM_LABEL } from "../../config/names";
import { blocks, faultsOf, labelsOf, ofTypes, when } from "./look";
import type { PlanRule, RuleFinding } from "./rule";
import { asObject, asText, type Json, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

/** What costs money on Azure, where a provider has no default tags. */
const TAGGED = [
  "azurerm_key_vault",
  "azurerm_kubernetes_cluster",
  "azurerm_kubernetes_cluster_node_pool",
  "azurerm_log_analytics_workspace",
  "azurerm_nat_gateway",
  "azurerm_network_security_group",
  "azurerm_private_dns_zone",
  "azurerm_private_endpoint",
  "azurerm_public_ip",
  "azurerm_resource_group",
  "azurerm_storage_account",
  "azurerm_user_assigned_identity",
  "azurerm_virtual_network",
];

export const tagsComplete: PlanRule = {
  id: "tags-complete",
  severity: "deny",
  why: "What has no tags is on nobody's bill, and no clean-up finds it when the cluster is gone.",
  fix: "Let the platform's modules make it: they tag everything, and label namespaces with a cost centre.",
  links: [
    "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/",
  ],
  check: (stack) => [
    ...untaggedProvider(stack),
    ...faultsOf(stack, TAGGED, ({ tags }) => lacking(tags)),
    // What a plan knows of tags, those of the provider included.
    ...stack.resources
      .filter(({ type, attributes }) => type.startsWith("aws_") && attributes["tags_all"] !== undefined)
      .flatMap((resource) => lacking(resource.attributes["tags_all"]).map((message) => ({ resource, message }))),
    ...faultsOf(stack, ["aws_launch_template"], ({ tag_specifications: specifications }) =>
      blocks(specifications).flatMap(({ resource_type: type, tags }) =>
        lacking(tags).map((message) => `${asText(type)}: ${message}`),
      ),
    ),
    ...ofTypes(stack, ["kubernetes_namespace_v1"]).flatMap((resource) => {
      const labels = labelsOf(resource);
      const what =
        labels[TEAM_LABEL] === undefined ? "the namespace" : `the namespace of team ${asText(labels[TEAM_LABEL])}`;
      return when(asText(labels[COST_CENTER_LABEL]) === "", `${what} has no label ${COST_CENTER_LABEL}`).map(
        (message) => ({ resource, message }),
      );
    }),
  ],
};

/** AWS takes default tags from the provider. */
function untaggedProvider({ providers }: SynthesizedStack): RuleFinding[] {
  return blocks(providers?.["aws"]).flatMap((provider) =>
    lacking(tagsOf(provider)).map((message) => ({ resource: { address: "provider.aws", path: "aws" }, message })),
  );
}

const tagsOf = (provider: JsonObject): Json => asObject(blocks(provider["default_tags"])[0]?.["tags"]);

function lacking(tags: Json | undefined): readonly string[] {
  const missing = OWN_TAGS.filter((key) => asText(asObject(tags)[key]) === "");
  return when(missing.length > 0, `has no tag ${missing.join(", ")}`);
}
