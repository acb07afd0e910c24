import { asObject } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { ofType, synth, valuesOf } from "../support/synth";

const stackWith = (change: (draft: Draft) => void = () => undefined) => synth(platformOf(change), "azure-platform");
const stack = stackWith();
const cluster = ofType(stack, "azurerm_kubernetes_cluster")[0]?.attributes ?? {};

describe("cluster", () => {
  test("knows only Entra's people, gives pods identities, and enforces network policies", () => {
    expect(cluster).toMatchObject({
      local_account_disabled: true,
      azure_active_directory_role_based_access_control: {
        admin_group_object_ids: ["11111111-1111-1111-1111-111111111111"],
        azure_rbac_enabled: false,
      },
      oidc_issuer_enabled: true,
      workload_identity_enabled: true,
      run_command_enabled: false,
      sku_tier: "Standard",
      network_profile: {
        network_plugin: "azure",
        network_plugin_mode: "overlay",
        network_data_plane: "cilium",
        network_policy: "cilium",
        outbound_type: "userAssignedNATGateway",
        dns_service_ip: "172.16.0.10",
      },
    });
  });

  test("lets in the config's ranges and its own egress address", () => {
    expect(asObject(cluster["api_server_access_profile"])["authorized_ip_ranges"]).toEqual([
      "203.0.113.0/24",
      expect.stringMatching(/^\$\{azurerm_public_ip\..*\.ip_address\}\/32$/),
    ]);
  });

  test("is private where the config names no range", () => {
    const hidden =
      ofType(
        stackWith((d) => delete d.clusters["azure-platform"].access.public),
        "azurerm_kubernetes_cluster",
      )[0]?.attributes ?? {};
    expect(hidden).toMatchObject({ private_cluster_enabled: true, private_dns_zone_id: "System" });
    expect(hidden["api_server_access_profile"]).toBeUndefined();
  });

  test("has a system pool for add-ons alone that can be rotated", () => {
    expect(cluster["default_node_pool"]).toMatchObject({
      only_critical_addons_enabled: true,
      min_count: 2,
      temporary_name_for_rotation: "systemtmp",
      os_disk_type: "Ephemeral",
    });
  });
});

describe("node pools", () => {
  const poolsOf = (change: (draft: Draft) => void) =>
    ofType(stackWith(change), "azurerm_kubernetes_cluster_node_pool")
      .filter(({ path }) => path.includes("/node-pools/"))
      .map(({ attributes }) => attributes);

  test("a team's pool scales from nothing to its limits, with labels and taint", () => {
    expect(poolsOf(() => undefined)).toMatchObject([
      {
        vm_size: "Standard_D8ds_v5",
        min_count: 0,
        max_count: 4,
        node_labels: { "stackyard.dev/team": "web", "stackyard.dev/node-pool": "main" },
        node_taints: ["stackyard.dev/team=web:NoSchedule"],
        lifecycle: { create_before_destroy: true, ignore_changes: ["node_count", "gpu_driver"] },
      },
    ]);
  });

  test("spot pools state label and taint that AKS adds, and no upgrade settings, which it refuses", () => {
    const [spot] = poolsOf((d) => (d.teams.web.nodePools.main.capacity = "spot"));
    expect(spot).toMatchObject({
      priority: "Spot",
      eviction_policy: "Delete",
      spot_max_price: -1,
      node_labels: { "kubernetes.azure.com/scalesetpriority": "spot" },
      node_taints: ["stackyard.dev/team=web:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
    });
    expect(spot?.["upgrade_settings"]).toBeUndefined();
  });

  test("the autoscaler prefers the spot half of a pair by its name", () => {
    const names = poolsOf((d) => (d.teams.web.nodePools.main.capacity = "spot-with-fallback")).map(
      ({ priority, name }) => [priority, String(name)] as const,
    );
    expect(names.map(([priority]) => priority)).toEqual([undefined, "Spot"]);
    const priorities = ofType(stack, "kubernetes_config_map_v1").find(({ path }) => path.includes("/autoscaler/"));
    const preferred =
      /20:\n {2}- (\S+)/.exec(String(asObject(priorities?.attributes["data"])["priorities"]))?.[1] ?? "";
    expect(names.map(([, name]) => new RegExp(`^${preferred}$`).test(`aks-${name}-12345678-vmss`))).toEqual([
      false,
      true,
    ]);
    expect(new RegExp(`^${preferred}$`).test("aks-system-12345678-vmss")).toBe(false);
  });
});

test("the nodes' subnet lets the internet reach the gateway, and nothing else", () => {
  const [group] = ofType(stack, "azurerm_network_security_group");
  expect(group?.attributes["security_rule"]).toMatchObject([
    {
      access: "Allow",
      direction: "Inbound",
      source_address_prefix: "Internet",
      destination_port_ranges: ["80", "443"],
    },
  ]);
});

test("every resource that can have tags has the platform's, and keeps its own", () => {
  const tagged = stackWith((d) => (d.tags = { owner: "platform" }));
  const own = tagged.resources.filter(({ type }) => type.startsWith("azurerm_"));
  const withTags = own.filter(({ attributes }) => attributes["tags"] !== undefined);
  for (const { attributes } of withTags)
    expect(attributes["tags"]).toMatchObject({
      owner: "platform",
      "managed-by": "stackyard",
      "stackyard-cluster": "acme-azure-platform",
    });
  const untagged = new Set(own.filter((resource) => !withTags.includes(resource)).map(({ type }) => type));
  expect([...untagged].sort()).toEqual([
    "azurerm_federated_identity_credential",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_nat_gateway_public_ip_association",
    "azurerm_role_assignment",
    "azurerm_storage_container",
    "azurerm_storage_management_policy",
    "azurerm_subnet",
    "azurerm_subnet_nat_gateway_association",
    "azurerm_subnet_network_security_group_association",
  ]);
  const pool = ofType(tagged, "azurerm_kubernetes_cluster_node_pool").find(({ path }) => path.includes("/node-pools/"));
  expect(pool?.attributes["tags"]).toMatchObject({ "stackyard-team": "web", owner: "platform" });
});

test("ExternalDNS is told where the zone is, by a file without secrets", () => {
  const config = ofType(stack, "kubernetes_config_map_v1").find(({ path }) => path.includes("/external-dns/"));
  expect(JSON.parse(String(asObject(config?.attributes["data"])["azure.json"]))).toEqual({
    tenantId: "${data.azurerm_client_config.client.tenant_id}",
    subscriptionId: "00000000-0000-0000-0000-000000000000",
    resourceGroup: "dns",
    useWorkloadIdentityExtension: true,
  });
  expect(valuesOf(stack, "external-dns")).toMatchObject({
    domainFilters: ["azure.acme.example"],
    txtOwnerId: "acme-azure-platform",
    podLabels: { "azure.workload.identity/use": "true" },
  });
});

test("an identity trusts one service account and may change one zone", () => {
  const subjects = ofType(stack, "azurerm_federated_identity_credential").map(
    ({ attributes }) => attributes["subject"],
  );
  expect(subjects).toEqual([
    "system:serviceaccount:cert-manager:cert-manager",
    "system:serviceaccount:external-dns:external-dns",
    "system:serviceaccount:external-secrets:external-secrets",
    "system:serviceaccount:gitea:gitea-db",
    "system:serviceaccount:keycloak:keycloak-db",
  ]);
  const rights = ofType(stack, "azurerm_role_assignment").filter(
    ({ attributes }) => attributes["role_definition_name"] === "DNS Zone Contributor",
  );
  expect(new Set(rights.map(({ attributes }) => attributes["scope"]))).toEqual(
    new Set([
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/dns/providers/Microsoft.Network/dnsZones/acme.example",
    ]),
  );
});

test("state is reached by Entra sign-in", () => {
  const { json } = stackWith(
    (d) => (d.clusters["azure-platform"].state = { storageAccount: "acmestate", resourceGroup: "state" }),
  );
  expect(asObject(asObject(json["terraform"])["backend"])["azurerm"]).toEqual({
    storage_account_name: "acmestate",
    resource_group_name: "state",
    container_name: "tfstate",
    key: "azure-platform.tfstate",
    use_azuread_auth: true,
  });
});
