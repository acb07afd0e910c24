import type { AzureCluster } from "../../../../config/clouds/azure";
import type { StackPlan } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import type { Finding, Surroundings } from "../../../operations";
import type { AzureClients } from "../clients";
import type { Identity } from "../identity";
import type { Sku } from "./skus";

/** What a check may look at. */
export interface CheckContext {
  readonly platform: Platform;
  readonly cluster: AzureCluster;
  /** Full name of the cluster. */
  readonly name: string;
  readonly clients: AzureClients;
  readonly identity: Identity;
  readonly surroundings: Surroundings;
  /** Name of the resource group of all that the platform makes. */
  readonly resourceGroup: string;
  /** Names of the vaults that the platform makes: its own, and those of teams. */
  readonly vaultNames: readonly string[];
  /** The one that is to be deployed. */
  readonly stack: StackPlan;
  /** Of its resources and data sources. */
  readonly types: ReadonlySet<string>;
  /** This month, such as `2026-12`. */
  readonly month: string;
  /** The location's VM sizes: a long list, asked once. */
  readonly skus: () => Promise<readonly Sku[]>;
}

export interface Check {
  readonly subject: string;
  /** What is needed to look. */
  readonly needs: string;
  readonly look: (context: CheckContext) => Promise<readonly Finding[]>;
}

/** `/subscriptions/…`: where the paths of all that is looked at begin. */
export const subscriptionOf = ({ cluster }: Pick<CheckContext, "cluster">): string =>
  `/subscriptions/${cluster.subscription}`;

/** Where the paths of the location's quotas and offers of one resource provider begin. */
export const locationOf = (context: Pick<CheckContext, "cluster">, provider: string): string =>
  `${subscriptionOf(context)}/providers/${provider}/locations/${context.cluster.location}`;
