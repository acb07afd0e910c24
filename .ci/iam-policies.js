// Prints every policy statement of synthesized AWS stacks, and of the policies that deploying them needs, as JSON lines.
const { readFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { ACTIONS_BY_TYPE } = require("../stacks/aws/deploy-actions.ts");
const { deployPolicy } = require("../stacks/aws/deploy-permissions.ts");

for (const directory of process.argv.slice(2)) {
  const { resource, data } = JSON.parse(readFileSync(join(directory, "cdk.tf.json"), "utf8"));
  for (const document of Object.values(data.aws_iam_policy_document ?? {})) {
    for (const { sid, effect = "Allow", actions, resources, principals, condition } of document.statement)
      print(document["//"].metadata.path, { sid, effect, actions, resources, principals, condition });
  }
  const stack = basename(directory);
  const types = new Set([
    ...Object.keys(resource).filter((type) => type.startsWith("aws_")),
    ...Object.keys(data).map((type) => `data.${type}`),
  ]);
  const unknown = [...types].filter((type) => !(type in ACTIONS_BY_TYPE));
  if (unknown.length > 0) throw new Error(`stacks/aws/deploy-actions.ts has no actions for ${unknown.join(", ")}`);
  const props = {
    cluster: "c",
    states: [stack],
    backupBucket: "c-backups-1",
    region: "eu-west-1",
    account: "1",
    partition: "aws",
    stateBucket: "b",
    types,
  };
  for (const planOnly of [true, false])
    for (const { Sid, Action, Resource, Condition } of deployPolicy({ ...props, planOnly }).Statement)
      print(`${planOnly ? "plan" : "deploy"} ${stack}`, {
        sid: Sid,
        effect: "Allow",
        actions: Action,
        resources: Resource,
        condition: Condition,
      });
}

function print(where, statement) {
  console.log(JSON.stringify({ where, ...statement }));
}
