/** The storage account that holds the state: where it is. */
import { z } from "zod";
import type { AzureCluster } from "../../../config/clouds/azure";
import { zonesIn } from "../../../config/clouds/azure-locations";
import { MANAGED_TAG } from "../../../config/names";
import { API_VERSIONS } from "./api-versions";
import type { AzureClients } from "./clients";
import { tagOf } from "./tags";

/** Ids of what the state lies in, each in the one before it. */
export interface StatePlace {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly account: string;
  readonly container: string;
}

export function statePlace(cluster: AzureCluster, state: NonNullable<AzureCluster["state"]>): StatePlace {
  const subscription = `/subscriptions/${cluster.subscription}`;
  const resourceGroup = `${subscription}/resourceGroups/${state.resourceGroup}`;
  const account = `${resourceGroup}/providers/Microsoft.Storage/storageAccounts/${state.storageAccount}`;
  return {
    subscription,
    resourceGroup,
    account,
    container: `${account}/blobServices/default/containers/${state.container}`,
  };
}

export const accountShape = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  sku: z.object({ name: z.string() }),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.object({
    minimumTlsVersion: z.string().nullish(),
    supportsHttpsTrafficOnly: z.boolean().nullish(),
    allowSharedKeyAccess: z.boolean().nullish(),
    allowBlobPublicAccess: z.boolean().nullish(),
  }),
});
export type StorageAccount = z.output<typeof accountShape>;

/** Whether bootstrap made it, and so may change it for everything in it. */
export const isOurs = ({ tags }: Pick<StorageAccount, "tags">): boolean => tagOf(tags, MANAGED_TAG) === "stackyard";

export type AccountPlace =
  | { readonly kind: "missing" | "foreign" }
  | { readonly kind: "here"; readonly account: StorageAccount }
  | { readonly kind: "elsewhere"; readonly resourceGroup: string };

/** Where an account of this name is: names of accounts are one name space for everybody. */
export async function findAccount({ resourceManager }: AzureClients, place: StatePlace): Promise<AccountPlace> {
  const apiVersion = API_VERSIONS.storage;
  const account = await resourceManager.find({ path: place.account, apiVersion }, accountShape);
  if (account) return { kind: "here", account };
  const name = place.account.split("/").at(-1);
  const storage = `${place.subscription}/providers/Microsoft.Storage`;
  const { nameAvailable } = await resourceManager.post(
    {
      path: `${storage}/checkNameAvailability`,
      apiVersion,
      body: { name, type: "Microsoft.Storage/storageAccounts" },
    },
    z.object({ nameAvailable: z.boolean() }),
  );
  if (nameAvailable) return { kind: "missing" };
  const visible = await resourceManager.list(
    { path: `${storage}/storageAccounts`, apiVersion },
    z.object({ id: z.string(), name: z.string() }),
  );
  const same = visible.find((other) => other.name === name);
  return same ? { kind: "elsewhere", resourceGroup: same.id.split("/")[4] ?? "" } : { kind: "foreign" };
}

/** What is wrong with where an account is; undefined where nothing is, or where it is yet to be made. */
export function misplaced(
  { storageAccount, resourceGroup }: NonNullable<AzureCluster["state"]>,
  place: AccountPlace,
): { readonly found: string; readonly fix: string } | undefined {
  switch (place.kind) {
    case "foreign":
      return {
        found: `the storage account "${storageAccount}" is in another subscription, or somebody else's, or you may not read it (Microsoft.Storage/storageAccounts/read)`,
        fix: "choose another name for state.storageAccount, or sign in as somebody who may",
      };
    case "elsewhere":
      return {
        found: `the storage account "${storageAccount}" is in the resource group ${place.resourceGroup}, but the config looks for it in ${resourceGroup}`,
        fix: `set state.resourceGroup to "${place.resourceGroup}", or choose another name for state.storageAccount`,
      };
    default:
      return undefined;
  }
}

/** Of an account that is made: three copies, in zones where the location has them. One that is there keeps what it has. */
export const redundancy = (location: string): string =>
  zonesIn(location).length > 0 ? "Standard_ZRS" : "Standard_LRS";
