// What is to be asserted of a review: facts, and not its prose. With `-r ./register.js` or in jest, for the sources are TypeScript.
const { PUBLIC_REGISTRIES } = require("../config/registries");
const { checkStacks } = require("../policies/plan/check");
const { PLAN_RULES } = require("../policies/plan/rules");
const { readPlan } = require("../review/read/plan");
const { renderMarkdown } = require("../review/render/markdown");
const { judgedSide } = require("../review/read/stack-change");
const { reviewOf } = require("../review/review");

/** As `stackyard review --plan` does it, on a day that stays. */
module.exports.reviewPlan = (text, stack) => {
  const change = readPlan(text, { stack });
  const platform = { registries: PUBLIC_REGISTRIES, waivers: [] };
  const policies = checkStacks(platform, [judgedSide(change)], PLAN_RULES, "2026-01-01");
  const review = reviewOf([change], policies);
  return { review, markdown: renderMarkdown(review.stacks[0], review.policies) };
};

/** Of a review, in the form in which scenario-facts.json holds them. */
module.exports.factsOf = ({ stacks: [stack], policies: { violations }, level }) => {
  const denied = violations.filter(({ severity }) => severity === "deny");
  return {
    level,
    exit: denied.length > 0 ? 3 : level === "none" ? 0 : 2,
    counts: Object.fromEntries(Object.entries(stack.counts).filter(([, count]) => count > 0)),
    teams: stack.teams.flatMap(({ team, action, amounts, notes }) => [
      `${team} ${action}`,
      ...amounts.map(({ where, unit, before, after }) => `${where}: ${unit} ${before ?? "–"} → ${after ?? "–"}`),
      ...notes,
    ]),
    charts: stack.releases
      .filter(({ jump, action }) => jump !== undefined || action !== "update")
      .map(({ name, action, jump, versions }) =>
        [name, jump ?? action, versions?.before, versions?.after].filter(Boolean).join(" "),
      ),
    findings: stack.findings.map((finding) => `${finding.level}: ${finding.addresses.length} ${finding.addresses[0]}`),
    outputs: stack.outputs.map(({ name, action }) => `${name} ${action}`),
    policies: [...new Set(violations.map(({ rule, severity }) => `${rule} ${severity}`))].sort(),
  };
};

/** Policies look at all of a stack, and a fixture has only what changes: these facts are asserted of whole plans, by .ci/scenarios. */
module.exports.OF_WHOLE_PLANS = ["policies", "exit"];

/** Words that the verdict or a finding must have, whatever else they say. */
module.exports.missingWords = ({ stacks: [stack] }, mentions = []) => {
  const said = [stack.verdict, ...stack.findings.map(({ text }) => text)].join("\n");
  return mentions.filter((word) => !said.includes(word));
};
