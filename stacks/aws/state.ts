import { S3Backend, type TerraformStack } from "cdktf";
import type { AwsCluster } from "../../config/clouds/aws";
import { localState } from "../local-state";

/** State in S3, encrypted and locked by S3 itself (Terraform 1.10 or later); in a local file where the config names no bucket. */
export function configureState(stack: TerraformStack, config: AwsCluster, state: string): void {
  if (!config.state) {
    localState(stack, state);
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: config.state.bucket,
    key: `${state}.tfstate`,
    region: config.state.region ?? config.region,
    encrypt: true,
  });
  // Not in cdktf's types: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
  backend.addOverride("use_lockfile", true);
}
