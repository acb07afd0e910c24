/** What a destroy has left, against Azure Resource Manager as its double answers. */
import { findStack } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import { azureOperations } from "../../../../stacks/azure/operations/azure-operations";
import { platformOf, type Draft } from "../../../support/config";
import { ResourceManager, SUBSCRIPTION } from "../../../support/azure-resource-manager";

const azure = new ResourceManager();
/** How every command ends. */
const on = " --subscription 00000000-0000-0000-0000-000000000000";
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

async function leftovers(of = platform()) {
  const { cluster } = findStack(of, "azure-platform", "azure");
  return azureOperations(of, cluster, surroundings, azure.clients()).leftovers();
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

const budget = (values: string[]): void =>
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/${NAME}`, {
    properties: { filter: { dimensions: { name: "ResourceGroupName", operator: "In", values } } },
  });

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
  azure.set(`${OWN}/providers/Microsoft.Authorization/locks/Do not delete`, { properties: { level: "CanNotDelete" } });
  azure.set(NODES, { location: "swedencentral", tags });
  azure.set(`${NODES}/providers/Microsoft.Compute/disks/pvc-1`);
  azure.set(`${NODES}/providers/Microsoft.Network/publicIPAddresses/kubernetes-1`);
  azure.set(`${NODES}/providers/Microsoft.Network/loadBalancers/kubernetes`);
  azure.set(`${GROUPS}/elsewhere/providers/Microsoft.Compute/snapshots/backup`, { tags });
  budget([NAME, `${NAME}-nodes`]);
  record("TXT", "a-argocd.azure", mark(NAME));
  record("A", "argocd.azure");
  azure.answer(VAULTS, [deletedVault("acme-secrets", {})]);

  const { left, unseen, running } = await leftovers();
  expect({ unseen, running }).toEqual({ unseen: [], running: false });
  expect(left.map(({ id, why }) => [id.replace(SUBSCRIPTION, ""), why])).toEqual([
    [`/resourceGroups/${NAME}/providers/Microsoft.Authorization/locks/Do not delete`, `it holds ${NAME}`],
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
    [`/resourceGroups/${NAME}`, `tag stackyard-cluster=${NAME}`],
    [`/resourceGroups/${NAME}-nodes`, `tag stackyard-cluster=${NAME}`],
    [`/providers/Microsoft.Consumption/budgets/${NAME}`, `name ${NAME}, of the resource group ${NAME}`],
    [
      "/providers/Microsoft.KeyVault/locations/swedencentral/deletedVaults/acme-secrets",
      `tag stackyard-cluster=${NAME}`,
    ],
  ]);
  expect(left.map(({ remove }) => remove)).toEqual([
    `az lock delete --ids '${OWN}/providers/Microsoft.Authorization/locks/Do not delete'${on}`,
    `az network dns record-set a delete --yes --resource-group dns --zone-name acme.example --name argocd.azure${on}`,
    `az network dns record-set txt delete --yes --resource-group dns --zone-name acme.example --name a-argocd.azure${on}`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Network/loadBalancers/kubernetes${on}`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Network/publicIPAddresses/kubernetes-1${on}`,
    `az resource delete --ids ${GROUPS}/elsewhere/providers/Microsoft.Compute/snapshots/backup${on}`,
    `az resource delete --ids ${NODES}/providers/Microsoft.Compute/disks/pvc-1${on}`,
    `az resource delete --ids ${OWN}/providers/Microsoft.Network/virtualNetworks/${NAME}${on}`,
    `az resource delete --ids ${OWN}/providers/Microsoft.OperationalInsights/workspaces/${NAME}${on}`,
    `az group delete --name ${NAME}${on}`,
    `az group delete --name ${NAME}-nodes${on}`,
    `az consumption budget delete --budget-name ${NAME}${on}`,
    `az keyvault purge --name acme-secrets --location swedencentral${on}`,
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
  const byHand = `, or where no state has it: az aks delete --resource-group ${NAME} --name ${NAME}${on}`;
  const { left, running } = await leftovers();
  expect(running).toBe(true);
  expect(left[0]).toMatchObject({ remove: `npx cdktf destroy azure-platform${byHand}` });
  const layered = platform((cluster) => (cluster.layout = "layered"));
  expect((await leftovers(layered)).left[0]).toMatchObject({ remove: `npx cdktf destroy azure-cluster${byHand}` });
});

test("a resource group of the same name that nothing says is ours is not listed, with all that is in it", async () => {
  azure.set(OWN, { tags: { owner: "finance" } });
  azure.set(`${OWN}/providers/Microsoft.Sql/servers/ledger`);
  azure.set(`${OWN}/providers/Microsoft.Authorization/locks/keep`);
  azure.set(NODES, { managedBy: `${GROUPS}/other/providers/Microsoft.ContainerService/managedClusters/other` });
  azure.set(`${NODES}/providers/Microsoft.Compute/disks/pvc-1`);
  const { left, unseen } = await leftovers();
  expect(left).toEqual([]);
  expect(unseen).toEqual(
    [NAME, `${NAME}-nodes`].map(
      (name) => `the resource group ${name}, which has no tag stackyard-cluster=${NAME}: look whose it is`,
    ),
  );
});

test("the group that AKS made for the cluster is ours without a tag", async () => {
  azure.set(NODES, {
    managedBy: `${OWN.toLowerCase()}/providers/Microsoft.ContainerService/managedClusters/${NAME}`,
  });
  expect((await leftovers()).left).toMatchObject([{ id: NODES, why: `AKS made it for ${NAME}` }]);
});

test("tags are found however their names are spelt", async () => {
  const spelt = { "Stackyard-Cluster": NAME };
  azure.set(OWN, { tags: spelt });
  azure.answer(VAULTS, [deletedVault("acme-secrets", { tags: spelt })]);
  expect((await leftovers()).left).toHaveLength(2);
});

test("a lock on the subscription holds others as well, and is not listed", async () => {
  azure.set(OWN, { tags });
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Authorization/locks/all`);
  expect((await leftovers()).left.map(({ id }) => id)).toEqual([OWN]);
});

test("a budget of the same name that counts other groups is not ours", async () => {
  budget(["finance"]);
  expect((await leftovers()).left).toEqual([]);
});

test("records of a zone that the platform made go with its resource group", async () => {
  record("TXT", "a-argocd.azure", mark(NAME));
  expect((await leftovers(platform((cluster) => (cluster.dns = { create: true })))).left).toEqual([]);
});

test("a zone that is gone holds nothing", async () => {
  azure.empty();
  expect(await leftovers()).toMatchObject({ left: [], unseen: [] });
});

test("a provider that was never registered has made nothing", async () => {
  for (const provider of ["containerservice", "keyvault", "consumption", "network"])
    azure.unregistered.add(`microsoft.${provider}`);
  expect(await leftovers()).toEqual({ left: [], waiting: [], unseen: [], running: false });
});

test("only what is forbidden needs a permission", async () => {
  azure.refuse("GET", "/deletedVaults", { status: 409, code: "Conflict", message: "Busy." });
  azure.refuse("GET", "/budgets", { status: 404, code: "InvalidResourceType", message: "What?" });
  azure.answer(`${ZONE}/recordsets`, { value: 7 });
  const advice = (await leftovers()).unseen.map((line) => line.split("; ").slice(1).join("; "));
  expect(advice.sort().reverse()).toEqual([
    "try again, or look for yourself",
    "try again, or look for yourself",
    "that is a fault of this program, or of a proxy that answers in Azure's place: please report it, or look for yourself",
  ]);
});

test("what may not be looked at is said, with the permission, and the rest is listed", async () => {
  azure.set(OWN, { tags });
  const message = "The client does not have authorization";
  azure.refuse("GET", "/deletedVaults", { status: 403, code: "AuthorizationFailed", message });
  azure.refuse("GET", "/managedClusters/", { status: 403, code: "AuthorizationFailed", message });
  const { left, unseen } = await leftovers();
  expect(left).toHaveLength(1);
  expect(unseen).toEqual([
    `whether the cluster runs: AuthorizationFailed: ${message} (HTTP 403); allow Microsoft.ContainerService/managedClusters/read, or look for yourself`,
    `deleted vaults: AuthorizationFailed: ${message} (HTTP 403); allow Microsoft.KeyVault/deletedVaults/read, or look for yourself`,
  ]);
});

describe("of a cluster that somebody else made", () => {
  const THEIRS = `${GROUPS}/theirs/providers/Microsoft.ContainerService/managedClusters/shared`;
  const existing = platform((cluster) => {
    cluster.existing = { name: "shared", resourceGroup: "theirs" };
    delete cluster.access.public;
  });
  const ours = { "stackyard-cluster": NAME };

  test("only what is the platform's own", async () => {
    azure.set(THEIRS);
    azure.set(`${GROUPS}/shared-nodes`);
    azure.set(OWN, { tags: ours });
    azure.set(`${THEIRS}/agentPools/system`, { properties: {} });
    azure.set(`${THEIRS}/agentPools/web1a2b3cs`, { properties: { tags: ours } });
    // Of a cluster of the same name in another group.
    azure.set(`${GROUPS}/others/providers/Microsoft.Compute/disks/pvc-1`, { tags: { "stackyard-cluster": "shared" } });
    record("TXT", "a-www", mark("shared"));
    const { left, running } = await leftovers(existing);
    expect(running).toBe(false);
    expect(left.map(({ remove }) => remove)).toEqual([
      `az aks nodepool delete --resource-group theirs --cluster-name shared --name web1a2b3cs${on}`,
      `az group delete --name ${NAME}${on}`,
    ]);
  });

  test("that is gone, nothing", async () => {
    expect(await leftovers(existing)).toEqual({ left: [], waiting: [], unseen: [], running: false });
  });
});
