/** Every chart's CRDs have a way to be upgraded. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS } from "../../modules/helm/charts";
import { asText } from "../../policies/plan/synthesized-stack";
import { platformOf } from "../support/config";
import { CRD_UPGRADES } from "../support/crds";
import { ofType, synth } from "../support/synth";

const docs = join(__dirname, "..", "..", "docs");
const page = (name: string) => readFileSync(join(docs, "components", `${name}.md`), "utf8");

/** Releases of public charts, with the cost tool that the profile does not choose and a pool with GPUs as well. */
const releases = ([{}, { kubecost: false }] as const)
  .flatMap((components) =>
    ofType(
      synth(
        platformOf((d) => {
          d.components = components;
          d.teams.web.nodePools.gpu = { class: "gpu", cpus: [4, 8], limits: { cpu: 8, memory: "64Gi" } };
        }),
        "aws-platform",
      ),
      "helm_release",
    ),
  )
  .filter(({ attributes }) => attributes["repository"] !== undefined)
  .map(({ attributes }) => ({
    chart: asText(attributes["chart"]),
    repository: asText(attributes["repository"]),
    skipped: attributes["skip_crds"],
  }));

test("it is said of every chart that is installed, and of no other", () => {
  const installed = [...new Set(releases.map(({ chart }) => chart))].sort();
  expect(Object.keys(CRD_UPGRADES).sort()).toEqual(installed);
  expect(installed).toEqual(expect.arrayContaining(Object.values(CHARTS).map(({ chart }) => chart)));
});

test("a release leaves out exactly the CRDs of which that is said", () => {
  for (const { chart, skipped } of releases)
    expect([chart, skipped]).toEqual([chart, CRD_UPGRADES[chart] === "left out"]);
});

test.each([
  ["gateway-helm", "envoy-gateway"],
  ["aws-load-balancer-controller", "load-balancer-controller"],
])("the page of %s says how to upgrade them by hand", (chart, name) => {
  expect(CRD_UPGRADES[chart]).toBe("by hand");
  const { repository } = releases.find((release) => release.chart === chart) ?? { repository: "" };
  const source = repository.startsWith("oci://") ? `${repository}/${chart}` : `${chart} --repo ${repository}`;
  expect(page(name)).toContain(
    `helm show crds ${source} --version <new> | kubectl apply --server-side --force-conflicts -f -`,
  );
});

test("nothing else needs a hand", () => {
  const byHand = Object.entries(CRD_UPGRADES).filter(([, upgrade]) => upgrade === "by hand");
  expect(byHand.map(([chart]) => chart)).toEqual(["aws-load-balancer-controller", "gateway-helm"]);
});

test("the operations' table has each chart once, and what is said of it", () => {
  const section = /### CRDs\n([\s\S]*?)\n### /.exec(readFileSync(join(docs, "operations.md"), "utf8"))?.[1] ?? "";
  const words: Readonly<Record<string, RegExp>> = {
    release: /templates|release of its own/,
    "left out": /left out/,
    "by hand": /by hand/,
    none: /has none/,
  };
  const rows = [...section.matchAll(/^\| (`.+?`) +\| (.+?) +\|$/gm)];
  const said = rows.flatMap(([, charts = "", how = ""]) =>
    [...charts.matchAll(/`([a-z-]+)`/g)].map(([, chart = ""]) => {
      expect([chart, how]).toEqual([chart, expect.stringMatching(words[CRD_UPGRADES[chart] ?? ""] ?? /no such chart/)]);
      return chart;
    }),
  );
  expect(said.sort()).toEqual(Object.keys(CRD_UPGRADES));
});
