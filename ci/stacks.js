// The stacks that a pipeline can plan, as JSON for a matrix, each after those that it depends on:  node ci/stacks.js [cdktf.out]
// Left out is what has no cloud to sign in to: a stack on somebody's kubeconfig context is planned where that context is.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const folder = process.argv[2] ?? "cdktf.out";
const { stacks } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));

const found = [];
for (const { name, synthesizedStackPath } of inOrder(stacks)) {
  const { provider } = JSON.parse(readFileSync(join(folder, synthesizedStackPath), "utf8"));
  if (provider?.aws) found.push({ stack: name, cloud: "aws", region: provider.aws[0].region });
  else if (provider?.azurerm) found.push({ stack: name, cloud: "azure" });
  else console.error(`note: ${name} is on no cloud, so it is left out`);
}
console.log(JSON.stringify(found));

/** By name, and after what they depend on. */
function inOrder(all) {
  const ordered = new Set();
  const visit = (name) => {
    for (const dependency of [...all[name].dependencies].sort()) visit(dependency);
    ordered.add(all[name]);
  };
  Object.keys(all).sort().forEach(visit);
  return ordered;
}
