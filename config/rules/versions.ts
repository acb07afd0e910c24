/** Kubernetes versions that a cloud or a chart does not support. */
import { installedComponents } from "../cost-tool";
import type { Platform } from "../platform";
import { SUPPORT } from "../versions";
import type { Finding, Rule } from "./rule";

export const VERSION_RULES: readonly Rule[] = [
  { id: "kubernetes-version", severity: "error", check: (platform) => outside(platform, "supported") },
  { id: "kubernetes-version-untested", severity: "warning", check: (platform) => outside(platform, "tested") },
];

function outside(platform: Omit<Platform, "warnings">, strength: "supported" | "tested"): Finding[] {
  return platform.clusters.flatMap((cluster) => {
    if (cluster.kind === "local") return [];
    const minor = Number(cluster.kubernetes.split(".")[1]);
    return SUPPORT.filter((row) => row.strength === strength && (row.kind ?? cluster.kind) === cluster.kind)
      .filter((row) => row.component === undefined || installedComponents(platform, cluster).includes(row.component))
      .filter((row) => minor < row.minor[0] || minor > row.minor[1])
      .map((row) => ({
        path: `clusters.${cluster.name}.kubernetes`,
        message: `"${cluster.kubernetes}" is not ${strength} by ${row.what}, which takes 1.${row.minor[0]} to 1.${row.minor[1]}`,
      }));
  });
}
