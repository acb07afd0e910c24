/** Preflight against Azure Resource Manager and Microsoft Graph as the double answers them. */
import { findStack } from "../../../../../config/layers";
import { ownName } from "../../../../../config/names";
import { azureOperations } from "../../../../../stacks/azure/operations/azure-operations";
import { makesVault, vaultName } from "../../../../../stacks/azure/secrets";
import type { Finding, Surroundings } from "../../../../../stacks/operations";
import { ResourceManager, SUBSCRIPTION, CALLER } from "../../../../support/azure-resource-manager";
import { vmSize } from "../../../../support/azure-skus";
import { platformOf, type Draft } from "../../../../support/config";

const NAME = "acme-azure-platform";
const GROUP = `${SUBSCRIPTION}/resourceGroups/${NAME}`;
const NODES = `${SUBSCRIPTION}/resourceGroups/${NAME}-nodes`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/${NAME}`;
const ZONE = `${SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network/dnsZones/acme.example`;
const ACCOUNT = `${SUBSCRIPTION}/resourceGroups/state/providers/Microsoft.Storage/storageAccounts/acmestate`;
const CONTAINER = `${ACCOUNT}/blobServices/default/containers/tfstate`;
const NAME_SERVERS = ["ns1-01.azure-dns.com.", "ns2-01.azure-dns.net."];
const GROUPS = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"] as const;
const at = (provider: string): string => `${SUBSCRIPTION}/providers/${provider}/locations/swedencentral`;
/** Of a stack's resources; what a deploy needs follows from them. */
const TYPES = new Set(["azurerm_kubernetes_cluster", "azurerm_virtual_network", "azurerm_key_vault"]);
const PROVIDERS = ["Compute", "ContainerService", "KeyVault", "ManagedIdentity", "Network", "Resources", "Storage"];

const azure = new ResourceManager();
let nameServers: readonly string[] | undefined;
const surroundings: Surroundings = {
  nameServers: () => (nameServers ? Promise.resolve(nameServers) : Promise.reject(new Error("no such domain"))),
  output: (tool) => Promise.resolve(tool === "kubelogin" ? "\ngit hash: v1.13.2/0" : `${tool} v1.13.2`),
};

async function preflight(
  change: (cluster: Draft, config: Draft) => void = () => undefined,
  tools = surroundings,
): Promise<readonly Finding[]> {
  const platform = platformOf((draft) => {
    draft.clusters["azure-platform"].state = { storageAccount: "acmestate", resourceGroup: "state" };
    change(draft.clusters["azure-platform"], draft);
  });
  const { cluster } = findStack(platform, "azure-platform", "azure");
  return azureOperations(platform, cluster, tools, azure.clients()).preflight("azure-platform", TYPES);
}

const usage = (value: string, currentValue: number, limit: number) => ({ name: { value }, currentValue, limit });
const about = (findings: readonly Finding[], subject: string) => findings.filter((one) => one.subject === subject);
const bad = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity !== "ok");

/** A subscription in which everything is as it should be before the first deploy. */
function goodSubscription(): void {
  nameServers = NAME_SERVERS;
  azure.memberOf = [GROUPS[0]];
  for (const id of GROUPS) azure.answer(`/v1.0/groups/${id}`, { id });
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Authorization/permissions`, [{ actions: ["*"], notActions: [] }]);
  azure.answer(
    `${SUBSCRIPTION}/providers`,
    PROVIDERS.map((name) => ({ namespace: `Microsoft.${name}`, registrationState: "Registered" })),
  );
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost`, {
    properties: { state: "Registered" },
  });
  azure.answer(`${at("Microsoft.Compute")}/usages`, [usage("cores", 10, 200), usage("standardDDSv5Family", 10, 200)]);
  azure.answer(`${at("Microsoft.Network")}/usages`, [usage("IPv4StandardSkuPublicIpAddresses", 3, 20)]);
  azure.answer(`${SUBSCRIPTION}/locations`, [
    {
      name: "swedencentral",
      displayName: "Sweden Central",
      availabilityZoneMappings: ["1", "2", "3"].map((logicalZone) => ({ logicalZone })),
    },
  ]);
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.ContainerService`, {
    namespace: "Microsoft.ContainerService",
    resourceTypes: [{ resourceType: "managedClusters", locations: ["Sweden Central"] }],
  });
  azure.answer(`${at("Microsoft.ContainerService")}/kubernetesVersions`, {
    values: [{ version: "1.34", capabilities: { supportPlan: ["KubernetesOfficial"] } }],
  });
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Compute/skus`, [
    { resourceType: "disks", name: "Premium_LRS" },
    vmSize("Standard_D4ds_v5"),
    vmSize("Standard_D8ds_v5", { capabilities: { vCPUs: "8", MemoryGB: "32" } }),
  ]);
  azure.set(`${SUBSCRIPTION}/resourceGroups/dns`, { location: "swedencentral" });
  azure.set(ZONE, { properties: { zoneType: "Public", nameServers: NAME_SERVERS } });
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability`, { nameAvailable: true });
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`, []);
  azure.set(`${SUBSCRIPTION}/resourceGroups/state`, { location: "swedencentral" });
  azure.set(ACCOUNT, {
    location: "swedencentral",
    sku: { name: "Standard_ZRS" },
    properties: { allowBlobPublicAccess: false },
  });
  azure.set(`${ACCOUNT}/blobServices/default`, { properties: { isVersioningEnabled: true } });
  azure.set(CONTAINER, { properties: {} });
  azure.set(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/a`, {
    properties: {
      scope: CONTAINER,
      principalId: CALLER,
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe`,
    },
  });
}

beforeAll(() => azure.start());
afterAll(() => azure.stop());
beforeEach(() => {
  azure.empty();
  goodSubscription();
});

test("in a good subscription all is well, in the order of the checks, and nothing is changed", async () => {
  const findings = await preflight();
  expect(findings.map(({ severity, subject, found }) => `${severity} ${subject}: ${found}`)).toEqual([
    "ok terraform: 1.13.2",
    "ok az: 1.13.2",
    "ok kubelogin: 1.13.2",
    "ok kubectl: 1.13.2",
    "ok subscription: 00000000-0000-0000-0000-000000000000, as ada@acme.example of the tenant 99999999-9999-9999-9999-999999999999",
    "ok access to the cluster: you are in access.admins as admins",
    expect.stringMatching(/^ok permissions: all \d+ actions are allowed to ada@acme.example; /),
    "ok resource providers: registered: Microsoft.Compute, Microsoft.ContainerService, Microsoft.KeyVault, Microsoft.ManagedIdentity, Microsoft.Network, Microsoft.Resources, Microsoft.Storage",
    "ok feature EncryptionAtHost: is registered",
    "ok quota: vCPUs of the region: system nodes 12 + pool shared 64 + pool web/main 32 = 108 at most; 200 allowed, 10 in use by others",
    "ok quota: vCPUs of standardDDSv5Family: system nodes 12 + pool shared 64 + pool web/main 32 = 108 at most; 200 allowed, 10 in use by others",
    "ok quota: public addresses: 2 needed, 20 allowed, 3 in use by others",
    "ok location: swedencentral (Sweden Central), with AKS",
    "ok zones: 1, 2, 3",
    "ok kubernetes: 1.34 is offered in swedencentral",
    "ok VM size of systemNodes: Standard_D4ds_v5: offered in zones 1, 2, 3",
    "ok VM size of pool shared: Standard_D8ds_v5: offered in zones 1, 2, 3",
    "ok VM size of pool web/main: Standard_D8ds_v5: offered in zones 1, 2, 3",
    "ok API server: reachable from 203.0.113.0/24: be there when you deploy",
    "ok DNS zone: acme.example is there and holds azure.acme.example",
    "ok delegation of the zone: the world asks ns1-01.azure-dns.com, ns2-01.azure-dns.net",
    expect.stringMatching(/^ok key vault: acme-azure-platf?o?r?m?-[0-9a-f]{8} is made by the deploy$/),
    "ok locks: none on what the platform changes",
    'ok state account: "acmestate" is there, versioned, closed to the public, and yours to write',
    `ok cluster: there is no ${NAME} yet`,
  ]);
  expect(azure.writes()).toEqual([]);
  // The list of sizes is long.
  expect(azure.requests.filter((request) => request.endsWith("/Microsoft.Compute/skus"))).toHaveLength(1);
});

describe("signing in", () => {
  test("where Azure cannot be asked, a reason with a semicolon stays whole", async () => {
    azure.refuse("GET", SUBSCRIPTION, { status: 418, code: "Teapot", message: "no coffee; only tea" });
    expect((await preflight())[4]).toEqual({
      severity: "error",
      subject: "subscription",
      found: "Azure could not be asked: Teapot: no coffee; only tea (HTTP 418)",
      fix: "check the network and its proxy",
    });
  });

  test("without az, kubelogin and terraform nothing is deployed", async () => {
    const findings = await preflight(undefined, { ...surroundings, output: () => Promise.resolve(undefined) });
    expect(findings.slice(0, 4).map(({ severity, subject }) => [severity, subject])).toEqual([
      ["error", "terraform"],
      ["error", "az"],
      ["error", "kubelogin"],
      ["warn", "kubectl"],
    ]);
  });

  test("a subscription that is not there for the caller ends it: further answers would mislead", async () => {
    azure.refuse("GET", SUBSCRIPTION, { status: 404, code: "SubscriptionNotFound", message: "not found" });
    const findings = await preflight();
    expect(findings).toHaveLength(5);
    expect(findings[4]).toMatchObject({ severity: "error", subject: "subscription" });
  });

  test("a disabled subscription ends it", async () => {
    azure.set(SUBSCRIPTION, { displayName: "acme", state: "Disabled" });
    expect((await preflight())[4]).toMatchObject({
      severity: "error",
      found: expect.stringContaining("which is disabled"),
    });
  });

  test("an expired sign-in ends it", async () => {
    azure.refuse("*", "/subscriptions", { status: 401, code: "ExpiredAuthenticationToken", message: "expired" });
    const findings = await preflight();
    expect(findings).toHaveLength(5);
    expect(findings[4]).toMatchObject({ severity: "error", found: "the sign-in to Azure has expired" });
  });
});

test("what may not be looked at is a warning that names what is needed, and everything else is looked at", async () => {
  azure.refuse("GET", "/providers/Microsoft.Compute/skus", { status: 403, code: "AuthorizationFailed", message: "no" });
  azure.refuse("*", "/v1.0/", { status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges" });
  const findings = await preflight();
  expect(bad(findings).map(({ severity, subject, found }) => [severity, subject, found])).toEqual([
    [
      "warn",
      "access to the cluster",
      "whether you are in access.admins could not be looked at: Authorization_RequestDenied: Insufficient privileges (HTTP 403)",
    ],
    [
      "warn",
      "access to the cluster",
      "whether the config's groups are in Entra could not be looked at: Authorization_RequestDenied: Insufficient privileges (HTTP 403)",
    ],
    ["warn", "quotas", "could not be looked at: AuthorizationFailed: no (HTTP 403)"],
    ["warn", "VM sizes", "could not be looked at: AuthorizationFailed: no (HTTP 403)"],
  ]);
  expect(about(findings, "VM sizes")[0]?.fix).toBe(
    "allow Microsoft.Compute/skus/read to whoever runs this, or look for yourself",
  );
});

test("what could not be looked at for another reason than a right says what helps against that", async () => {
  azure.refuse("GET", "/Microsoft.Authorization/locks", { status: 409, code: "MissingSubscriptionRegistration" });
  azure.refuse("GET", "/providers/Microsoft.Network/dnsZones", { status: 500, code: "InternalServerError" });
  const findings = await preflight();
  expect(about(findings, "locks")).toMatchObject([
    {
      severity: "warn",
      fix: "register the resource provider that it names: az provider register --namespace <namespace> --wait",
    },
  ]);
  expect(about(findings, "DNS zone")).toMatchObject([
    { severity: "warn", fix: "check the network and its proxy, and try again in a few minutes" },
  ]);
});

describe("access", () => {
  test("a service principal is asked about as one; who is in no group of administrators is told", async () => {
    azure.claims = { oid: CALLER, tid: "t", idtyp: "app", appid: "ci" };
    azure.memberOf = [];
    expect(about(await preflight(), "access to the cluster")).toMatchObject([
      { severity: "warn", found: expect.stringMatching(/^the service principal ci is in none of access.admins/) },
    ]);
    expect(azure.requests).toContain(`POST /v1.0/servicePrincipals/${CALLER}/checkMemberGroups`);
  });

  test("a group that is not in Entra is an error", async () => {
    azure.refuse("GET", `/v1.0/groups/${GROUPS[1]}`, { status: 404, code: "Request_ResourceNotFound", message: "no" });
    expect(about(await preflight(), "groups")).toMatchObject([
      { severity: "error", found: `Entra has no web (${GROUPS[1]}): nobody could be given rights` },
    ]);
  });
});

describe("permissions", () => {
  test("what no role allows is an error; a role on the cluster's own group counts", async () => {
    const contributor = { actions: ["*"], notActions: ["Microsoft.Network/virtualNetworks/write"] };
    azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Authorization/permissions`, [contributor]);
    expect(about(await preflight(), "permissions")).toMatchObject([
      {
        severity: "error",
        found: `ada@acme.example may not: Microsoft.Network/virtualNetworks/write in the group ${NAME}`,
      },
    ]);
    azure.answer(`${GROUP}/providers/Microsoft.Authorization/permissions`, [
      { actions: ["Microsoft.Network/*"], notActions: [] },
    ]);
    expect(about(await preflight(), "permissions")).toMatchObject([{ severity: "ok" }]);
  });

  test("all rights in the zone's group are none elsewhere", async () => {
    azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Authorization/permissions`, [{ actions: ["*/read"] }]);
    azure.answer(`${SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Authorization/permissions`, [
      { actions: ["*"], notActions: null },
    ]);
    expect(about(await preflight(), "permissions")).toMatchObject([
      { severity: "error", found: expect.stringMatching(/ Microsoft.KeyVault\/vaults\/write, /) },
    ]);
  });
});

test("a provider and a feature that are not registered are errors", async () => {
  azure.answer(`${SUBSCRIPTION}/providers`, [{ namespace: "Microsoft.Compute", registrationState: "Registered" }]);
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost`, {
    properties: { state: "NotRegistered" },
  });
  const findings = await preflight();
  expect(about(findings, "resource providers")).toMatchObject([{ severity: "error" }]);
  expect(about(findings, "feature EncryptionAtHost")).toMatchObject([{ severity: "error" }]);
  expect(about(await preflight((cluster) => (cluster.hostEncryption = false)), "feature EncryptionAtHost")).toEqual([]);
});

describe("quotas", () => {
  test("too little is said; a quota without a value could not be looked at", async () => {
    azure.answer(`${at("Microsoft.Compute")}/usages`, [usage("cores", 0, 100)]);
    azure.answer(`${at("Microsoft.Network")}/usages`, [usage("StandardSkuPublicIpAddresses", 19, 20)]);
    expect(bad(await preflight()).map(({ severity, subject }) => [severity, subject])).toEqual([
      ["warn", "quota: vCPUs of the region"],
      ["warn", "quota: vCPUs of standardDDSv5Family"],
      ["error", "quota: public addresses"],
    ]);
  });

  test("what the cluster itself uses is not counted twice", async () => {
    azure.set(GROUP, { location: "swedencentral" });
    azure.set(NODES, { location: "swedencentral" });
    azure.set(CLUSTER, { location: "swedencentral", properties: { nodeResourceGroup: `${NAME}-nodes` } });
    const sets = `${NODES}/providers/Microsoft.Compute/virtualMachineScaleSets`;
    const set = (tag: string, capacity: number) => ({
      sku: { name: "Standard_D4ds_v5", capacity },
      tags: { "aks-managed-poolName": tag },
      properties: { virtualMachineProfile: {} },
    });
    azure.set(`${sets}/aks-system-1-vmss`, set("system", 2));
    azure.set(`${sets}/aks-other-1-vmss`, set("other", 1));
    azure.set(`${GROUP}/providers/Microsoft.Network/publicIPAddresses/${NAME}-egress`);
    azure.set(`${NODES}/providers/Microsoft.Network/publicIPAddresses/kubernetes-a`);
    azure.answer(`${at("Microsoft.Compute")}/usages`, [usage("cores", 20, 200), usage("standardddsv5family", 20, 200)]);
    const findings = await preflight();
    expect(about(findings, "quota: vCPUs of the region")[0]?.found).toMatch(/200 allowed, 12 in use by others$/);
    expect(about(findings, "quota: vCPUs of standardDDSv5Family")[0]?.found).toMatch(/12 in use by others$/);
    expect(about(findings, "quota: public addresses")[0]?.found).toBe("2 needed, 20 allowed, 1 in use by others");
  });
});

test("lists that are null are empty, and one size that cannot be read does not hide the others", async () => {
  const d8 = vmSize("Standard_D8ds_v5", { capabilities: { vCPUs: "8", MemoryGB: "32" } });
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Compute/skus`, [
    { resourceType: "virtualMachines", name: "Standard_X1", capabilities: [{ name: "vCPUs", value: null }] },
    { ...vmSize("Standard_D4ds_v5"), restrictions: null },
    { ...d8, family: null, restrictions: [{ type: "Zone", reasonCode: null, restrictionInfo: { zones: null } }] },
  ]);
  const findings = await preflight();
  for (const subject of ["VM size of systemNodes", "VM size of pool shared", "quota: vCPUs of the region"])
    expect(about(findings, subject)).toMatchObject([{ severity: "ok" }]);
});

test("a location without AKS is one error: its zones and versions need no word", async () => {
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.ContainerService`, { resourceTypes: [] });
  const findings = await preflight();
  expect(about(findings, "location")).toMatchObject([{ severity: "error" }]);
  expect(about(findings, "zones")).toEqual([]);
});

describe("a network of others", () => {
  const VNET = `${SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub`;
  const withNetwork = (cluster: Draft): void => {
    cluster.network.existing = { nodeSubnet: `${VNET}/subnets/nodes`, apiServerSubnet: `${VNET}/subnets/api` };
    cluster.access.vnetIntegration = true;
  };
  const network = (subnets: readonly object[]) => ({
    location: "swedencentral",
    properties: { addressSpace: { addressPrefixes: ["10.1.0.0/16"] }, subnets, virtualNetworkPeerings: [] },
  });
  const nodes = {
    name: "nodes",
    properties: { addressPrefix: "10.1.0.0/24", natGateway: { id: "n" }, networkSecurityGroup: { id: "g" } },
  };
  const delegations = [{ properties: { serviceName: "Microsoft.ContainerService/managedClusters" } }];
  const api = { name: "api", properties: { addressPrefixes: ["10.1.1.0/28"], delegations } };

  test("is as it should be; it needs no address of its own, and no vault is made", async () => {
    azure.set(VNET, network([nodes, api]));
    const findings = await preflight(withNetwork);
    expect(bad(findings)).toEqual([]);
    expect(about(findings, "network")).toHaveLength(1);
    expect(about(findings, "API server's subnet")).toHaveLength(1);
    expect(about(findings, "quota: public addresses")[0]?.found).toMatch(/^1 needed/);
    expect(about(findings, "key vault")).toEqual([]);
  });

  test("is not there", async () => {
    expect(bad(await preflight(withNetwork))).toMatchObject([{ severity: "error", subject: "network" }]);
  });

  test("has no subnet for the API server", async () => {
    azure.set(VNET, network([nodes]));
    expect(bad(await preflight(withNetwork))).toMatchObject([{ severity: "error", subject: "API server's subnet" }]);
  });
});

describe("DNS zone", () => {
  test("not there, private, not delegated", async () => {
    azure.set(ZONE, { properties: { zoneType: "Private" } });
    expect(bad(await preflight())).toMatchObject([{ severity: "error", subject: "DNS zone" }]);
    azure.set(ZONE, { properties: { zoneType: "Public", nameServers: NAME_SERVERS } });
    nameServers = undefined;
    expect(bad(await preflight())).toMatchObject([{ severity: "warn", subject: "delegation of the zone" }]);
    nameServers = ["ns-9.example.net"];
    expect(bad(await preflight())).toMatchObject([{ severity: "error", subject: "delegation of the zone" }]);
  });

  test("one that is not there can be made with the command", async () => {
    const other = (cluster: Draft): void => {
      cluster.dns = { zone: "acme.example", resourceGroup: "other" };
    };
    expect(bad(await preflight(other))[0]?.fix).toMatch(
      `(az network dns zone create --name acme.example --resource-group other --subscription ${SUBSCRIPTION.split("/")[2] ?? ""})`,
    );
  });

  test("one that is made is not looked for", async () => {
    expect(about(await preflight((cluster) => (cluster.dns = { create: true })), "DNS zone")).toMatchObject([
      { severity: "ok", found: expect.stringContaining("is made by the deploy") },
    ]);
  });
});

describe("key vaults", () => {
  const platform = platformOf();
  const { cluster } = findStack(platform, "azure-platform", "azure");
  const name = vaultName({ name: ownName(platform, cluster), config: cluster });
  const ours = `${GROUP}/providers/Microsoft.KeyVault/vaults/${name}`;
  const deleted = `${at("Microsoft.KeyVault")}/deletedVaults/${name}`;
  const vault = {
    location: "swedencentral",
    properties: { enableRbacAuthorization: true, enablePurgeProtection: true },
  };

  beforeEach(() => {
    azure.answer(`${SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability`, {
      nameAvailable: false,
      reason: "AlreadyExists",
    });
  });

  test("there is one to be made", () => {
    expect(makesVault(cluster)).toBe(true);
  });

  test("of somebody else", async () => {
    expect(bad(await preflight())).toMatchObject([{ severity: "error", found: expect.stringMatching(/ is taken, /) }]);
  });

  test("of ours", async () => {
    azure.set(ours, vault);
    expect(about(await preflight(), "key vault")).toMatchObject([
      { severity: "ok", found: `${name} is there, and the cluster's` },
    ]);
  });

  test("of a team, deleted with the secrets in it", async () => {
    azure.set(ours, vault);
    const own = vaultName({ name: ownName(platform, cluster), config: cluster }, "web");
    azure.answer(`${at("Microsoft.KeyVault")}/deletedVaults/${own}`, {
      properties: { vaultId: ours.replace(name, own) },
    });
    const findings = await preflight((_cluster, config) => (config.teams.web.secretStore = true));
    expect(about(findings, "key vault").map(({ found }) => found)).toEqual([
      `${name} is there, and the cluster's`,
      `${own} was deleted with an earlier platform, and the deploy recovers it`,
    ]);
  });

  test("of ours, deleted; of others, deleted", async () => {
    azure.answer(deleted, { properties: { vaultId: ours } });
    expect(bad(await preflight())).toEqual([]);
    azure.answer(deleted, {
      properties: { vaultId: `${SUBSCRIPTION}/resourceGroups/old/providers/Microsoft.KeyVault/vaults/${name}` },
    });
    expect(bad(await preflight())).toMatchObject([{ severity: "error", subject: "key vault" }]);
  });

  test("that the config names", async () => {
    const theirs = `${SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme`;
    const named = (draft: Draft): void => {
      draft.secrets = { vault: theirs };
      draft.encryptionKey = {
        vault: theirs,
        key: "https://acme.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef",
      };
    };
    expect(bad(await preflight(named)).map(({ subject }) => subject)).toEqual(["secrets.vault", "encryptionKey.vault"]);
    azure.set(theirs, vault);
    expect(bad(await preflight(named))).toEqual([]);
  });
});

test("what the config names by its id must be there", async () => {
  const workspace = `${SUBSCRIPTION}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/acme`;
  const named = (cluster: Draft): void => {
    cluster.logWorkspace = workspace;
  };
  expect(about(await preflight(named), "logWorkspace")).toMatchObject([{ severity: "error" }]);
  azure.set(workspace);
  expect(about(await preflight(named), "logWorkspace")).toMatchObject([{ severity: "ok", found: "acme is there" }]);
});

const counting = (...groups: readonly string[]) => ({
  properties: { filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: groups } } },
});

test("a budget that begins in the past is refused, unless it is there", async () => {
  const past = (cluster: Draft): void => {
    cluster.budget = { monthly: 100, from: "2020-01" };
  };
  expect(about(await preflight(past), "budget")).toMatchObject([{ severity: "error" }]);
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/${NAME}`, counting(NAME, `${NAME}-nodes`));
  expect(about(await preflight(past), "budget")).toMatchObject([{ severity: "ok", found: "is there; 100 a month" }]);
});

test("a budget of the same name that counts other groups is not ours", async () => {
  const budget = (cluster: Draft): void => {
    cluster.budget = { monthly: 100, from: "2020-01" };
  };
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/${NAME}`, counting(`${NAME}-2`));
  expect(about(await preflight(budget), "budget")).toMatchObject([
    { severity: "error", found: expect.stringContaining(`has a budget ${NAME} that counts something else`) },
  ]);
});

test("the budget of a cluster of others has the platform's name, not the cluster's", async () => {
  const given = (cluster: Draft): void => {
    cluster.existing = { name: "theirs", resourceGroup: "their-group" };
    delete cluster.access.public;
    cluster.budget = { monthly: 100, from: "2020-01" };
  };
  azure.set(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/${NAME}`, counting(NAME));
  expect(about(await preflight(given), "budget")).toMatchObject([{ severity: "ok" }]);
});

test("a lock on the DNS zone is a warning", async () => {
  const id = `${ZONE}/providers/Microsoft.Authorization/locks/keep`;
  azure.answer(`${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`, [
    { id, name: "keep", properties: { level: "CanNotDelete" } },
  ]);
  expect(bad(await preflight())).toMatchObject([
    { severity: "warn", subject: "locks", fix: "ask whoever set it there to lift it, at the latest before a destroy" },
  ]);
});

describe("state account", () => {
  test("a local file is for a trial", async () => {
    expect(about(await preflight((cluster) => delete cluster.state), "state account")).toMatchObject([
      { severity: "warn" },
    ]);
  });

  test("not versioned, and not the caller's to write", async () => {
    azure.set(`${ACCOUNT}/blobServices/default`, { properties: {} });
    azure.set(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/a`, {
      properties: { scope: CONTAINER, principalId: "somebody", roleDefinitionId: "x" },
    });
    expect(bad(await preflight())).toMatchObject([
      {
        severity: "error",
        found:
          '"acmestate" lacks versioning, the role Storage Blob Data Contributor on the container, for ada@acme.example',
        fix: expect.stringMatching(
          /^somebody else made the account: have them set that, or run: npx stackyard bootstrap azure-platform --harden, which changes it for everything in it; it also makes access by Entra sign-in only, /,
        ),
      },
    ]);
  });

  const account = (properties: object, tags: object = {}) => ({
    location: "swedencentral",
    sku: { name: "Standard_ZRS" },
    tags,
    properties: { allowBlobPublicAccess: false, ...properties },
  });

  test("one that bootstrap made gets all it lacks, which is said", async () => {
    azure.set(ACCOUNT, account({ allowSharedKeyAccess: true }, { "Managed-By": "stackyard" }));
    azure.set(`${ACCOUNT}/blobServices/default`, { properties: {} });
    expect(bad(await preflight())[0]).toMatchObject({
      found: '"acmestate" lacks versioning',
      fix: expect.stringMatching(
        /^run: npx stackyard bootstrap azure-platform; it also makes access by Entra sign-in only, never by the account's keys, /,
      ),
    });
  });

  test.each([
    [{ publicNetworkAccess: "Disabled" }, 'the firewall of "acmestate" is closed to public networks'],
    [
      { publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Deny" } },
      'the firewall of "acmestate" lets in selected networks only',
    ],
  ])("a firewall is a warning, %j", async (properties, found) => {
    azure.set(ACCOUNT, account(properties));
    expect(bad(await preflight())).toEqual([
      { severity: "warn", subject: "state account", found, fix: "run Terraform from a network that it lets in" },
    ]);
  });

  test("a role of one's own that lets write blobs is a warning, and one that does not is none", async () => {
    azure.set(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/a`, {
      properties: { scope: CONTAINER, principalId: CALLER, roleDefinitionId: "x" },
    });
    const rights = `${CONTAINER}/providers/Microsoft.Authorization/permissions`;
    const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
    azure.answer(rights, [{ actions: [], dataActions: [`${blobs}/*`] }]);
    expect(bad(await preflight())).toEqual([
      {
        severity: "warn",
        subject: "state account",
        found: "you have the rights to write the state by another role than Storage Blob Data Contributor",
        fix: "fine where terraform init works; else run: npx stackyard bootstrap azure-platform",
      },
    ]);
    azure.answer(rights, [{ actions: ["*"], dataActions: [`${blobs}/read`] }]);
    expect(bad(await preflight())).toMatchObject([{ severity: "error", subject: "state account" }]);
  });
});

describe("a cluster that is there", () => {
  const fit = {
    provisioningState: "Succeeded",
    powerState: { code: "Running" },
    currentKubernetesVersion: "1.34.2",
    nodeResourceGroup: "their-nodes",
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    aadProfile: { managed: true, enableAzureRBAC: false },
    disableLocalAccounts: true,
    networkProfile: { networkPolicy: "cilium" },
  };
  const THEIRS = `${SUBSCRIPTION}/resourceGroups/their-group/providers/Microsoft.ContainerService/managedClusters/theirs`;
  const given = (cluster: Draft): void => {
    cluster.existing = { name: "theirs", resourceGroup: "their-group" };
    delete cluster.access.public;
  };

  test("of the same name is a warning that says what follows", async () => {
    azure.set(CLUSTER, { location: "swedencentral", properties: fit });
    expect(bad(await preflight())).toMatchObject([
      {
        severity: "warn",
        found: `${NAME} is there already (1.34.2, Succeeded); a deploy changes it if Terraform made it, and fails else`,
      },
    ]);
  });

  test("that the config names, and fits", async () => {
    azure.set(THEIRS, { location: "swedencentral", properties: fit });
    const findings = await preflight(given);
    expect(bad(findings)).toEqual([]);
    expect(about(findings, "cluster")).toMatchObject([{ severity: "ok", found: "theirs is there, 1.34.2, Succeeded" }]);
    // Its version, its system nodes and its way out are its owner's matter.
    expect(about(findings, "kubernetes")).toEqual([]);
    expect(about(findings, "VM size of systemNodes")).toEqual([]);
    expect(about(findings, "quota: public addresses")[0]?.found).toMatch(/^1 needed/);
  });

  test("that the config names, and is not there, or elsewhere, stopped and without an issuer", async () => {
    expect(about(await preflight(given), "cluster")).toMatchObject([
      { severity: "error", found: "there is no theirs in the group their-group of this subscription" },
    ]);
    const properties = { ...fit, powerState: { code: "Stopped" }, oidcIssuerProfile: undefined };
    azure.set(THEIRS, { location: "westeurope", properties });
    expect(bad(await preflight(given)).map(({ found }) => found)).toEqual([
      "is in westeurope, clusters.azure-platform.location is swedencentral",
      "is stopped: nobody can reach it",
      "has no OIDC issuer: no pod could prove who it is to Azure",
    ]);
  });

  test("what to do about it names the cluster, its group and its subscription", async () => {
    azure.set(THEIRS, {
      location: "swedencentral",
      properties: { ...fit, powerState: { code: "Stopped" }, oidcIssuerProfile: undefined },
    });
    const where = `--name theirs --resource-group their-group --subscription ${SUBSCRIPTION.split("/")[2] ?? ""}`;
    expect(bad(await preflight(given)).map((finding) => finding.fix)).toEqual([
      `az aks start ${where}`,
      `az aks update --enable-oidc-issuer ${where}`,
    ]);
  });

  test("with Azure's Argo CD is refused; where extensions have no provider there are none", async () => {
    azure.set(THEIRS, { location: "swedencentral", properties: fit });
    const extensions = `${THEIRS}/providers/Microsoft.KubernetesConfiguration/extensions`;
    azure.set(`${extensions}/argocd`, { properties: { extensionType: "Microsoft.ArgoCD" } });
    expect(bad(await preflight(given))).toMatchObject([{ severity: "error", subject: "cluster" }]);
    azure.refuse("GET", extensions, { status: 409, code: "MissingSubscriptionRegistration", times: 1 });
    expect(bad(await preflight(given))).toEqual([]);
  });
});
