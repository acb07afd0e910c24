import type { AzureCluster } from "../../../../config/clouds/azure";
import type { AzureClients } from "../clients";

export interface FinderContext {
  readonly cluster: AzureCluster;
  /**
   * Name of all that the platform makes, whoever made the cluster: of its resource group, and of it in tags, budgets and DNS records. That
   * of a cluster of somebody else would not do, because another resource group may have one of the same name.
   */
  readonly name: string;
  readonly clients: AzureClients;
  /** Sentences about what could not be looked at, or not be told apart; a finder adds its own. */
  readonly unseen: string[];
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
