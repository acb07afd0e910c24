// Called by .ci/upgrade: fails where a plan deletes or replaces what allowed.json does not list.  PLAN.json ALLOWED.json VERSION STACK
// An entry: { "stack": "aws-platform", "address": "helm_release.x" (an ending * stands for anything), "reason": "…" }
const { readFileSync } = require("node:fs");

const [planFile, allowedFile, version, stack] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const allowed = read(allowedFile).filter((entry) => entry.stack === stack);
const covers = ({ address: pattern }, address) =>
  pattern.endsWith("*") ? address.startsWith(pattern.slice(0, -1)) : address === pattern;

const changes = read(planFile)
  .resource_changes.filter(({ mode }) => mode === "managed")
  .map(({ address, previous_address: from, change, action_reason: reason }) => ({
    address,
    from,
    reason,
    paths: (change.replace_paths ?? []).map((path) => path.join(".")).join(", "),
    actions: change.actions.join("+"),
  }));
const lost = changes.filter(({ actions }) => /delete|forget/.test(actions));
const unlisted = lost.filter(({ address }) => !allowed.some((entry) => covers(entry, address)));
const wrong = unlisted.map(
  ({ address, actions, reason, paths }) =>
    `${actions} ${address}${reason ? ` (${reason}${paths && `: ${paths}`})` : ""}`,
);
for (const entry of allowed) {
  if (!entry.reason) wrong.push(`allowed.json: ${entry.address} has no reason`);
  if (!lost.some(({ address }) => covers(entry, address)))
    wrong.push(`allowed.json: ${entry.address} is neither deleted nor replaced; take the entry out`);
}
const count = (pattern) => changes.filter(({ actions }) => pattern.test(actions)).length;
const moved = changes.filter(({ from }) => from !== undefined).length;
console.log(
  `${wrong.length > 0 ? "WRONG" : "ok   "} from ${version}, ${stack}: ${count(/^no-op$/)} stay as they are, ${count(/^update$/)} are updated, ` +
    `${count(/^create$/)} are new, ${moved} moved, ${lost.length} deleted or replaced (${lost.length - unlisted.length} of them allowed)`,
);
for (const line of wrong) console.error(`        ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
