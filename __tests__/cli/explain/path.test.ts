import { at, leavesOf, readPath, showPath, withAt, type Path } from "../../../cli/explain/path";

const config = {
  clusters: { "aws-platform": { access: { public: ["203.0.113.0/24", "198.51.100.0/24"] } } },
  teams: { web: { labels: { "example.com/disk": "fast", "example.com": "x" }, quota: { cpu: 8 } } },
};

test.each<[string, Path]>([
  ["teams.web.quota.cpu", ["teams", "web", "quota", "cpu"]],
  ["clusters.aws-platform.access.public[1]", ["clusters", "aws-platform", "access", "public", 1]],
  ['teams.web.labels["example.com/disk"]', ["teams", "web", "labels", "example.com/disk"]],
])("%s is read and written so", (text, path) => {
  expect(readPath(text, config)).toEqual({ path, rest: "" });
  expect(showPath(path)).toBe(text);
});

test("a key with dots may be written without quotes; the longest that is there counts", () => {
  expect(readPath("teams.web.labels.example.com/disk", config).path).toEqual([
    "teams",
    "web",
    "labels",
    "example.com/disk",
  ]);
  expect(readPath("teams.web.labels.example.com", config).path).toEqual(["teams", "web", "labels", "example.com"]);
});

test("an item of a list goes by its text or its name as well", () => {
  const lists = { hosts: ["a.example", "b.example"], pools: [{ name: "x" }, { name: "y", cpu: 1 }] };
  expect(readPath('hosts["b.example"]', lists)).toEqual({ path: ["hosts", 1], rest: "" });
  expect(readPath("pools[y].cpu", lists)).toEqual({ path: ["pools", 1, "cpu"], rest: "" });
});

test("what is not there is left over", () => {
  expect(readPath("teams.web.qouta.cpu", config)).toEqual({ path: ["teams", "web"], rest: ".qouta.cpu" });
  expect(readPath("teams.we", config)).toEqual({ path: ["teams"], rest: ".we" });
});

test("every leaf leads back to itself", () => {
  for (const leaf of leavesOf(config)) expect(readPath(showPath(leaf), config)).toEqual({ path: leaf, rest: "" });
  expect(leavesOf(config)).toHaveLength(5);
});

test("a change leaves the config itself as it is, and keeps the order of keys", () => {
  const copy = structuredClone(config);
  const path = ["teams", "web", "labels", "example.com/disk"];
  const other = withAt(config, path, "slow");
  expect(at(other, path)).toBe("slow");
  expect(JSON.stringify(withAt(other, path, "fast"))).toBe(JSON.stringify(copy));
  expect(config).toEqual(copy);
  expect(
    at(withAt(config, ["clusters", "aws-platform", "access", "public", 0], undefined), [
      "clusters",
      "aws-platform",
      "access",
      "public",
    ]),
  ).toEqual(["198.51.100.0/24"]);
  expect(withAt(config, ["teams", "web"], undefined)).toEqual({ ...copy, teams: {} });
  expect(at(withAt(config, ["teams", "web", "containers", "max", "cpu"], 1), ["teams", "web", "containers"])).toEqual({
    max: { cpu: 1 },
  });
});
