import type { ResourceQuotaV1Config } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { entries, type Quota } from "../config/platform";
import { formatCpu, formatMemory } from "../config/quantities";

type Hard = NonNullable<NonNullable<ResourceQuotaV1Config["spec"]>["hard"]>;

/** `hard` of a ResourceQuota: https://kubernetes.io/docs/concepts/policy/resource-quotas/. No load balancers or node ports of one's own. */
export function quotaHard(quota: Pick<Quota, "cpu" | "memory"> & Partial<Quota>): Hard {
  return {
    "requests.cpu": formatCpu(quota.cpu),
    "requests.memory": formatMemory(quota.memory),
    ...(quota.limits && {
      "limits.cpu": formatCpu(quota.limits.cpu),
      "limits.memory": formatMemory(quota.limits.memory),
    }),
    ...(quota.storage !== undefined && { "requests.storage": formatMemory(quota.storage) }),
    ...Object.fromEntries(
      entries(quota.storageClasses ?? {}).map(([name, bytes]) => [
        `${name}.storageclass.storage.k8s.io/requests.storage`,
        formatMemory(bytes),
      ]),
    ),
    ...(quota.pods !== undefined && { pods: String(quota.pods) }),
    ...(quota.gpus !== undefined && { "requests.nvidia.com/gpu": String(quota.gpus) }),
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}
