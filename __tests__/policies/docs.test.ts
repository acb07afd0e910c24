/** docs/policies.md: a row for each rule, and examples that run. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import example from "../../platform.config";
import type { PlanRule } from "../../policies/plan/rule";
import { applyRules } from "../../policies/plan/rule";
import { PLAN_RULES } from "../../policies/plan/rules";
import type { Waived } from "../../policies/plan/waivers";
import { tableBelow } from "../support/markdown";
import { synth } from "../support/synth";

const root = join(__dirname, "..", "..");
const page = readFileSync(join(root, "docs", "policies.md"), "utf8");
let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "stackyard-"))));
afterEach(() => rmSync(directory, { recursive: true }));

/** As the page writes a link: with the host, or the page's name, as its text. */
function shown(link: string): string {
  if (link.startsWith("https://")) return `[${new URL(link).host.replace(/^www\./, "")}](${link})`;
  if (!link.startsWith("docs/")) return link;
  const [, name = ""] = /([^/]+)\.md(#.*)?$/.exec(link) ?? [];
  return `[${name}](${link.slice("docs/".length)})`;
}

test.each([
  ["Rules about what is there", false],
  ["Rules about what changes", true],
])("the table of %s has each of them, what it does and where to read on", (heading, ofChanges) => {
  const rows = tableBelow("policies.md", heading)
    .split("\n")
    .slice(2)
    .map((row) => /^\| `(.*)` \| (deny|warn) \| (?:[^|]{10,}) \| (.*) \|$/.exec(row)?.slice(1));
  const rules = PLAN_RULES.filter((rule) => (rule.ofChanges ?? false) === ofChanges);
  expect(rows).toEqual(rules.map(({ id, severity, links }) => [id, severity, links.map(shown).join(", ")]));
});

/** What the example that begins like this exports. */
function run(start: string, ...imports: readonly (readonly [from: string, to: string])[]): Record<string, unknown> {
  const block = page.split("```ts\n").find((text) => text.startsWith(start));
  const [code = ""] = block?.split("\n```") ?? [];
  const file = join(directory, "example.ts");
  const here = imports.reduce((text, [from, to]) => text.replaceAll(`from "${from}`, `from "${root}/${to}`), code);
  writeFileSync(file, here);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it is written here
  return require(file) as Record<string, unknown>;
}

test("the rule for this repository works as it stands there", () => {
  const { modestQuotas } = run("// policies/plan/modest-quotas.ts", ["./", "policies/plan/"]);
  const found = applyRules([modestQuotas as PlanRule], [synth(example, "local-platform")]);
  expect(found.map(({ message }) => message)).toEqual(["team-ml reserves 24 cores"]);
});

test("the check for a project with the package works as it stands there", () => {
  const { checkWritten } = run("// check.ts", ["stackyard", "index"], ["./platform.config", "platform.config"]);
  const { json } = synth(example, "aws-platform");
  mkdirSync(join(directory, "stacks", "aws-platform"), { recursive: true });
  const written = JSON.stringify(json).replace('"cidr_block":"10.0.0.0/16"', '"cidr_block":"10.99.0.0/16"');
  writeFileSync(join(directory, "stacks", "aws-platform", "cdk.tf.json"), written);
  const { violations } = (checkWritten as (outdir: string, stacks: readonly string[]) => Waived)(directory, [
    "aws-platform",
  ]);
  expect(violations.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    "no-legacy-network: has the network of modern-engineering-aws-platform",
  ]);
});
