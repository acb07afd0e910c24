// Prints STATE as AKS leaves it after a while; says on stderr what it has changed.  node drift.js STATE
const { readFileSync } = require("node:fs");

const state = JSON.parse(readFileSync(process.argv[2], "utf8"));
const managed = (type) =>
  state.resources
    .filter((resource) => resource.mode === "managed" && resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
const done = [];
const change = (what, attributes, edit) => {
  if (attributes.length === 0) throw new Error(`${what}: the state has none`);
  attributes.forEach(edit);
  done.push(`${what} ${attributes.length}`);
};

const clusters = managed("azurerm_kubernetes_cluster");
const pools = managed("azurerm_kubernetes_cluster_node_pool");
change("nodes of system pools", clusters, ({ default_node_pool: [pool] }) => (pool.node_count = pool.max_count));
change("nodes of pools", pools, (pool) => (pool.node_count = pool.max_count));
// https://github.com/hashicorp/terraform-provider-azurerm/issues/29318
change(
  "drain timeouts on spot pools",
  pools.filter(({ priority }) => priority === "Spot"),
  (pool) => {
    pool.upgrade_settings = [{ ...emptyOf("upgrade_settings"), drain_timeout_in_minutes: 30 }];
  },
);
change("Defender and Container Insights", clusters, (cluster) => {
  const log_analytics_workspace_id =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/theirs/providers/Microsoft.OperationalInsights/workspaces/theirs";
  cluster.microsoft_defender = [{ log_analytics_workspace_id }];
  cluster.oms_agent = [{ log_analytics_workspace_id, msi_auth_for_monitoring_enabled: true, oms_agent_identity: [] }];
});
process.stderr.write(`changed: ${done.join(", ")}\n`);
process.stdout.write(JSON.stringify(state));

/** The block of a regular pool without its values: every attribute must be there. */
function emptyOf(block) {
  const [one] = pools.flatMap((pool) => pool[block] ?? []);
  return Object.fromEntries(Object.keys(one).map((key) => [key, typeof one[key] === "number" ? 0 : ""]));
}
