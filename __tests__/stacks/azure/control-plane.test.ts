import { platformOf, type Draft } from "../../support/config";
import { dependenciesOf, ofType, synth } from "../../support/synth";

const VAULT =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/keys";
const KEY = "https://keys.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef";

const stackWith = (change: (cluster: Draft, draft: Draft) => void = () => undefined) =>
  synth(
    platformOf((d) => change(d.clusters["azure-platform"], d)),
    "azure-platform",
  );
const clusterOf = (stack: ReturnType<typeof stackWith>) => {
  const [cluster] = ofType(stack, "azurerm_kubernetes_cluster");
  if (!cluster) throw new Error("no cluster");
  return cluster;
};
const windows = (upgrades?: object) => {
  const { attributes } = clusterOf(stackWith((cluster) => (cluster.upgrades = upgrades)));
  return {
    channel: attributes["automatic_upgrade_channel"],
    cluster: attributes["maintenance_window_auto_upgrade"],
    images: attributes["maintenance_window_node_os"],
  };
};

test("upgrades the patch level, and four hours later the images of nodes, once a week", () => {
  const weekly = { frequency: "Weekly", interval: 1, utc_offset: "+00:00" };
  expect(windows()).toEqual({
    channel: "patch",
    cluster: { ...weekly, day_of_week: "Sunday", start_time: "00:00", duration: 4 },
    images: { ...weekly, day_of_week: "Sunday", start_time: "04:00", duration: 8 },
  });
});

test("the window of images may begin on the next day", () => {
  expect(windows({ day: "Sunday", time: "21:30" })).toMatchObject({
    cluster: { day_of_week: "Sunday", start_time: "21:30" },
    images: { day_of_week: "Monday", start_time: "01:30" },
  });
});

test("without a channel only images have a window", () => {
  expect(windows({ channel: "none" })).toEqual({
    channel: undefined,
    cluster: undefined,
    images: expect.objectContaining({ start_time: "04:00" }) as unknown,
  });
});

test("hosts encrypt their disks unless the config says otherwise", () => {
  const encrypted = (stack: ReturnType<typeof stackWith>) => [
    (clusterOf(stack).attributes["default_node_pool"] as Draft)["host_encryption_enabled"],
    ...ofType(stack, "azurerm_kubernetes_cluster_node_pool").map(
      ({ attributes }) => attributes["host_encryption_enabled"],
    ),
  ];
  expect(encrypted(stackWith())).toEqual([true, true, true]);
  expect(encrypted(stackWith((cluster) => (cluster.hostEncryption = false)))).toEqual([false, false, false]);
});

test("a key of the organisation encrypts Secrets and disks, and the rights on it are there before the cluster", () => {
  const stack = stackWith((cluster) => (cluster.encryptionKey = { vault: VAULT, key: KEY }));
  const cluster = clusterOf(stack);
  expect(cluster.attributes).toMatchObject({
    disk_encryption_set_id: expect.stringMatching(/^\$\{azurerm_disk_encryption_set\./) as unknown,
    key_management_service: { key_vault_key_id: KEY, key_vault_network_access: "Public" },
  });
  const [disks] = ofType(stack, "azurerm_disk_encryption_set");
  expect(disks?.attributes).toMatchObject({
    key_vault_key_id: KEY,
    encryption_type: "EncryptionAtRestWithCustomerKey",
  });
  const rights = ofType(stack, "azurerm_role_assignment").filter(({ path }) => path.includes("/encryption-key/"));
  expect(rights.map(({ attributes }) => attributes["role_definition_name"]).sort()).toEqual([
    "Key Vault Crypto Service Encryption User",
    "Key Vault Crypto User",
    "Reader",
  ]);
  const before = dependenciesOf(stack, cluster.address);
  for (const { address } of rights) expect(before).toContain(address);
});

test("logs go into a workspace that is made, or into the one that the config names", () => {
  const made = stackWith((cluster) => (cluster.logRetention = 90));
  expect(ofType(made, "azurerm_log_analytics_workspace")[0]?.attributes).toMatchObject({ retention_in_days: 90 });
  const workspace = VAULT.replace("Microsoft.KeyVault/vaults", "Microsoft.OperationalInsights/workspaces");
  const named = stackWith((cluster) => (cluster.logWorkspace = workspace));
  expect(ofType(named, "azurerm_log_analytics_workspace")).toEqual([]);
  expect(ofType(named, "azurerm_monitor_diagnostic_setting")[0]?.attributes).toMatchObject({
    log_analytics_workspace_id: workspace,
    enabled_log: expect.arrayContaining([{ category: "kube-audit-admin" }, { category: "guard" }]) as unknown,
  });
});

test("production is protected: its destruction cannot even be planned", () => {
  const lifecycle = (stack: ReturnType<typeof stackWith>) => clusterOf(stack).attributes["lifecycle"];
  expect(lifecycle(stackWith((_, d) => (d.environments.dev.preset = "prod")))).toMatchObject({ prevent_destroy: true });
  expect(lifecycle(stackWith())).not.toHaveProperty("prevent_destroy");
  expect(
    lifecycle(
      stackWith((cluster, d) => {
        d.environments.dev.preset = "prod";
        cluster.deletionProtection = false;
      }),
    ),
  ).not.toHaveProperty("prevent_destroy");
});

test("where a location has no zones, nothing asks for one", () => {
  const stack = stackWith((cluster) => (cluster.location = "westus"));
  expect(clusterOf(stack).attributes["default_node_pool"]).not.toHaveProperty("zones");
  for (const { attributes } of ofType(stack, "azurerm_kubernetes_cluster_node_pool"))
    expect(attributes).not.toHaveProperty("zones");
});
