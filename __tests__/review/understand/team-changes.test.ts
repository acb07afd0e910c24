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
