import type { AwsCluster } from "../../../../config/clouds/aws";
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
  readonly clients: AwsClients;
  readonly identity: Identity;
  readonly surroundings: Surroundings;
  /** Of the resources and data sources of the cluster's stacks. */
  readonly types: ReadonlySet<string>;
}

export interface Check {
  readonly subject: string;
  /** The permission without which it cannot look. */
  readonly needs: string;
  readonly look: (context: CheckContext) => Promise<readonly Finding[]>;
}
