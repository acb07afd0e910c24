/** What data lies in: encrypted, closed, and not gone with one wrong click. */
import { block, blocks, faultsOf, isAbout, isTrue, ofTypes, when } from "./look";
import type { PlanRule } from "./rule";
import { asObject, asText, type Json, type SynthesizedResource, type SynthesizedStack } from "./synthesized-stack";

/** Storage classes that encrypt only when they are told to. */
const PLAIN_BY_DEFAULT: ReadonlySet<string> = new Set(["ebs.csi.aws.com"]);

export const volumesEncrypted: PlanRule = {
  id: "volumes-encrypted",
  severity: "deny",
  why: "Volumes hold the databases of the platform and of every team; a snapshot of one that is not encrypted can be read by whoever may copy it.",
  fix: 'Keep encrypted: "true" in the parameters of every storage class.',
  links: ["CKV_AWS_3", "https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md"],
  check: (stack) => [
    ...faultsOf(stack, ["kubernetes_storage_class_v1"], ({ storage_provisioner: provisioner, parameters }) =>
      when(
        PLAIN_BY_DEFAULT.has(asText(provisioner)) && !isTrue(asObject(parameters)["encrypted"]),
        "its volumes are not encrypted",
      ),
    ),
    ...faultsOf(stack, ["aws_ebs_volume"], ({ encrypted }) => when(!isTrue(encrypted), "is not encrypted")),
  ],
};

export const storesEncrypted: PlanRule = {
  id: "stores-encrypted",
  severity: "deny",
  why: "Backups, queues and logs say as much as the databases that they come from.",
  fix: "Encrypt buckets and log groups with a key, queues with SSE, and take TLS 1.2 as the least on storage accounts.",
  links: ["CKV_AWS_145", "CKV_AWS_27", "CKV_AWS_158", "CKV_AZURE_3", "CKV_AZURE_44"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_s3_bucket"], (_attributes, bucket) =>
      when(
        companions(stack, "aws_s3_bucket_server_side_encryption_configuration", bucket).length === 0,
        "says nothing of encryption",
      ),
    ),
    ...faultsOf(stack, ["aws_sqs_queue"], ({ sqs_managed_sse_enabled: managed, kms_master_key_id: key }) =>
      when(!isTrue(managed) && asText(key) === "", "is not encrypted"),
    ),
    ...faultsOf(stack, ["aws_cloudwatch_log_group"], ({ kms_key_id: key }) =>
      when(asText(key) === "", "has no key of its own"),
    ),
    ...faultsOf(stack, ["azurerm_storage_account"], (account) => [
      ...when(account["https_traffic_only_enabled"] === false, "takes requests without TLS"),
      ...when(/^TLS1_[01]$/.test(asText(account["min_tls_version"])), "takes TLS below 1.2"),
    ]),
  ],
};

export const storesClosed: PlanRule = {
  id: "stores-closed",
  severity: "deny",
  why: "A bucket or vault that the internet may reach is one wrong policy away from being public.",
  fix: "Keep the public access block of buckets, and closed networks of storage accounts and key vaults.",
  links: ["CKV2_AWS_6", "CKV_AZURE_190", "CKV_AZURE_109"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_s3_bucket"], (_attributes, bucket) =>
      when(
        !companions(stack, "aws_s3_bucket_public_access_block", bucket).some(({ attributes }) =>
          ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].every((key) =>
            isTrue(attributes[key]),
          ),
        ),
        "nothing blocks public access to it",
      ),
    ),
    ...faultsOf(stack, ["azurerm_storage_account"], (account) =>
      when(account["allow_nested_items_to_be_public"] !== false, "its blobs may be made public"),
    ),
    ...faultsOf(stack, ["azurerm_key_vault"], (vault) =>
      when(
        vault["public_network_access_enabled"] !== false && !denies(vault["network_acls"]),
        "every network may reach it",
      ),
    ),
  ],
};

export const storesInNetwork: PlanRule = {
  id: "stores-in-network",
  severity: "warn",
  why: "Where every network may reach a storage account, only identities keep people out; a leaked credential is enough.",
  fix: "Let the platform make the network, which brings a private endpoint; in a network of your own, make one and close the account.",
  links: ["https://learn.microsoft.com/azure/storage/common/storage-network-security", "CKV_AZURE_35"],
  check: (stack) =>
    faultsOf(stack, ["azurerm_storage_account"], (account) =>
      when(
        account["public_network_access_enabled"] !== false && !denies(account["network_rules"]),
        "every network may reach it",
      ),
    ),
};

export const storesRecoverable: PlanRule = {
  id: "stores-recoverable",
  severity: "deny",
  why: "Backups are for the day on which something was deleted, by mistake or by somebody who meant to: they must outlive that.",
  fix: "Keep versioning, soft delete and purge protection; let keys wait 14 days or more for their deletion.",
  links: ["CKV_AWS_21", "CKV_AZURE_110", "CKV2_AZURE_38"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_s3_bucket"], (_attributes, bucket) =>
      when(
        !companions(stack, "aws_s3_bucket_versioning", bucket).some(({ attributes }) =>
          blocks(attributes["versioning_configuration"]).some(({ status }) => status === "Enabled"),
        ),
        "keeps no older versions",
      ),
    ),
    ...faultsOf(stack, ["azurerm_storage_account"], ({ blob_properties: blobs }) =>
      when(
        !isTrue(block(blobs)["versioning_enabled"]) || blocks(block(blobs)["delete_retention_policy"]).length === 0,
        "keeps neither older versions nor what was deleted",
      ),
    ),
    ...faultsOf(stack, ["azurerm_key_vault"], ({ purge_protection_enabled: kept }) =>
      when(!isTrue(kept), "may be purged with all that is in it"),
    ),
    ...faultsOf(stack, ["aws_kms_key"], ({ deletion_window_in_days: days }) =>
      typeof days === "number" && days < 14 ? [`is gone ${days} days after its deletion`] : [],
    ),
  ],
};

export const keysRotate: PlanRule = {
  id: "keys-rotate",
  severity: "deny",
  why: "A key that never changes opens everything that was ever encrypted with it, once it is out.",
  fix: "Keep enable_key_rotation on.",
  links: ["CKV_AWS_7", "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"],
  check: (stack) =>
    faultsOf(stack, ["aws_kms_key"], ({ enable_key_rotation: rotates }) => when(!isTrue(rotates), "never changes")),
};

export const logsKept: PlanRule = {
  id: "logs-kept",
  severity: "warn",
  why: "An intrusion is found after half a year on average; by then logs that are kept for less say nothing of how it began.",
  fix: "Keep the cluster's logRetention at 365 days or more, or have the logs archived elsewhere.",
  links: ["CKV_AWS_338", "CKV_AWS_66"],
  check: (stack) =>
    faultsOf(stack, ["aws_cloudwatch_log_group", "azurerm_log_analytics_workspace"], ({ retention_in_days: days }) =>
      // 0 is for ever.
      typeof days === "number" && days > 0 && days < 365 ? [`keeps logs for ${days} days`] : [],
    ),
};

/** Resources of a type that say more about this one. */
function companions(
  stack: SynthesizedStack,
  type: string,
  bucket: SynthesizedResource,
): readonly SynthesizedResource[] {
  return ofTypes(stack, [type]).filter(({ attributes }) => isAbout(attributes["bucket"], bucket, "bucket"));
}

const denies = (rules: Json | undefined): boolean =>
  blocks(rules).some(({ default_action: action }) => action === "Deny");
