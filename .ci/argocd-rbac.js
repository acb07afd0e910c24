// Who reaches what in Argo CD, asked of its own enforcer:  argocd-rbac.js STACK_FOLDER EVALUATOR
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");

const [folder, evaluator] = process.argv.slice(2);
const document = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
const releases = Object.values(document.resource.helm_release).map(({ name, values }) => ({
  name,
  values: parse(values[0].replaceAll("$${", "${")),
}));

const argoCd = releases.find(({ name }) => name === "argo-cd").values;
const policyCsv = argoCd.configs.rbac["policy.csv"];
const projects = releases.flatMap(({ values }) =>
  values.appProject ? [{ name: values.labels["stackyard.dev/team"], roles: values.appProject.spec.roles }] : [],
);
const administrators = [...policyCsv.matchAll(/^g, (\S+), role:admin$/gm)].map(([, group]) => group);
const groups = [
  ...new Set([...administrators, ...projects.flatMap(({ roles }) => roles.flatMap((role) => role.groups))]),
];
assert.ok(administrators.length > 0 && projects.length > 1, "nothing to ask about");

const READ = ["get"];
const WRITE = ["create", "update", "delete", "sync", "override"];
const questions = [...groups, "nobody"].flatMap((group) =>
  projects.flatMap(({ name, roles }) => {
    const held = roles.filter((role) => role.groups.includes(group)).map((role) => role.name);
    const admin = administrators.includes(group);
    const writes = admin || held.includes("admin") || held.includes("edit");
    const reads = admin || held.length > 0;
    const ask = (resource, action, object, expected) => ({ groups: [group], resource, action, object, expected });
    return [
      ...READ.map((action) => ask("applications", action, `${name}/shop`, reads)),
      ...WRITE.map((action) => ask("applications", action, `${name}/shop`, writes)),
      ask("logs", "get", `${name}/shop`, reads),
      ask("repositories", "create", `${name}/https://example.com/x`, admin || held.includes("admin")),
      ask("applicationsets", "create", `${name}/all`, admin),
      ask("exec", "create", `${name}/shop`, admin),
      ask("projects", "get", name, reads),
      ask("projects", "update", name, admin),
      ask("clusters", "update", "https://kubernetes.default.svc", admin),
    ];
  }),
);
const answers = JSON.parse(
  execFileSync(evaluator, { input: JSON.stringify({ policyCsv, projects, queries: questions }), encoding: "utf8" }),
);
const wrong = questions.filter(({ expected }, index) => answers[index] !== expected);
for (const {
  groups: [group],
  resource,
  action,
  object,
  expected,
} of wrong)
  console.log(`WRONG ${group} ${expected ? "may not" : "may"} ${action} ${resource} ${object}`);
const yes = answers.filter(Boolean).length;
console.log(
  `${questions.length} questions about ${groups.length} groups and ${projects.length} projects: ${yes} allowed, ${questions.length - yes} refused, ${wrong.length} wrong`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
