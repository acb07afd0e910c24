/** Rules as Prometheus would read them, and with promtool as it would evaluate them. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { platformOf } from "../support/config";
import { synth, valuesOf } from "../support/synth";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const { resources } = valuesOf(synth(platformOf(), "local-platform"), "rules") as unknown as {
  resources: { kind: string; spec: { groups: { name: string; rules: Rule[] }[] } }[];
};
const groups = resources.flatMap(({ spec }) => spec.groups);
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const names = [...new Set(alerts.map(({ alert }) => String(alert)))].sort();

const folder = join(__dirname, "..", "monitoring");
const tests = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

test("groups have names of their own", () => {
  const all = groups.map(({ name }) => name);
  expect(new Set(all).size).toBe(all.length);
});

test.each(names)("%s says how grave it is, what it is, and what to do", (name) => {
  for (const { labels, annotations } of alerts.filter(({ alert }) => alert === name)) {
    expect(labels?.["severity"]).toMatch(/^(critical|warning)$/);
    expect(Object.keys(annotations ?? {}).sort()).toEqual(["description", "runbook_url", "summary"]);
    expect(annotations?.["runbook_url"]).toBe(`docs/operations.md#${name.toLowerCase()}`);
  }
});

const page = readFileSync(join(__dirname, "..", "..", "docs", "operations.md"), "utf8");

test.each(names)("%s has an entry in docs/operations.md", (name) => {
  expect(page.split("\n")).toContain(`### ${name}`);
});

describe("unit tests of the rules", () => {
  const queries = tests.flatMap((file) => {
    const { tests } = parse(readFileSync(join(folder, file), "utf8")) as {
      tests: { promql_expr_test: { expr: string; exp_samples: { labels: string }[] }[] }[];
    };
    return tests.flatMap((test) => test.promql_expr_test);
  });
  const expected = queries.flatMap(({ exp_samples }) => exp_samples.map(({ labels }) => labels));

  test.each(names)("%s fires in one", (name) => {
    expect(expected.some((labels) => labels.includes(`alertname="${name}", alertstate="firing"`))).toBe(true);
  });

  test.each(names)("%s does not fire in one", (name) => {
    const asked = queries.filter(({ expr }) => {
      const [, equal, pattern] = /alertname=(?:"([^"]+)"|~"([^"]+)")/.exec(expr) ?? [];
      return equal === name || (pattern !== undefined && new RegExp(`^(${pattern})$`).test(name));
    });
    const silent = asked.filter(({ exp_samples }) => exp_samples.every(({ labels }) => !labels.includes(`"${name}"`)));
    expect(silent).not.toEqual([]);
  });

  test.each(rules.flatMap(({ record }) => record ?? []))("%s is computed in one", (name) => {
    expect(queries.map(({ expr }) => expr)).toContain(name);
  });
});

/** Set by .ci/promtool. */
const promtool = process.env["PROMTOOL"];
if (promtool === undefined) console.warn("SKIPPED: PROMTOOL is not set, so no rule was evaluated; run .ci/promtool");

(promtool === undefined ? describe.skip : describe)("promtool", () => {
  const work = mkdtempSync(join(tmpdir(), "stackyard-rules-"));
  afterAll(() => rmSync(work, { recursive: true }));
  writeFileSync(join(work, "rules.yaml"), stringify({ groups }));
  for (const file of tests) copyFileSync(join(folder, file), join(work, file));
  const run = (...args: string[]): string =>
    execFileSync(String(promtool), args, { cwd: work, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  test("knows every rule", () => {
    expect(run("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml")).toContain(`${rules.length} rules found`);
  });

  test.each(tests)("%s", (file) => {
    expect(run("test", "rules", file)).toContain("SUCCESS");
  });
});
