/** Options that contradict each other, or that something else refuses. */
import type { Allocatable } from "../clouds/common";
import { COMPONENT_NAMES, DATABASE_OWNERS, needsOf } from "../components";
import { OWN_TAGS } from "../names";
import { entries, hasSecretStore, hasTeamSecretStores, type Platform, type Quota } from "../platform";
import { formatCpu, formatMemory } from "../quantities";
import type { Finding, Rule } from "./rule";

type Checked = Omit<Platform, "warnings">;

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html and Azure's tag limits: what both take. */
const TAG_KEY = /^(?! )[A-Za-z0-9 _.:+@-]{1,128}(?<! )$/;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html: the strictest. */
const TAG_VALUE = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u;
/** EC2 takes 50, and on a node of a team with a project six are the platform's own and six Karpenter's. */
const MOST_TAGS = 38;
/** Part of a key of the quota. */
const STORAGE_CLASS = /^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/;

export const OPTION_RULES: readonly Rule[] = [
  {
    id: "no-clusters",
    severity: "error",
    check: (_platform, { known }) =>
      known.clusters.length > 0
        ? []
        : [{ path: "clusters", message: 'names no cluster; add one, such as "aws-platform": aws({ … })' }],
  },
  {
    id: "quota-or-namespaces",
    severity: "error",
    check: (_platform, { parsed }) =>
      Object.entries(parsed.teams).flatMap(([name, team]): Finding[] => {
        const path = `teams.${name}`;
        if (team.quota && team.namespaces)
          return [
            { path, message: "has both quota and namespaces; give quota for one namespace, or namespaces for several" },
          ];
        if (!team.quota && Object.keys(team.namespaces ?? {}).length === 0)
          return [
            {
              path,
              message: "has neither quota nor namespaces; give quota for one namespace, or namespaces for several",
            },
          ];
        return [];
      }),
  },
  {
    id: "component-needs",
    severity: "error",
    check: (platform) =>
      COMPONENT_NAMES.filter((name) => platform.components[name].enabled).flatMap((name) =>
        needsOf(name, platform.components[name])
          .filter((need) => !platform.components[need].enabled)
          .map((need) => ({
            path: `components.${need}`,
            message: `is off, but ${name} needs it; leave it on, or set components.${name} to false as well`,
          })),
      ),
  },
  {
    id: "database-archive",
    severity: "error",
    check: (platform) =>
      DATABASE_OWNERS.flatMap((name): Finding[] => {
        const { archive = `${name}-db`, restore, external } = platform.components[name].database ?? {};
        const path = `components.${name}.database`;
        if (external && (restore ?? platform.components[name].database?.archive))
          return [
            {
              path,
              message: "has archive or restore beside external; whoever runs the database backs it up, take them out",
            },
          ];
        if (restore?.archive !== archive) return [];
        return [
          {
            path: `${path}.archive`,
            message: `"${archive}", given or by default, is what restore.archive reads; a new database writes into a folder of its own, such as "${archive}-2"`,
          },
        ];
      }),
  },
  {
    id: "external-database",
    severity: "error",
    check: (platform) =>
      DATABASE_OWNERS.filter((name) => platform.components[name].database?.external).flatMap((name): Finding[] => {
        const path = `components.${name}.database.external`;
        const clusters = platform.clusters.map((cluster) => cluster.name);
        if (clusters.length > 1)
          return [
            {
              path,
              message: `would be the database of ${name} on ${clusters.join(", ")}, which would write over each other; give each cluster a config of its own`,
            },
          ];
        return platform.clusters
          .filter((cluster) => !hasSecretStore(cluster))
          .map((cluster) => ({
            path,
            message: `its password is read from a secret store, and ${cluster.name} has none; leave external out, or give the cluster one`,
          }));
      }),
  },
  {
    id: "team-secret-store",
    severity: "warning",
    check: (platform) =>
      platform.teams
        .filter(({ secretStore }) => secretStore)
        .flatMap(({ name }): Finding[] => {
          const path = `teams.${name}.secretStore`;
          if (!platform.components["external-secrets"].enabled)
            return [
              {
                path,
                message: "is read by nobody without the component external-secrets; switch that on, or leave this out",
              },
            ];
          return platform.clusters
            .filter((cluster) => cluster.kind !== "local" && !hasTeamSecretStores(cluster))
            .map((cluster) => ({
              path,
              message: `does nothing on ${cluster.name}, whose secret store, if any, is one vault in a network of somebody else; the team brings its own by hand there`,
            }));
        }),
  },
  {
    id: "gpu-quota",
    severity: "error",
    check: (platform) =>
      eachQuota(platform, (quota, path, team) => {
        if (quota.gpus === 0 || team.nodePools.some((pool) => pool.class === "gpu")) return [];
        return [
          {
            path: `${path}.gpus`,
            message: `${quota.gpus} GPUs are granted, but the team has no node pool of class "gpu"; add one, or drop gpus`,
          },
        ];
      }),
  },
  {
    id: "limits-below-requests",
    severity: "error",
    check: (platform) =>
      eachQuota(platform, (quota, path) => {
        if (!quota.limits) return [];
        const findings: Finding[] = [];
        if (quota.limits.cpu < quota.cpu)
          findings.push({
            path: `${path}.limits.cpu`,
            message: `${formatCpu(quota.limits.cpu)} is less than the requests of ${formatCpu(quota.cpu)}, which could then never be used; raise it`,
          });
        if (quota.limits.memory < quota.memory)
          findings.push({
            path: `${path}.limits.memory`,
            message: `${formatMemory(quota.limits.memory)} is less than the requests of ${formatMemory(quota.memory)}, which could then never be used; raise it`,
          });
        return findings;
      }),
  },
  {
    id: "storage-classes",
    severity: "error",
    check: (platform) =>
      eachQuota(platform, ({ storage, storageClasses = {} }, path) =>
        entries(storageClasses).flatMap(([name, bytes]): Finding[] => {
          const at = `${path}.storageClasses.${name}`;
          if (!STORAGE_CLASS.test(name))
            return [
              { path: at, message: `"${name}" is no name of a StorageClass; lower-case letters, digits, "-" and "."` },
            ];
          return storage !== undefined && bytes > storage
            ? [
                {
                  path: at,
                  message: `${formatMemory(bytes)} is more than the ${formatMemory(storage)} of storage that all classes have together; lower it, or raise storage`,
                },
              ]
            : [];
        }),
      ),
  },
  {
    id: "container-sizes",
    severity: "error",
    check: (platform) => platform.teams.flatMap(containerSizes),
  },
  {
    id: "system-nodes",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster): Finding[] => {
        if (cluster.kind === "local" || cluster.systemNodes.min <= cluster.systemNodes.max) return [];
        return [
          {
            path: `clusters.${cluster.name}.systemNodes`,
            message: `min ${cluster.systemNodes.min} is more than max ${cluster.systemNodes.max}; raise max (3 by default)`,
          },
        ];
      }),
  },
  {
    id: "tags",
    severity: "error",
    check: ({ tags }) => {
      const keys = Object.keys(tags);
      const wrong = keys.flatMap((key, index) => {
        const message = wrongTag(key, keys.slice(0, index));
        return message === undefined ? [] : [{ path: "tags", message: `"${key}" ${message}` }];
      });
      const long = Object.entries(tags)
        .filter(([, value]) => !TAG_VALUE.test(value))
        .map(([key, value]) => ({
          path: `tags.${key}`,
          message: `"${value}" is not a value that both clouds take: at most 256 letters, digits, spaces and _.:/=+@-`,
        }));
      return keys.length <= MOST_TAGS
        ? [...wrong, ...long]
        : [
            ...wrong,
            ...long,
            {
              path: "tags",
              message: `has ${keys.length} tags; allowed: ${MOST_TAGS}, so that the platform's own fit into the clouds' 50`,
            },
          ];
    },
  },
];

/** Keys are compared as IAM and Azure do, which do not tell capital letters from small ones. */
function wrongTag(key: string, before: readonly string[]): string | undefined {
  const lower = key.toLowerCase();
  if (!TAG_KEY.test(key) || /^(aws|eks):/.test(lower))
    return 'is not a tag that both clouds take: 1 to 128 letters, digits, _.:+@- and spaces between them, not starting with "aws:" or "eks:"';
  if (OWN_TAGS.includes(lower)) return "is a tag of the platform's own; take it out";
  const twin = before.find((other) => other.toLowerCase() === lower);
  return twin === undefined ? undefined : `is "${twin}" for IAM and Azure; take one of them out`;
}

/** Request ≤ limit ≤ max, and what containers get by themselves fits into every quota, on the host and in environments. */
function containerSizes(team: Checked["teams"][number]): Finding[] {
  const { request, limit, max } = team.containers;
  type Size = readonly [name: string, amount: Allocatable];
  const pairs: readonly (readonly [Size, Size])[] = [
    [
      ["request", request],
      ["limit", limit],
    ],
    ...(max
      ? [
          [
            ["limit", limit],
            ["max", max],
          ] as const,
          [
            ["request", request],
            ["max", max],
          ] as const,
        ]
      : []),
    ...placedQuotas(team).flatMap(([path, quota]): (readonly [Size, Size])[] => [
      [
        ["request", request],
        [path, quota],
      ],
      ...(quota.limits
        ? [
            [
              ["limit", limit],
              [`the limits of ${path}`, quota.limits],
            ] as const,
          ]
        : []),
    ]),
  ];
  return pairs.flatMap(([[low, small], [high, large]]) =>
    small.cpu <= large.cpu && small.memory <= large.memory
      ? []
      : [
          {
            path: `teams.${team.name}.containers.${low}`,
            message: `${formatCpu(small.cpu)} CPU and ${formatMemory(small.memory)}, given or by default, do not fit into ${high}, ${formatCpu(large.cpu)} CPU and ${formatMemory(large.memory)}; Kubernetes wants request ≤ limit ≤ max`,
          },
        ],
  );
}

function eachQuota(
  platform: Checked,
  check: (quota: Quota, path: string, team: Checked["teams"][number]) => Finding[],
): Finding[] {
  return platform.teams.flatMap((team) => placedQuotas(team).flatMap(([path, quota]) => check(quota, path, team)));
}

/** Every quota of a team, with its path in the config. */
function placedQuotas({
  name,
  namespaces,
  environments,
}: Checked["teams"][number]): readonly (readonly [string, Quota])[] {
  return [
    ...namespaces.map(
      ({ key, quota }) =>
        [key === undefined ? `teams.${name}.quota` : `teams.${name}.namespaces.${key}.quota`, quota] as const,
    ),
    ...environments.map(({ environment, quota }) => [`teams.${name}.environments.${environment}`, quota] as const),
  ];
}
