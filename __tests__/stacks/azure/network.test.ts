import { asObject } from "../../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../../support/config";
import { ofType, synth } from "../../support/synth";

const SUBNETS =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets";

const stackWith = (change: (draft: Draft) => void = () => undefined) =>
  synth(
    platformOf((d) => change(d.clusters["azure-platform"])),
    "azure-platform",
  );
const clusterOf = (stack: ReturnType<typeof stackWith>) =>
  ofType(stack, "azurerm_kubernetes_cluster")[0]?.attributes ?? {};
const ranges = (stack: ReturnType<typeof stackWith>) =>
  Object.fromEntries(
    ofType(stack, "azurerm_subnet").map(({ attributes }) => [attributes["name"], attributes["address_prefixes"]]),
  );

test("every subnet has a security group of its own", () => {
  const stack = stackWith((cluster) => (cluster.access.vnetIntegration = true));
  const names = Object.keys(ranges(stack));
  expect(names.sort()).toEqual(["api-server", "nodes", "private-endpoints"]);
  const closed = ofType(stack, "azurerm_subnet_network_security_group_association").map(({ attributes }) => [
    attributes["subnet_id"],
    attributes["network_security_group_id"],
  ]);
  expect(new Set(closed.map(([subnet]) => subnet)).size).toBe(names.length);
  expect(new Set(closed.map(([, group]) => group)).size).toBe(names.length);
});

test("subnets share the range without meeting, down to the smallest", () => {
  const smallest = stackWith((cluster) => {
    cluster.network.cidr = "10.1.0.0/24";
    cluster.access.vnetIntegration = true;
    cluster.sharedPool.limits = { cpu: 64, memory: "256Gi" };
  });
  expect(ranges(smallest)).toEqual({
    nodes: ["10.1.0.0/25"],
    "private-endpoints": ["10.1.0.128/26"],
    "api-server": ["10.1.0.192/28"],
  });
});

test("nodes go out by the load balancer where the config says so, and nothing is made for it", () => {
  const stack = stackWith((cluster) => (cluster.network.outbound = "load-balancer"));
  expect(asObject(clusterOf(stack)["network_profile"])["outbound_type"]).toBe("loadBalancer");
  expect(ofType(stack, "azurerm_nat_gateway")).toEqual([]);
  expect(ofType(stack, "azurerm_public_ip")).toEqual([]);
  // AKS lets its own load balancer in by itself.
  expect(asObject(clusterOf(stack)["api_server_access_profile"])["authorized_ip_ranges"]).toEqual(["203.0.113.0/24"]);
});

test("a network that is there is used by its ids and left alone", () => {
  const stack = stackWith((cluster) => {
    cluster.network.existing = { nodeSubnet: `${SUBNETS}/nodes`, apiServerSubnet: `${SUBNETS}/api` };
    cluster.network.outbound = "user-defined-routing";
    cluster.access.vnetIntegration = true;
  });
  expect(stack.resources.filter(({ type }) => type.startsWith("azurerm_") && /network|subnet|nat_/.test(type))).toEqual(
    [],
  );
  const cluster = clusterOf(stack);
  expect(cluster).toMatchObject({
    default_node_pool: { vnet_subnet_id: `${SUBNETS}/nodes` },
    api_server_access_profile: { subnet_id: `${SUBNETS}/api`, virtual_network_integration_enabled: true },
    network_profile: { outbound_type: "userDefinedRouting" },
  });
  const joined = ofType(stack, "azurerm_role_assignment")
    .filter(({ attributes }) => attributes["role_definition_name"] === "Network Contributor")
    .map(({ attributes }) => attributes["scope"]);
  expect(joined.sort()).toEqual([`${SUBNETS}/api`, `${SUBNETS}/nodes`]);
});

test("with addresses in the network, nodes need no place in the allow list", () => {
  const profile = asObject(
    clusterOf(stackWith((cluster) => (cluster.access.vnetIntegration = true)))["api_server_access_profile"],
  );
  expect(profile["authorized_ip_ranges"]).toEqual(["203.0.113.0/24"]);
  expect(profile["subnet_id"]).toMatch(/^\$\{azurerm_subnet\./);
});
