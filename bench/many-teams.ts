import { smallConfig } from "../__tests__/support/config";
import { definePlatform } from "../config/define-platform";
import type { Platform } from "../config/platform";

/** `count` teams on both clouds, each with a quota in an environment and every twentieth with a pool (AKS allows 100 pools). */
export function manyTeams(count: number): Platform {
  const { clusters, ...base } = smallConfig();
  const pool = { class: "general", cpus: [2, 4], limits: { cpu: 8, memory: "32Gi" } } as const;
  const sharedPool = { class: "general", cpus: [2, 64], limits: { cpu: 4096, memory: "16Ti" } } as const;
  const team = (index: number) => ({
    costCenter: `CC-${index}`,
    groups: { view: ["web"] },
    quota: { cpu: 1, memory: "2Gi" } as const,
    environments: { dev: { cpu: 1, memory: "2Gi" } as const },
    ...(index % 20 === 0 && { nodePools: { main: pool } }),
  });
  return definePlatform({
    ...base,
    clusters: {
      "aws-platform": { ...clusters["aws-platform"], sharedPool } as NonNullable<(typeof clusters)["aws-platform"]>,
      "azure-platform": { ...clusters["azure-platform"], sharedPool } as NonNullable<
        (typeof clusters)["azure-platform"]
      >,
    },
    teams: Object.fromEntries(Array.from({ length: count }, (_, index) => [`team-${index}`, team(index)])),
  });
}
