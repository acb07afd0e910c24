/** Compares a stack as two commits synthesize it: no plan, no credentials, no state. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import {
  asList,
  asObject,
  asText,
  pathBelow,
  type Json,
  type JsonObject,
  type SynthesizedStack,
} from "../../policies/plan/synthesized-stack";
import { withTeams, type StackChange } from "./stack-change";

/** What such a comparison cannot know, for whoever reads it. */
export const COMPARISON_LIMITS =
  "Compared from two commits, without state: what is really there, drift, and defaults that a provider fills in are not known, and replacements only where a few well-known attributes force them.";

/** Attributes that the providers' documentation says force a new object, of what hurts most. */
const FORCE_NEW: Readonly<Record<string, readonly string[]>> = {
  aws_vpc: ["cidr_block"],
  aws_subnet: ["cidr_block", "availability_zone", "vpc_id"],
  aws_eks_cluster: ["name", "encryption_config"],
  aws_eks_node_group: ["node_group_name", "subnet_ids", "instance_types", "ami_type", "capacity_type", "disk_size"],
  aws_kms_key: ["customer_master_key_spec", "key_usage", "multi_region"],
  aws_s3_bucket: ["bucket"],
  aws_sqs_queue: ["name"],
  aws_iam_role: ["name"],
  azurerm_resource_group: ["name", "location"],
  azurerm_virtual_network: ["name", "location"],
  azurerm_subnet: ["name"],
  azurerm_kubernetes_cluster: ["name", "location", "dns_prefix", "node_resource_group"],
  azurerm_kubernetes_cluster_node_pool: ["name", "priority"],
  azurerm_key_vault: ["name", "location"],
  azurerm_storage_account: ["name", "location", "account_kind"],
  azurerm_user_assigned_identity: ["name", "location"],
  helm_release: ["name", "namespace"],
  kubernetes_config_map_v1: ["metadata.name", "metadata.namespace"],
  kubernetes_namespace_v1: ["metadata.name"],
  kubernetes_persistent_volume_claim_v1: ["metadata.name", "metadata.namespace", "spec.storage_class_name"],
  kubernetes_resource_quota_v1: ["metadata.name", "metadata.namespace"],
  kubernetes_storage_class_v1: ["metadata.name", "parameters", "storage_provisioner"],
};

/**
 * @param before undefined where the stack is new
 * @param after undefined where the stack is gone
 */
export function compareStacks(
  stack: string,
  before: SynthesizedStack | undefined,
  after: SynthesizedStack | undefined,
): StackChange {
  const earlier = new Map(before?.resources.map((resource) => [resource.address, resource]));
  const later = new Map(after?.resources.map((resource) => [resource.address, resource]));
  const compared = [...new Set([...earlier.keys(), ...later.keys()])].map((address): ResourceChange => {
    const [was, is] = [earlier.get(address), later.get(address)];
    const { type, path } = (is ?? was) as NonNullable<typeof is>;
    const forced = was && is ? forcedBy(type, was.attributes, is.attributes) : [];
    return {
      address,
      type,
      path: pathBelow(stack, path),
      action: !was
        ? "create"
        : !is
          ? "delete"
          : forced.length > 0
            ? "replace"
            : same(was.attributes, is.attributes)
              ? "none"
              : "update",
      ...(forced.length > 0 && { replacePaths: forced }),
      ...(was && { before: was.attributes }),
      ...(is && { after: is.attributes }),
    };
  });
  const changes = withTeams(compared);
  return {
    stack,
    source: "comparison",
    changes,
    drift: [],
    deferred: [],
    outputs: [],
    references: new Map((after ?? before)?.resources.map(({ address, attributes }) => [address, refersTo(attributes)])),
    ...(before && { before }),
    ...(after && { after: { ...after, changes } }),
    notes: [COMPARISON_LIMITS],
  };
}

function forcedBy(type: string, before: JsonObject, after: JsonObject): readonly (readonly string[])[] {
  const paths = (FORCE_NEW[type] ?? []).map((path) => path.split("."));
  const at = (value: JsonObject, path: readonly string[]): Json =>
    path.reduce<Json>((inner, key) => asObject(inner)[key] ?? null, value);
  return paths.filter((path) => !same(at(before, path), at(after, path)));
}

/** Synth writes keys in the same order for the same thing. */
const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `${aws_vpc.network_vpc_1234ABCD.id}` */
const REFERENCE = /\$\{[^}]*?\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]*\.[\w-]+)/g;

function refersTo(attributes: { readonly [key: string]: Json }): readonly string[] {
  const { depends_on: waitsFor, ...rest } = attributes;
  const found = new Set(asList(waitsFor).map(asText));
  for (const [, address] of JSON.stringify(rest).matchAll(REFERENCE)) if (address !== undefined) found.add(address);
  return [...found];
}
