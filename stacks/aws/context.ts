import type { AwsCluster } from "../../config/clouds/aws";
import type { Platform } from "../../config/platform";

/** What everything on AWS is made from. */
export interface AwsContext {
  /** Name of the EKS cluster. */
  readonly name: string;
  readonly platform: Platform;
  readonly config: AwsCluster;
  /** From the provider: twelve digits, and `aws`, `aws-cn` or `aws-us-gov`. */
  readonly account: string;
  readonly partition: string;
  readonly tags: Readonly<Record<string, string>>;
}
