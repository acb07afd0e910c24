/** What must hold of every organisation, recomputed from the config as it is written and from the stacks as they are synthesized. */
import { parse } from "yaml";
import type { PlatformInput, QuotaInput, TeamInput } from "../../config/input";

type Any = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- Terraform's JSON
/** `cdk.tf.json` of each stack, by the stack's name. */
export type Stacks = Readonly<Record<string, string>>;

const TEAM = "stackyard.dev/team";
const UNITS: Readonly<Record<string, number>> = { "": 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Kubernetes's quantities, with a reader of their own. */
function quantity(text: unknown): number {
  const [, number = "", unit = ""] = /^([\d.]+)(m|Ki|Mi|Gi|Ti)?$/.exec(String(text)) ?? [];
  return unit === "m" ? Number(number) / 1000 : Number(number) * (UNITS[unit] ?? NaN);
}

const namespacesOf = (
  name: string,
  { quota, namespaces = {} }: TeamInput,
): readonly (readonly [string, QuotaInput])[] =>
  quota
    ? [[`team-${name}`, quota]]
    : Object.entries(namespaces).map(([key, one]) => [`team-${name}-${key}`, one.quota]);

const quotasOf = (name: string, team: TeamInput): readonly QuotaInput[] => [
  ...namespacesOf(name, team).map(([, quota]) => quota),
  ...(Object.values(team.environments ?? {}) as QuotaInput[]),
];
const total = (quotas: readonly QuotaInput[], of: "cpu" | "memory"): number =>
  quotas.reduce((sum, quota) => sum + quantity(quota[of]), 0);

/** The arithmetic of the config alone: what the platform has computed, given the environments as `definePlatform` returns them. */
export function arithmetic(
  input: PlatformInput,
  environments: readonly { readonly name: string; readonly quota: { readonly cpu: number; readonly memory: number } }[],
): string[] {
  return environments.flatMap(({ name, quota }) => {
    const quotas = Object.values(input.teams).flatMap((team) => team.environments?.[name] ?? []);
    return [
      ...(quota.cpu / 1000 > total(quotas, "cpu")
        ? []
        : [`${name}: no room for its control plane beside its teams' cores`]),
      ...(quota.memory > total(quotas, "memory")
        ? []
        : [`${name}: no room for its control plane beside its teams' memory`]),
    ];
  });
}

interface Resource {
  readonly type: string;
  readonly address: string;
  readonly path: readonly string[];
  readonly body: Any;
}

const resourcesIn = (text: string): readonly Resource[] =>
  Object.entries((JSON.parse(text).resource ?? {}) as Record<string, Record<string, Any>>).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, body]) => ({
      type,
      address: `${type}.${name}`,
      path: String(body["//"]?.metadata?.path ?? "").split("/"),
      body,
    })),
  );

/** What a cluster's stacks say together; layers are one cluster. */
const clusterStacks = (stacks: Stacks, cluster: string): readonly Resource[] => {
  const prefix = cluster.replace(/-platform$/, "");
  return Object.entries(stacks)
    .filter(([name]) => name.startsWith(`${prefix}-`))
    .flatMap(([, text]) => resourcesIn(text));
};

/** Everything that is wrong with the stacks of an organisation. */
export function wrongWith(input: PlatformInput, stacks: Stacks): string[] {
  return Object.keys(input.clusters).flatMap((cluster) => {
    const resources = clusterStacks(stacks, cluster);
    const of = (type: string) => resources.filter((resource) => resource.type === type);
    const releases = of("helm_release").map(({ body, ...rest }) => ({
      ...rest,
      body,
      values: () => parse(body.values?.[0] ?? "{}"),
    }));
    return [
      ...names(resources),
      ...quotas(
        input,
        of("kubernetes_resource_quota_v1").map(({ body }) => body),
      ),
      ...labels(
        input,
        of("kubernetes_namespace_v1").map(({ body }) => body.metadata),
      ),
      ...Object.entries(input.teams).flatMap(([name, team]) => {
        const release = releases.find(({ body }) => body.name === `team-${name}`);
        return release ? limitRanges(input, name, team, release.values()) : [`${name}: no release`];
      }),
      ...(cluster === "aws-platform"
        ? karpenterPools(
            input,
            releases.filter(({ body }) => String(body.name).startsWith("node-pools-")).map(({ values }) => values()),
          )
        : []),
      ...(cluster === "azure-platform"
        ? azurePools(
            input,
            of("azurerm_kubernetes_cluster_node_pool").map(({ body }) => body),
          )
        : []),
    ].map((what) => `${cluster}: ${what}`);
  });
}

/** Nobody shares a name, and none is longer than its owner takes. */
function names(resources: readonly Resource[]): string[] {
  const limits: readonly (readonly [string, number, (body: Any) => string])[] = [
    ["kubernetes_namespace_v1", 63, (body) => body.metadata.name],
    ["helm_release", 53, (body) => body.name],
    ["aws_iam_role", 64, (body) => body.name ?? `${body.name_prefix}${"x".repeat(26)}`],
    ["azurerm_kubernetes_cluster_node_pool", 12, (body) => body.name],
  ];
  return limits.flatMap(([type, longest, nameOf]) => {
    const all = resources.filter((resource) => resource.type === type);
    const known = all.map(({ body }) => `${type === "helm_release" ? `${body.namespace}/` : ""}${nameOf(body)}`);
    return [
      ...all
        .map(({ body }) => nameOf(body))
        .filter((name) => name.length > longest)
        .map((name) => `${type} ${name} is longer than ${longest}`),
      ...known.filter((name, index) => known.indexOf(name) !== index).map((name) => `two ${type} are called ${name}`),
    ];
  });
}

function quotas(input: PlatformInput, all: readonly Any[]): string[] {
  const hard = (namespace: string, name: string): Any =>
    all.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name)?.spec.hard ?? {};
  const same = (where: string, what: string, found: unknown, wanted: unknown) =>
    quantity(found) === quantity(wanted)
      ? []
      : [`${where}: ${what} is ${String(found)}, and the config says ${String(wanted)}`];
  const teams = Object.entries(input.teams).flatMap(([name, team]) =>
    namespacesOf(name, team).flatMap(([namespace, quota]) => {
      const found = hard(namespace, "team");
      return [
        ...same(namespace, "cpu", found["requests.cpu"], quota.cpu),
        ...same(namespace, "memory", found["requests.memory"], quota.memory),
        ...same(namespace, "GPUs", found["requests.nvidia.com/gpu"], quota.gpus ?? 0),
        ...(quota.storage ? same(namespace, "storage", found["requests.storage"], quota.storage) : []),
        ...(quota.pods ? same(namespace, "pods", found["pods"], quota.pods) : []),
        ...(quota.limits ? same(namespace, "limits", found["limits.cpu"], quota.limits.cpu) : []),
        ...same(namespace, "load balancers", found["services.loadbalancers"], 0),
      ];
    }),
  );
  const environments = Object.entries(input.environments).flatMap(([name, { cluster }]) => {
    const found = hard(`vcluster-${cluster}`, "environment");
    const asked = Object.values(input.teams).flatMap((team) => team.environments?.[name] ?? []);
    return (["cpu", "memory"] as const)
      .filter((of) => !(quantity(found[`requests.${of}`]) > total(asked, of)))
      .map(
        (of) =>
          `${name}: requests.${of} ${String(found[`requests.${of}`])} has no room for its teams' ${total(asked, of)}`,
      );
  });
  return [...teams, ...environments];
}

/** Each namespace is one team's, by the label that network policies, admission and cost reports go by. */
function labels(input: PlatformInput, all: readonly Any[]): string[] {
  const owner = new Map(
    Object.entries(input.teams).flatMap(([name, team]) =>
      namespacesOf(name, team).map(([namespace]) => [namespace, name] as const),
    ),
  );
  return [
    ...[...owner.keys()]
      .filter((name) => !all.some((metadata) => metadata.name === name))
      .map((name) => `no namespace ${name}`),
    ...all
      .filter(({ name, labels: found }) => owner.get(name) !== found?.[TEAM])
      .map(
        ({ name, labels: found }) =>
          `${name} has the label of ${String(found?.[TEAM])}, and is ${String(owner.get(name))}'s`,
      ),
  ];
}

/** A pod that says nothing is admitted and fits; no default is larger than what is allowed. */
function limitRanges({ admission }: PlatformInput, name: string, team: TeamInput, values: Any): string[] {
  return namespacesOf(name, team).flatMap(([namespace, quota]) => {
    const range = (values.namespaces as Any[]).find((one) => one.name === namespace)?.limitRange;
    if (!range) return [`${namespace}: no LimitRange`];
    const atMost = (what: string, small: Any, large: Any) =>
      (["cpu", "memory"] as const)
        .filter((of) => small?.[of] && large?.[of] && quantity(small[of]) > quantity(large[of]))
        .map((of) => `${namespace}: ${what} of ${of}`);
    return [
      ...atMost("a default request beyond the quota", range.defaultRequest, quota),
      ...atMost("a default limit beyond the quota", range.default, quota.limits),
      ...atMost("a default request beyond the default limit", range.defaultRequest, range.default),
      ...(admission?.mode === "enforce" && !range.default?.memory
        ? [`${namespace}: a limit of memory is asked for, and a pod gets none`]
        : []),
      ...(range.max && !range.default?.cpu ? [`${namespace}: a container that states nothing gets all of max`] : []),
      ...atMost("a default limit beyond the largest", range.default, range.max),
      ...(quota.limits && !range.default?.cpu ? [`${namespace}: limits are counted, and a container gets none`] : []),
    ];
  });
}

function karpenterPools(input: PlatformInput, releases: readonly Any[]): string[] {
  const pools: readonly Any[] = releases.flatMap(({ resources }) =>
    (resources as Any[]).filter(({ kind }) => kind === "NodePool"),
  );
  const teamOf = (pool: Any): unknown => pool.spec.template.metadata.labels[TEAM];
  const known = pools.map(({ metadata }) => String(metadata.name));
  return [
    ...known.filter((name, index) => known.indexOf(name) !== index).map((name) => `two NodePools are called ${name}`),
    ...Object.entries(input.teams).flatMap(([name, team]) => {
      const own = pools.filter((pool) => teamOf(pool) === name);
      const wanted = Object.keys(team.nodePools ?? {}).length;
      if (own.length !== wanted) return [`${name}: ${own.length} NodePools, and ${wanted} in the config`];
      if (wanted === 0) return [];
      return (["cpu", "memory"] as const)
        .filter(
          (of) =>
            own.reduce((sum: number, { spec }) => sum + quantity(spec.limits[of]), 0) < total(quotasOf(name, team), of),
        )
        .map((of) => `${name}: its NodePools' limits of ${of} are less than its quotas`);
    }),
    ...pools
      .filter((pool) => teamOf(pool) === undefined && !String(pool.metadata.name).startsWith("shared"))
      .map(({ metadata }) => `${metadata.name} is nobody's`),
  ];
}

/** AKS says nodes, so that cores are read from the name of their size: `Standard_D8ds_v5` has 8. */
function azurePools(input: PlatformInput, pools: readonly Any[]): string[] {
  const cores = ({ vm_size: size, max_count: most }: Any): number =>
    Number(/^Standard_[A-Z]+?(\d+)/.exec(size)?.[1]) * Number(most);
  return Object.entries(input.teams).flatMap(([name, team]) => {
    const own = pools.filter((pool) => pool.node_labels?.[TEAM] === name);
    if (Object.keys(team.nodePools ?? {}).length === 0)
      return own.length === 0 ? [] : [`${name}: pools that the config has not`];
    return own.reduce((sum: number, pool) => sum + cores(pool), 0) < total(quotasOf(name, team), "cpu")
      ? [`${name}: its AKS pools have fewer cores than its quotas`]
      : [];
  });
}

/** What a team's coming does to the others: every address stays, and nothing of theirs changes. Seen backwards it is the team's leaving. */
export function disturbed(input: PlatformInput, before: Stacks, after: Stacks, newcomer: string): string[] {
  return Object.entries(before).flatMap(([stack, text]) => {
    const later = new Map(resourcesIn(after[stack] ?? "{}").map((resource) => [resource.address, resource]));
    const earlier = resourcesIn(text);
    const added = [...later.values()].filter(({ address }) => !earlier.some((one) => one.address === address));
    return [
      ...earlier.filter(({ address }) => !later.has(address)).map(({ address }) => `${stack}: ${address} is gone`),
      ...earlier
        .filter(({ path }) =>
          path.some(
            (segment, index) =>
              segment in input.teams && /^(teams|pools|node-pools|team-vaults|spot-pools)$/.test(path[index - 1] ?? ""),
          ),
        )
        .filter(
          ({ address, body }) =>
            later.has(address) && JSON.stringify(later.get(address)?.body) !== JSON.stringify(body),
        )
        .map(({ address }) => `${stack}: ${address} has changed`),
      // A group's first team brings the group's access to the cluster along.
      ...added
        .filter(
          ({ path }) =>
            !path.some((segment) => segment.includes(newcomer)) &&
            !(path.some((segment) => /(^|-)access$/.test(segment)) && path.some((segment) => segment in input.groups)),
        )
        .map(({ address }) => `${stack}: ${address} came, and is not the team's`),
    ];
  });
}
