// Prints the containers of an environment's snapshot job, as the synthesized stack has them: restore-drill.js STACK_DIR ENVIRONMENT_CLUSTER
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");

const [, , directory, cluster] = process.argv;
const { resource } = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"));
const release = Object.values(resource.helm_release).find(
  ({ name, values }) => name === "etcd-snapshots" && values[0].includes(`--endpoints=https://${cluster}-etcd:2379`),
);
if (!release) throw new Error(`no release etcd-snapshots for ${cluster}`);
const job = parse(release.values[0]).resources.find(({ metadata }) => metadata.name === "etcd-snapshots-mon");
const { initContainers, containers } = job.spec.jobTemplate.spec.template.spec;
for (const { command } of [...initContainers, ...containers]) console.log(JSON.stringify(command));
