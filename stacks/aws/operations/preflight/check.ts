import type { AwsCluster } from "../../../../config/clouds/aws";
import type { StackPlan } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import type { Finding, Surroundings } from "../../../operations";
import type { AwsClients } from "../clients";
import type { Identity } from "../identity";

/** What a check may look at. */
export interface CheckContext {
  readonly platform: Platform;
  readonly cluster: AwsCluster;
  /** Full name of the cluster. */
  readonly name: string;
  /** What the platform tags its own with. */
  readonly own: string;
  readonly clients: AwsClients;
  readonly identity: Identity;
  readonly surroundings: Surroundings;
  /** The one that is to be deployed. */
  readonly stack: StackPlan;
  /** Of its resources and data sources. */
  readonly types: ReadonlySet<string>;
}

export interface Check {
  readonly subject: string;
  /** The permission without which it cannot look. */
  readonly needs: string;
  readonly look: (context: CheckContext) => Promise<readonly Finding[]>;
}
