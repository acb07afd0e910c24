/** The config section of a cluster on Azure: its input and its schema. */
import { z } from "zod";
import { nodePoolSchema, type NodePoolInput } from "../node-pools";
import { PROFILES, type Profile } from "../profiles";
import { count, nonEmpty, object, oneOf, suggest } from "../zod";
import { AZURE_LOCATIONS } from "./azure-locations";
import {
  addressRange,
  domain,
  minorVersion,
  storeOf,
  vaultStore,
  type KubernetesVersion,
  type VaultStoreInput,
} from "./common";

/** An AKS cluster in a virtual network of its own or in one that is there, with one autoscaling node pool per team pool; or a cluster that somebody else made. */
export interface AzureClusterInput<Group extends string = string> {
  readonly kind: "azure";
  /** DNS domain of the cluster's components: `argocd.<domain>`. No two clusters share one. */
  readonly domain: string;
  /** @example "swedencentral" */
  readonly location: string;
  /** Subscription that everything is made in. */
  readonly subscription: string;
  /** Minor version of Kubernetes; AKS keeps the patch level up to date. */
  readonly kubernetes: KubernetesVersion;
  /**
   * An AKS cluster that somebody else made: the platform is installed on it, with node pools of its own beside those that are there;
   * its network and add-ons are left alone. It needs the OIDC issuer, workload identity, Entra sign-in with Kubernetes RBAC, network
   * policies and the CSI drivers of disks and snapshots; see docs/components/aks.md.
   * @default - the cluster is made
   */
  readonly existing?: { readonly name: string; readonly resourceGroup: string };
  /**
   * `"layered"` makes three stacks of the key `x-platform`: `x-cluster`, `x-platform` and `x-teams`, each with a state and rights
   * of its own, so that a change of a quota does not run with the rights of a network administrator. Advised for production;
   * `stackyard layout` moves a state that is there.
   * @default "single"
   */
  readonly layout?: "single" | "layered";
  readonly network: AzureNetworkInput;
  readonly access: {
    /**
     * Ranges that may reach the API server, and the vault, from the internet. Going from some to none, or back, takes a destroy and a deploy:
     * a plan that replaces a cluster cannot be applied, because the new one would have the name of the old.
     * @default - none: both are private
     */
    readonly public?: readonly string[];
    /** Groups with full rights. Whoever runs Terraform must be in one of them. */
    readonly admins: readonly [Group, ...Group[]];
    /**
     * Whether the API server has addresses in a subnet of the network, so that nodes reach it without a tunnel or a way over the
     * internet. It cannot be taken back. https://learn.microsoft.com/azure/aks/api-server-vnet-integration
     * @default false
     */
    readonly vnetIntegration?: boolean;
  };
  /** Whether nodes encrypt their disks and caches themselves. Needs the feature `Microsoft.Compute/EncryptionAtHost` in the subscription. @default true */
  readonly hostEncryption?: boolean;
  /**
   * A key of your own for the disks of nodes and volumes, and for Secrets in etcd. Its vault lies in the cluster's subscription and
   * location, with purge protection and Azure RBAC; it lets Azure's trusted services in, and all networks unless there is
   * `access.vnetIntegration`: then no public network. To be set before the first deploy; it cannot be taken back.
   * https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption
   * @default - Azure's own keys
   */
  readonly encryptionKey?: {
    /** Resource id of the Key Vault. */
    readonly vault: string;
    /** Identifier of the key with its version. @example "https://acme.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef" */
    readonly key: string;
  };
  /** What AKS upgrades by itself, and when. */
  readonly upgrades?: {
    /**
     * `"patch"`: the newest patch level of `kubernetes`. `"none"`: nothing but node images. AKS's other channels would also raise the
     * minor version, which is the config's. @default "patch"
     */
    readonly channel?: "patch" | "none";
    /** Day on which an upgrade may begin. @default "Sunday" */
    readonly day?: (typeof DAYS)[number];
    /** Time of that day, in UTC: four hours for the cluster, and eight after them for node images. @default "00:00" */
    readonly time?: string;
  };
  /** Whether a plan that would destroy the cluster is refused until this is set to false. @default - true where an environment has the preset "prod" */
  readonly deletionProtection?: boolean;
  /** Resource id of the Log Analytics workspace for the control plane's logs. @default - a workspace is made, and goes with the cluster */
  readonly logWorkspace?: string;
  /** Days that those logs are kept, 30 to 730. @default 365 */
  readonly logRetention?: number;
  /** Azure DNS zone that holds `domain`: one that exists, or one that is made and then delegated to by whoever owns the parent. */
  readonly dns: { readonly zone: string; readonly resourceGroup: string } | { readonly create: true };
  /** Monthly budget of the cluster's resource groups. @default - none */
  readonly budget?: {
    /** In the subscription's currency. */
    readonly monthly: number;
    /** First month, not before the current one when the budget is made. @example "2026-12" */
    readonly from: string;
    /** Percent of it at which somebody is told, at most five. @default [80, 100] */
    readonly alerts?: readonly number[];
    /** Who is told, by e-mail. @default - the platform's contact */
    readonly emails?: readonly [string, ...string[]];
  };
  /**
   * An export of the subscription's actual costs, for what machines really cost: discounts, reservations, spot.
   * https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-improved-exports
   * @default - list prices
   */
  readonly costExport?: {
    /** Resource id of the storage account that it lies in. */
    readonly storageAccount: string;
    readonly container: string;
    /** Folder in the container. @default - all of it */
    readonly directory?: string;
  };
  /**
   * Where `stackyard kubeconfig store` puts the ways to reach this cluster, which hold no secret: a Key Vault, or HashiCorp Vault.
   * @default - nowhere
   */
  readonly kubeconfigStore?:
    | {
        readonly kind: "key-vault";
        /** Name of a vault that is there. Not that of the platform's secrets: who may read one secret of a vault may read all. */
        readonly vault: string;
        /** Start of the secrets' names, with hyphens for slashes. @default "secret/kubeconfigs" */
        readonly path?: string;
      }
    | VaultStoreInput;
  /** Key Vault that the platform reads secrets from. @default - one is made; none with a network or a cluster of somebody else */
  readonly secrets?: {
    /** Resource id of a vault that exists, with Azure RBAC; the nodes must reach it. */
    readonly vault: string;
  };
  /** Nodes of AKS's own add-ons. */
  readonly systemNodes?: {
    /** @default "Standard_D4ds_v5" */
    readonly vmSize?: string;
    /** Nodes. At least 2. @default 2 */
    readonly min?: number;
    /** Nodes. @default 3 */
    readonly max?: number;
  };
  /**
   * Sizes, replicas and safety of the platform's components: `small` is one replica of each and fits a laptop, `production` survives the
   * loss of a node. The values are in charts-values/<profile>/.
   * @default "production"
   */
  readonly profile?: Profile;
  /** Nodes of the platform's components and of teams without pools. Required when a team has none. */
  readonly sharedPool?: Omit<NodePoolInput, "taint" | "aws">;
  /** Storage account of the Terraform state (container `tfstate` unless said otherwise). @default - a local file */
  readonly state?: { readonly storageAccount: string; readonly resourceGroup: string; readonly container?: string };
}

export interface AzureNetworkInput {
  /** Range of the virtual network, /16 to /24, not used elsewhere. Pods have a range of their own. With `existing`, the range that it has. */
  readonly cidr: string;
  /** Range of pods (overlay): each node takes a /24 of it. Clusters may use the same. @default "192.168.0.0/16" */
  readonly podCidr?: string;
  /** Range of Kubernetes Services. @default "172.16.0.0/16" */
  readonly serviceCidr?: string;
  /**
   * How nodes reach the internet: by a NAT gateway, about 33 dollars a month, or by the cluster's own load balancer, whose ports run out
   * first. `"user-defined-routing"` is a firewall's, for an existing subnet that has a route to one.
   * @default "nat-gateway"
   */
  readonly outbound?: "nat-gateway" | "load-balancer" | "user-defined-routing";
  /** Subnets that are there, with their security groups and their way out, by ids. @default - a network is made */
  readonly existing?: {
    readonly nodeSubnet: string;
    /** For `access.vnetIntegration`: a /28 or larger, delegated to Microsoft.ContainerService/managedClusters. */
    readonly apiServerSubnet?: string;
  };
}

/** `azure({ … })` in the config. */
export function azure<const Group extends string = never>(
  input: Omit<AzureClusterInput<Group>, "kind">,
): AzureClusterInput<Group> {
  return { kind: "azure", ...input };
}

export type AzureCluster = z.output<typeof azureSchema> & { readonly name: string };

export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** The id of a resource, such as that of a vault. */
const resourceId = (type: string, what: string) => {
  const segments = type.split("/").slice(1);
  const path = segments.map((segment) => `/${segment}/[^/]+`).join("");
  return z
    .string()
    .regex(
      new RegExp(
        `^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/${type.split("/")[0] ?? ""}${path}$`,
        "i",
      ),
      `must be the resource id of ${what}, "/subscriptions/…/resourceGroups/…/providers/${type.split("/")[0] ?? ""}${segments.map((segment) => `/${segment}/…`).join("")}"`,
    );
};
const subnetId = resourceId("Microsoft.Network/virtualNetworks/subnets", "a subnet");
const vaultId = resourceId("Microsoft.KeyVault/vaults", "a Key Vault");

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
const container = z
  .string()
  .regex(
    /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
    "must be a container: 3 to 63 lower-case letters, digits and single hyphens",
  );

export const azureSchema = object({
  kind: z.literal("azure"),
  domain,
  location: z.string().regex(/^[a-z][a-z0-9]+$/, {
    error: (issue) =>
      `must be the short name of an Azure location${suggest(
        String(issue.input)
          .toLowerCase()
          .replace(/[^a-z0-9]/g, ""),
        AZURE_LOCATIONS,
      )}`,
  }),
  subscription: z.guid("must be a UUID, such as 00000000-0000-0000-0000-000000000000"),
  kubernetes: minorVersion,
  existing: object({ name: nonEmpty, resourceGroup: nonEmpty }).optional(),
  layout: oneOf(["single", "layered"]).default("single"),
  network: object({
    cidr: addressRange(16, 24),
    podCidr: addressRange(10, 20).default("192.168.0.0/16"),
    // https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning: smaller than /12
    serviceCidr: addressRange(13, 24).default("172.16.0.0/16"),
    outbound: oneOf(["nat-gateway", "load-balancer", "user-defined-routing"]).default("nat-gateway"),
    existing: object({ nodeSubnet: subnetId, apiServerSubnet: subnetId.optional() }).optional(),
  }),
  access: object({
    public: z.array(addressRange(0, 32)).default([]),
    admins: z
      .array(nonEmpty)
      .min(1, "needs at least one group: nobody else gets rights on the cluster, Terraform included"),
    vnetIntegration: z.boolean().default(false),
  }),
  hostEncryption: z.boolean().default(true),
  encryptionKey: object({
    vault: vaultId,
    key: z
      .string()
      .regex(
        /^https:\/\/[a-zA-Z0-9-]{3,24}\.vault\.azure\.net\/keys\/[0-9a-zA-Z-]+\/[0-9a-f]{32}$/,
        'must be the identifier of a key with its version, such as "https://acme.vault.azure.net/keys/aks/0123456789abcdef0123456789abcdef"',
      ),
  }).optional(),
  upgrades: object({
    channel: z
      .literal(["patch", "none"], {
        error: (issue) =>
          ["stable", "rapid", "node-image"].includes(String(issue.input))
            ? 'would contradict `kubernetes`, which says the minor version: take "patch" or "none"'
            : 'must be "patch" or "none"',
      })
      .default("patch"),
    day: oneOf(DAYS).default("Sunday"),
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hours and minutes in UTC, such as "22:30"')
      .default("00:00"),
  }).prefault({}),
  deletionProtection: z.boolean().optional(),
  logWorkspace: resourceId("Microsoft.OperationalInsights/workspaces", "a Log Analytics workspace").optional(),
  // https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
  logRetention: z
    .int()
    .min(30, "must be at least Log Analytics's 30 days")
    .max(730, "must be at most Log Analytics's 730 days")
    .default(365),
  dns: object({
    zone: domain.optional(),
    resourceGroup: nonEmpty.optional(),
    create: z.literal(true, { error: "must be true, or be left out" }).optional(),
  }),
  budget: object({
    monthly: z.number("must be a number of the subscription's currency").min(1, "must be at least 1"),
    from: z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, 'must be a month, such as "2026-12"'),
    // https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update
    alerts: z
      .array(
        z
          .int("must be a whole percentage")
          .min(1, "must be at least 1 percent")
          .max(1000, "must be at most 1000 percent"),
      )
      .min(1, "needs at least one percentage")
      .max(5, "has more than the five alerts that a budget may have")
      .default([80, 100]),
    emails: z
      .array(z.email("must be an e-mail address"))
      .min(1, "needs at least one address")
      .max(50, "has more than Azure's fifty addresses")
      .optional(),
  }).optional(),
  costExport: object({
    storageAccount: resourceId("Microsoft.Storage/storageAccounts", "a storage account"),
    container,
    directory: nonEmpty.optional(),
  }).optional(),
  kubeconfigStore: z
    .discriminatedUnion(
      "kind",
      [
        storeOf("key-vault", {
          vault: z
            .string()
            .regex(
              /^[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
              "must be the name of a vault: 3 to 24 letters, digits and hyphens",
            ),
        }),
        vaultStore,
      ],
      { error: 'must be { kind: "key-vault", vault } or { kind: "vault" }' },
    )
    .optional(),
  secrets: object({ vault: vaultId }).optional(),
  systemNodes: object({
    vmSize: nonEmpty.default("Standard_D4ds_v5"),
    min: z.int("must be a whole number").min(2, "must be at least 2: one node is no high availability").default(2),
    max: count.default(3),
  }).prefault({}),
  profile: oneOf(PROFILES).default("production"),
  sharedPool: nodePoolSchema.omit({ taint: true, aws: true }).optional(),
  state: object({
    storageAccount: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, "must be a storage account: 3 to 24 lower-case letters and digits"),
    resourceGroup: nonEmpty,
    container: container.default("tfstate"),
  }).optional(),
});

/** The last part of a resource id. */
export function resourceName(id: string): string {
  return id.split("/").at(-1) ?? id;
}

/** The zone of the records: the one that exists, or the one that is made for the domain. */
export function azureZone(cluster: AzureCluster): string {
  return cluster.dns.zone ?? cluster.domain;
}
