/** What AWS would refuse, or silently never use. */
import { AWS_ZONES, awsInstanceCores, type AwsCluster } from "../clouds/aws";
import type { NodePool } from "../node-pools";
import { sharedPool, type Platform } from "../platform";
import type { Finding, Rule, Source } from "./rule";

type Checked = Omit<Platform, "warnings">;

/** Keys that shape what is not made on a cluster of somebody else. */
const OF_OUR_CLUSTER = ["access.public", "systemNodes", "deletionProtection", "logRetention", "keepLogs"];
const OF_OUR_NETWORK = ["network.zones", "network.nat", "network.endpoints"];

export const AWS_RULES: readonly Rule[] = [
  {
    id: "existing-cluster",
    severity: "error",
    check: (platform, source) =>
      clusters(platform).flatMap((cluster): Finding[] => {
        if (cluster.existing === undefined) return [];
        const path = `clusters.${cluster.name}`;
        return [
          ...unused(source, path, OF_OUR_CLUSTER, `the cluster "${cluster.existing}" is somebody else's`),
          ...(cluster.network.existing
            ? []
            : [
                {
                  path: `${path}.network.existing`,
                  message: `is missing: name the VPC and subnets of "${cluster.existing}", where nodes and load balancers go`,
                },
              ]),
        ];
      }),
  },
  {
    id: "existing-network",
    severity: "error",
    check: (platform, source) =>
      clusters(platform).flatMap((cluster) =>
        cluster.network.existing
          ? unused(
              source,
              `clusters.${cluster.name}`,
              OF_OUR_NETWORK,
              `the VPC ${cluster.network.existing.vpc} is there`,
            )
          : [],
      ),
  },
  {
    id: "hosted-zone",
    severity: "error",
    check: (platform) =>
      clusters(platform).flatMap((cluster): Finding[] => {
        const { zone, create } = cluster.dns;
        if ((zone === undefined) !== (create === undefined)) return [];
        const found = zone === undefined ? "names no zone" : "has both zone and create";
        return [
          {
            path: `clusters.${cluster.name}.dns`,
            message: `${found}; give the id of a zone that exists, { zone: "Z…" }, or { create: true }`,
          },
        ];
      }),
  },
  {
    id: "aws-zones",
    severity: "error",
    check: (platform) =>
      clusters(platform).flatMap((cluster): Finding[] => {
        const zones = AWS_ZONES[cluster.region];
        if (zones === undefined || cluster.network.existing || cluster.network.zones <= zones) return [];
        return [
          {
            path: `clusters.${cluster.name}.network.zones`,
            message: `${cluster.network.zones} zones, given or by default, are more than the ${zones} that ${cluster.region} has for EKS; set it to ${zones}, or take another region`,
          },
        ];
      }),
  },
  {
    id: "aws-instance-size",
    severity: "error",
    check: (platform) => {
      const onAws = clusters(platform);
      if (onAws.length === 0) return [];
      const shared = onAws.flatMap((cluster) => {
        const pool = sharedPool(cluster);
        return pool ? noInstance(pool, `clusters.${cluster.name}.sharedPool.cpus`) : [];
      });
      return [
        ...shared,
        ...platform.teams.flatMap((team) =>
          team.nodePools.flatMap((pool) => noInstance(pool, `teams.${team.name}.nodePools.${pool.name}.cpus`)),
        ),
      ];
    },
  },
];

const clusters = (platform: Checked): readonly AwsCluster[] =>
  platform.clusters.filter((cluster) => cluster.kind === "aws");

function noInstance(pool: NodePool, path: string): Finding[] {
  const cores = awsInstanceCores(pool);
  const [smallest, largest] = pool.cpus;
  if (pool.aws.instanceTypes || cores.length === 0 || cores.some((each) => each >= smallest && each <= largest))
    return [];
  return [
    {
      path,
      message: `no instance type of class "${pool.class}", ${pool.architecture}, has ${smallest} to ${largest} cores; there are some with ${cores.join(", ")}`,
    },
  ];
}

/** Findings for keys that somebody wrote, although nothing reads them. */
function unused({ written }: Source, cluster: string, keys: readonly string[], why: string): Finding[] {
  return keys
    .filter((key) => at(written, `${cluster}.${key}`) !== undefined)
    .map((key) => ({ path: `${cluster}.${key}`, message: `does nothing, because ${why}; take it out` }));
}

function at(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (inner, key) =>
        typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined,
      value,
    );
}
