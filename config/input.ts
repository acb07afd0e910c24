/** What `platform.config.ts` says: the types that guide in the editor. Their meaning at run time is in schema.ts. */
import type { AwsClusterInput } from "./clouds/aws";
import type { AwsRightsInput, AzureRightsInput } from "./clouds/rights";
import type { AzureClusterInput } from "./clouds/azure";
import type { LocalClusterInput } from "./clouds/local";
import type { ComponentName } from "./components";
import type { NodePoolInput } from "./node-pools";
import type { Cpu, Memory } from "./quantities";

/** The whole platform of one organisation. `Environment` and `Group` are the names it defines; teams may use only those. */
export interface PlatformInput<Environment extends string = string, Group extends string = string> {
  /** Version of this config's shape. */
  readonly version: 1;
  /** The organisation's platform, in lower case: part of every cluster's name. @example "modern-engineering" */
  readonly name: string;
  /** E-mail address of the platform team; certificate authorities write to it, and it stands on every namespace. */
  readonly contact: string;
  /** Tags on every cloud resource, on clouds that have tags. @default - none but the platform's own */
  readonly tags?: Readonly<Record<string, string>>;
  /** The Kubernetes clusters, each a stack of this name: `"aws-platform": aws({ … })`. */
  readonly clusters: Readonly<Record<string, ClusterInput<NoInfer<Group>>>>;
  /** People, once: one name here, and what each system calls it. */
  readonly groups: Readonly<Record<Group, GroupInput>>;
  /** Virtual clusters on every cluster, such as dev, prod and mgmt. */
  readonly environments: Readonly<Record<Environment, EnvironmentInput>>;
  /** The teams. A team's name is part of its namespaces and of Terraform addresses: renaming it is removing and adding. */
  readonly teams: Readonly<Record<string, TeamInput<NoInfer<Environment>, NoInfer<Group>>>>;
  /** Components to leave out (`false`) or to adjust. @default - every component, with the values in charts-values/ */
  readonly components?: Readonly<Partial<Record<ComponentName, boolean | ComponentInput>>>;
  /** Mirrors, for sites that cannot reach the public registries. @default - the charts' own repositories */
  readonly registries?: RegistriesInput;
}

export type ClusterInput<Group extends string = string> =
  AwsClusterInput<Group> | AzureClusterInput<Group> | LocalClusterInput<Group>;

/** A group of people and its id in each system. A group needs an id only on the clusters where it is used. */
export interface GroupInput {
  /** Its name in the sign-in system (Keycloak); also what a local cluster calls it. @default - the group's name here */
  readonly sso?: string;
  /** ARN of the IAM role that its members assume. */
  readonly aws?: `arn:${string}`;
  /** Object id of the Entra ID group. */
  readonly azure?: string;
}

/** A virtual cluster in the host namespace `vcluster-<cluster>`. */
export interface EnvironmentInput {
  /** Name of the virtual cluster. @example "modernengg-dev" */
  readonly cluster: string;
  /**
   * Which file of charts-values/vcluster/ shapes its control plane: `dev` is one small replica whose data may go, `prod` is
   * highly available and keeps its data, `mgmt` is one replica that sees the host's gateway.
   * @default - the environment's own name if it is one of the three, else "dev"
   */
  readonly preset?: EnvironmentPreset;
  /**
   * Upper bound of what the environment may ask of the host (requests). Its quota itself is computed: its teams, plus its
   * control plane.
   * @default - no bound
   */
  readonly cap?: { readonly cpu: Cpu; readonly memory: Memory };
  /** Values of the vcluster chart, merged last (maps merge, arrays replace). @default - none */
  readonly values?: Readonly<Record<string, unknown>>;
}

export type EnvironmentPreset = "dev" | "prod" | "mgmt";

/** One team: quota, access, node pools and cost labels, on every cluster. */
export interface TeamInput<Environment extends string = string, Group extends string = string> {
  /** Label on everything the team causes. @example "CC-1001" */
  readonly costCenter: string;
  /** Groups by role. `admin` manages the namespace and its roles, `edit` its workloads, `view` reads all but Secrets. */
  readonly groups: {
    readonly admin?: readonly Group[];
    readonly edit?: readonly Group[];
    readonly view?: readonly Group[];
  };
  /** Quota of its one namespace `team-<name>` on each cluster. Give this or `namespaces`. */
  readonly quota?: QuotaInput;
  /** Several namespaces `team-<name>-<key>`, each with its quota. Give this or `quota`. */
  readonly namespaces?: Readonly<Record<string, { readonly quota: QuotaInput }>>;
  /** What containers get that ask for nothing, and the most that one may ask for (a LimitRange in each namespace). */
  readonly containers?: ContainersInput;
  /**
   * Address ranges that its pods may reach outside the cluster, on every port; `"0.0.0.0/0"` is the internet. Never the clouds'
   * metadata addresses.
   * @default - none: DNS, the team's own pods, and nothing else
   */
  readonly egress?: readonly string[];
  /** Quota of its namespace in each virtual cluster where it has one. @default - none: the team is on the host only */
  readonly environments?: Readonly<Partial<Record<Environment, QuotaInput>>>;
  /** Service accounts of its own with rights in the cloud, by name. Whoever may make pods in the namespace can use them. @default - none */
  readonly serviceAccounts?: Readonly<Record<string, ServiceAccountInput>>;
  /** Nodes for this team alone. @default - none: the team's pods run on the cluster's shared pool */
  readonly nodePools?: Readonly<Record<string, NodePoolInput>>;
}

/** What a namespace may ask for in total, per cluster. Without `limits` there is no quota on limits. */
export interface QuotaInput {
  /** Sum of CPU requests. */
  readonly cpu: Cpu;
  /** Sum of memory requests. */
  readonly memory: Memory;
  /** Sum of storage requests of all claims. @default - not limited */
  readonly storage?: Memory;
  /** Number of pods that are not finished. @default - not limited */
  readonly pods?: number;
  /** Number of GPUs (`requests.nvidia.com/gpu`). @default 0 */
  readonly gpus?: number;
  /** Sums of limits; every container then needs limits, which the namespace's LimitRange gives by default. @default - none */
  readonly limits?: { readonly cpu: Cpu; readonly memory: Memory };
}

/** A service account on every cluster, and what it may do in each cloud. */
export interface ServiceAccountInput {
  /** Key of one of the team's `namespaces`. @default - its one namespace */
  readonly namespace?: string;
  /** Rights on AWS, by a role of its own. @default - none */
  readonly aws?: AwsRightsInput;
  /** Rights on Azure, by an identity of its own. @default - none */
  readonly azure?: AzureRightsInput;
}

export interface ContainersInput {
  /** Requests of a container that states none. @default { cpu: "50m", memory: "64Mi" } */
  readonly request?: { readonly cpu: Cpu; readonly memory: Memory };
  /** Limits of a container that states none, where the namespace's quota has limits. @default { cpu: "500m", memory: "512Mi" } */
  readonly limit?: { readonly cpu: Cpu; readonly memory: Memory };
  /** The most that one container may have as limit. @default - what fits into the quota and on a node, unchecked */
  readonly max?: { readonly cpu: Cpu; readonly memory: Memory };
}

export interface ComponentInput {
  /** @default true */
  readonly enabled?: boolean;
  /** Helm values, merged last (maps merge, arrays replace). @default - none */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface RegistriesInput {
  /** Chart repository or registry (as in the chart table, without a trailing slash) to the mirror that is used instead. */
  readonly charts?: Readonly<Record<string, string>>;
}
