import type { AzureCluster } from "../../../../config/clouds/azure";
import type { Platform } from "../../../../config/platform";
import type { AzureClients } from "../clients";

export interface FinderContext {
  readonly platform: Platform;
  readonly cluster: AzureCluster;
  /** Full name of the cluster. */
  readonly name: string;
  readonly clients: AzureClients;
}

/** Something that is there. */
export interface Found {
  /** Provider and kind as in its id, such as `Microsoft.Compute/disks`; removal.ts knows them. */
  readonly type: string;
  /** Its resource id. */
  readonly id: string;
  readonly why: string;
  /** Day on which it goes by itself; nothing removes it before. @default - a command does */
  readonly until?: string;
}

/** One place to look in. */
export interface Finder {
  readonly where: string;
  /** The permission without which it cannot look. */
  readonly needs: string;
  readonly find: (context: FinderContext) => Promise<readonly Found[]>;
}
