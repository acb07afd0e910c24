/** What a destroy has left, against Azure Resource Manager as its double answers. */
import { findStack } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import { azureOperations } from "../../../../stacks/azure/operations/azure-operations";
import { platformOf, type Draft } from "../../../support/config";
import { ResourceManager, SUBSCRIPTION } from "../../../support/azure-resource-manager";

const azure = new ResourceManager();
const ID = "00000000-0000-0000-0000-000000000000";
const NAME = "acme-azure-platform";
const GROUPS = `${SUBSCRIPTION}/resourceGroups`;
const OWN = `${GROUPS}/${NAME}`;
const NODES = `${OWN}-nodes`;
const ZONE = `${GROUPS}/dns/providers/Microsoft.Network/dnsZones/acme.example`;
const VAULTS = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults`;
const tags = { "stackyard-cluster": NAME };
const surroundings = { nameServers: () => Promise.resolve([]), output: () => Promise.resolve(undefined) };

const platform = (change: (cluster: Draft) => void = () => undefined): Platform =>
  platformOf((draft) => {
    change(draft.clusters["azure-platform"]);
  });

async function leftovers(on = platform()) {
  const { cluster } = findStack(on, "azure-platform", "azure");
  return azureOperations(on, cluster, surroundings, azure.clients()).leftovers();
}

/** Sets a record of the zone, which lies below its kind and is listed with all others. */
const records: object[] = [];
function record(kind: string, name: string, text?: string): void {
  records.push({
    id: `${ZONE}/${kind}/${name}`,
    name,
    type: `Microsoft.Network/dnszones/${kind}`,
    properties: text === undefined ? {} : { TXTRecords: [{ value: [text] }] },
  });
  azure.answer(`${ZONE}/recordsets`, records);
}

const mark = (owner: string): string =>
  `heritage=external-dns,external-dns/owner=${owner},external-dns/resource=httproute/argocd/argocd`;

const deletedVault = (name: string, properties: object): object => ({
  id: `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/swedencentral/deletedVaults/${name}`,
  properties: { scheduledPurgeDate: "2027-02-19T08:00:00Z", tags, ...properties },
});

beforeAll(() => azure.start());
afterAll(() => azure.stop());
beforeEach(() => {
  azure.empty();
  records.length = 0;
  azure.set(ZONE);
});

test("nothing is left of nothing, and nothing was changed", async () => {
  expect(await leftovers()).toEqual({ left: [], waiting: [], unseen: [], running: false });
  expect(azure.writes()).toEqual([]);
});

test("what a destroy that broke off has left, in the order in which it can be removed", async () => {
  azure.set(OWN, { location: "swedencentral", tags });
  azure.set(`${OWN}/providers/Microsoft.Network/virtualNetworks/${NAME}`, { tags });
  azure.set(`${OWN}/providers/Microsoft.OperationalInsights/workspaces/${NAME}`, { tags });
  azure.set(`${OWN}/providers/Microsoft.Authorization/locks/keep`, { properties: { level: "CanNotDelete" } });
  azure.set(NODES, { location: "swedencentral", tags });
  azure.set(`${NODES}/providers/Microsoft.Compute/disks/pvc-1`);
  azure.set(`${NODES}/providers/Microsoft.Network/publicIPAddresses/kubernetes-1`);
  azure.set(`${NODES}/providers/Microsoft.Network/loadBalancers/kubernetes`);
  azure.set(`${GROUPS}/elsewhere/providers/Microsoft.Compute/snapshots/backup`, { tags });
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/${NAME}`);
  record("TXT", "a-argocd.azure", mark(NAME));
  record("A", "argocd.azure");
  azure.answer(VAULTS, [deletedVault("acme-secrets", {})]);

  const { left, unseen, running } = await leftovers();
  expect({ unseen, running }).toEqual({ unseen: [], running: false });
  expect(left.map(({ id, why }) => [id.replace(SUBSCRIPTION, ""), why])).toEqual([
    [`/resourceGroups/${NAME}/providers/Microsoft.Authorization/locks/keep`, `it holds ${NAME}`],
    [`${ZONE.replace(SUBSCRIPTION, "")}/A/argocd.azure`, `ExternalDNS's owner ${NAME}, by the TXT record beside it`],
    [`${ZONE.replace(SUBSCRIPTION, "")}/TXT/a-argocd.azure`, `ExternalDNS's owner ${NAME}`],
    [
      `/resourceGroups/${NAME}-nodes/providers/Microsoft.Network/loadBalancers/kubernetes`,
      `resource group ${NAME}-nodes`,
    ],
    [
      `/resourceGroups/${NAME}-nodes/providers/Microsoft.Network/publicIPAddresses/kubernetes-1`,
      `resource group ${NAME}-nodes`,
    ],
    ["/resourceGroups/elsewhere/providers/Microsoft.Compute/snapshots/backup", `tag stackyard-cluster=${NAME}`],
    [`/resourceGroups/${NAME}-nodes/providers/Microsoft.Compute/disks/pvc-1`, `resource group ${NAME}-nodes`],
    [
      `/resourceGroups/${NAME}/providers/Microsoft.Network/virtualNetworks/${NAME}`,
      `resource group ${NAME}, tag stackyard-cluster=${NAME}`,
    ],
    [
      `/resourceGroups/${NAME}/providers/Microsoft.OperationalInsights/workspaces/${NAME}`,
      `resource group ${NAME}, tag stackyard-cluster=${NAME}`,
    ],
    [`/resourceGroups/${NAME}`, `name ${NAME}`],
    [`/resourceGroups/${NAME}-nodes`, `name ${NAME}-nodes`],
    [`/providers/Microsoft.Consumption/budgets/${NAME}`, `name ${NAME}`],
    [
      "/providers/Microsoft.KeyVault/locations/swedencentral/deletedVaults/acme-secrets",
      `tag stackyard-cluster=${NAME}`,
    ],
  ]);
  expect(left.map(({ remove }) => remove)).toEqual([
    `az lock delete --ids ${OWN}/providers/Microsoft.Authorization/locks/keep`,
    `az network dns record-set a delete --subscription ${ID} --resource-group dns --zone-name acme.example --name 'argocd.azure' --yes`,
    `az network dns record-set txt delete --subscription ${ID} --resource-group dns --zone-name acme.example --name 'a-argocd.azure' --yes`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Network/loadBalancers/kubernetes`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Network/publicIPAddresses/kubernetes-1`,
    `az resource delete --ids ${GROUPS}/elsewhere/providers/Microsoft.Compute/snapshots/backup`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Compute/disks/pvc-1`,
    `az resource delete --ids ${OWN}/providers/Microsoft.Network/virtualNetworks/${NAME}`,
    `az resource delete --ids ${OWN}/providers/Microsoft.OperationalInsights/workspaces/${NAME}`,
    `az group delete --subscription ${ID} --name ${NAME}`,
    `az group delete --subscription ${ID} --name ${NAME}-nodes`,
    `az consumption budget delete --subscription ${ID} --budget-name ${NAME}`,
    `az keyvault purge --subscription ${ID} --name acme-secrets --location swedencentral`,
  ]);
});

test("what is another cluster's is not listed", async () => {
  const other = { "stackyard-cluster": "acme-other" };
  azure.set(`${OWN}-2`, { tags: other });
  azure.set(`${OWN}-2/providers/Microsoft.Compute/disks/pvc-1`, { tags: other });
  record("TXT", "a-argocd.other", mark("acme-other"));
  record("A", "argocd.other");
  record("A", "www");
  azure.answer(VAULTS, [deletedVault("others", { tags: other }), deletedVault("nobodys", { tags: null })]);
  expect(await leftovers()).toMatchObject({ left: [], waiting: [] });
});

test("every page is read", async () => {
  azure.pageSize = 1;
  for (const name of ["a", "b", "c"])
    azure.set(`${GROUPS}/elsewhere/providers/Microsoft.Compute/disks/${name}`, { tags });
  expect((await leftovers()).left).toHaveLength(3);
});

test("a vault that nobody can purge waits, and is not left", async () => {
  azure.answer(VAULTS, [deletedVault("acme-secrets", { purgeProtectionEnabled: true })]);
  const id = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/swedencentral/deletedVaults/acme-secrets`;
  expect(await leftovers()).toMatchObject({ left: [], waiting: [`${id} until 2027-02-19`] });
});

test("of a cluster that runs, the cluster is what is to be destroyed", async () => {
  azure.set(OWN, { tags });
  azure.set(`${OWN}/providers/Microsoft.ContainerService/managedClusters/${NAME}`, { tags });
  const { left, running } = await leftovers();
  expect(running).toBe(true);
  expect(left[0]).toMatchObject({ remove: "npx cdktf destroy azure-platform" });
});

test("records of a zone that the platform made go with its resource group", async () => {
  record("TXT", "a-argocd.azure", mark(NAME));
  expect((await leftovers(platform((cluster) => (cluster.dns = { create: true })))).left).toEqual([]);
});

test("a zone that is gone holds nothing", async () => {
  azure.empty();
  expect(await leftovers()).toMatchObject({ left: [], unseen: [] });
});

test("what may not be looked at is said, with the permission, and the rest is listed", async () => {
  azure.set(OWN, { tags });
  const message = "The client does not have authorization";
  azure.refuse("GET", "/deletedVaults", { status: 403, code: "AuthorizationFailed", message });
  azure.refuse("GET", "/managedClusters/", { status: 403, code: "AuthorizationFailed", message });
  const { left, unseen } = await leftovers();
  expect(left).toHaveLength(1);
  expect(unseen).toEqual([
    `whether the cluster runs: AuthorizationFailed: ${message} (HTTP 403); allow Microsoft.ContainerService/managedClusters/read`,
    `deleted vaults: AuthorizationFailed: ${message} (HTTP 403); allow Microsoft.KeyVault/deletedVaults/read, or look for yourself`,
  ]);
});

describe("of a cluster that somebody else made", () => {
  const THEIRS = `${GROUPS}/theirs/providers/Microsoft.ContainerService/managedClusters/shared`;
  const existing = platform((cluster) => {
    cluster.existing = { name: "shared", resourceGroup: "theirs" };
    delete cluster.access.public;
  });
  const ours = { "stackyard-cluster": "shared" };

  test("only what is the platform's own", async () => {
    azure.set(THEIRS);
    azure.set(`${GROUPS}/shared-nodes`);
    azure.set(OWN, { tags: ours });
    azure.set(`${THEIRS}/agentPools/system`, { properties: {} });
    azure.set(`${THEIRS}/agentPools/web1a2b3cs`, { properties: { tags: ours } });
    const { left, running } = await leftovers(existing);
    expect(running).toBe(true);
    expect(left.map(({ remove }) => remove)).toEqual([
      `az aks nodepool delete --subscription ${ID} --resource-group theirs --cluster-name shared --name web1a2b3cs`,
      `az group delete --subscription ${ID} --name ${NAME}`,
    ]);
  });

  test("that is gone, nothing", async () => {
    expect(await leftovers(existing)).toEqual({ left: [], waiting: [], unseen: [], running: false });
  });
});
