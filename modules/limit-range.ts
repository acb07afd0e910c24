import type { AdmissionMode } from "../config/input";
import type { Quota, Team } from "../config/platform";
import { formatCpu, formatMemory } from "../config/quantities";
import type { HelmValues } from "./helm/values";

/** What a LimitRange says of the containers in a namespace: https://kubernetes.io/docs/concepts/policy/limit-range/ */
export function limitRange(
  { request, limit, max, guaranteed }: Team["containers"],
  quota: Pick<Quota, "limits">,
  mode: AdmissionMode,
): HelmValues {
  return {
    defaultRequest: amount(request),
    // With `max` alone Kubernetes would give what states nothing all of that.
    ...(quota.limits || guaranteed || max
      ? { default: amount(limit) }
      : // Pods that nobody of the team wrote must have one as well.
        mode === "enforce" && { default: { memory: formatMemory(limit.memory) } }),
    ...(max && { max: amount(max) }),
    // A ratio of 1 refuses what has no limits, or others than requests: only the QoS class Guaranteed is left.
    ...(guaranteed && { maxLimitRequestRatio: { cpu: "1", memory: "1" } }),
  };
}

const amount = ({ cpu, memory }: { readonly cpu: number; readonly memory: number }): HelmValues => ({
  cpu: formatCpu(cpu),
  memory: formatMemory(memory),
});
