import type { Action, ResourceChange } from "../../../policies/plan/resource-change";
import type { JsonObject } from "../../../policies/plan/synthesized-stack";
import type { StackChange } from "../../../review/read/stack-change";
import { pictureOf, type Picture } from "../../../review/understand/picture";
import { teamChanges } from "../../../review/understand/team-changes";

const object = (type: string, path: string, attributes: JsonObject, action: Action = "none"): ResourceChange => ({
  address: `${type}.${path.replaceAll("/", "_")}`,
  type,
  path,
  action,
  ...(action !== "create" && { before: attributes }),
  ...(action !== "delete" && { after: attributes }),
});

const release = (path: string, name: string, action?: Action): ResourceChange =>
  object("helm_release", path, { name, chart: name }, action);

const quota = (team: string, cpu: number): JsonObject => ({
  metadata: [{ namespace: `team-${team}` }],
  spec: [{ hard: { "requests.cpu": String(cpu), pods: "10" } }],
});

function picture(
  changes: readonly ResourceChange[],
  references: Readonly<Record<string, readonly string[]>> = {},
): Picture {
  const change: StackChange = {
    stack: "s",
    source: "plan",
    changes,
    drift: [],
    deferred: [],
    outputs: [],
    references: new Map(Object.entries(references)),
    notes: [],
  };
  return pictureOf(
    change,
    teamChanges(change),
    changes.filter(({ action }) => action !== "none"),
  );
}

const names = (layers: Picture["layers"]): string[][] => layers.map((layer) => layer.map(({ name }) => name));

test("a release stands above those that it needs, through whatever is between them", () => {
  const { layers } = picture(
    [release("components/app", "app"), release("components/crds", "crds"), release("components/other", "other")],
    {
      "helm_release.components_app": ["kubernetes_namespace_v1.app"],
      "kubernetes_namespace_v1.app": ["helm_release.components_crds"],
      "helm_release.components_crds": [],
    },
  );
  expect(names(layers)).toEqual([["crds", "other"], ["app"]]);
});

test("references in a circle end", () => {
  const { layers } = picture([release("a", "a"), release("b", "b")], {
    "helm_release.a": ["helm_release.b"],
    "helm_release.b": ["helm_release.a"],
  });
  expect(names(layers).flat().sort()).toEqual(["a", "b"]);
});

test("a chain of thousands is followed to its end", () => {
  const count = 5000;
  const references = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `null.n${index}`,
      [index === 0 ? "helm_release.base" : `null.n${index - 1}`],
    ]),
  );
  const { layers } = picture([release("top", "top"), release("base", "base")], {
    "helm_release.top": [`null.n${count - 1}`],
    ...references,
  });
  expect(names(layers)).toEqual([["base"], ["top"]]);
});

test("a release that goes stands apart, for nothing says any more what it needed", () => {
  const { layers, leaving } = picture([release("components/old", "old", "delete"), release("components/app", "app")]);
  expect(names([leaving])).toEqual([["old"]]);
  expect(names(layers)).toEqual([["app"]]);
});

test("a team's own releases are drawn with the team", () => {
  expect(picture([release("teams/web/release", "team-web")])).toMatchObject({
    layers: [],
    teams: { drawn: [{ name: "web", action: "none" }] },
  });
});

test("a team that stays has what it had, and one that changes both", () => {
  const [before, after] = [quota("web", 8), quota("web", 80)];
  const web = { ...object("kubernetes_resource_quota_v1", "teams/web/quota", after, "update"), before };
  const { teams } = picture([web, object("kubernetes_resource_quota_v1", "teams/docs/quota", quota("docs", 2))]);
  expect(teams.drawn).toEqual([
    {
      name: "docs",
      action: "none",
      quotas: [{ name: "namespace team-docs", amounts: [{ unit: "cores", before: "2", after: "2" }] }],
      pools: [],
    },
    {
      name: "web",
      action: "changed",
      quotas: [{ name: "namespace team-web", amounts: [{ unit: "cores", before: "8", after: "80" }] }],
      pools: [],
    },
  ]);
});

test("a new team has nothing before, a removed one nothing after", () => {
  const { teams } = picture([
    object("kubernetes_resource_quota_v1", "teams/new/quota", quota("new", 1), "create"),
    object("kubernetes_resource_quota_v1", "teams/old/quota", quota("old", 1), "delete"),
  ]);
  expect(teams.drawn).toMatchObject([
    { name: "new", action: "added", quotas: [{ amounts: [{ unit: "cores", after: "1" }, { after: "10" }] }] },
    { name: "old", action: "removed", quotas: [{ amounts: [{ unit: "cores", before: "1" }, { before: "10" }] }] },
  ]);
  expect(teams.drawn[0]?.quotas[0]?.amounts[0]).not.toHaveProperty("before");
  expect(teams.drawn[1]?.quotas[0]?.amounts[0]).not.toHaveProperty("after");
});

test("pools of teams and those that are shared have their limits", () => {
  const pool = (name: string, cpu: number): JsonObject => ({
    name: `node-pools-${name}`,
    chart: "charts/resources",
    values: [JSON.stringify({ resources: [{ kind: "NodePool", metadata: { name }, spec: { limits: { cpu } } }] })],
  });
  const shared = {
    ...object("helm_release", "shared-pool/release", pool("shared", 32), "update"),
    before: pool("shared", 64),
  };
  const { sharedPools, teams } = picture([
    shared,
    object("helm_release", "node-pools/web/release", pool("web-main", 8)),
  ]);
  expect(sharedPools).toEqual([
    { name: "shared", action: "changed", amounts: [{ unit: "cores", before: "64", after: "32" }] },
  ]);
  expect(teams.drawn[0]?.pools).toEqual([
    { name: "web-main", action: "none", amounts: [{ unit: "cores", before: "8", after: "8" }] },
  ]);
});

test("of many teams only those that change are drawn, and the others are counted", () => {
  const teams = Array.from({ length: 100 }, (_, index) =>
    object(
      "kubernetes_resource_quota_v1",
      `teams/t${index}/quota`,
      quota(`t${index}`, 1),
      index === 7 ? "delete" : "none",
    ),
  );
  const { drawn, left } = picture(teams).teams;
  expect(drawn.map(({ name }) => name)).toEqual(["t7"]);
  expect(left).toEqual({ changing: 0, staying: 99 });
});

test("where too many change, the rest is counted", () => {
  const teams = Array.from({ length: 100 }, (_, index) =>
    object("kubernetes_resource_quota_v1", `teams/t${index}/quota`, quota(`t${index}`, 1), "create"),
  );
  const { drawn, left } = picture(teams).teams;
  expect(drawn.length + left.changing).toBe(100);
  expect(left.changing).toBeGreaterThan(0);
});

test("the cloud stands in the order of what refers to what, with what happens in each part", () => {
  const { foundation } = picture(
    [
      object("aws_eks_cluster", "control-plane/cluster", {}, "update"),
      object("aws_subnet", "network/a", {}, "replace"),
      object("aws_vpc", "network/vpc", {}),
    ],
    {
      "aws_eks_cluster.control-plane_cluster": ["aws_subnet.network_a"],
      "aws_subnet.network_a": ["aws_vpc.network_vpc"],
    },
  );
  expect(foundation.drawn).toEqual([
    { name: "network", action: "touched", counts: [{ action: "replace", count: 1 }] },
    { name: "control-plane", action: "touched", counts: [{ action: "update", count: 1 }] },
  ]);
});

test("what only a review's noise changes stays as it is", () => {
  const noise = { ...release("components/app", "app"), action: "update" as const };
  const change = {
    stack: "s",
    source: "plan",
    changes: [noise],
    drift: [],
    deferred: [],
    outputs: [],
    references: new Map(),
    notes: [],
  } as const;
  expect(pictureOf(change, [], []).layers).toMatchObject([[{ name: "app", action: "none" }]]);
});
