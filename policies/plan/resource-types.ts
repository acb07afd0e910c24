/** What providers call the things that rules are about. Another cloud is a name more in these lists. */

export const CLUSTERS = ["aws_eks_cluster", "azurerm_kubernetes_cluster"] as const;
export const NETWORKS = ["aws_vpc", "azurerm_virtual_network"] as const;
/** What encrypts; without it nothing that it encrypted can be read again. */
export const KEYS = ["aws_kms_key", "azurerm_key_vault", "azurerm_key_vault_key"] as const;
export const STORES = ["aws_s3_bucket", "azurerm_storage_account", "azurerm_storage_container"] as const;
/** Everything in them goes with them. */
export const CONTAINERS = ["aws_route53_zone", "azurerm_dns_zone", "azurerm_resource_group"] as const;
export const VOLUMES = ["kubernetes_persistent_volume_claim_v1", "aws_ebs_volume", "azurerm_managed_disk"] as const;
export const DATABASES = [
  "aws_db_instance",
  "aws_rds_cluster",
  "azurerm_postgresql_flexible_server",
  "azurerm_mssql_database",
] as const;
/** What cannot be made again as it was. */
export const IRREPLACEABLE: readonly string[] = [
  ...CLUSTERS,
  ...NETWORKS,
  ...KEYS,
  ...STORES,
  ...CONTAINERS,
  ...VOLUMES,
  ...DATABASES,
];

/** Nodes that are there without anything that runs in the cluster. */
export const NODE_GROUPS = ["aws_eks_node_group", "azurerm_kubernetes_cluster_node_pool"] as const;
