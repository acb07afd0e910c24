/** What makes the place of the state, against Azure Resource Manager as its double answers. */
import { findStack } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import { azureOperations } from "../../../../stacks/azure/operations/azure-operations";
import { assignmentName } from "../../../../stacks/azure/operations/storage-account-aspects";
import { platformOf, type Draft } from "../../../support/config";
import { CALLER, ResourceManager, SUBSCRIPTION, type Resource } from "../../../support/azure-resource-manager";

const azure = new ResourceManager();
const GROUP = `${SUBSCRIPTION}/resourceGroups/acme-state`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmestate`;
const CONTAINER = `${ACCOUNT}/blobServices/default/containers/tfstate`;
const DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const ROLE = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${DATA_CONTRIBUTOR}`;
const surroundings = { nameServers: () => Promise.resolve([]), output: () => Promise.resolve(undefined) };

/** The platform of smallConfig with a state, after a change. */
function platform(change: (cluster: Draft) => void = () => undefined): Platform {
  return platformOf((draft) => {
    draft.clusters["azure-platform"].state = { storageAccount: "acmestate", resourceGroup: "acme-state" };
    change(draft.clusters["azure-platform"]);
  });
}

async function bootstrap({ dryRun = false, harden = false, on = platform() } = {}) {
  const { cluster } = findStack(on, "azure-platform", "azure");
  return azureOperations(on, cluster, surroundings, azure.clients(cluster.subscription)).bootstrap({ dryRun, harden });
}

const outcomes = async (options?: Parameters<typeof bootstrap>[0]) =>
  (await bootstrap(options)).map(({ outcome }) => outcome);
const properties = (path: string) => azure.get(path)?.["properties"] as Resource;

beforeAll(() => azure.start());
afterAll(() => azure.stop());
beforeEach(() => azure.empty());

test("makes all that the state needs; a second run changes nothing", async () => {
  expect(await bootstrap()).toEqual([
    { what: "the subscription is registered for Microsoft.Storage", outcome: "already so" },
    { what: "the resource group acme-state in swedencentral", outcome: "made" },
    { what: "the storage account acmestate in swedencentral, Standard_ZRS", outcome: "made" },
    { what: "no public access", outcome: "made" },
    { what: "access by Entra sign-in only, never by the account's keys", outcome: "made" },
    { what: "HTTPS only, with TLS 1.2 or newer", outcome: "made" },
    { what: "versioning", outcome: "made" },
    { what: "deleted states and containers can be brought back for 90 days", outcome: "made" },
    { what: "old versions expire after 90 days", outcome: "made" },
    { what: "tags", outcome: "made" },
    { what: "the container tfstate", outcome: "made" },
    { what: "the role Storage Blob Data Contributor on the container, for ada@acme.example", outcome: "made" },
  ]);
  expect(azure.get(GROUP)).toMatchObject({ location: "swedencentral", tags: { "managed-by": "stackyard" } });
  expect(azure.get(ACCOUNT)).toMatchObject({
    location: "swedencentral",
    kind: "StorageV2",
    sku: { name: "Standard_ZRS" },
    tags: { "managed-by": "stackyard" },
    properties: {
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
    },
  });
  expect(properties(`${ACCOUNT}/blobServices/default`)).toEqual({
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 90 },
    containerDeleteRetentionPolicy: { enabled: true, days: 90 },
  });
  expect(properties(`${ACCOUNT}/managementPolicies/default`)).toEqual({
    policy: {
      rules: [
        {
          name: "stackyard-state-tfstate",
          enabled: true,
          type: "Lifecycle",
          definition: {
            actions: { version: { delete: { daysAfterCreationGreaterThan: 90 } } },
            filters: { blobTypes: ["blockBlob"], prefixMatch: ["tfstate/"] },
          },
        },
      ],
    },
  });
  expect(properties(CONTAINER)).toEqual({ publicAccess: "None" });
  const name = assignmentName(CONTAINER, CALLER, DATA_CONTRIBUTOR);
  expect(properties(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/${name}`)).toMatchObject({
    roleDefinitionId: ROLE,
    principalId: CALLER,
    principalType: "User",
  });

  const made = azure.writes().length;
  expect(new Set(await outcomes())).toEqual(new Set(["already so"]));
  expect(azure.writes()).toHaveLength(made);
});

test("a dry run makes nothing, not even a registration", async () => {
  azure.unregistered.add("microsoft.storage");
  expect(await outcomes({ dryRun: true })).toEqual(Array(12).fill("planned"));
  expect(azure.writes()).toEqual([]);
});

test("a fresh subscription is registered for storage first", async () => {
  azure.unregistered.add("microsoft.storage");
  expect((await bootstrap())[0]).toEqual({
    what: "the subscription is registered for Microsoft.Storage",
    outcome: "made",
  });
  expect(azure.writes()[0]).toBe(`POST ${SUBSCRIPTION}/providers/Microsoft.Storage/register`);
});

test("a location without zones gets copies in one place", async () => {
  await bootstrap({ on: platform((cluster) => (cluster.location = "ukwest")) });
  expect(azure.get(ACCOUNT)).toMatchObject({ location: "ukwest", sku: { name: "Standard_LRS" } });
});

/** An account as somebody made it by hand, with settings of their own. */
function plantAccount(location = "swedencentral"): void {
  azure.set(GROUP, { location });
  azure.set(ACCOUNT, {
    location,
    kind: "StorageV2",
    sku: { name: "Standard_GRS" },
    tags: { owner: "security" },
    properties: { minimumTlsVersion: "TLS1_3", supportsHttpsTrafficOnly: false, allowBlobPublicAccess: false },
  });
  azure.set(`${ACCOUNT}/blobServices/default`, {
    properties: {
      cors: { corsRules: [{ allowedOrigins: ["https://acme.example"] }] },
      deleteRetentionPolicy: { enabled: true, days: 365, allowPermanentDelete: false },
    },
  });
  azure.set(`${ACCOUNT}/managementPolicies/default`, {
    properties: { policy: { rules: [{ name: "theirs", type: "Lifecycle", definition: { actions: {} } }] } },
  });
}

test("changes nothing that holds for everything in an account of somebody else, and says what is not so", async () => {
  plantAccount();
  azure.set(ACCOUNT, { ...azure.get(ACCOUNT), tags: { "Managed-By": "cloud-team" } });
  const before = [ACCOUNT, `${ACCOUNT}/blobServices/default`].map((path) => azure.get(path));
  const steps = await bootstrap();
  expect(steps.filter(({ outcome }) => outcome === "left").map(({ what }) => what)).toEqual([
    "access by Entra sign-in only, never by the account's keys",
    "HTTPS only, with TLS 1.2 or newer",
    "versioning",
    "deleted states and containers can be brought back for 90 days",
  ]);
  expect([ACCOUNT, `${ACCOUNT}/blobServices/default`].map((path) => azure.get(path))).toEqual(before);
  expect(azure.get(CONTAINER)).toBeDefined();
  // A second run knows it for somebody else's still.
  expect((await outcomes()).filter((outcome) => outcome === "left")).toHaveLength(4);
});

test("an account that it made gets back what somebody has changed, and its tags keep their names once", async () => {
  plantAccount();
  azure.set(ACCOUNT, { ...azure.get(ACCOUNT), tags: { "Managed-By": "stackyard", Platform: "old" } });
  const steps = await bootstrap({ on: { ...platform(), tags: { platform: "acme" } } });
  expect(steps.map(({ outcome }) => outcome)).not.toContain("left");
  expect(azure.get(ACCOUNT)).toMatchObject({
    tags: { "managed-by": "stackyard", platform: "acme" },
    properties: { allowSharedKeyAccess: false },
  });
  const made = azure.writes().length;
  await bootstrap({ on: { ...platform(), tags: { Platform: "acme" } } });
  expect(azure.writes()).toHaveLength(made);
});

test("told to, adds what an account lacks, and leaves what others have set", async () => {
  plantAccount();
  const steps = await bootstrap({ harden: true });
  expect(steps.filter(({ outcome }) => outcome === "already so").map(({ what }) => what)).toEqual([
    "the subscription is registered for Microsoft.Storage",
    "the resource group acme-state in swedencentral",
    "the storage account acmestate in swedencentral, Standard_GRS",
    "no public access",
    // Theirs, so none is asked for.
    "tags",
  ]);
  expect(azure.get(ACCOUNT)).toMatchObject({
    sku: { name: "Standard_GRS" },
    tags: { owner: "security" },
    properties: { minimumTlsVersion: "TLS1_3", supportsHttpsTrafficOnly: true, allowSharedKeyAccess: false },
  });
  expect(properties(`${ACCOUNT}/blobServices/default`)).toEqual({
    cors: { corsRules: [{ allowedOrigins: ["https://acme.example"] }] },
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 365, allowPermanentDelete: false },
    containerDeleteRetentionPolicy: { enabled: true, days: 90 },
  });
  expect(properties(`${ACCOUNT}/managementPolicies/default`)).toMatchObject({
    policy: { rules: [{ name: "theirs" }, { name: "stackyard-state-tfstate" }] },
  });
});

test("an account in another location is as good", async () => {
  plantAccount("westeurope");
  const steps = (await bootstrap()).map(({ what }) => what);
  expect(steps).toContain("the resource group acme-state in westeurope");
  expect(steps).toContain("the storage account acmestate in westeurope, Standard_GRS");
});

test("an account in another resource group is refused before anything is made", async () => {
  azure.set(`${SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.Storage/storageAccounts/acmestate`);
  await expect(bootstrap()).rejects.toThrow(
    'the storage account "acmestate" is in the resource group other, but the config looks for it in acme-state; set state.resourceGroup to "other", or choose another name for state.storageAccount',
  );
  expect(azure.writes()).toEqual([]);
});

test("an account of somebody else is refused before anything is made", async () => {
  azure.taken.add("acmestate");
  await expect(bootstrap()).rejects.toThrow(
    /^the storage account "acmestate" is in another subscription, or somebody else's, .*; choose another name for state\.storageAccount/,
  );
  expect(azure.writes()).toEqual([]);
});

describe("the role on the data", () => {
  test.each([
    ["of a group that the caller is in", "55555555-5555-5555-5555-555555555555", CONTAINER],
    ["on the resource group", CALLER, GROUP],
  ])("is not made beside one %s", async (_what, principalId, scope) => {
    azure.memberOf = ["55555555-5555-5555-5555-555555555555"];
    plantAccount();
    azure.set(`${scope}/providers/Microsoft.Authorization/roleAssignments/1`, {
      properties: { scope, roleDefinitionId: ROLE, principalId },
    });
    expect((await bootstrap()).at(-1)?.outcome).toBe("already so");
  });

  test("that the list does not know yet is no failure", async () => {
    azure.refuse("PUT", "/roleAssignments/", { status: 409, code: "RoleAssignmentExists" });
    expect((await bootstrap()).at(-1)?.outcome).toBe("made");
  });

  test("needs an owner, and everything else is there without", async () => {
    azure.refuse("PUT", "/roleAssignments/", { status: 403, code: "AuthorizationFailed" });
    await expect(bootstrap()).rejects.toThrow(
      `you may not assign roles on the container, and nobody reads or writes a state in it without one; everything else is there. Have an owner run: az role assignment create --role 'Storage Blob Data Contributor' --assignee-object-id ${CALLER} --assignee-principal-type User --scope ${CONTAINER} --subscription 00000000-0000-0000-0000-000000000000`,
    );
    expect(azure.get(CONTAINER)).toBeDefined();
  });

  test("is a service principal's where one is signed in", async () => {
    azure.claims = { oid: CALLER, tid: "t", idtyp: "app", appid: "66666666-6666-6666-6666-666666666666" };
    const { what } = (await bootstrap()).at(-1) ?? {};
    expect(what).toMatch(/, for 66666666-6666-6666-6666-666666666666$/);
    const name = assignmentName(CONTAINER, CALLER, DATA_CONTRIBUTOR);
    expect(properties(`${CONTAINER}/providers/Microsoft.Authorization/roleAssignments/${name}`)).toMatchObject({
      principalType: "ServicePrincipal",
    });
  });

  test("has the name that version 5 of UUIDs gives it, however the scope is spelt", () => {
    // Python's uuid.uuid5(uuid.NAMESPACE_URL, "/scope|p|r").
    expect(assignmentName("/Scope", "P", "r")).toBe("3936666f-19bc-59bb-a222-881126b9e807");
  });
});

test("what is throttled is done all the same", async () => {
  azure.refuse("PUT", ACCOUNT, { status: 429, code: "TooManyRequests", headers: { "retry-after": "0" }, times: 1 });
  expect(await outcomes()).not.toContain("planned");
  expect(azure.get(ACCOUNT)).toBeDefined();
});

test("a refusal in the middle says what stays and what to do", async () => {
  const message = "Resource 'acmestate' was disallowed by policy.";
  azure.refuse("PUT", ACCOUNT, { status: 403, code: "RequestDisallowedByPolicy", message });
  await expect(bootstrap()).rejects.toThrow(
    `Azure refused: RequestDisallowedByPolicy: ${message} (HTTP 403); whatever was made stays, and another run goes on from there; an Azure Policy of your organisation denies it`,
  );
});

test("without a state in the config there is nothing to make", async () => {
  await expect(bootstrap({ on: platform((cluster) => delete cluster.state) })).rejects.toThrow(
    /^clusters\.azure-platform has no state in the config, .* add state: /,
  );
});

describe("who is signed in", () => {
  test.each([
    [
      "nobody: the token has expired",
      { status: 401, code: "ExpiredAuthenticationToken" },
      /^the sign-in to Azure has expired; sign in \(`az login`/,
    ],
    [
      "in another tenant",
      { status: 401, code: "InvalidAuthenticationTokenTenant" },
      /^you are signed in to another tenant than the subscription's; sign in to that one \(az login --tenant/,
    ],
    [
      "without a role on the subscription",
      { status: 404, code: "SubscriptionNotFound", message: "not found" },
      /^clusters\.azure-platform\.subscription is 00000000-\S+, which is not there for whoever is signed in: SubscriptionNotFound: not found \(HTTP 404\); az account list/,
    ],
    [
      "and Azure is broken",
      { status: 400, code: "Broken" },
      /^Azure could not be asked: Broken: Broken \(HTTP 400\); check/,
    ],
  ])("%s", async (_what, refusal, sentence) => {
    azure.refuse("*", SUBSCRIPTION, refusal);
    await expect(bootstrap()).rejects.toThrow(sentence);
  });

  test("in a subscription that is disabled", async () => {
    azure.set(SUBSCRIPTION, { displayName: "acme", state: "Disabled" });
    await expect(bootstrap()).rejects.toThrow(
      'clusters.azure-platform.subscription is 00000000-0000-0000-0000-000000000000 ("acme"), which is disabled: nothing can be made in it; have its owner activate it, or correct the config',
    );
  });

  test("nobody: the credential says so", async () => {
    const on = platform();
    const clients = {
      ...azure.clients(),
      token: () => Promise.reject(named("CredentialUnavailableError", "Please run 'az login'")),
    };
    const { cluster } = findStack(on, "azure-platform", "azure");
    await expect(azureOperations(on, cluster, surroundings, clients).bootstrap({ dryRun: false })).rejects.toThrow(
      /^no usable Azure credentials: Please run 'az login'; sign in/,
    );
  });
});

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
