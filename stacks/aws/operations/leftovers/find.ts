import type { AwsCluster } from "../../../../config/clouds/aws";
import type { AwsClients } from "../clients";

export interface FinderContext {
  readonly cluster: AwsCluster;
  /** Full name of the cluster. */
  readonly name: string;
  /** What the platform tags its own with. */
  readonly own: string;
  readonly clients: AwsClients;
}

/** Something that is there. */
export interface Found {
  /** Service and kind as in an ARN, such as `ec2:volume`; removal.ts knows them. */
  readonly type: string;
  /** What its commands call it. */
  readonly id: string;
  readonly why: string;
}

/** One place to look in. */
export interface Finder {
  readonly where: string;
  /** The permission without which it cannot look. */
  readonly needs: string;
  readonly find: (context: FinderContext) => Promise<readonly Found[]>;
}
