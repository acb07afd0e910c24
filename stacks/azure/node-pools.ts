import { KubernetesClusterNodePool } from "@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import {
  azurePoolName,
  azurePoolZones,
  azurePriorities,
  azureVmSize,
  nodesWithin,
} from "../../config/clouds/azure-node-pools";
import { CLASS_LABEL, nodePoolLabels, POOL_LABEL, TEAM_LABEL } from "../../config/names";
import { poolId, type NodePool } from "../../config/node-pools";
import type { Team } from "../../config/platform";
import type { Aks } from "./aks";
import type { AzureContext } from "./context";
import { teamTags } from "./tags";

export const SPOT_LABEL = "kubernetes.azure.com/scalesetpriority";

/** In GiB; of a managed disk the size also decides how fast it is. */
const OS_DISK_GIB = { Ephemeral: 64, Managed: 128 } as const;

export interface NodePoolsProps {
  readonly context: AzureContext;
  readonly aks: Aks;
  readonly pools: readonly NodePool[];
  /** Whose nodes these are. @default - the cluster's shared pool */
  readonly team?: Team;
}

/** An autoscaling AKS node pool for each pool of a team, or for the shared pool; a pair where spot falls back to on-demand. */
export class NodePools extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodePoolsProps) {
    super(scope, id);
    this.ready = props.pools.flatMap((pool) =>
      azurePriorities(pool).map((priority) => nodePool(this, pool, priority, props)),
    );
  }
}

function nodePool(
  scope: Construct,
  pool: NodePool,
  priority: "Spot" | "Regular",
  { context, aks, team }: NodePoolsProps,
): KubernetesClusterNodePool {
  const size = azureVmSize(pool);
  // A rule of the config has checked it.
  if (!size) throw new Error(`no VM size for the pool ${poolId(pool)}`);
  const spot = priority === "Spot";
  const zones = azurePoolZones(pool, context.config);
  return new KubernetesClusterNodePool(scope, `${pool.name}-${priority.toLowerCase()}`, {
    name: azurePoolName(pool, priority, context.config),
    kubernetesClusterId: aks.id,
    mode: "User",
    vmSize: size.name,
    // Without it the nodes would stay behind when `kubernetes` is raised. Somebody else's cluster is raised by them.
    ...(!context.config.existing && { orchestratorVersion: context.config.kubernetes }),
    vnetSubnetId: aks.nodeSubnetId,
    ...(zones.length > 0 && { zones: [...zones] }),
    autoScalingEnabled: true,
    // The shared pool carries the platform itself; a team's, and what is interruptible, may be empty.
    minCount: team || spot ? 0 : 1,
    maxCount: nodesWithin(pool, size),
    maxPods: pool.azure.maxPods,
    hostEncryptionEnabled: context.config.hostEncryption,
    osDiskType: pool.azure.osDisk,
    osDiskSizeGb: OS_DISK_GIB[pool.azure.osDisk],
    osSku: "Ubuntu",
    nodeLabels: {
      ...pool.labels,
      ...(team && nodePoolLabels(team)),
      [POOL_LABEL]: pool.name,
      [CLASS_LABEL]: pool.class,
      // AKS adds the label and the taint by itself; without them here every plan would take them away again.
      ...(spot && { [SPOT_LABEL]: "spot" }),
    },
    nodeTaints: [
      ...(pool.taint && team ? [`${TEAM_LABEL}=${team.name}:NoSchedule`] : []),
      ...(pool.class === "gpu" ? ["nvidia.com/gpu=present:NoSchedule"] : []),
      ...(spot ? [`${SPOT_LABEL}=spot:NoSchedule`] : []),
    ],
    // Azure answers with it for sizes that have GPUs, and a plan without it would replace the pool:
    // https://github.com/hashicorp/terraform-provider-azurerm/issues/30990
    ...(pool.class === "gpu" && { gpuDriver: "Install" }),
    ...(spot
      ? { priority: "Spot", evictionPolicy: "Delete", spotMaxPrice: -1 }
      : // The service refuses these on spot pools: https://github.com/hashicorp/terraform-provider-azurerm/pull/31129
        { upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30, nodeSoakDurationInMinutes: 0 } }),
    ...(team && { tags: { ...teamTags(team), "stackyard-node-pool": poolId(pool) } }),
    lifecycle: {
      // The name is derived from all that cannot change in place, so the new pool can be there before the old one goes.
      createBeforeDestroy: true,
      // Upgrades outside Terraform leave settings on spot pools whose removal would replace them:
      // https://github.com/hashicorp/terraform-provider-azurerm/issues/29318
      ignoreChanges: [
        "node_count",
        "gpu_driver",
        ...(spot ? ["upgrade_settings"] : []),
        // Read from their pools, whose order is theirs: a pool of ours stays where it was made.
        ...(context.config.existing && !context.config.network.existing ? ["vnet_subnet_id"] : []),
      ],
    },
    timeouts: { create: "60m", update: "60m", delete: "60m" },
  });
}
