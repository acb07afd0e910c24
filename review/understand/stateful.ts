/** What holds something that cannot be made again, or that everything stands on. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asObject, asText } from "../../policies/plan/synthesized-stack";

/** Nodes hold nothing that is not elsewhere: it takes time, and a budget may stand in its way. */
const DRAINED = "its nodes are drained";

/** By type: what a person calls it, and what goes with it. */
const TYPES: Readonly<Record<string, readonly [what: string, loss: string]>> = {
  aws_eks_cluster: ["the cluster", "with everything that runs in it"],
  azurerm_kubernetes_cluster: ["the cluster", "with everything that runs in it"],
  aws_eks_node_group: ["the node group", DRAINED],
  azurerm_kubernetes_cluster_node_pool: ["the node pool", DRAINED],
  aws_vpc: ["the network", "with all that has an address in it"],
  azurerm_virtual_network: ["the network", "with all that has an address in it"],
  azurerm_resource_group: ["the resource group", "with all that is in it"],
  aws_kms_key: ["the encryption key", "what it encrypts cannot be read without it"],
  azurerm_key_vault: ["the key vault", "with the secrets and keys in it"],
  azurerm_key_vault_key: ["the encryption key", "what it encrypts cannot be read without it"],
  aws_s3_bucket: ["the bucket", "with the backups in it"],
  azurerm_storage_account: ["the storage account", "with the backups in it"],
  azurerm_storage_container: ["the storage container", "with the backups in it"],
  aws_db_instance: ["the database", "with its data"],
  aws_rds_cluster: ["the database", "with its data"],
  azurerm_postgresql_flexible_server: ["the database", "with its data"],
  aws_ebs_volume: ["the disk", "with its data"],
  azurerm_managed_disk: ["the disk", "with its data"],
  aws_efs_file_system: ["the file system", "with its data"],
  aws_route53_zone: ["the DNS zone", "with its records"],
  azurerm_dns_zone: ["the DNS zone", "with its records"],
  aws_cloudwatch_log_group: ["the log group", "with its logs"],
  azurerm_log_analytics_workspace: ["the log workspace", "with its logs"],
  kubernetes_persistent_volume_claim_v1: ["the volume claim", "with the data on its volume"],
  kubernetes_namespace_v1: ["the namespace", "with everything in it, volumes included"],
};

/** By chart: what goes with the release. */
const CHARTS: Readonly<Record<string, string>> = {
  vcluster: "with every object of the environment and the volumes of its pods",
  gitea: "with its repositories' volume",
  "argo-cd": "with its Applications, projects and credentials of clusters and repositories",
  "kube-prometheus-stack": "with its metrics",
  kubecost: "with its cost history",
  valkey: "with its cache",
  "charts/database": "with its data, but for what was backed up",
};

export interface Stateful {
  /** `the network`, `the release gitea` */
  readonly what: string;
  /** `with its data` */
  readonly loss: string;
  /** What goes cannot be made again. */
  readonly isLost: boolean;
}

/** @param chart of a release, as {@link ReleaseChange.chart} */
export function stateful({ type, before, after }: ResourceChange, chart?: string): Stateful | undefined {
  const attributes = before ?? after ?? {};
  if (chart !== undefined) {
    const loss = Object.hasOwn(CHARTS, chart) ? CHARTS[chart] : undefined;
    return loss === undefined ? undefined : { what: `the release ${asText(attributes["name"])}`, loss, isLost: true };
  }
  const [what, loss] = (Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? [];
  return what === undefined || loss === undefined
    ? undefined
    : { what: named(what, type, attributes), loss, isLost: loss !== DRAINED };
}

const named = (what: string, type: string, attributes: Readonly<Record<string, unknown>>): string => {
  const metadata = asObject(attributes["metadata"] as never);
  const name = type.startsWith("kubernetes_") ? asText(metadata["name"]) : asText(attributes["name"] as never);
  return name === "" ? what : `${what} ${name}`;
};
