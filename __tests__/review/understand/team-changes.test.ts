/** What a review says of what teams may use, and who they are. */
import { reviewOfPlan, type Planned } from "../../support/plans";

const said = (...planned: readonly Planned[]) =>
  reviewOfPlan(planned).stacks[0]?.findings.map(({ level, text }) => `${level}: ${text}`);

const release = (before: string, after: string): Planned => ({
  address: "helm_release.teams_web_chart_release_1234ABCD",
  actions: ["update"],
  before: { chart: "assets/chart-team/x", name: "team-web", values: [before] },
  after: { chart: "assets/chart-team/x", name: "team-web", values: [after] },
});

describe("groups", () => {
  const groups = (cluster: string, signedIn: string, more = "environments: [{ name: dev }]") => `
groups: { admin: [stackyard:${cluster}], view: [] }
inside: { groups: { admin: [${signedIn}], view: [] } }
appProject: { spec: { roles: [{ name: admin, groups: [${signedIn}] }] } }
${more}
`;

  test("another name with which a group signs in is another group in environments and in Argo CD", () => {
    expect(said(release(groups("web", "web-people"), groups("web", "crew")))).toEqual([
      "caution: web: group crew gets admin in environments and Argo CD",
      "caution: web: group web-people loses admin in environments and Argo CD",
    ]);
  });

  test("what a group gets everywhere is said once", () => {
    expect(said(release(groups("web", "web"), groups("crew", "crew")))).toEqual([
      "caution: web: group crew gets admin",
      "caution: web: group web loses admin",
    ]);
  });

  test("a team without environments has nobody in them", () => {
    expect(said(release(groups("web", "web-people", ""), groups("web", "crew", "")))).toEqual([
      "caution: web: group crew gets admin in Argo CD",
      "caution: web: group web-people loses admin in Argo CD",
    ]);
  });

  test("where Argo CD itself goes, no group is said to lose it", () => {
    const without = groups("web", "web").replace(/appProject.*\n/, "");
    expect(said(release(groups("web", "web"), without))).toEqual([]);
  });
});

describe("bounds", () => {
  const quota = (hard: object) => ({
    metadata: [{ name: "team", namespace: "team-web", labels: { "stackyard.dev/team": "web" } }],
    spec: [{ hard: { "requests.cpu": "2", "requests.memory": "8Gi", ...hard } }],
  });
  const changed = (before: object, after: object) =>
    said({
      address: "kubernetes_resource_quota_v1.teams_web_team-web_quota_1234ABCD",
      actions: ["update"],
      before: quota(before),
      after: quota(after),
    });

  test("a quota that names them now takes something, whatever the figure", () => {
    expect(changed({}, { pods: "15", "requests.storage": "20Gi" })).toEqual([
      "caution: web is now bound to 15 pods in namespace team-web",
      "caution: web is now bound to 20 GiB of storage in namespace team-web",
    ]);
    expect(changed({}, { "gp3.storageclass.storage.k8s.io/requests.storage": "0" })).toEqual([
      "caution: web is now bound to 0 GiB of gp3 storage in namespace team-web",
    ]);
  });

  test("one that names them no longer lets the team have more", () => {
    expect(changed({ pods: "60", "limits.cpu": "8" }, {})).toEqual([
      "caution: web is no longer bound in pods in namespace team-web",
      "caution: web is no longer bound in cores of limits in namespace team-web",
    ]);
  });

  test("GPUs that are not named are none", () => {
    expect(changed({}, { "requests.nvidia.com/gpu": "2" })).toEqual(["routine: web gets 2 GPUs in namespace team-web"]);
    expect(changed({ "requests.nvidia.com/gpu": "2" }, {})).toEqual([
      "caution: web has no longer its 2 GPUs in namespace team-web",
    ]);
    expect(changed({}, { "requests.nvidia.com/gpu": "0" })).toEqual([]);
  });
});
