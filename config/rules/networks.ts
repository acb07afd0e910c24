/** Address ranges and domains that would clash. */
import { contains, overlap } from "../address-ranges";
import { azurePriorities, azureVmSize, nodesWithin, type AzureCluster } from "../clouds/azure";
import { sharedPool, type Cluster, type Platform } from "../platform";
import type { Finding, Rule } from "./rule";

interface Range {
  readonly path: string;
  readonly cidr: string;
}

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "network-overlap",
    severity: "error",
    check: (platform) =>
      clashes(
        platform.clusters.map(networkOf).flatMap((range) => range ?? []),
        "cluster networks must be disjoint, or they can never be connected",
      ),
  },
  {
    id: "inner-range-overlap",
    severity: "error",
    check: (platform) => {
      const networks = platform.clusters.flatMap((cluster) => networkOf(cluster) ?? []);
      return platform.clusters.flatMap((cluster) => {
        const inner = innerRangesOf(cluster);
        const withNetworks = inner.flatMap((range) =>
          networks
            .filter((network) => overlap(range.cidr, network.cidr))
            .map((network) => clash(range, network, "pods could not reach that network")),
        );
        return [...withNetworks, ...clashes(inner, "ranges inside a cluster must be disjoint")];
      });
    },
  },
  {
    id: "shared-domain",
    severity: "error",
    check: (platform) => {
      const owners = new Map<string, string>();
      return platform.clusters.flatMap((cluster): Finding[] => {
        const owner = owners.get(cluster.domain);
        if (owner === undefined) owners.set(cluster.domain, cluster.name);
        const message = `"${cluster.domain}" is the domain of ${owner} as well; each cluster needs one of its own, or they overwrite each other's records`;
        return owner === undefined ? [] : [{ path: `clusters.${cluster.name}.domain`, message }];
      });
    },
  },
  {
    id: "egress-to-metadata",
    severity: "error",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.egress
          .filter((cidr) => contains("169.254.0.0/16", cidr))
          .map((cidr) => ({
            path: `teams.${team.name}.egress`,
            message: `${cidr} is where the clouds' metadata services answer, with the node's credentials; take it out`,
          })),
      ),
  },
  {
    id: "domain-outside-zone",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster): Finding[] => {
        if (
          cluster.kind !== "azure" ||
          cluster.domain === cluster.dns.zone ||
          cluster.domain.endsWith(`.${cluster.dns.zone}`)
        )
          return [];
        return [
          {
            path: `clusters.${cluster.name}.domain`,
            message: `"${cluster.domain}" does not lie in the zone "${cluster.dns.zone}"; records could not be made`,
          },
        ];
      }),
  },
  {
    id: "azure-pod-range",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster): Finding[] => {
        if (cluster.kind !== "azure") return [];
        const room = azureNodesInPodRange(cluster);
        const nodes = azureMostNodes(platform, cluster);
        if (nodes <= room) return [];
        return [
          {
            path: `clusters.${cluster.name}.network.podCidr`,
            message: `${cluster.network.podCidr} has room for ${room} nodes, a /24 each, but the pools may grow to ${nodes} and a third more while they are upgraded; take a shorter prefix, or lower limits. It cannot be changed later`,
          },
        ];
      }),
  },
];

function azureNodesInPodRange(cluster: AzureCluster): number {
  return Math.floor(2 ** (24 - Number(cluster.network.podCidr.split("/")[1])) / SURGE);
}

/** Room that an upgrade needs: a third more nodes in each pool. */
const SURGE = 4 / 3;

function azureMostNodes(platform: Omit<Platform, "warnings">, cluster: AzureCluster): number {
  const shared = sharedPool(cluster);
  const pools = [...(shared ? [shared] : []), ...platform.teams.flatMap((team) => team.nodePools)];
  return pools.reduce((sum, pool) => {
    const size = azureVmSize(pool);
    return sum + (size ? nodesWithin(pool, size) * azurePriorities(pool).length : 0);
  }, cluster.systemNodes.max);
}

function networkOf(cluster: Cluster): Range | undefined {
  return cluster.kind === "local"
    ? undefined
    : { path: `clusters.${cluster.name}.network.cidr`, cidr: cluster.network.cidr };
}

function innerRangesOf(cluster: Cluster): Range[] {
  if (cluster.kind === "local") return [];
  const path = `clusters.${cluster.name}.network`;
  const services = { path: `${path}.serviceCidr`, cidr: cluster.network.serviceCidr };
  return cluster.kind === "azure" ? [services, { path: `${path}.podCidr`, cidr: cluster.network.podCidr }] : [services];
}

function clashes(ranges: readonly Range[], why: string): Finding[] {
  return ranges.flatMap((range, index) =>
    ranges
      .slice(0, index)
      .filter((other) => overlap(range.cidr, other.cidr))
      .map((other) => clash(range, other, why)),
  );
}

const clash = (range: Range, other: Range, why: string): Finding => ({
  path: range.path,
  message: `${range.cidr} overlaps ${other.cidr} of ${other.path}: ${why}`,
});
