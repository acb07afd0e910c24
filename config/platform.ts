/** The platform after defaults: what every stack, module and report reads. Lists are sorted by name, so key order never matters. */
import type { z } from "zod";
import type { Alerts, TeamAlerts } from "./alerts";
import type { AwsCluster } from "./clouds/aws";
import { awsLargestNode, awsMostNodes, awsPoolOffer } from "./clouds/aws-node-pools";
import type { AzureCluster } from "./clouds/azure";
import { azureLargestNode, azureMostNodes, azurePoolOffer } from "./clouds/azure-node-pools";
import type { Allocatable, Offer } from "./clouds/common";
import type { LocalCluster } from "./clouds/local";
import type { awsRightsSchema, azureRightsSchema } from "./clouds/rights";
import { COMPONENT_NAMES, type ComponentName } from "./components";
import { environmentOverhead, type EnvironmentComponent } from "./environment-components";
import { ENVIRONMENT_PRESETS } from "./environments";
import type { AdmissionMode, EnvironmentPreset } from "./input";
import { COMPONENTS_POOL, type NodePool } from "./node-pools";
import type { Problem } from "./problems";
import type { Registries } from "./registries";
import type { Waiver } from "./waivers";
import type { DatabaseSettings, identityProviderSchema, ParsedPlatform, quotaSchema, teamSchema } from "./schema";

export type Cluster = AwsCluster | AzureCluster | LocalCluster;

/** Requests in millicores and bytes, storage in bytes; `limits` as well. */
export type Quota = Readonly<z.output<typeof quotaSchema>>;

export interface Group {
  readonly name: string;
  readonly sso: string;
  /** What the company's identity provider calls it. */
  readonly claim: string;
  readonly aws: string | undefined;
  readonly azure: string | undefined;
}

/** Where people of the company sign in; Keycloak sends them there. */
export type IdentityProvider = Readonly<z.output<typeof identityProviderSchema>> & { readonly displayName: string };

/** Millicores and bytes. Without `storage` or `pods` where a team's own quota there does not limit them. */
export type EnvironmentQuota = Omit<Quota, "limits">;

export interface Environment {
  readonly name: string;
  /** Name of the virtual cluster; its namespace on the host is `vcluster-<cluster>`. */
  readonly cluster: string;
  readonly namespace: string;
  readonly preset: EnvironmentPreset;
  /** What runs inside beside teams. */
  readonly components: readonly EnvironmentComponent[];
  /** What the namespace on the host may ask for: its teams, its control plane and its components. */
  readonly quota: EnvironmentQuota;
  readonly cap: Allocatable | undefined;
  /** Of what admission asks of workloads inside. */
  readonly admission: AdmissionMode;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a group may be in a team. */
export const TEAM_ROLES = ["admin", "edit", "view"] as const;
export type TeamRole = (typeof TEAM_ROLES)[number];

export interface TeamNamespace {
  readonly name: string;
  /** Under the team's `namespaces`; undefined for its one namespace. */
  readonly key: string | undefined;
  readonly podSecurity: "baseline" | "restricted";
  /** Clusters on which it is taken over. */
  readonly adopt: readonly string[];
  readonly quota: Quota;
}

export interface Team {
  readonly name: string;
  readonly costCenter: string;
  /** As the config names it; `projectOf` in names.ts is what it counts for. */
  readonly project: string | undefined;
  readonly groups: {
    readonly admin: readonly Group[];
    readonly edit: readonly Group[];
    readonly view: readonly Group[];
  };
  readonly namespaces: readonly TeamNamespace[];
  /** As the config says; else the cluster's own. */
  readonly deletionProtection: boolean | undefined;
  readonly containers: Readonly<z.output<typeof teamSchema>["containers"]>;
  readonly egress: readonly string[];
  readonly environments: readonly { readonly environment: string; readonly quota: Quota }[];
  readonly serviceAccounts: readonly TeamServiceAccount[];
  readonly secretStore: boolean;
  readonly alerts: TeamAlerts | undefined;
  readonly nodePools: readonly NodePool[];
}

export interface TeamServiceAccount {
  readonly name: string;
  /** Full name of the namespace on the host. */
  readonly namespace: string;
  readonly aws: z.output<typeof awsRightsSchema> | undefined;
  readonly azure: z.output<typeof azureRightsSchema> | undefined;
}

export interface ComponentSettings {
  readonly enabled: boolean;
  readonly values: Readonly<Record<string, unknown>>;
  /** Only of components on a database. @default - one of its own, as it comes */
  readonly database: DatabaseSettings | undefined;
}

export type ExternalDatabaseSettings = NonNullable<DatabaseSettings["external"]>;

/** What the API server asks of teams' workloads on the host; environments have modes of their own. */
export interface Admission {
  /** Without any, all are allowed. */
  readonly registries: readonly string[];
  readonly mode: AdmissionMode;
}

export interface Platform {
  readonly name: string;
  readonly contact: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly clusters: readonly Cluster[];
  readonly environments: readonly Environment[];
  readonly groups: readonly Group[];
  readonly teams: readonly Team[];
  readonly identityProvider: IdentityProvider | undefined;
  readonly components: Readonly<Record<ComponentName, ComponentSettings>>;
  readonly registries: Registries;
  readonly admission: Admission;
  readonly alerts: Alerts | undefined;
  /** As they stand in the config. */
  readonly waivers: readonly Waiver[];
  /** What is allowed but tight or surprising. */
  readonly warnings: readonly Problem[];
}

const PLATFORM = Symbol.for("stackyard.Platform");

/** Marks a checked platform, so that a config file that forgot `definePlatform` is noticed, and keeps what it was made from beside it. */
export function markPlatform<T extends object>(platform: T, input: unknown): T {
  return Object.defineProperty(platform, PLATFORM, { value: { input } });
}

export function isPlatform(value: unknown): value is Platform {
  return typeof value === "object" && value !== null && PLATFORM in value;
}

/** What `definePlatform` was given, in today's shape and before defaults. */
export function inputOf(platform: Platform): unknown {
  return (platform as { readonly [PLATFORM]?: { readonly input: unknown } })[PLATFORM]?.input;
}

/** Applies defaults that span entries, and sorts. References are resolved where they exist; a rule reports those that do not. */
export function resolvePlatform(parsed: ParsedPlatform): Omit<Platform, "warnings"> {
  const groups = entries(parsed.groups).map(([name, group]): Group => ({
    name,
    sso: group.sso ?? name,
    claim: group.claim ?? group.sso ?? name,
    aws: group.aws,
    azure: group.azure,
  }));
  const byName = new Map(groups.map((group) => [group.name, group]));
  const find = (names: readonly string[]): Group[] =>
    [...new Set(names)].flatMap((name) => byName.get(name) ?? []).sort(byKey((group) => group.name));
  const teams = entries(parsed.teams).map(([name, team]): Team => ({
    name,
    costCenter: team.costCenter,
    project: team.project,
    groups: { admin: find(team.groups.admin), edit: find(team.groups.edit), view: find(team.groups.view) },
    namespaces: team.quota
      ? [{ name: `team-${name}`, key: undefined, quota: team.quota, podSecurity: "baseline", adopt: [] }]
      : entries(team.namespaces ?? {}).map(([key, namespace]) => ({
          ...namespace,
          name: namespace.name ?? `team-${name}-${key}`,
          key,
        })),
    deletionProtection: team.deletionProtection,
    containers: team.containers,
    egress: [...team.egress].sort(),
    environments: entries(team.environments).map(([environment, quota]) => ({ environment, quota })),
    serviceAccounts: entries(team.serviceAccounts).map(([account, { namespace, aws, azure }]) => ({
      name: account,
      namespace:
        namespace === undefined ? `team-${name}` : (team.namespaces?.[namespace]?.name ?? `team-${name}-${namespace}`),
      aws,
      azure,
    })),
    secretStore: team.secretStore,
    alerts: team.alerts,
    nodePools: entries(team.nodePools).map(([pool, input]) => ({
      ...input,
      labels: sorted(input.labels),
      team: name,
      name: pool,
    })),
  }));
  return {
    name: parsed.name,
    contact: parsed.contact,
    tags: sorted(parsed.tags),
    clusters: entries(parsed.clusters).map(([name, cluster]) => ({ ...cluster, name })),
    groups,
    teams,
    environments: entries(parsed.environments).map(([name, environment]) =>
      resolveEnvironment(name, environment, teams),
    ),
    identityProvider: parsed.signIn.identityProvider && {
      ...parsed.signIn.identityProvider,
      displayName: parsed.signIn.identityProvider.displayName ?? parsed.signIn.identityProvider.name,
    },
    components: Object.fromEntries(
      COMPONENT_NAMES.map((name) => [
        name,
        { enabled: true, values: {}, database: undefined, ...parsed.components[name] },
      ]),
    ) as Record<ComponentName, ComponentSettings>,
    registries: parsed.registries,
    admission: { ...parsed.admission, registries: [...new Set(parsed.admission.registries)].sort() },
    alerts: parsed.alerts,
    waivers: parsed.waivers,
  };
}

function resolveEnvironment(
  name: string,
  input: ParsedPlatform["environments"][string],
  teams: readonly Team[],
): Environment {
  const preset = input.preset ?? ENVIRONMENT_PRESETS.find((known) => known === name) ?? "dev";
  const components = [...new Set(input.components)].sort();
  const quotas = teams.flatMap((team) =>
    team.environments.filter((entry) => entry.environment === name).map((entry) => entry.quota),
  );
  return {
    name,
    cluster: input.cluster,
    namespace: `vcluster-${input.cluster}`,
    preset,
    components,
    quota: environmentQuota(environmentOverhead({ preset, components }, quotas.length), quotas),
    cap: input.cap,
    admission: input.admission ?? (preset === "prod" ? "enforce" : "warn"),
    values: input.values,
  };
}

/**
 * What the environment itself and all teams may ask of the host. Limits are not summed: pods of the control plane have no limits of CPU, and a
 * quota that counts limits refuses such pods. Storage and pods are, where every team there has a quota of them.
 */
function environmentQuota(
  overhead: ReturnType<typeof environmentOverhead>,
  quotas: readonly Quota[],
): EnvironmentQuota {
  const storage = sumOfAll(quotas.map((quota) => quota.storage));
  const pods = sumOfAll(quotas.map((quota) => quota.pods));
  return {
    ...sum([overhead, ...quotas]),
    ...(storage !== undefined && { storage: overhead.storage + storage }),
    ...(pods !== undefined && { pods: overhead.pods + pods }),
    gpus: quotas.reduce((total, { gpus }) => total + gpus, 0),
  };
}

/** Undefined where one of them is, or where there is none. */
function sumOfAll(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.flatMap((amount) => amount ?? []);
  return known.length === 0 || known.length < amounts.length ? undefined : known.reduce((total, one) => total + one);
}

/** Sum of CPU and memory, in millicores and bytes. */
export function sum(amounts: readonly Allocatable[]): Allocatable {
  return amounts.reduce((total, amount) => ({ cpu: total.cpu + amount.cpu, memory: total.memory + amount.memory }), {
    cpu: 0,
    memory: 0,
  });
}

/** All that a team's pods may ask for on one cluster: its namespaces on the host and in the environments. */
export function teamQuotas(team: Team): readonly Quota[] {
  return [...team.namespaces.map((namespace) => namespace.quota), ...team.environments.map((entry) => entry.quota)];
}

/** The pool of the platform's components and of teams without pools; undefined where nodes are not ours to make. */
export function sharedPool(cluster: Cluster): NodePool | undefined {
  if (cluster.kind === "local") return undefined;
  const pool = { ...COMPONENTS_POOL, ...cluster.sharedPool };
  return { ...pool, labels: sorted(pool.labels), taint: false, name: "shared" };
}

/** The pools whose nodes a team's pods run on. */
export function poolsOf(team: Team, cluster: Cluster): readonly NodePool[] {
  if (team.nodePools.length > 0) return team.nodePools;
  const shared = sharedPool(cluster);
  return shared ? [shared] : [];
}

/** Every pool of a cluster: the shared one, and the teams'; none where nodes are not ours to make. */
export function poolsOn(platform: Pick<Platform, "teams">, cluster: Cluster): readonly NodePool[] {
  const shared = sharedPool(cluster);
  return shared ? [shared, ...platform.teams.flatMap((team) => team.nodePools)] : [];
}

/** What a pool can give to all its pods together; undefined where nodes are not ours to make. */
export function poolOffer(pool: NodePool, cluster: Cluster): Offer | undefined {
  switch (cluster.kind) {
    case "aws":
      return awsPoolOffer(pool);
    case "azure":
      return azurePoolOffer(pool);
    case "local":
      return undefined;
  }
}

/** What pods can have on the largest node of a pool; undefined where nodes are not ours to make. */
export function largestNode(pool: NodePool, cluster: Cluster): Allocatable | undefined {
  switch (cluster.kind) {
    case "aws":
      return awsLargestNode(pool);
    case "azure":
      return azureLargestNode(pool);
    case "local":
      return undefined;
  }
}

/** How many nodes a pool's limits allow; undefined where nodes are not ours to make. */
export function mostNodes(pool: NodePool, cluster: Cluster): number | undefined {
  switch (cluster.kind) {
    case "aws":
      return awsMostNodes(pool);
    case "azure":
      return azureMostNodes(pool);
    case "local":
      return undefined;
  }
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(entries(record));

const byKey =
  <T>(key: (value: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

/** Entries in the order of their keys, whatever the order in the config (code points, not a locale). */
export function entries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(byKey(([key]) => key));
}

/** Groups that some team names. */
export function teamGroups(platform: Pick<Platform, "groups" | "teams">): readonly Group[] {
  const used = new Set(
    platform.teams.flatMap(({ groups }) =>
      [...groups.admin, ...groups.edit, ...groups.view].map((group) => group.name),
    ),
  );
  return platform.groups.filter((group) => used.has(group.name));
}

/** Groups with every right on a cluster. */
export function adminGroups(platform: Pick<Platform, "groups">, cluster: Cluster): readonly Group[] {
  const admins: readonly string[] = cluster.access.admins;
  return platform.groups.filter(({ name }) => admins.includes(name));
}

/** Groups of teams that do not administer the cluster. */
export function memberGroups(platform: Pick<Platform, "groups" | "teams">, cluster: Cluster): readonly Group[] {
  const admins = adminGroups(platform, cluster);
  return teamGroups(platform).filter((group) => !admins.includes(group));
}

/** Groups on which somebody's rights on a cluster hang, its administrators' and the teams', in the order of the config. */
export function usedGroups(platform: Pick<Platform, "groups" | "teams">, admins: readonly Group[]): readonly Group[] {
  const used = [...admins, ...teamGroups(platform)];
  return platform.groups.filter((group) => used.includes(group));
}

/** Whether a plan that would destroy the cluster is refused: as the config says, else where an environment is production. */
export function isProtected(
  { environments }: Pick<Platform, "environments">,
  { deletionProtection }: { readonly deletionProtection?: boolean | undefined },
): boolean {
  return deletionProtection ?? environments.some(({ preset }) => preset === "prod");
}

/** Whether a cluster has a store that the platform's secrets are read from. */
export function hasSecretStore(cluster: Cluster): boolean {
  switch (cluster.kind) {
    case "aws":
      return true;
    case "azure":
      return cluster.secrets !== undefined || (!cluster.existing && !cluster.network.existing);
    case "local":
      return false;
  }
}

/** Whether teams may have parts of that for themselves: Key Vault has none, so it takes a vault of each team's own beside ours. */
export function hasTeamSecretStores(cluster: Cluster): boolean {
  return hasSecretStore(cluster) && !(cluster.kind === "azure" && cluster.secrets);
}

/** Addresses of its nodes, pods and Services, as far as they are known: nobody knows those of a cluster behind a context. */
export function rangesOf(cluster: Cluster): readonly string[] {
  switch (cluster.kind) {
    case "aws":
      return [cluster.network.cidr, cluster.network.serviceCidr];
    case "azure":
      return [cluster.network.cidr, cluster.network.podCidr, cluster.network.serviceCidr];
    case "local":
      return [];
  }
}

/** What a cluster is, in a few words: `EKS 1.35 in us-west-2`. */
export function describeCluster(cluster: Cluster): string {
  switch (cluster.kind) {
    case "aws":
      return `EKS ${cluster.kubernetes} in ${cluster.region}`;
    case "azure":
      return `AKS ${cluster.kubernetes} in ${cluster.location}`;
    case "local":
      return `the context ${cluster.context}`;
  }
}
