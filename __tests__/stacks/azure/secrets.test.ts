import { KeyVault } from "../../../stacks/azure/key-vault";
import { makesVault, secretProvider, secretRoles, secretVault, vaultName } from "../../../stacks/azure/secrets";
import { azureContext, GROUP, SUBSCRIPTION, synthesized } from "../../support/azure";
import { ofType } from "../../support/synth";

const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/acme/subnets/private-endpoints`;
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/acme`;
const SHARED = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/acme-secrets`;

const own = azureContext();
const inTheirNetwork = azureContext((cluster) => (cluster.network.existing = { nodeSubnet: SUBNET }));
const stackOf = (context: typeof own) =>
  synthesized(
    (scope) =>
      new KeyVault(scope, "vault", {
        context,
        network: { privateEndpointSubnetId: SUBNET, virtualNetworkId: NETWORK },
      }),
  );

describe("the name of a vault", () => {
  const named = (name: string, subscription = SUBSCRIPTION) =>
    vaultName({ name, config: { ...own.config, subscription } });

  test("fits Azure's rules, whatever the cluster's", () => {
    for (const name of [
      "a",
      "acme-azure-platform",
      "acme--azure---platform",
      "abcdefghijklmn-platform",
      "a".repeat(54),
    ])
      expect(named(name)).toMatch(/^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/);
  });

  test("is the same each time, and another one in another subscription", () => {
    expect(named("acme-azure-platform")).toBe("acme-azure-plat-fc3324ba");
    expect(named("acme-azure-platform", SUBSCRIPTION.replace(/^0/, "1"))).not.toBe(named("acme-azure-platform"));
    expect(named("acme", "ABCDEF00-0000-0000-0000-000000000000")).toBe(
      named("acme", "abcdef00-0000-0000-0000-000000000000"),
    );
  });
});

describe("the vault that is read", () => {
  test("is the one that the config names", () => {
    const context = azureContext((cluster) => (cluster.secrets = { vault: SHARED }));
    expect(secretVault(context)).toEqual({ id: SHARED, url: "https://acme-secrets.vault.azure.net" });
    expect(makesVault(context.config)).toBe(false);
  });

  test("is our own with a network of our own", () => {
    expect(makesVault(own.config)).toBe(true);
    expect(secretVault(own)).toEqual({
      id: `${GROUP}/providers/Microsoft.KeyVault/vaults/${vaultName(own)}`,
      url: `https://${vaultName(own)}.vault.azure.net`,
    });
  });

  test("is none in a network or a cluster of somebody else", () => {
    const theirCluster = { ...own.config, existing: { name: "theirs", resourceGroup: "theirs" } };
    expect([makesVault(inTheirNetwork.config), makesVault(theirCluster)]).toEqual([false, false]);
    expect(secretVault(inTheirNetwork)).toBeUndefined();
  });

  test("is read by the operator's own identity, and only read", () => {
    const vault = { id: SHARED, url: "https://acme-secrets.vault.azure.net" };
    expect(secretProvider(vault).provider).toEqual({
      azurekv: {
        authType: "WorkloadIdentity",
        environmentType: "PublicCloud",
        vaultUrl: "https://acme-secrets.vault.azure.net",
      },
    });
    expect(secretRoles(vault, undefined)).toEqual({ rights: { role: "Key Vault Secrets User", scope: SHARED } });
  });
});

describe("a vault of our own", () => {
  const stack = stackOf(own);
  const vault = ofType(stack, "azurerm_key_vault")[0]?.attributes ?? {};

  test("is closed but for the config's ranges, knows roles alone, and cannot be purged", () => {
    expect(vault).toMatchObject({
      name: vaultName(own),
      resource_group_name: "acme-azure-platform",
      sku_name: "standard",
      rbac_authorization_enabled: true,
      purge_protection_enabled: true,
      soft_delete_retention_days: 90,
      public_network_access_enabled: true,
      network_acls: { default_action: "Deny", bypass: "AzureServices", ip_rules: ["203.0.113.0/24"] },
    });
  });

  test("has no public address where the config names no range", () => {
    const hidden = stackOf(azureContext((cluster) => delete cluster.access.public));
    expect(ofType(hidden, "azurerm_key_vault")[0]?.attributes).toMatchObject({
      public_network_access_enabled: false,
      network_acls: { default_action: "Deny", ip_rules: [] },
    });
  });

  test("has an address in the network, by which the network knows it", () => {
    expect(ofType(stack, "azurerm_private_endpoint")[0]?.attributes).toMatchObject({
      subnet_id: SUBNET,
      private_service_connection: { subresource_names: ["vault"], is_manual_connection: false },
    });
    expect(ofType(stack, "azurerm_private_dns_zone")[0]?.attributes["name"]).toBe("privatelink.vaultcore.azure.net");
    expect(ofType(stack, "azurerm_private_dns_zone_virtual_network_link")[0]?.attributes).toMatchObject({
      virtual_network_id: NETWORK,
      registration_enabled: false,
    });
  });

  test("lets administrators write secrets, and nobody else", () => {
    expect(ofType(stack, "azurerm_role_assignment").map(({ address, attributes }) => [address, attributes])).toEqual([
      [
        "azurerm_role_assignment.vault_admins_2139871B",
        expect.objectContaining({
          role_definition_name: "Key Vault Secrets Officer",
          principal_id: "11111111-1111-1111-1111-111111111111",
          principal_type: "Group",
        }),
      ],
    ]);
  });
});
