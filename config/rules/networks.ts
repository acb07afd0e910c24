/** Address ranges and domains that would clash. */
import { METADATA_RANGES, contains, overlap } from "../address-ranges";
import { rangesOf, type Cluster } from "../platform";
import type { Finding, Rule } from "./rule";

interface Range {
  readonly path: string;
  readonly cidr: string;
  /** Clusters in one network may name the same ranges of it. @default - a network of its own */
  readonly network?: string | undefined;
}

function existingNetwork(cluster: Cluster): string | undefined {
  if (cluster.kind === "aws") return cluster.network.existing?.vpc;
  if (cluster.kind === "azure") return cluster.network.existing?.nodeSubnet.toLowerCase().replace(/\/subnets\/.*$/, "");
  return undefined;
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
    id: "reserved-range",
    severity: "error",
    check: (platform) => platform.clusters.flatMap(reservedRanges),
  },
  {
    id: "same-context",
    severity: "error",
    check: (platform) => {
      const owners = new Map<string, string>();
      return platform.clusters.flatMap((cluster): Finding[] => {
        if (cluster.kind !== "local") return [];
        const key = `${cluster.kubeconfig} ${cluster.context}`;
        const owner = owners.get(key);
        if (owner === undefined) owners.set(key, cluster.name);
        const message = `"${cluster.context}" is the cluster of ${owner ?? ""} as well; one cluster holds one platform`;
        return owner === undefined ? [] : [{ path: `clusters.${cluster.name}.context`, message }];
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
          .filter((cidr) => METADATA_RANGES.some((range) => contains(range, cidr)))
          .map((cidr) => ({
            path: `teams.${team.name}.egress`,
            message: `${cidr} is where the clouds' metadata services answer, with the node's credentials; take it out`,
          })),
      ),
  },
  {
    id: "egress-into-cluster",
    severity: "warning",
    check: (platform) =>
      platform.teams.flatMap((team) =>
        team.egress.flatMap((cidr) =>
          platform.clusters
            .filter((cluster) => rangesOf(cluster).some((range) => contains(range, cidr)))
            .map((cluster) => ({
              path: `teams.${team.name}.egress`,
              message: `${cidr} lies within ${cluster.name}: the team's pods may reach the nodes, and components that have no network policy, at addresses in it; name single addresses, such as a database's`,
            })),
        ),
      ),
  },
];

/** Ranges that no network may touch, and those that a cloud keeps for itself. */
const RESERVED: Readonly<Record<Cluster["kind"], readonly string[]>> = {
  aws: ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"],
  // https://learn.microsoft.com/azure/aks/configure-azure-cni: prerequisites
  azure: ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"],
  local: [],
};
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

function reservedRanges(cluster: Cluster): Finding[] {
  const ranges = [networkOf(cluster) ?? [], innerRangesOf(cluster)].flat();
  const reserved = ranges.flatMap(({ path, cidr }) =>
    RESERVED[cluster.kind]
      .filter((other) => overlap(cidr, other))
      .map((other) => ({
        path,
        message: `${cidr} overlaps ${other}, which is reserved on this cloud; take another range`,
      })),
  );
  const services = cluster.kind === "aws" ? innerRangesOf(cluster) : [];
  const open = services
    .filter(({ cidr }) => !PRIVATE.some((range) => contains(range, cidr)))
    .map(({ path, cidr }) => ({
      path,
      message: `${cidr} is not a private range of RFC 1918, which EKS wants for Services: ${PRIVATE.join(", ")}`,
    }));
  return [...reserved, ...open];
}

function networkOf(cluster: Cluster): Range | undefined {
  return cluster.kind === "local"
    ? undefined
    : {
        path: `clusters.${cluster.name}.network.cidr`,
        cidr: cluster.network.cidr,
        network: existingNetwork(cluster),
      };
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
      .filter((other) => range.network === undefined || range.network !== other.network)
      .filter((other) => overlap(range.cidr, other.cidr))
      .map((other) => clash(range, other, why)),
  );
}

const clash = (range: Range, other: Range, why: string): Finding => ({
  path: range.path,
  message: `${range.cidr} overlaps ${other.cidr} of ${other.path}: ${why}`,
});
