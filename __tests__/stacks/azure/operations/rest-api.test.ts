/** The client against Azure Resource Manager as its double answers. */
import { z } from "zod";
import { API_VERSIONS } from "../../../../stacks/azure/operations/api-versions";
import { inside } from "../../../../stacks/azure/operations/rest-api";
import { describe as inWords } from "../../../../stacks/azure/operations/errors";
import { ResourceManager, SUBSCRIPTION } from "../../../support/azure-resource-manager";

const azure = new ResourceManager();
const named = z.object({ name: z.string() });
const groups = { path: `${SUBSCRIPTION}/resourceGroups`, apiVersion: API_VERSIONS.resources };
const group = { ...groups, path: `${groups.path}/acme` };
const api = () => azure.clients().resourceManager;

beforeAll(() => azure.start());
afterAll(() => azure.stop());
beforeEach(() => azure.empty());

test("what is not there is undefined for find, and an error for get", async () => {
  expect(await api().find(group, named)).toBeUndefined();
  await expect(api().get(group, named)).rejects.toMatchObject({
    name: "AzureError",
    status: 404,
    code: "ResourceGroupNotFound",
    message: "Resource group 'acme' could not be found.",
  });
});

test.each([
  ["a subscription", { status: 404, code: "SubscriptionNotFound" }],
  ["a kind of resource", { status: 404, code: "InvalidResourceType" }],
])("that %s is not there is an error for find as well, and for a list", async (_what, refusal) => {
  azure.refuse("GET", group.path, refusal);
  await expect(api().find(group, named)).rejects.toMatchObject(refusal);
  await expect(inside(api().list(group, named))).rejects.toMatchObject(refusal);
});

test("the double knows kinds and versions, as Azure does", async () => {
  const of = (kind: string, apiVersion: string) =>
    api().find({ path: `${SUBSCRIPTION}/providers/${kind}/acme`, apiVersion }, named);
  await expect(of("Microsoft.Consumption/budget", API_VERSIONS.budgets)).rejects.toMatchObject({
    code: "InvalidResourceType",
  });
  await expect(of("Microsoft.Consumption/budgets", API_VERSIONS.dns)).rejects.toMatchObject({
    code: "NoRegisteredProviderFound",
  });
  azure.unregistered.add("microsoft.consumption");
  await expect(of("Microsoft.Consumption/budgets", API_VERSIONS.budgets)).rejects.toMatchObject({
    status: 409,
    code: "MissingSubscriptionRegistration",
  });
});

test("a list has the items of every page", async () => {
  azure.pageSize = 2;
  for (const name of ["a", "b", "c", "d", "e"]) azure.set(`${groups.path}/${name}`);
  expect((await api().list(groups, named)).map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
  expect(azure.requests).toHaveLength(3);
});

test("a page that leads to another host is not asked, so no token goes there", async () => {
  azure.answer(group.path, { value: [], nextLink: "https://evil.example/more" });
  await expect(api().list(group, named)).rejects.toThrow(
    /^it leads to https:\/\/evil\.example\/more, which is not of 127/,
  );
});

test("an answer of another shape says what was expected", async () => {
  azure.answer(group.path, { name: 7 });
  const error = await api()
    .get(group, named)
    .catch((thrown: unknown) => thrown);
  expect(inWords(error as Error)).toBe(
    `UnexpectedAnswer: ${group.path} answered otherwise than expected: ✖ Invalid input: expected string, received number → at name (HTTP 200)`,
  );
});

test("what is throttled is tried again", async () => {
  azure.set(group.path);
  azure.refuse("GET", group.path, { status: 429, code: "TooManyRequests", headers: { "retry-after": "0" }, times: 1 });
  expect(await api().get(group, named)).toEqual({ name: "acme" });
  expect(azure.requests).toHaveLength(2);
});

test("a long operation has ended when put returns", async () => {
  azure.set(group.path);
  const account = `${group.path}/providers/Microsoft.Storage/storageAccounts/acme`;
  await api().put({ path: account, apiVersion: API_VERSIONS.storage, body: {} });
  const operation = `${SUBSCRIPTION}/providers/Microsoft.Storage/locations/x/asyncoperations/0`;
  expect(azure.requests).toEqual([`PUT ${account}`, `GET ${operation}`, `GET ${operation}`]);
});

test("without a version Azure refuses", async () => {
  await expect(api().get({ path: group.path }, named)).rejects.toMatchObject({ code: "MissingApiVersionParameter" });
});

test("Graph is asked at its own endpoint", async () => {
  azure.memberOf = ["11111111-1111-1111-1111-111111111111"];
  const groupIds = [...azure.memberOf, "22222222-2222-2222-2222-222222222222"];
  const answer = await azure
    .clients()
    .graph.post({ path: "/me/checkMemberGroups", body: { groupIds } }, z.object({ value: z.array(z.string()) }));
  expect(answer.value).toEqual(azure.memberOf);
});
