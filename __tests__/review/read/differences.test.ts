import { differencesOf } from "../../../review/read/differences";
import { changeOf, type Planned } from "../../support/plans";

const update = (before: object, after: object, more: Partial<Planned> = {}) => {
  const [change] = changeOf([{ address: "x_y.z", actions: ["update"], before, after, ...more }]).changes;
  if (!change) throw new Error("no change");
  return differencesOf(change);
};
const release = (before: string, after: string) =>
  update({ values: [before] }, { values: [after] }, { address: "helm_release.r" }).list;

test("only what differs is told, by its key path", () => {
  expect(update({ a: { b: 1, c: 2 }, d: "x" }, { a: { b: 1, c: 3 }, d: "x" }).list).toEqual([
    { path: "a.c", before: 2, after: 3 },
  ]);
});

test("a block, which a plan writes as a list of one, has no number in its path", () => {
  expect(
    update({ spec: [{ hard: { "requests.cpu": "8" } }] }, { spec: [{ hard: { "requests.cpu": "80" } }] }).list,
  ).toEqual([{ path: 'spec.hard["requests.cpu"]', before: "8", after: "80" }]);
});

describe("a block that has a name", () => {
  const namespace = (name: string, version: string) => ({ metadata: [{ name, resource_version: version }] });
  const replaced = (version: string) =>
    update(
      namespace("vcluster-lab", version),
      { metadata: [{ name: "vcluster-labor" }] },
      {
        address: "kubernetes_namespace_v1.n",
        unknown: { metadata: [{ resource_version: true }] },
        replacePaths: [["metadata", 0, "name"]],
      },
    ).list;

  test("is the same block under another one", () => {
    expect(replaced("7")).toEqual([
      { path: "metadata.name", before: "vcluster-lab", after: "vcluster-labor", forces: true },
    ]);
  });

  test("says nothing of what two plans of one change differ in", () => {
    expect(replaced("8")).toEqual(replaced("7"));
    const two = (version: string) => ({ metadata: [{ name: "a", uid: version }, { name: "b" }] });
    expect(update(two("1"), two("2"), { address: "kubernetes_x.y" }).list).toEqual([]);
  });

  test("is one of a list in Helm values, where a name tells what it is", () => {
    expect(release("env: [{ name: A, value: x }]\n", "env: [{ name: B, value: x }]\n").map(({ path }) => path)).toEqual(
      ["values.env[A]", "values.env[B]"],
    );
  });
});

test("null, nothing and empty are the same", () => {
  expect(update({ a: null, b: [], c: "" }, { a: {}, d: null }).list).toEqual([]);
});

test("another order is no difference", () => {
  expect(update({ a: ["x", "y"], b: [{ q: 1 }, { q: 2 }] }, { a: ["y", "x"], b: [{ q: 2 }, { q: 1 }] }).list).toEqual(
    [],
  );
});

test("elements with names are compared by them", () => {
  expect(
    update(
      {
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      },
      {
        env: [
          { name: "B", value: "3" },
          { name: "A", value: "1" },
        ],
      },
    ).list,
  ).toEqual([{ path: "env[B].value", before: "2", after: "3" }]);
});

test("manifests in Helm values are compared by kind and name", () => {
  const pool = (cpu: string) =>
    `resources:\n  - kind: NodePool\n    metadata: { name: ml-gpu }\n    spec: { limits: { cpu: "${cpu}" } }\n`;
  expect(release(pool("64"), pool("96"))).toEqual([
    { path: "values.resources[NodePool ml-gpu].spec.limits.cpu", before: "64", after: "96" },
  ]);
});

test("a requirement of a NodePool is known by its key and operator", () => {
  const values = (zone: string) =>
    `requirements:\n  - { key: zone, operator: In, values: [${zone}] }\n  - { key: arch, operator: In, values: [amd64] }\n`;
  expect(release(values("a"), values("a, b"))).toEqual([
    { path: "values.requirements[zone In].values", before: ["a"], after: ["a", "b"] },
  ]);
});

test("JSON in a string of the values is compared inside", () => {
  const values = (enabled: boolean) => `realm: '{"enabled": ${String(enabled)}, "x": 1}'\n`;
  expect(release(values(true), values(false))).toEqual([{ path: "values.realm.enabled", before: true, after: false }]);
});

test("a long text shows the lines that change, and few around them", () => {
  const lines = Array.from({ length: 6000 }, (_, index) => `line ${index}`);
  const changed = [...lines.slice(0, 3000), "another", ...lines.slice(3001)];
  const [difference] = update({ text: lines.join("\n") }, { text: changed.join("\n") }).list;
  expect(difference?.patch?.split("\n")).toEqual([
    "  …", "  line 2998", "  line 2999", "- line 3000", "+ another", "  line 3001", "  line 3002", "  …",
  ]); // prettier-ignore
});

test("what a release's provider fills in is no difference", () => {
  expect(
    update(
      { metadata: { revision: 1 }, status: "deployed", version: "1" },
      { status: "x", version: "1" },
      { address: "helm_release.r", unknown: { metadata: true } },
    ),
  ).toEqual({ list: [], unknown: [] });
});

test("AKS reports the patch of the version that was asked for", () => {
  const version = (before: string, after: string) =>
    update({ kubernetes_version: before }, { kubernetes_version: after }, { address: "azurerm_kubernetes_cluster.c" })
      .list;
  expect(version("1.35.4", "1.35")).toEqual([]);
  expect(version("1.35.4", "1.36")).toHaveLength(1);
});

test("what forces a replacement stands first, also where only the apply will tell", () => {
  const [change] = changeOf([
    {
      address: "aws_eks_node_group.n",
      actions: ["create", "delete"],
      before: { label: "a", subnet_ids: ["subnet-1"] },
      after: { label: "b" },
      unknown: { subnet_ids: true },
      replacePaths: [["subnet_ids"]],
    },
  ]).changes;
  expect(change && differencesOf(change).list).toEqual([
    { path: "subnet_ids", before: ["subnet-1"], after: "(known after apply)", forces: true },
    { path: "label", before: "a", after: "b" },
  ]);
});

test.each([
  ["whole", { secret: "hunter2" }, { secret: "hunter3" }, { secret: true }],
  ["nested", { a: { secret: "hunter2" } }, { a: { secret: "hunter3" } }, { a: { secret: true } }],
  ["in a list", { a: ["x", "hunter2"] }, { a: ["x", "hunter3"] }, { a: [false, true] }],
  ["marked otherwise than it is built", { a: { b: "hunter2" } }, { a: { b: "hunter3" } }, { a: [true] }],
])("a value that is marked sensitive is not shown: %s", (_what, before, after, marks) => {
  const { list } = update(before, after, { beforeSensitive: marks, afterSensitive: marks });
  expect(list).toHaveLength(1);
  expect(JSON.stringify(list)).not.toContain("hunter");
});
