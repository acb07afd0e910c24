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
  expect(text).toMatch(/web\s+CC-1\s+30 \/ 32\s+24 \/ 128\s+94 % cpu\s+main: general amd64 4–8 cores, on-demand/);
  expect(text).toContain('clusters.aws-platform.kubernetes: "1.35" is not tested by Kubecost 3.2');
  // eslint-disable-next-line no-control-regex -- colour codes are control characters
  expect(text).not.toMatch(/\u001b\[/);
});

test("no line of the terminal's tables is wider than 110 characters, and none loses a figure", () => {
  const many = platformOf((d) => {
    const [pool] = Object.values(d.teams.web.nodePools ?? {});
    if (pool) d.teams.web.nodePools = { main: { ...pool, capacity: "spot-with-fallback" } };
    d.teams.web.costCenter = "CC-1234567890";
  });
  const text = formatSummary(summarize(many, allStacks(many), stacks, []), createColors(true));
  // eslint-disable-next-line no-control-regex -- the sequences that colour text
  const lines = text.replace(/\u001b\[\d+m/g, "").split("\n");
  const [tables] = lines.join("\n").split("\nwarnings");
  for (const line of tables?.split("\n") ?? []) expect(line.length).toBeLessThanOrEqual(110);
  expect(text).toMatch(/main: general amd64 4–8 cores,\s+spot-with-fallback/);
});

test("a load says of what it is, on the page as well", () => {
  const gpus = platformOf((d) => {
    d.teams.web.quota.gpus = 1;
    d.teams.web.nodePools.gpu = { class: "gpu", cpus: [4, 4], limits: { cpu: 4, memory: "28Gi" } };
  });
  const full = summarize(gpus, allStacks(gpus), stacks, []);
  expect(full.stacks[0]?.teams[1]).toMatchObject({ name: "web", load: 1, loadOf: "gpus" });
  expect(formatSummary(full, createColors(false))).toMatch(/web .*100 % gpu/);
  expect(renderPage(full)).toContain("100 % gpu");
});

test("the page holds the same, escapes what comes from outside, and asks for nothing", () => {
  const page = renderPage(summary);
  for (const part of ["30 / 32", "94 %", "argo-cd", "10.1.1", "acme-dev", "is not tested by Kubecost 3.2"])
    expect(page).toContain(part);
  expect(page).toContain("&lt;b&gt;bad&lt;/b&gt;");
  expect(page).not.toContain("<b>bad</b>");
  expect(page).not.toMatch(/<script|<link|<img|url\(|@import/);
});
