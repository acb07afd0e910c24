/** The seam: all that the shared modules know of a cluster. Each cloud stack implements it; one contract test runs over all. */
import type { ITerraformDependable } from "cdktf";
import type { NodePool } from "../config/node-pools";
import type { Group, Team, TeamServiceAccount } from "../config/platform";
import type { Profile } from "../config/profiles";

export interface PlatformCluster {
  /** Unique among all clusters of the platform; owner of its DNS records and name in cost reports. */
  readonly name: string;
  /** Its key under `clusters` in the config. */
  readonly key: string;
  /** Whether what holds data is kept from deletion, where an entry does not say otherwise. */
  readonly deletionProtection: boolean;
  /** Groups with every right on it: administrators of its tools, too. */
  readonly admins: readonly Group[];
  /** How the helm and kubernetes providers reach the cluster. */
  readonly auth: KubeAuth;
  /** Which values of charts-values/ its components get besides the common ones. */
  readonly profile: Profile;
  /** StorageClass of every volume: encrypted where the cloud can, expandable. */
  readonly storageClass: string;
  /** DNS and certificates. */
  readonly dns: DnsProvider;
  /** Where the platform's secrets are kept. @default - nowhere: External Secrets is not installed */
  readonly secrets?: SecretProvider;
  /** Where databases keep their backups. @default - nowhere: what a database holds is on its volumes alone */
  readonly backups?: BackupStore | undefined;
  /** VolumeSnapshotClass of its volumes. @default - none: nothing takes snapshots of volumes */
  readonly snapshotClass?: string;
  /** Where the real bill can be read. @default - nowhere: Kubecost knows list prices */
  readonly costs?: CostProvider | undefined;
  /** What this cluster alone runs that has metrics, by name. @default - nothing beside the components */
  readonly monitors?: Readonly<Record<string, Monitor>>;
  /** Pools whose nodes the platform makes: the shared one, and those that `addNodePools` will add. */
  readonly nodePools: readonly NodePool[];
  /** Annotations of the gateway's Service of type LoadBalancer. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Depend on these before the first namespace: nodes, egress, add-ons and access all outlive what depends on them. */
  readonly ready: readonly ITerraformDependable[];
  /** Rights in the cloud for a Kubernetes service account. */
  identityFor(account: ServiceAccountRef, grant: Grant): WorkloadIdentity;
  /** Rights that a team asked for on this kind of cluster; no identity where it asked for none here. */
  teamIdentityFor(account: TeamServiceAccount): WorkloadIdentity;
  /** The team's part of the cloud's secret store; undefined where the cloud has none, or none that could be parted. */
  secretStoreFor(team: Team): TeamSecretStore | undefined;
  /** Nodes for each team that has pools. Nothing of another team's depends on them, so that one team's pools never hold up another. */
  addNodePools(teams: readonly Team[]): readonly ITerraformDependable[];
  /** What the pods of a team must tolerate on its nodes; undefined where the platform makes no nodes, and pods are kept on none. */
  podTolerations(team: Team): PodTolerations | undefined;
  /** What this cluster calls a group of the config, in RoleBindings. */
  kubernetesGroups(group: Group): readonly string[];
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface PodTolerations {
  /** Of every pod of the team. */
  readonly given: readonly Toleration[];
  /** Of pods that ask for it: what keeps others off nodes with something dear. */
  readonly allowed: readonly Toleration[];
}

/** A taint of the effect `NoSchedule`. */
export interface Toleration {
  readonly key: string;
  /** @default - any */
  readonly value?: string;
}

/** Credentials are fetched when they are used (a token lives 15 minutes), or come from a kubeconfig file. Never stored. */
export type KubeAuth =
  | {
      readonly kind: "exec";
      readonly host: string;
      /** PEM, decoded. */
      readonly certificateAuthority: string;
      readonly command: string;
      readonly args: readonly string[];
    }
  | { readonly kind: "kubeconfig"; readonly path: string; readonly context: string };

export interface DnsProvider {
  /** Components are at `<name>.<domain>`, teams' routes at `<team>.apps.<domain>` and `<name>--<team>.apps.<domain>`. */
  readonly domain: string;
  /** What ExternalDNS needs to write records. @default - none: nothing publishes records, the domain must resolve by itself */
  readonly records?: {
    /** Values of the external-dns chart: provider and zone. */
    readonly values: Readonly<Record<string, unknown>>;
    /** A file without secrets in the pod's /etc/kubernetes. @default - none */
    readonly configFile?: { readonly name: string; readonly content: string };
  };
  /**
   * `spec` of the cert-manager ClusterIssuer that signs the gateway's certificate; given the contact's e-mail address.
   * @default - an authority of the cluster's own, which browsers and clients must be told to trust
   */
  issuer?(email: string, identity: WorkloadIdentity): Readonly<Record<string, unknown>>;
}

/** Pods that Prometheus asks for metrics. */
export interface Monitor {
  readonly namespace: string;
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Name of a container's port. */
  readonly port: string;
  /** @default "/metrics" */
  readonly path?: string;
  /** Secret in the same namespace, with the bearer token that they ask for. @default - they ask for none */
  readonly token?: { readonly name: string; readonly key: string };
}

/** Whoever reads has the identity of the grant `read-secrets`. */
export interface SecretProvider {
  /** `spec.provider` of a store: https://external-secrets.io/latest/api/clustersecretstore/ */
  readonly provider: Readonly<Record<string, unknown>>;
}

export interface TeamSecretStore extends SecretProvider {
  /** Depend on these before it is read. */
  readonly ready: readonly ITerraformDependable[];
}

/** Whoever writes has the identity of the grant `write-backups`, and writes into the folder of its own namespace. */
export interface BackupStore {
  /** `spec` of the ObjectStore of a namespace: where, and how one signs in. https://cloudnative-pg.io/plugin-barman-cloud/docs/object_stores */
  objectStore(namespace: string): Readonly<Record<string, unknown>>;
  /** Depend on these before anything is written. */
  readonly ready: readonly ITerraformDependable[];
}

/** Whoever reads has the identity of the grant `read-costs`. */
export interface CostProvider {
  /** `cloud-integration.json` of Kubecost, without anything secret in it. */
  readonly integration: Readonly<Record<string, unknown>>;
}

export interface ServiceAccountRef {
  readonly namespace: string;
  readonly name: string;
}

/**
 * `dns-records`: change records in the cluster's zone. `read-secrets`: read what its secret store keeps for it. `read-costs`: read the
 * account's bill. `write-backups`: read and write the backups of its own namespace. Nothing else.
 */
export type Grant = "dns-records" | "read-secrets" | "read-costs" | "write-backups";

/** What a chart must set so that its pods get the identity; empty where the cloud needs nothing from Kubernetes. */
export interface WorkloadIdentity {
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  readonly podLabels: Readonly<Record<string, string>>;
  /** Where pods fetch their credentials, if they do so over the network: network policies must let them. */
  readonly credentials: readonly { readonly cidr: string; readonly port: number }[];
  /** Client id, where the cloud has one. */
  readonly clientId?: string;
  /** Depend on these before pods start. */
  readonly ready: readonly ITerraformDependable[];
}

/** The identity of whom nobody asks for one. */
export const NO_IDENTITY: WorkloadIdentity = {
  serviceAccountAnnotations: {},
  podLabels: {},
  credentials: [],
  ready: [],
};
