import { createColors } from "picocolors";
import { allStacks } from "../../config/layers";
import { renderPage } from "../../review/page";
import { summarize } from "../../review/summary";
import { formatSummary } from "../../review/terminal";
import { platformOf } from "../support/config";
import { synth } from "../support/synth";

const platform = platformOf((d) => {
  d.clusters["aws-platform"].kubernetes = "1.35";
  d.teams.web.quota.cpu = 28;
});
const stacks = platform.clusters.map(({ name }) => synth(platform, name));
const violation = {
  rule: "some-rule",
  severity: "deny" as const,
  stack: "aws-platform",
  address: "aws_vpc.x",
  path: "x",
  message: "<b>bad</b>",
  why: "why",
  fix: "fix",
  links: [],
};
const summary = summarize(platform, allStacks(platform), stacks, [violation]);

test("each stack has its resources, its releases with versions, its environments and its teams", () => {
  const [aws] = summary.stacks;
  expect(aws).toMatchObject({
    name: "aws-platform",
    what: "EKS 1.35 in eu-west-1",
    resources: stacks[0]?.resources.length,
    environments: [{ name: "dev", cluster: "acme-dev", quota: { cpu: 2490 } }],
    teams: [
      { name: "docs", asked: { cpu: 1000 }, offered: undefined, pools: [] },
      {
        name: "web",
        asked: { cpu: 30000 },
        offered: { cpu: 32000 },
        load: 0.9375,
        pools: ["main: general amd64 4–8 cores, on-demand"],
      },
    ],
    shared: { offered: { cpu: 64000 } },
  });
  expect(aws?.releases).toContainEqual({ name: "argo-cd", namespace: "argocd", chart: "argo-cd", version: "10.1.1" });
  expect(aws?.releases).toContainEqual({
    name: "team-web",
    namespace: "stackyard-teams",
    chart: "charts/team",
    version: undefined,
  });
});

test("where nodes are not ours to make, none are promised", () => {
  const local = summary.stacks.find(({ name }) => name === "local-platform");
  expect(local?.shared).toBeUndefined();
  expect(local?.teams.map(({ offered, pools }) => [offered, pools])).toEqual([
    [undefined, []],
    [undefined, []],
  ]);
});

test("warnings about clusters that were not asked for are left out", () => {
  const azure = allStacks(platform).filter(({ cluster }) => cluster.kind === "azure");
  expect(summarize(platform, azure, stacks, []).warnings.map(({ path }) => path)).toEqual(["teams.web", "teams.web"]);
});

test("the terminal shows a team's quota against its pools on one line", () => {
  const text = formatSummary(summary, createColors(false));
  expect(text).toMatch(/web\s+CC-1\s+30 \/ 32\s+24 \/ 128\s+94 %\s+main: general amd64 4–8 cores, on-demand/);
  expect(text).toContain('clusters.aws-platform.kubernetes: "1.35" is not tested by Kubecost 3.2');
  // eslint-disable-next-line no-control-regex -- colour codes are control characters
  expect(text).not.toMatch(/\u001b\[/);
});

test("the page holds the same, escapes what comes from outside, and asks for nothing", () => {
  const page = renderPage(summary);
  for (const part of ["30 / 32", "94 %", "argo-cd", "10.1.1", "acme-dev", "is not tested by Kubecost 3.2"])
    expect(page).toContain(part);
  expect(page).toContain("&lt;b&gt;bad&lt;/b&gt;");
  expect(page).not.toContain("<b>bad</b>");
  expect(page).not.toMatch(/<script|<link|<img|url\(|@import/);
});
