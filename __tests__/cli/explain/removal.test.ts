import { withoutEntry } from "../../../cli/explain/removal";

const config = {
  clusters: { aws: { access: { admins: ["ops", "web"] } } },
  groups: { ops: {}, web: {} },
  environments: { dev: {}, web: {} },
  teams: {
    web: {
      groups: { admin: ["web"], view: ["web", "ops"] },
      namespaces: { core: {}, web: {} },
      environments: { dev: { cpu: 1 }, web: { cpu: 2 } },
      serviceAccounts: { a: { namespace: "core" }, b: { namespace: "web" }, web: {} },
    },
  },
};

test("each kind of name is looked for in its own places", () => {
  const also = (...path: string[]) => withoutEntry(config, path).also.map((place) => place.join("."));
  expect(also("groups", "web")).toEqual([
    "clusters.aws.access.admins.1",
    "teams.web.groups.admin.0",
    "teams.web.groups.view.0",
  ]);
  expect(also("environments", "web")).toEqual(["teams.web.environments.web"]);
  expect(also("teams", "web", "namespaces", "web")).toEqual(["teams.web.serviceAccounts.b"]);
  expect(also("teams", "web")).toEqual([]);
  expect(also("teams", "web", "environments", "web")).toEqual([]);
  expect(also("groups", "web", "aws")).toEqual([]);
});

test("of a list with several that go, the right ones stay", () => {
  const lists = { groups: { x: {} }, teams: { t: { groups: { view: ["x", "a", "x", "b"] } } } };
  expect(withoutEntry(lists, ["groups", "x"]).input).toEqual({
    groups: {},
    teams: { t: { groups: { view: ["a", "b"] } } },
  });
});
