import { z } from "zod";
import type { AzureCluster } from "../../../config/clouds/azure";
import { MANAGED_TAG } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import { OperationError, type BootstrapOptions, type Step } from "../../operations";
import { API_VERSIONS } from "./api-versions";
import type { AzureClients } from "./clients";
import { requireIdentity } from "./identity";
import { findAccount, isOurs, misplaced, redundancy, statePlace, type StatePlace } from "./storage-account";
import { ACCOUNT_PROPERTIES, aspects } from "./storage-account-aspects";

const PROVIDER = "Microsoft.Storage";
/** Registering takes a minute or two: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types */
const REGISTER_SECONDS = 5;
const REGISTER_TRIES = 60;

/**
 * Makes what the state lies in, as far as it is not there: a second run changes nothing. Of an account that others made it changes nothing
 * that holds for everything in it, unless told to: somebody may reach something else in it by its keys, or without any.
 *
 * @throws OperationError when the config names no account, nobody is signed in, or the account is another's or in another group.
 */
export async function bootstrap(
  platform: Platform,
  cluster: AzureCluster,
  clients: AzureClients,
  { dryRun, harden = false }: BootstrapOptions,
): Promise<readonly Step[]> {
  const { state } = cluster;
  if (!state)
    throw new OperationError(
      `clusters.${cluster.name} has no state in the config, so its state is a local file and there is no storage account to make; add state: { storageAccount: "…", resourceGroup: "…" }`,
    );
  const identity = await requireIdentity(clients, cluster);
  const { resourceManager } = clients;
  const place = statePlace(cluster, state);
  const tags = accountTags(platform);
  const changed = dryRun ? "planned" : "made";
  const steps: Step[] = [];
  /** @returns whether it was there */
  const step = async (what: string, isSo: boolean, make: () => Promise<void>): Promise<boolean> => {
    if (!isSo && !dryRun) await make();
    steps.push({ what, outcome: isSo ? "already so" : changed });
    return isSo;
  };

  const registered = await isRegistered(clients, place);
  await step(`the subscription is registered for ${PROVIDER}`, registered, () => register(clients, place));
  // A subscription that is not registered has no account, and answers no question about names.
  const found = registered || !dryRun ? await findAccount(clients, place) : ({ kind: "missing" } as const);
  const wrong = misplaced(state, found);
  if (wrong) throw new OperationError(`${wrong.found}; ${wrong.fix}`);

  const group = { path: place.resourceGroup, apiVersion: API_VERSIONS.resources };
  const knownGroup = await resourceManager.find(group, z.object({ location: z.string() }));
  await step(
    `the resource group ${state.resourceGroup} in ${knownGroup?.location ?? cluster.location}`,
    knownGroup !== undefined,
    () => resourceManager.put({ ...group, body: { location: cluster.location, tags } }),
  );

  // Terraform finds an account wherever it is, so one that is there stays where it is.
  const known = found.kind === "here" ? found.account : undefined;
  const location = known?.location ?? cluster.location;
  const sku = known?.sku.name ?? redundancy(location);
  await step(`the storage account ${state.storageAccount} in ${location}, ${sku}`, known !== undefined, () =>
    resourceManager.put({
      path: place.account,
      apiVersion: API_VERSIONS.storage,
      body: { location, kind: "StorageV2", sku: { name: sku }, tags, properties: ACCOUNT_PROPERTIES },
    }),
  );

  const ours = known === undefined || isOurs(known);
  // One after the other: Azure refuses changes of one account that overlap.
  for (const { what, shared, isSo, make } of aspects(clients, place, identity, ours ? tags : {})) {
    const already = !(known === undefined && dryRun) && (await isSo());
    if (!already && shared && !ours && !harden) {
      steps.push({ what, outcome: "left" });
      continue;
    }
    if (!already && !dryRun) await make();
    steps.push({ what, outcome: already && known !== undefined ? "already so" : changed });
  }
  return steps;
}

async function isRegistered({ resourceManager }: AzureClients, { subscription }: StatePlace): Promise<boolean> {
  const { registrationState } = await resourceManager.get(
    { path: `${subscription}/providers/${PROVIDER}`, apiVersion: API_VERSIONS.resources },
    z.object({ registrationState: z.string() }),
  );
  return registrationState === "Registered";
}

async function register(clients: AzureClients, place: StatePlace): Promise<void> {
  await clients.resourceManager.post(
    { path: `${place.subscription}/providers/${PROVIDER}/register`, apiVersion: API_VERSIONS.resources },
    z.object({}),
  );
  for (let tries = 0; tries < REGISTER_TRIES; tries++) {
    if (await isRegistered(clients, place)) return;
    await clients.pause(REGISTER_SECONDS);
  }
  throw new OperationError(
    `the subscription is still not registered for ${PROVIDER} after five minutes; az provider show --namespace ${PROVIDER} --query registrationState says how far it is; run this again then`,
  );
}

/** Without the cluster's own tag: the account outlives clusters, and may hold the state of several. */
const accountTags = (platform: Platform): Record<string, string> => ({ ...platform.tags, [MANAGED_TAG]: "stackyard" });
