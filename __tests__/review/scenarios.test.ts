/** Changes planned by real Terraform (`.ci/scenarios` makes the fixtures): what review says of them, as facts and not as prose. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { COMMENT_BUDGET } from "../../review/render/markdown";
import type { Review } from "../../review/review";

/* eslint-disable @typescript-eslint/no-require-imports -- scripts of .ci */
const { scenarios } = require("../../.ci/scenarios.js") as { scenarios: readonly Scenario[] };
const { factsOf, missingWords, OF_WHOLE_PLANS, reviewPlan } = require("../../.ci/scenario-facts.js") as {
  factsOf: (review: Review) => Omit<Facts, "mentions">;
  missingWords: (review: Review, mentions?: readonly string[]) => readonly string[];
  OF_WHOLE_PLANS: readonly string[];
  reviewPlan: (text: string, stack: string) => { readonly review: Review; readonly markdown: string };
};
/* eslint-enable @typescript-eslint/no-require-imports */

interface Scenario {
  readonly name: string;
  readonly stack: string;
  readonly facts?: Facts;
}

interface Facts {
  readonly level: string;
  readonly mentions?: readonly string[];
}

const ofAnyPlan = (facts: object): object =>
  Object.fromEntries(Object.entries(facts).filter(([fact]) => !OF_WHOLE_PLANS.includes(fact)));

const folder = join(__dirname, "..", "fixtures", "review");
const fixture = (name: string): string => readFileSync(join(folder, `${name}.json`), "utf8");
const table = scenarios.map((scenario) => [scenario.name, scenario] as const);

test.each(table)("%s", (name, { stack, facts }) => {
  const { review, markdown } = reviewPlan(fixture(name), stack);
  const { mentions, ...expected } = facts ?? {};
  expect(ofAnyPlan(factsOf(review))).toEqual(ofAnyPlan(expected));
  expect(missingWords(review, mentions)).toEqual([]);
  expect(markdown.length).toBeLessThanOrEqual(COMMENT_BUDGET);
  expect(markdown.match(/^`{3,}/gm)?.length ?? 0).toBe(2 * (markdown.match(/^`{3,}diff$/gm)?.length ?? 0));
});

test("nothing secret of a plan is in what is said of it", () => {
  const { review, markdown } = reviewPlan(fixture("sensitive-value"), "terraform");
  expect(JSON.stringify(review) + markdown).not.toContain("hunter2");
});

test("each scenario has its plan and its Markdown, small, and from no one's machine", () => {
  const files = readdirSync(folder);
  expect(files.sort()).toEqual(scenarios.flatMap(({ name }) => [`${name}.json`, `${name}.md`]).sort());
  const sizes = files.map((file) => statSync(join(folder, file)).size);
  expect(Math.max(...sizes)).toBeLessThan(65_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(750_000);
  for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/\/(tmp|home|root|work)\/\w/);
});
