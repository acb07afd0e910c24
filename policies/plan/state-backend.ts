import { isInCloud, isTrue } from "./look";
import type { PlanRule } from "./rule";
import { asObject, asText, type SynthesizedStack } from "./synthesized-stack";

const HERE = { address: "terraform.backend", path: "backend" };

export const stateProtected: PlanRule = {
  id: "state-protected",
  severity: "deny",
  why: "The state says everything about the platform in clear text, and two runs at once that both write it lose half of what was made.",
  fix: "Keep encrypt and use_lockfile of the bucket, and use_azuread_auth of the storage account.",
  links: ["CKV_AWS_145", "https://developer.hashicorp.com/terraform/language/backend/s3#state-locking"],
  check: ({ backend }) => {
    const bucket = asObject(backend["s3"]);
    const faults = [
      ...(backend["s3"] && !isTrue(bucket["encrypt"]) ? ["the state is not encrypted"] : []),
      ...(backend["s3"] && !isTrue(bucket["use_lockfile"]) && asText(bucket["dynamodb_table"]) === ""
        ? ["nothing locks the state"]
        : []),
      // A storage account locks and encrypts by itself; its key opens everything in it.
      ...(backend["azurerm"] && !isTrue(asObject(backend["azurerm"])["use_azuread_auth"])
        ? ["the state is opened by the key of its storage account"]
        : []),
    ];
    return faults.map((message) => ({ resource: HERE, message }));
  },
};

export const stateShared: PlanRule = {
  id: "state-shared",
  severity: "warn",
  why: "Nobody else can change or destroy a platform whose state lies on one person's disk, and nobody at all once the disk is lost.",
  fix: "Give the cluster a state, a bucket or a storage account, and move what there is by terraform init -migrate-state.",
  links: ["https://developer.hashicorp.com/terraform/language/state/remote"],
  check: (stack) =>
    isInCloud(stack) && isLocal(stack) ? [{ resource: HERE, message: "the state is a file on this machine" }] : [],
};

const isLocal = ({ backend }: SynthesizedStack): boolean => backend["local"] !== undefined;
