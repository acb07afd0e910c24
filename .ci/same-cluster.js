// Prints MADE with the values of its cluster as READ's data source has them:  node same-cluster.js MADE.tfstate READ.tfstate
const { readFileSync } = require("node:fs");

const [made, read] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const find = (state, mode, type, named = () => true) =>
  JSON.parse(state).resources.find(
    (resource) => resource.mode === mode && resource.type === type && named(resource.instances[0].attributes),
  )?.instances[0].attributes;
const ofEks = ({ endpoint, certificate_authority, identity, vpc_config }) => [
  endpoint,
  certificate_authority[0].data,
  identity[0].oidc[0].issuer,
  vpc_config[0].cluster_security_group_id,
];
const ofAks = ({ id, kube_config, oidc_issuer_url }) => [
  id,
  kube_config[0].host,
  kube_config[0].cluster_ca_certificate,
  oidc_issuer_url,
];
const CLOUDS = {
  aws: () => {
    const cluster = find(read, "data", "aws_eks_cluster");
    return [
      [...ofEks(find(made, "managed", "aws_eks_cluster")), find(made, "managed", "aws_vpc").id],
      [...ofEks(cluster), cluster.vpc_config[0].vpc_id],
    ];
  },
  azure: () => {
    const cluster = find(read, "data", "azurerm_kubernetes_cluster");
    const nodes = find(made, "managed", "azurerm_subnet", ({ name }) => name === "nodes");
    return [
      [...ofAks(find(made, "managed", "azurerm_kubernetes_cluster")), nodes.id],
      [...ofAks(cluster), cluster.agent_pool_profile[0].vnet_subnet_id],
    ];
  },
};
const [from, to] = CLOUDS[find(read, "data", "aws_eks_cluster") ? "aws" : "azure"]();
process.stdout.write(from.reduce((state, value, index) => state.replaceAll(value, to[index]), made));
