import { compareStacks } from "../../../cli/explain/compare";
import type { JsonObject, SynthesizedStack } from "../../../policies/plan/synthesized-stack";

const stackOf = (resources: Readonly<Record<string, JsonObject>>): SynthesizedStack => ({
  name: "s",
  dataSources: [],
  backend: {},
  resources: Object.entries(resources).map(([address, attributes]) => ({
    address,
    type: address.split(".")[0] ?? "",
    path: address,
    attributes,
  })),
});

/** Fields of one object that differ. */
const fields = (now: JsonObject, other: JsonObject, address = "x_y.a") =>
  compareStacks(stackOf({ [address]: now }), stackOf({ [address]: other })).flatMap((object) => object.fields);

const release = (values: string): JsonObject => ({ name: "r", namespace: "n", chart: "c", values: [values] });

test("nothing where nothing differs, and what only orders does not count", () => {
  expect(fields({ a: 1, depends_on: ["x.y"] }, { a: 1, depends_on: [] })).toEqual([]);
});

test("a field with the value that it has now", () => {
  expect(fields({ spec: { hard: { "requests.cpu": "8" } } }, { spec: { hard: { "requests.cpu": "7" } } })).toEqual([
    { field: 'spec.hard["requests.cpu"]', value: "8" },
  ]);
});

test("values of a release are read as what they are", () => {
  expect(fields(release("a:\n  b: 1\n"), release("a:\n  b: 2\n"), "helm_release.a")).toEqual([
    { field: "values.a.b", value: 1 },
  ]);
});

test("items of one name belong together wherever they stand", () => {
  const item = (name: string, value: number) => ({ kind: "Role", metadata: { name }, value });
  expect(fields({ items: [item("a", 1), item("b", 2)] }, { items: [item("b", 3), item("a", 1)] })).toEqual([
    { field: 'items["Role/b"].value', value: 2 },
  ]);
});

test("items whose names are the same but for the namespace, and items with a key or an id, are shown by them", () => {
  const item = (namespace: string, value: number) => ({ kind: "Role", metadata: { namespace, name: "a" }, value });
  expect(fields({ items: [item("x", 1), item("y", 2)] }, { items: [item("x", 1), item("y", 3)] })).toEqual([
    { field: 'items["y/Role/a"].value', value: 2 },
  ]);
  const tag = (key: string, value: string) => ({ key, value });
  expect(
    fields({ tags: [tag("team", "a"), tag("cost", "b")] }, { tags: [tag("cost", "c"), tag("team", "a")] }),
  ).toEqual([{ field: "tags.cost.value", value: "b" }]);
});

test("JSON within text is compared by its fields, other text by its lines", () => {
  expect(fields({ policy: '{"a":{"b":1}}' }, { policy: '{"a":{"b":2}}' })).toEqual([{ field: "policy.a.b", value: 1 }]);
  expect(fields({ text: "one\ntwo\nthree" }, { text: "one\n2\nthree" })).toEqual([{ field: "text", value: "two" }]);
});

test("of a list that grew or shrank, what the other has not", () => {
  expect(fields({ list: ["a", "b"] }, { list: ["a"] })).toEqual([{ field: "list[1]", value: "b" }]);
  expect(fields({ list: ["a"] }, { list: ["a", "b"] })).toEqual([{ field: "list" }]);
});

test("an object that comes or goes is one as a whole", () => {
  const quota = { metadata: { namespace: "team-web", name: "team" } };
  const [made] = compareStacks(stackOf({ "kubernetes_resource_quota_v1.a": quota }), stackOf({}));
  expect(made).toEqual({
    address: "kubernetes_resource_quota_v1.a",
    what: "ResourceQuota team-web/team",
    whole: "made",
    fields: [],
  });
  const [other] = compareStacks(
    stackOf({}),
    stackOf({ "helm_release.a": { ...release(""), chart: "assets/chart-team/1" } }),
  );
  expect(other).toMatchObject({ what: "release n/r of charts/team", whole: "only with another value" });
});
