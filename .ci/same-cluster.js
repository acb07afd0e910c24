// Prints MADE with the values of its cluster as READ's data source has them:  node same-cluster.js MADE.tfstate READ.tfstate
const { readFileSync } = require("node:fs");

const [made, read] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const find = (state, mode, type) =>
  JSON.parse(state).resources.find((resource) => resource.mode === mode && resource.type === type).instances[0]
    .attributes;
const facts = ({ endpoint, certificate_authority, identity, vpc_config }) => [
  endpoint,
  certificate_authority[0].data,
  identity[0].oidc[0].issuer,
  vpc_config[0].cluster_security_group_id,
];
const cluster = find(read, "data", "aws_eks_cluster");
const from = [...facts(find(made, "managed", "aws_eks_cluster")), find(made, "managed", "aws_vpc").id];
const to = [...facts(cluster), cluster.vpc_config[0].vpc_id];
process.stdout.write(from.reduce((state, value, index) => state.replaceAll(value, to[index]), made));
