/** What Azure would refuse, or silently never use. */
import { isPrivateRange } from "../address-ranges";
import { azureZone, resourceName, type AzureCluster } from "../clouds/azure";
import { AZURE_LOCATIONS } from "../clouds/azure-locations";
import { nodeResourceGroup } from "../clouds/azure-names";
import { lacksLocalDisk, parseVmSize } from "../clouds/azure-vm-sizes";
import { shutsItselfIn } from "../layers";
import { ownName } from "../names";
import type { Platform } from "../platform";
import { suggest } from "../zod";
import type { Finding, Rule } from "./rule";
import { unused } from "./unused";

/** Keys that shape what is not made on a cluster of somebody else. */
const OF_OUR_CLUSTER = [
  "access.public",
  "access.vnetIntegration",
  "network.outbound",
  "network.existing.apiServerSubnet",
  "encryptionKey",
  "upgrades",
  "deletionProtection",
  "logWorkspace",
  "logRetention",
  "systemNodes",
];

export const AZURE_RULES: readonly Rule[] = [
  {
    id: "existing-cluster",
    severity: "error",
    check: (platform, source) =>
      azureClusters(platform).flatMap(({ name, existing }) =>
        existing
          ? unused(source, `clusters.${name}`, OF_OUR_CLUSTER, `the cluster "${existing.name}" is somebody else's`)
          : [],
      ),
  },
  {
    id: "existing-network",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap(existingNetwork),
  },
  {
    id: "existing-workspace",
    severity: "error",
    check: (platform, source) =>
      azureClusters(platform).flatMap((cluster) =>
        cluster.existing === undefined && cluster.logWorkspace !== undefined
          ? unused(
              source,
              `clusters.${cluster.name}`,
              ["logRetention"],
              `the workspace "${resourceName(cluster.logWorkspace)}" has its own`,
            )
          : [],
      ),
  },
  {
    id: "dns-zone",
    severity: "error",
    check: (platform) =>
      azureClusters(platform).flatMap((cluster): Finding[] => {
        const found = dnsZone(cluster);
        return found === undefined
          ? []
          : [
              {
                path: `clusters.${cluster.name}.dns`,
                message: `${found}; give a zone that exists, { zone: "acme.example", resourceGroup: "dns" }, or { create: true }`,
              },
            ];
      }),
  },
  {
    id: "domain-outside-zone",
    severity: "error",
    check: (platform) =>
      azureClusters(platform)
        .filter(
          (cluster) => cluster.domain !== azureZone(cluster) && !cluster.domain.endsWith(`.${azureZone(cluster)}`),
        )
        .map((cluster) => ({
          path: `clusters.${cluster.name}.domain`,
          message: `"${cluster.domain}" does not lie in the zone "${azureZone(cluster)}"; records could not be made`,
        })),
  },
  {
    id: "duplicate-cluster",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap((cluster) => nodesGroupOfAnother(platform, cluster)),
  },
  {
    id: "azure-location",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap(location),
  },
  {
    id: "azure-network-values",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap(networkValues),
  },
  {
    id: "azure-encryption-key",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap(encryptionKey),
  },
  {
    id: "azure-tags",
    severity: "error",
    check: (platform) => (azureClusters(platform).length === 0 ? [] : tagsOfAzure(Object.entries(platform.tags))),
  },
  {
    id: "azure-system-nodes",
    severity: "error",
    check: (platform) => azureClusters(platform).flatMap(systemNodes),
  },
  {
    id: "private-api",
    severity: "warning",
    check: (platform) =>
      azureClusters(platform)
        .filter(shutsItselfIn)
        .map(({ name }) => ({
          path: `clusters.${name}.access`,
          message:
            'nobody can be inside a network that the same deploy makes, so the first one stops at the first release; take layout: "layered" or network.existing. Opening access.public until there is a way in is none: closing it later takes a destroy and a deploy',
        })),
  },
  {
    id: "azure-egress-address",
    severity: "warning",
    check: (platform) =>
      azureClusters(platform)
        .filter(
          ({ existing, network, access }) =>
            existing === undefined &&
            network.existing !== undefined &&
            network.outbound !== "load-balancer" &&
            access.public.length > 0 &&
            !access.vnetIntegration,
        )
        .map(({ name, network }) => ({
          path: `clusters.${name}.access.public`,
          message: `must hold the address of ${
            network.outbound === "nat-gateway" ? "the NAT gateway of the nodes' subnet" : "the firewall"
          }, by which nodes reach the API server over the internet: it is not made here, so nothing adds it; access.vnetIntegration: true needs none`,
        })),
  },
];

/** The clusters that the rules of this cloud are about. */
export const azureClusters = (platform: Omit<Platform, "warnings">): readonly AzureCluster[] =>
  platform.clusters.filter((cluster) => cluster.kind === "azure");

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration: a delegated subnet of the nodes' network, of no other use. */
function existingNetwork({ name, existing, network, access }: AzureCluster): Finding[] {
  if (existing !== undefined || network.existing === undefined) return [];
  const path = `clusters.${name}.network.existing.apiServerSubnet`;
  const { nodeSubnet, apiServerSubnet } = network.existing;
  if (apiServerSubnet === undefined)
    return access.vnetIntegration
      ? [
          {
            path,
            message:
              "is missing: access.vnetIntegration puts the API server into a subnet of its own, a /28 or larger, delegated to Microsoft.ContainerService/managedClusters",
          },
        ]
      : [];
  if (!access.vnetIntegration)
    return [{ path, message: "does nothing without access.vnetIntegration: true; set that, or take it out" }];
  // Ids of resources are compared without case.
  const [nodes, server] = [nodeSubnet.toLowerCase(), apiServerSubnet.toLowerCase()];
  if (nodes === server)
    return [{ path, message: "is the subnet of the nodes as well; a delegated subnet takes nothing else" }];
  return networkOf(nodes) === networkOf(server)
    ? []
    : [{ path, message: "lies in another virtual network than nodeSubnet; take a subnet of the nodes' network" }];
}

const networkOf = (subnet: string): string => subnet.slice(0, subnet.lastIndexOf("/subnets/"));

function dnsZone({ dns }: AzureCluster): string | undefined {
  const { zone, resourceGroup, create } = dns;
  if (create) return zone === undefined && resourceGroup === undefined ? undefined : "has both a zone and create";
  if (zone === undefined) return resourceGroup === undefined ? "names no zone" : "has a resource group, but no zone";
  return resourceGroup === undefined ? "names no resource group of the zone" : undefined;
}

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration: availability. */
const WITHOUT_VNET_INTEGRATION = ["qatarcentral"];

function location({ name, location, access }: AzureCluster): Finding[] {
  const path = `clusters.${name}`;
  if (!AZURE_LOCATIONS.includes(location))
    return [
      {
        path: `${path}.location`,
        message: `there is no location "${location}" in Azure's public cloud${suggest(location, AZURE_LOCATIONS)}`,
      },
    ];
  return access.vnetIntegration && WITHOUT_VNET_INTEGRATION.includes(location)
    ? [
        {
          path: `${path}.access.vnetIntegration`,
          message: `is not to be had in ${location}; take it out, or take another location`,
        },
      ]
    : [];
}

function networkValues({ name, existing, access, network }: AzureCluster): Finding[] {
  const path = `clusters.${name}`;
  const inside = access.public.filter(isPrivateRange).map((range) => ({
    path: `${path}.access.public`,
    message: `${range} is a private range, from which nobody comes over the internet; take it out`,
  }));
  // https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges; the address of a NAT gateway of ours is one of them.
  const most = access.vnetIntegration ? 2000 : 200;
  const ranges = access.public.length + (network.outbound === "nat-gateway" && !network.existing ? 1 : 0);
  const tooMany =
    ranges > most
      ? [
          {
            path: `${path}.access.public`,
            message: `has ${ranges} ranges with that of the way out, and AKS takes ${most}; join neighbours into larger ones`,
          },
        ]
      : [];
  return [
    ...inside,
    ...tooMany,
    ...(existing === undefined && network.existing === undefined && network.outbound === "user-defined-routing"
      ? [
          {
            path: `${path}.network.outbound`,
            message:
              '"user-defined-routing" needs a subnet that has a route to a firewall, and none is made here; name it in network.existing, or take "nat-gateway" or "load-balancer"',
          },
        ]
      : []),
  ];
}

function encryptionKey({ name, subscription, encryptionKey }: AzureCluster): Finding[] {
  if (encryptionKey === undefined) return [];
  const path = `clusters.${name}.encryptionKey`;
  const vault = resourceName(encryptionKey.vault);
  const host = new URL(encryptionKey.key).hostname.split(".")[0] ?? "";
  // Names and ids are compared without case.
  return [
    ...(encryptionKey.vault.toLowerCase().startsWith(`/subscriptions/${subscription.toLowerCase()}/`)
      ? []
      : [
          {
            path: `${path}.vault`,
            message: `"${vault}" lies in another subscription than the cluster, where AKS does not find it; take a vault beside the cluster`,
          },
        ]),
    ...(host === vault.toLowerCase()
      ? []
      : [
          {
            path: `${path}.key`,
            message: `lies in the vault "${host}", but encryptionKey.vault is "${vault}"; name the vault of the key`,
          },
        ]),
  ];
}

function systemNodes({ name, existing, systemNodes: { vmSize } }: AzureCluster): Finding[] {
  const wrong = existing === undefined ? noSystemNode(vmSize) : undefined;
  return wrong === undefined
    ? []
    : [
        {
          path: `clusters.${name}.systemNodes.vmSize`,
          message: `"${vmSize}" ${wrong}; take one such as "Standard_D4ds_v5"`,
        },
      ];
}

/** https://learn.microsoft.com/azure/aks/use-system-pools: requirements. The OS disk is always ephemeral. */
function noSystemNode(vmSize: string): string | undefined {
  const size = parseVmSize(vmSize);
  if (!size) return "is not the name of a VM size";
  if (size.family === "B") return "is of the burstable B series, which AKS refuses for its own add-ons";
  if (size.family.startsWith("N")) return "has GPUs, which AKS's own add-ons do not use";
  if (size.cpu !== undefined && size.cpu < 4)
    return `has ${size.cpu} cores, and AKS wants at least 4 for its own add-ons`;
  return lacksLocalDisk(vmSize) ? "has no local disk, which the ephemeral OS disk needs" : undefined;
}

function nodesGroupOfAnother(platform: Omit<Platform, "warnings">, cluster: AzureCluster): Finding[] {
  const group = ownName(platform, cluster);
  return azureClusters(platform)
    .filter(({ existing, subscription }) => !existing && subscription === cluster.subscription)
    .filter((other) => nodeResourceGroup(ownName(platform, other)) === group)
    .map((other) => ({
      path: `clusters.${cluster.name}`,
      message: `its resource group "${group}" is the one that AKS makes for the nodes of ${other.name}, in the same subscription; rename one of the two clusters`,
    }));
}

/** Of the fifteen that Azure's DNS zones take, two are the platform's own. */
const MOST_TAGS = 13;

/**
 * Tags that Azure refuses, or gives back otherwise than they were written, so that every plan would have a change:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations. AKS does not keep the case of a pool's
 * keys, DNS zones lose keys with spaces and colons, and what runs in a cluster is told tags as a list of `key=value`.
 */
function tagsOfAzure(tags: readonly (readonly [string, string])[]): Finding[] {
  const wrong = tags.flatMap(([key, value]): Finding[] => {
    const path = `tags.${key}`;
    if (!/^[a-z_.@+-][a-z0-9_.@+-]*$/.test(key))
      return [
        {
          path,
          message: `"${key}" is not a tag that Azure keeps as it is: lower-case letters, digits and _.@+-, no digit first`,
        },
      ];
    if (/^(azure|microsoft|windows)/.test(key))
      return [
        { path, message: `"${key}" begins with a word that Azure keeps for itself: azure, microsoft or windows` },
      ];
    return /[=]/.test(value)
      ? [{ path, message: `"${value}" has a "=", at which Azure's load balancers cut it off` }]
      : [];
  });
  return tags.length <= MOST_TAGS
    ? wrong
    : [
        ...wrong,
        {
          path: "tags",
          message: `has ${tags.length} tags; allowed: ${MOST_TAGS}, as many as Azure's DNS zones take beside the platform's own`,
        },
      ];
}
