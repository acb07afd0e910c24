/** What AWS would refuse, or silently never use. */
import { isPrivateRange } from "../address-ranges";
import { AWS_ZONES, type AwsCluster } from "../clouds/aws";
import { teamRoleName } from "../clouds/aws-names";
import { awsInstanceCores } from "../clouds/aws-node-pools";
import { shutsItselfIn } from "../layers";
import { clusterFullName } from "../names";
import type { NodePool } from "../node-pools";
import type { Platform } from "../platform";
import { eachPool } from "./pools";
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
    id: "duplicate-cluster",
    severity: "error",
    check: (platform) =>
      pairsInOneAccount(platform).flatMap(([cluster, other]) => [
        ...sameRoles(platform, cluster, other),
        ...sameTeamRoles(platform, cluster, other),
      ]),
  },
  {
    id: "aws-account",
    severity: "error",
    check: (platform) => [
      ...clusters(platform).flatMap(otherBoundary),
      ...pairsInOneAccount(platform)
        .filter((pair) => pair.every(({ spotServiceLinkedRole }) => spotServiceLinkedRole === "create"))
        .map(([cluster, other]) => ({
          path: `clusters.${cluster.name}.spotServiceLinkedRole`,
          message: `an account has one such role, and ${other.name} makes it; leave it out here, or say the clusters' accounts`,
        })),
    ],
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
    check: (platform) => eachPoolOnAws(platform, (pool, path) => noInstance(pool, `${path}.cpus`)),
  },
  {
    id: "aws-instance-types",
    severity: "error",
    check: (platform) => eachPoolOnAws(platform, (pool, path) => otherTypes(pool, `${path}.aws.instanceTypes`)),
  },
];

const clusters = (platform: Checked): readonly AwsCluster[] =>
  platform.clusters.filter((cluster) => cluster.kind === "aws");

/** Pools that become nodes on EKS: a team's do on every cluster. */
function eachPoolOnAws(platform: Checked, check: (pool: NodePool, path: string) => Finding[]): Finding[] {
  if (clusters(platform).length === 0) return [];
  return eachPool(platform, (pool, path, cluster) =>
    cluster === undefined || cluster.kind === "aws" ? check(pool, path) : [],
  );
}

/** Each cluster with each before it in the same account; those that name none are taken to be in one. */
function pairsInOneAccount(platform: Checked): readonly (readonly [AwsCluster, AwsCluster])[] {
  return clusters(platform).flatMap((cluster, index, all) =>
    all
      .slice(0, index)
      .filter(({ account }) => account === cluster.account)
      .map((other) => [cluster, other] as const),
  );
}

/** Roles of the platform's own are `<cluster>-<role>`, and one of them is `system-node` beside `node`. */
function sameRoles(platform: Checked, cluster: AwsCluster, other: AwsCluster): Finding[] {
  const [name, others] = [clusterFullName(platform, cluster), clusterFullName(platform, other)];
  const why = (role: string): Finding[] => [
    {
      path: `clusters.${cluster.name}`,
      message: `its IAM role "${role}" has the name of one of ${other.name}, in the same account; rename one of the two clusters, or say their accounts`,
    },
  ];
  if (name === others || name === `${others}-system`) return why(`${name}-node`);
  return others === `${name}-system` ? why(`${others}-node`) : [];
}

function sameTeamRoles(platform: Checked, cluster: AwsCluster, other: AwsCluster): Finding[] {
  // Then all of them are the same, which is said of the clusters.
  if (clusterFullName(platform, cluster) === clusterFullName(platform, other)) return [];
  const accounts = platform.teams.flatMap(({ name: team, serviceAccounts }) =>
    serviceAccounts.filter(({ aws }) => aws !== undefined).map(({ namespace, name }) => ({ team, namespace, name })),
  );
  const rolesOf = (each: AwsCluster): ReadonlyMap<string, (typeof accounts)[number]> =>
    new Map(accounts.map((one) => [teamRoleName(clusterFullName(platform, each), one.namespace, one.name), one]));
  const there = rolesOf(other);
  return [...rolesOf(cluster)].flatMap(([role, { team, name }]) => {
    const twin = there.get(role);
    return twin === undefined
      ? []
      : [
          {
            path: `teams.${team}.serviceAccounts.${name}`,
            message: `its IAM role on ${cluster.name}, "${role}", has the name of that of teams.${twin.team}.serviceAccounts.${twin.name} on ${other.name}, in the same account; rename one of the namespaces or clusters, or say the clusters' accounts`,
          },
        ];
  });
}

function otherBoundary({ name, account, permissionsBoundary }: AwsCluster): Finding[] {
  const owner = permissionsBoundary?.split(":")[4];
  if (owner === undefined || account === undefined || owner === "aws" || owner === account) return [];
  return [
    {
      path: `clusters.${name}.permissionsBoundary`,
      message: `is a policy of the account ${owner}, which IAM does not take for roles of ${account}; name one there`,
    },
  ];
}

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

/** NVIDIA's, whole: its device plugin is what the platform installs. g4ad has AMD's, and g6f and its like a part of one. */
const hasGpu = (type: string): boolean => /^(g|gr|p)\d/.test(type) && !/^(g4ad|gr?\d+f)\./.test(type);

function otherTypes({ architecture, class: purpose, aws }: NodePool, path: string): Finding[] {
  const types = aws.instanceTypes ?? [];
  const foreign = types.filter((type) => isArm(type) !== (architecture === "arm64"));
  const purposeless = types.filter((type) => !foreign.includes(type) && hasGpu(type) !== (purpose === "gpu"));
  return [
    ...(foreign.length === 0
      ? []
      : [
          {
            path,
            message: `${foreign.join(", ")}: not of the architecture ${architecture}, given or by default, so that no node would ever be made; set architecture, or take other types`,
          },
        ]),
    ...(purposeless.length === 0
      ? []
      : [
          {
            path,
            message:
              purpose === "gpu"
                ? `${purposeless.join(", ")}: no whole GPUs of NVIDIA's, which the class "gpu" is for; take other types, or another class`
                : `${purposeless.join(", ")}: GPUs, which no pod could ask for in a pool of class "${purpose}"; take class: "gpu", or other types`,
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
