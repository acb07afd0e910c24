/** Documentation that names what is there, and only that. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPONENT_NAMES } from "../config/components";
import { RULES } from "../config/rules";
import { CHARTS } from "../modules/helm/charts";
import { PLAN_RULES } from "../policies/plan/rules";
import { platformOf } from "./support/config";
import { ofType, synth } from "./support/synth";

const docs = join(__dirname, "..", "docs");
const read = (...path: string[]): string => readFileSync(join(docs, ...path), "utf8");

const pagesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

test.each([...COMPONENT_NAMES, "vcluster", "karpenter", "load-balancer-controller"])(
  "%s has a page, and a place in it for its values",
  (name) => {
    expect(existsSync(join(docs, "components", `${name}.md`))).toBe(true);
  },
);

test("a chart's version stands in one place: a bump is one line", () => {
  const repeating = ["README.md", "CONTRIBUTING.md"]
    .map((name) => join(docs, "..", name))
    .concat(pagesIn(docs), pagesIn(join(docs, "components")))
    .flatMap((page) =>
      Object.values(CHARTS)
        .filter(({ chart, version }) =>
          new RegExp(`${chart}["\`]* v?${version.replace("v", "")}`).test(readFileSync(page, "utf8")),
        )
        .map(({ chart }) => `${page}: ${chart}`),
    );
  expect(repeating).toEqual([]);
});

test.each(Object.entries(CHARTS))("the page of %s names its chart", (name, { chart }) => {
  expect(read("components", `${name}.md`)).toContain(`\`${chart}\``);
});

test.each([...COMPONENT_NAMES, "vcluster"])("the page of %s says what goes and what stays when it is off", (name) => {
  const [, section = ""] = read("components", `${name}.md`).split("\n## Switching it off\n");
  expect(section).toMatch(/^- Goes: /m);
  expect(section).toMatch(/^- Stays/m);
});

test("the table of what goes has every component", () => {
  const [, section = ""] = read("operations.md").split("\n## Switch a component off\n");
  const named = [...section.matchAll(/^\| \[([a-z-]+)\]\(components\/([a-z-]+)\.md#switching-it-off\)/gm)];
  expect(named.map(([, name]) => name)).toEqual([...COMPONENT_NAMES]);
  expect(named.map(([, , page]) => page)).toEqual([...COMPONENT_NAMES]);
});

test("every rule of the config is explained", () => {
  const page = read("config.md");
  for (const { id } of RULES) expect(page).toContain(`\`${id}\``);
});

test("every policy is explained", () => {
  const page = read("policies.md");
  for (const { id } of PLAN_RULES) expect(page).toContain(`\`${id}\``);
});

test("every role on AWS is explained, and none that is not made", () => {
  const platform = platformOf((d) => {
    d.clusters["aws-platform"].costReport = {
      database: "cur",
      table: "t",
      reportBucket: "a-cur",
      resultBucket: "a-res",
    };
  });
  const made = ofType(synth(platform, "aws-platform"), "aws_iam_role").map(({ attributes }) =>
    String(attributes["name"]).replace("acme-aws-platform-", ""),
  );
  const explained = [...read("aws-permissions.md").matchAll(/^\| `([a-z-]+)` +\| (?:EKS|VPC|EC2|one service)/gm)].map(
    ([, name]) => name,
  );
  expect(explained.sort()).toEqual(made.sort());
});

test("links between pages lead somewhere", () => {
  const pages = [
    join(docs, "..", "README.md"),
    ...["", "components", "decisions"].flatMap((folder) => pagesIn(join(docs, folder))),
  ];
  for (const page of pages) {
    for (const [, target] of readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect([page, existsSync(join(page, "..", target ?? ""))]).toEqual([page, true]);
  }
});
