// Checks which addresses a plan touches:  node .ci/touched.js PLAN.json VARIANT
// Fails when a change reaches beyond its team, or beyond the shared addresses that it may update in place.
const { readFileSync } = require("node:fs");

const [file, variant] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(file, "utf8"));
const touched = plan.resource_changes
  .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
  .map(({ address, change }) => ({ address, actions: change.actions.join("+") }));

/** What follows every team, in place: an environment's quota is the sum of its teams', and sign-in and Gitea know their groups. */
const OF_ALL_TEAMS =
  /^(kubernetes_resource_quota_v1\.environment-quotas_|helm_release\.components_(keycloak_realm|gitea_organisations|gitea)_chart_)/;
const rules = {
  "team-added": { own: /_billing/, shared: OF_ALL_TEAMS, ownActions: /^create$/ },
  "team-removed": {
    own: /_ml(_|-|$)|team-ml/,
    shared: OF_ALL_TEAMS,
    ownActions: /^delete$/,
    // Its GPUs were the only ones, so what announces them goes with them.
    alsoGone: /ml-(engineers|scientists)|nvidia-device-plugin/,
  },
  "quota-changed": { own: /^kubernetes_resource_quota_v1\.teams_checkout_/, ownActions: /^update$/, most: 2 },
  "environment-quota-changed": {
    own: /^(kubernetes_resource_quota_v1\.environment-quotas_dev_|helm_release\.teams_checkout_chart_)/,
    ownActions: /^update$/,
    most: 2,
  },
  "pool-changed": { own: /node-pools_checkout_/, ownActions: /^update$/ },
};
const { own, shared, ownActions, alsoGone, most = Infinity } = rules[variant];
const wrong = touched.filter(
  ({ address, actions }) =>
    !(own.test(address) && ownActions.test(actions)) &&
    !(shared?.test(address) && actions === "update") &&
    !(alsoGone?.test(address) && actions === "delete"),
);
if (touched.length > most) wrong.push({ address: `${touched.length} addresses`, actions: `at most ${most} allowed` });
if (touched.length === 0) wrong.push({ address: "nothing", actions: "the change reaches" });
for (const { address, actions } of wrong) console.error(`  ${variant}: ${actions} ${address}`);
console.log(`  ${variant}: ${touched.length} addresses touched, ${wrong.length} of them wrongly`);
process.exit(wrong.length > 0 ? 1 : 0);
