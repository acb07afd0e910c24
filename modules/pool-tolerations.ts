import { TEAM_LABEL } from "../config/names";
import type { NodePool } from "../config/node-pools";
import type { PodTolerations } from "./cluster";

/** What every cloud taints the nodes of these pools with: the team that they are of, and GPUs. */
export function poolTolerations(pools: readonly NodePool[]): PodTolerations {
  const owner = pools.find((pool) => pool.taint && pool.team !== undefined)?.team;
  return {
    given: owner === undefined ? [] : [{ key: TEAM_LABEL, value: owner }],
    allowed: pools.some((pool) => pool.class === "gpu") ? [{ key: "nvidia.com/gpu" }] : [],
  };
}
