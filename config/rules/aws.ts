/** What AWS would refuse, or silently never use. */
import { isPrivateRange } from "../address-ranges";
import { AWS_ZONES, type AwsCluster } from "../clouds/aws";
import { awsInstanceCores } from "../clouds/aws-node-pools";
import { shutsItselfIn } from "../layers";
import type { NodePool } from "../node-pools";
import { sharedPool, type Platform } from "../platform";
import type { Finding, Rule } from "./rule";
import { unused } from "./unused";

type Checked = Omit<Platform, "warnings">;

/** Keys that shape what is not made on a cluster of somebody else. */
const OF_OUR_CLUSTER = [
  "access.public",
  "access.private",
  "systemNodes",
  "deletionProtection",
  "logRetention",
  "keepLogs",
];
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
    id: "aws-network-values",
    severity: "error",
    check: (platform) => clusters(platform).flatMap(networkValues),
  },
  {
    id: "aws-system-nodes",
    severity: "error",
    check: (platform) => clusters(platform).flatMap(systemNodes),
  },
  {
    id: "private-api",
    severity: "warning",
    check: (platform) =>
      clusters(platform)
        .filter(shutsItselfIn)
        .map(({ name }) => ({
          path: `clusters.${name}.access`,
          message:
            'nobody can be inside a VPC that the same deploy makes, so the first one stops at the first release; take layout: "layered" or network.existing, or open access.public until you have a way in',
        })),
  },
  {
    id: "budget-tag",
    severity: "warning",
    check: (platform) =>
      clusters(platform)
        .filter(({ budget, costAllocationTags }) => budget !== undefined && !costAllocationTags)
        .map(({ name }) => ({
          path: `clusters.${name}.budget`,
          message:
            'counts nothing until "stackyard-cluster" is an active cost allocation tag; activate it in the payer account, or with costAllocationTags: true where this is one',
        })),
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

/** Nobody owns that much. */
const WIDE = /\/[0-7]$/;

function networkValues({ name, access, network }: AwsCluster): Finding[] {
  const path = `clusters.${name}`;
  const inside = access.public.filter(isPrivateRange).map((range) => ({
    path: `${path}.access.public`,
    message: `${range} is a private range, from which nobody comes over the internet; name it in access.private`,
  }));
  const wide = (access.private ?? [])
    .filter((range) => WIDE.test(range))
    .map((range) => ({
      path: `${path}.access.private`,
      message: `${range} is half the internet or more (/0 to /7); name the ranges of the networks that are connected to the VPC`,
    }));
  const twice = (["privateSubnets", "publicSubnets"] as const).flatMap((key) => {
    const subnets = network.existing?.[key] ?? [];
    return subnets
      .filter((subnet, index) => subnets.indexOf(subnet) !== index)
      .map((subnet) => ({ path: `${path}.network.existing.${key}`, message: `names ${subnet} twice; name each once` }));
  });
  return [...inside, ...wide, ...twice];
}

/** The architecture is part of an instance type's name: a `g` behind the generation is Graviton. */
const isArm = (type: string): boolean => /^[a-z]+\d+g|^a1\./.test(type);

function systemNodes({ name, kubernetes, systemNodes }: AwsCluster): Finding[] {
  const path = `clusters.${name}.systemNodes`;
  const { architecture, instanceTypes = [], amiRelease } = systemNodes;
  const others = instanceTypes.filter((type) => isArm(type) !== (architecture === "arm64"));
  return [
    ...(others.length === 0
      ? []
      : [
          {
            path: `${path}.instanceTypes`,
            message: `${others.join(", ")} do not go with the image for ${architecture}, given or by default; set architecture, or take other types`,
          },
        ]),
    ...(amiRelease === undefined || amiRelease.startsWith(`${kubernetes}.`)
      ? []
      : [
          {
            path: `${path}.amiRelease`,
            message: `"${amiRelease}" is an image for another Kubernetes than ${kubernetes}; take one of that minor version`,
          },
        ]),
  ];
}

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
