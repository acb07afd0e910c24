/** What `platform.config.ts` says: the types that guide in the editor. Their meaning at run time is in schema.ts. */
import type { AlertsInput, TeamAlertsInput } from "./alerts";
import type { AwsClusterInput } from "./clouds/aws";
import type { AwsRightsInput, AzureRightsInput } from "./clouds/rights";
import type { AzureClusterInput } from "./clouds/azure";
import type { LocalClusterInput } from "./clouds/local";
import type { ComponentName, DatabaseOwner } from "./components";
import type { EnvironmentComponent } from "./environment-components";
import type { NodePoolInput } from "./node-pools";
import type { Cpu, Memory } from "./quantities";
import type { ImageHost } from "./registries";

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
  /** How people sign in to everything. @default - with accounts that an administrator makes in Keycloak */
  readonly signIn?: SignInInput;
  /** Components to leave out (`false`) or to adjust. @default - every component, with the values in charts-values/ */
  readonly components?: ComponentsInput;
  /** Who is told when something is wrong. @default - nobody: alerts are seen in Alertmanager and Grafana only */
  readonly alerts?: AlertsInput;
  /** What teams' workloads must be like. @default - requests, memory limits and tags, asked by a warning on the host */
  readonly admission?: AdmissionInput;
  /** Mirrors, for sites that cannot reach the public registries. @default - the public ones */
  readonly registries?: RegistriesInput;
  /** Findings of policies that somebody answers for, each for a time: docs/policies.md. @default - none: every finding counts */
  readonly waivers?: readonly WaiverInput[];
}

/** One finding of a policy that is known and borne: on one stack, at one address, below one construct, or of one team. */
export interface WaiverInput {
  /** Id of the policy. @example "logs-kept" */
  readonly rule: string;
  /** Name of the stack. @example "aws-platform" */
  readonly stack: string;
  /** Terraform address, as the finding has it. Give this, `path` or `team`. @example "aws_cloudwatch_log_group.flow-logs_logs_1234ABCD" */
  readonly address?: string;
  /** Path of a construct below the stack: it, and all that is in it. Give this, `address` or `team`. @example "flow-logs" */
  readonly path?: string;
  /** What belongs to one team. Give this, `address` or `path`. */
  readonly team?: string;
  /** Why it is borne, for whoever reads it in a year. */
  readonly reason: string;
  /** Who answers for it: a person, a team, an address. */
  readonly owner: string;
  /** Last day on which it holds, as an ISO date; after it, `stackyard review` denies again. @example "2027-03-31" */
  readonly until: string;
}

export type ClusterInput<Group extends string = string> =
  AwsClusterInput<Group> | AzureClusterInput<Group> | LocalClusterInput<Group>;

/** A group of people and its id in each system. A group needs an id only on the clusters where it is used. */
export interface GroupInput {
  /** Its name in the sign-in system (Keycloak); also what a local cluster calls it. @default - the group's name here */
  readonly sso?: string;
  /** What the claim of `signIn.identityProvider` says for its members; Entra ID says object ids. @default - `sso` */
  readonly claim?: string;
  /** ARN of the IAM role that its members assume. */
  readonly aws?: `arn:${string}`;
  /** Object id of the Entra ID group. */
  readonly azure?: string;
}

export interface SignInInput {
  /** The company's own identity provider, brokered in by Keycloak: people sign in there, and its claim says their groups. @default - none */
  readonly identityProvider?: IdentityProviderInput;
}

/**
 * An OpenID Connect provider. Its addresses are in `<issuer>/.well-known/openid-configuration`; it must know the redirect address
 * `https://keycloak.<domain>/realms/platform/broker/<name>/endpoint` of each cluster.
 */
export interface IdentityProviderInput {
  /** Part of the redirect address, in lower case. @example "entra" */
  readonly name: string;
  /** On the button of the sign-in page. @default - the name */
  readonly displayName?: string;
  readonly issuer: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** Keys that tokens are signed with. */
  readonly jwksUrl: string;
  /** Signs out there, too. @default - the person stays signed in there */
  readonly logoutUrl?: string;
  readonly clientId: string;
  /**
   * Name of the client's secret in each cluster's secret store: Secrets Manager under the cluster's prefix, or Key Vault. Without a
   * store, the Secret `identity-provider` in the namespace `keycloak` must have it under the key `client-secret`.
   */
  readonly secret: string;
  /** @default ["openid", "profile", "email"] */
  readonly scopes?: readonly string[];
  /** Claim that lists a person's groups. @default "groups" */
  readonly groupsClaim?: string;
}

/** A virtual cluster in the host namespace `vcluster-<cluster>`. */
export interface EnvironmentInput {
  /** Name of the virtual cluster. @example "modernengg-dev" */
  readonly cluster: string;
  /**
   * Which file of charts-values/vcluster/ shapes its control plane: `dev` is one small replica whose data may go, `prod` is
   * highly available and keeps its data, `mgmt` is one replica that sees the host's gateway. An environment that is
   * there cannot go to `prod` or back, which have other data stores: make another one beside it.
   * @default - the environment's own name if it is one of the three, else "dev"
   */
  readonly preset?: EnvironmentPreset;
  /**
   * Upper bound of what the environment may ask of the host (requests). Its quota itself is computed: its teams, plus its
   * control plane.
   * @default - no bound
   */
  readonly cap?: { readonly cpu: Cpu; readonly memory: Memory };
  /**
   * What runs inside it for itself: `argo-cd` for those who deliver from within, `cert-manager` for certificates that are asked for
   * there, `kube-prometheus-stack` for a Prometheus that reads the monitors there. A change restarts the environment's API server.
   * @default - none: Argo CD and Prometheus of the host serve every environment
   */
  readonly components?: readonly EnvironmentComponent[];
  /** Whether what `admission` asks of teams' workloads is a warning or a must in it. @default - "enforce" with the preset `prod`, else "warn" */
  readonly admission?: AdmissionMode;
  /** Values of the vcluster chart, merged last (maps merge, arrays replace). @default - none */
  readonly values?: Readonly<Record<string, unknown>>;
}

export type EnvironmentPreset = "dev" | "prod" | "mgmt";

/**
 * What the API server asks of teams' workloads, beside what holds always: that images come from allowed registries and have a tag or a
 * digest, and that containers state requests and a limit of memory.
 */
export interface AdmissionInput {
  /**
   * Registries that teams' images may come from: each a host, or a host and a path below which they are.
   * @default - any
   * @example ["ghcr.io/modern-engineering", "docker.io/library"]
   */
  readonly registries?: readonly string[];
  /** In teams' namespaces on the host; each environment has its own. @default "warn" */
  readonly mode?: AdmissionMode;
}

/** `warn` answers with a warning and writes it to the audit log, `enforce` refuses. */
export type AdmissionMode = "warn" | "enforce";

/** One team: quota, access, node pools and cost labels, on every cluster. */
export interface TeamInput<Environment extends string = string, Group extends string = string> {
  /** Label on everything the team causes. @example "CC-1001" */
  readonly costCenter: string;
  /** Label on everything the team causes, for reports that sum by project. @default - the team's name @example "shop" */
  readonly project?: string;
  /** Groups by role. `admin` manages the namespace and its roles, `edit` its workloads, `view` reads all but Secrets. */
  readonly groups: {
    readonly admin?: readonly Group[];
    readonly edit?: readonly Group[];
    readonly view?: readonly Group[];
  };
  /** Quota of its one namespace `team-<name>` on each cluster. Give this or `namespaces`. */
  readonly quota?: QuotaInput;
  /** Several namespaces `team-<name>-<key>`, each with its quota. Give this or `quota`. */
  readonly namespaces?: Readonly<Record<string, NamespaceInput>>;
  /**
   * Refuse to delete its namespaces and quotas on the host, and so to remove the team, or one of its namespaces, from the config: set it to
   * false and apply that first.
   * @default - as the cluster's `deletionProtection`; false on a local cluster
   */
  readonly deletionProtection?: boolean;
  /** What containers get that ask for nothing, and the most that one may ask for (a LimitRange in each namespace). */
  readonly containers?: ContainersInput;
  /**
   * Address ranges that its pods may reach outside the cluster, on every port; `"0.0.0.0/0"` is the internet, without private ranges, which
   * are named one by one, such as `"10.20.0.0/16"`. Never the clouds' metadata addresses.
   * @default - none: DNS, the team's own pods, and nothing else
   */
  readonly egress?: readonly string[];
  /** Quota of its namespace in each virtual cluster where it has one. @default - none: the team is on the host only */
  readonly environments?: Readonly<Partial<Record<Environment, QuotaInput>>>;
  /** Service accounts of its own with rights in the cloud, by name. Whoever may make pods in the namespace can use them. @default - none */
  readonly serviceAccounts?: Readonly<Record<string, ServiceAccountInput>>;
  /**
   * Whether the team has a part of each cloud's secret store for itself, and may fetch from it by ExternalSecrets. What is in it goes with
   * this on Azure, where it is a vault of its own.
   * @default false
   */
  readonly secretStore?: boolean;
  /** Who is told when something of the team's is wrong. @default - whoever is told of the platform */
  readonly alerts?: TeamAlertsInput;
  /** Nodes for this team alone. @default - none: the team's pods run on the cluster's shared pool */
  readonly nodePools?: Readonly<Record<string, NodePoolInput>>;
}

/** One of a team's namespaces on the host. */
export interface NamespaceInput {
  readonly quota: QuotaInput;
  /** The Pod Security Standard that its pods must meet; `privileged` would be the nodes' own rights. @default "baseline" */
  readonly podSecurity?: "baseline" | "restricted";
  /** Its name. Another name is another namespace: what is in the old one goes. @default - `team-<name>-<key>` @example "shop-legacy" */
  readonly name?: string;
  /**
   * Clusters on which it is there already: it is taken over with all that is in it. To be left in place afterwards, where it changes nothing.
   * @default - none: it is made
   */
  readonly adopt?: readonly string[];
}

/** What a namespace may ask for in total, per cluster. Without `limits` there is no quota on limits. */
export interface QuotaInput {
  /** Sum of CPU requests. */
  readonly cpu: Cpu;
  /** Sum of memory requests. */
  readonly memory: Memory;
  /** Sum of storage requests of all claims. @default - not limited */
  readonly storage?: Memory;
  /**
   * Sum of storage requests by StorageClass, which EKS calls `gp3` and AKS `premium-ssd`; a cluster without the class has nothing to count.
   * @default - not limited beyond `storage`
   */
  readonly storageClasses?: Readonly<Record<string, Memory>>;
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
  /**
   * Limits of a container that states none: where the namespace's quota has limits or there is a `max`, and of memory where admission
   * enforces them.
   * @default { cpu: "500m", memory: "512Mi" }, or `request` where that is more, or `max` where that is less; with `guaranteed` what `request` is
   */
  readonly limit?: { readonly cpu: Cpu; readonly memory: Memory };
  /** The most that one container may have as limit. @default - what fits into the quota and on a node, unchecked */
  readonly max?: { readonly cpu: Cpu; readonly memory: Memory };
  /**
   * Whether limits must be what is requested, in every container on the host: its pods then have the QoS class Guaranteed, and are the last
   * that a node without memory ends. A container that states only limits requests the same. A pod that states resources as a whole must state
   * limits of CPU and memory there, which are held to the same; Kubernetes makes it Burstable where it leaves limits out. @default false
   */
  readonly guaranteed?: boolean;
}

export interface ComponentInput {
  /** @default true */
  readonly enabled?: boolean;
  /** Helm values, merged last (maps merge, arrays replace). @default - none */
  readonly values?: Readonly<Record<string, unknown>>;
}

export type ComponentsInput = {
  readonly [Name in ComponentName]?: boolean | (Name extends DatabaseOwner ? ComponentOnDatabaseInput : ComponentInput);
};

/** Gitea and Keycloak. */
export interface ComponentOnDatabaseInput extends ComponentInput {
  /** @default - a database of its own on every cluster, empty at first, with backups where the cluster has a store for them */
  readonly database?: DatabaseInput;
}

export interface DatabaseInput {
  /**
   * Folder of its backups in the cluster's store. A database that is made anew must have another than the one before it, because
   * PostgreSQL refuses to begin in a folder with another's changes.
   * @default "gitea-db" or "keycloak-db"
   */
  readonly archive?: string;
  /** What it holds when it is made. Read at no other time. @default - nothing */
  readonly restore?: {
    /** Folder of the backups to begin with. @example "keycloak-db" */
    readonly archive: string;
    /** The moment to go back to, in RFC 3339. @default - the last change that was archived @example "2026-11-21T03:00:00Z" */
    readonly until?: string;
  };
  /** A database that somebody else runs and backs up, instead. Only where the config has one cluster, with a secret store. @default - none */
  readonly external?: ExternalDatabaseInput;
}

export interface ExternalDatabaseInput {
  /** @example "keycloak.abcdefghijkl.eu-west-1.rds.amazonaws.com" */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  /** Name of the database. */
  readonly name: string;
  readonly username: string;
  /** Name of the secret in the cluster's secret store that is the password, without the store's prefix. @example "keycloak-database" */
  readonly secret: string;
  /**
   * `verify-full` also checks who answers, by the authorities that the component's image knows; `require` encrypts only.
   * @default "verify-full"
   */
  readonly sslMode?: "require" | "verify-full";
}

/** What is more special wins: an entry of `charts` or `images` over `mirror`, and the values of a component over all of them. */
export interface RegistriesInput {
  /**
   * One registry that has everything: every chart at `oci://<mirror>/charts/<chart>`, every image at
   * `<mirror>/<its registry>/<its repository>`. `npx stackyard images --format copy` prints how to fill it.
   * @default - charts and images come from where their makers publish them
   * @example "registry.example.com/mirror"
   */
  readonly mirror?: string;
  /** Chart repository or registry (as in the chart table, without a trailing slash) to the mirror that is used instead. */
  readonly charts?: Readonly<Record<string, string>>;
  /** Registry of images to what is used instead of it. @example { "docker.io": "registry.example.com/dockerhub" } */
  readonly images?: Readonly<Partial<Record<ImageHost, string>>>;
}
