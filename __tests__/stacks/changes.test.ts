/** What a change of the config does to Terraform's addresses. */
import { platformOf, type Draft } from "../support/config";
import { differences, KINDS, synth } from "../support/synth";

const team = {
  costCenter: "CC-9",
  groups: { view: ["web"] },
  quota: { cpu: 1, memory: "2Gi" },
  environments: { dev: { cpu: 1, memory: "1Gi" } },
  nodePools: { main: { class: "compute", cpus: [2, 4], limits: { cpu: 16, memory: "32Gi" } } },
};

describe.each(KINDS)("%s-platform", (kind) => {
  const name = `${kind}-platform`;
  const before = synth(platformOf(), name);
  const after = (change: (draft: Draft) => void) => differences(before, synth(platformOf(change), name));
  const addressesUnder = (...paths: readonly string[]) =>
    before.resources
      .filter(({ path }) => paths.some((part) => path.includes(part)))
      .map(({ address }) => address)
      .sort();
  const environmentQuota = addressesUnder("/environment-quotas/");
  // The realm has every team's groups, and Gitea learns its organisations at its start: they follow teams, not quotas.
  const directories = addressesUnder("/keycloak/realm/", "/gitea/organisations/", "/gitea/chart/");

  test("adding a team adds its addresses, and changes only the quotas of its environments and who may sign in", () => {
    const { added, removed, changed } = after((d) => (d.teams.search = team));
    expect(removed).toEqual([]);
    expect(changed).toEqual([...directories, ...environmentQuota].sort());
    expect(added.length).toBeGreaterThanOrEqual(3);
    for (const address of added) expect(address).toContain("_search_");
  });

  test("removing a team removes its addresses, and changes only the quotas of its environments and who may sign in", () => {
    const { added, removed, changed } = after((d) => delete d.teams.web);
    expect(added).toEqual([]);
    expect(changed).toEqual([...directories, ...environmentQuota].sort());
    for (const address of removed) expect(address).toContain("_web");
  });

  test("a quota on the host is one address", () => {
    const { added, removed, changed } = after((d) => (d.teams.web.quota.cpu = 6));
    expect([...added, ...removed]).toEqual([]);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toMatch(/^kubernetes_resource_quota_v1\.teams_web_/);
  });

  test("a quota that gains limits is two addresses: the quota, and the team's LimitRange", () => {
    const { added, removed, changed } = after((d) => (d.teams.web.quota.limits = { cpu: 8, memory: "32Gi" }));
    expect([...added, ...removed]).toEqual([]);
    expect(changed.map((address) => address.split(".")[0])).toEqual(["helm_release", "kubernetes_resource_quota_v1"]);
  });

  test("a quota in an environment is two addresses, and no pod template", () => {
    const { added, removed, changed } = after((d) => (d.teams.web.environments.dev.memory = "4Gi"));
    expect([...added, ...removed]).toEqual([]);
    expect(changed).toEqual([expect.stringMatching(/^helm_release\.teams_web_chart_/), ...environmentQuota]);
  });

  test("a pool's limits change nothing but the team's own pools", () => {
    const { added, removed, changed } = after((d) => (d.teams.web.nodePools.main.limits.cpu = 24));
    expect([...added, ...removed]).toEqual([]);
    expect(changed).toHaveLength(kind === "local" ? 0 : 1);
    for (const address of changed) expect(address).toContain("node-pools_web_");
  });

  test("renaming a team is removing one and adding another, and nothing of the others", () => {
    const { added, removed, changed } = after((d) => {
      d.teams.shop = d.teams.web;
      delete d.teams.web;
    });
    // Quotas of environments wait for every team.
    expect(changed).toEqual([...directories, ...environmentQuota].sort());
    for (const address of removed) expect(address).toContain("_web");
    for (const address of added) expect(address).toContain("_shop");
    expect(added).toHaveLength(removed.length);
  });

  test("moving a team to another pool of its own changes its node pools alone", () => {
    const { added, removed, changed } = after((d) => {
      d.teams.web.nodePools = { large: { class: "memory", cpus: [8, 16], limits: { cpu: 32, memory: "256Gi" } } };
    });
    for (const address of [...added, ...removed, ...changed]) expect(address).toContain("node-pools_web_");
    expect([...added, ...removed, ...changed].length > 0).toBe(kind !== "local");
  });

  test("moving a team to the shared pool changes its own addresses alone, and replaces no namespace", () => {
    const { added, removed, changed } = after((d) => delete d.teams.web.nodePools);
    expect(added).toEqual([]);
    for (const address of removed) expect(address).toContain("node-pools_web_");
    for (const address of changed) expect(address).toContain(".teams_web_");
  });

  test("another team's new group changes no address of the others, but who may sign in", () => {
    const { removed, changed } = after((d) => {
      d.groups.search = { aws: "arn:aws:iam::123456789012:role/Search", azure: "33333333-3333-3333-3333-333333333333" };
      d.teams.search = { ...team, environments: {}, groups: { admin: ["search"] } };
    });
    // Quotas of environments wait for every team.
    expect([...removed, ...changed]).toEqual([...directories, ...environmentQuota].sort());
  });

  test("the addresses are these; moving one destroys what is there", () => {
    expect(before.resources.map(({ address }) => address).sort()).toMatchSnapshot();
  });
});
