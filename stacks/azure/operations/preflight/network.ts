import ipaddr from "ipaddr.js";
import { z } from "zod";
import { overlap } from "../../../../config/address-ranges";
import type { AzureCluster } from "../../../../config/clouds/azure";
import { resourceName } from "../../../../config/clouds/azure";
import { azureMostNodesOf } from "../../../../config/clouds/azure-node-pools";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import { VERSIONS } from "./api-versions";
import type { Check, CheckContext } from "./check";
import { listOf } from "./shapes";

const subject = "network";

const addressSpace = z.object({ addressPrefixes: listOf(z.string()) }).nullish();
const reference = z.object({ id: z.string() }).nullish();

const subnet = z.object({
  name: z.string(),
  properties: z.object({
    addressPrefix: z.string().nullish(),
    addressPrefixes: z.array(z.string()).nullish(),
    natGateway: reference,
    routeTable: reference,
    networkSecurityGroup: reference,
    delegations: z.array(z.object({ properties: z.object({ serviceName: z.string() }) })).nullish(),
  }),
});
export type Subnet = z.output<typeof subnet>;

/** https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks/get */
const virtualNetwork = z.object({
  location: z.string(),
  properties: z.object({
    addressSpace,
    subnets: listOf(subnet),
    virtualNetworkPeerings: listOf(
      z.object({ name: z.string(), properties: z.object({ remoteAddressSpace: addressSpace }) }),
    ),
  }),
});
export type VirtualNetwork = z.output<typeof virtualNetwork>;

/** A network of somebody else: whether it is what the config says, and what the cluster needs. */
export const network: Check = {
  subject,
  needs: "Microsoft.Network/virtualNetworks/read",
  look: async (context) => {
    const { existing } = context.cluster.network;
    if (!existing) return [];
    const { nodeSubnet, apiServerSubnet } = existing;
    const found = await findNetwork(context, networkId(nodeSubnet));
    if (!found) return [missing(context.cluster, nodeSubnet)];
    return [
      ...judgeNetwork(context.cluster, found),
      ...judgeNodeSubnet(
        context.cluster,
        subnetOf(found, nodeSubnet),
        azureMostNodesOf(poolsOn(context.platform, context.cluster), context.cluster),
      ),
      // A rule of the config has checked that both are in one network.
      ...(apiServerSubnet === undefined ? [] : judgeApiServerSubnet(context.cluster, subnetOf(found, apiServerSubnet))),
    ];
  },
};

const networkId = (subnetId: string): string => subnetId.split("/").slice(0, -2).join("/");

const subnetOf = ({ properties }: VirtualNetwork, id: string): Subnet | undefined =>
  properties.subnets.find(({ name }) => name.toLowerCase() === resourceName(id).toLowerCase());

function findNetwork({ clients }: CheckContext, id: string): Promise<VirtualNetwork | undefined> {
  return clients.resourceManager.find({ path: id, apiVersion: VERSIONS.network }, virtualNetwork);
}

const missing = ({ name }: Pick<AzureCluster, "name">, id: string): Finding => ({
  severity: "error",
  subject,
  found: `there is no ${id}, or you may not read it`,
  fix: `correct clusters.${name}.network.existing (az network vnet subnet show --query id)`,
});

export function judgeNetwork(
  { name, location, existing, network: config }: Pick<AzureCluster, "name" | "location" | "existing" | "network">,
  { location: where, properties }: VirtualNetwork,
): readonly Finding[] {
  const path = `clusters.${name}.network`;
  const ranges = properties.addressSpace?.addressPrefixes.filter(isIpv4) ?? [];
  // A cluster of somebody else has its ranges already, and its way out.
  const inner = existing
    ? []
    : [
        { field: "podCidr", range: config.podCidr },
        { field: "serviceCidr", range: config.serviceCidr },
      ];
  const findings: Finding[] = [];
  if (where !== location)
    findings.push({
      severity: "error",
      subject,
      found: `the network is in ${where}, clusters.${name}.location is ${location}`,
      fix: "choose a network in that location, or correct the config",
    });
  for (const { field, range } of inner) {
    const clash = ranges.find((other) => overlap(range, other));
    if (clash !== undefined)
      findings.push({
        severity: "error",
        subject,
        found: `${path}.${field} ${range} overlaps ${clash} of the network's own ranges`,
        fix: "choose a range that is not used",
      });
    const peer = properties.virtualNetworkPeerings.find(({ properties: { remoteAddressSpace } }) =>
      (remoteAddressSpace?.addressPrefixes ?? []).some((other) => isIpv4(other) && overlap(range, other)),
    );
    if (peer)
      findings.push({
        severity: "warn",
        subject,
        found: `${path}.${field} ${range} overlaps a range of the peering ${peer.name}: pods could not reach what is there`,
        fix: "choose a range that is not used",
      });
  }
  return findings;
}

/** @param nodes how many there may be at most */
export function judgeNodeSubnet(
  { name, existing, network: config }: Pick<AzureCluster, "name" | "existing" | "network">,
  found: Subnet | undefined,
  nodes: number,
): readonly Finding[] {
  const id = config.existing?.nodeSubnet ?? "";
  if (!found) return [missing({ name }, id)];
  const { natGateway, routeTable, networkSecurityGroup, delegations } = found.properties;
  const outbound = `clusters.${name}.network.outbound`;
  const findings: Finding[] = [];
  if (!existing && config.outbound === "nat-gateway" && !natGateway)
    findings.push({
      severity: "error",
      subject,
      found: `${found.name} has no NAT gateway, and ${outbound} is "nat-gateway": nodes would have no way out`,
      fix: `az network vnet subnet update --nat-gateway …, or another ${outbound}`,
    });
  if (!existing && config.outbound === "user-defined-routing" && !routeTable)
    findings.push({
      severity: "error",
      subject,
      found: `${found.name} has no route table, and ${outbound} is "user-defined-routing": nodes would have no way out`,
      fix: `az network vnet subnet update --route-table …, or another ${outbound}`,
    });
  if ((delegations ?? []).length > 0)
    findings.push({
      severity: "error",
      subject,
      found: `${found.name} is delegated to ${delegations?.map(({ properties }) => properties.serviceName).join(", ") ?? ""}: nodes cannot be in it`,
      fix: "choose a subnet that is not delegated",
    });
  if (!networkSecurityGroup)
    findings.push({
      severity: "warn",
      subject,
      found: `${found.name} has no network security group: whatever reaches the network reaches the nodes`,
      fix: "az network vnet subnet update --network-security-group …, with a rule that lets the internet reach 80 and 443 of the gateway",
    });
  const addresses = addressesOf(found);
  if (nodes > addresses)
    findings.push({
      severity: "warn",
      subject,
      found: `${found.name} has ${addresses} addresses, all pools at their limits have ${nodes} nodes: pools stop growing before`,
      fix: "choose a larger subnet, or lower the limits of pools",
    });
  return findings.length > 0
    ? findings
    : [{ severity: "ok", subject, found: `${found.name} is there, with a way out and a security group` }];
}

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration */
export function judgeApiServerSubnet(
  { name, network: config }: Pick<AzureCluster, "name" | "network">,
  found: Subnet | undefined,
): readonly Finding[] {
  const about = { subject: "API server's subnet" };
  const path = `clusters.${name}.network.existing.apiServerSubnet`;
  const service = "Microsoft.ContainerService/managedClusters";
  if (!found)
    return [
      {
        severity: "error",
        ...about,
        found: `there is no ${config.existing?.apiServerSubnet ?? ""} in the network of the nodes`,
        fix: `correct ${path}`,
      },
    ];
  const services = (found.properties.delegations ?? []).map(({ properties }) => properties.serviceName);
  if (!services.some((one) => one.toLowerCase() === service.toLowerCase()))
    return [
      {
        severity: "error",
        ...about,
        found: `${found.name} is not delegated to ${service}`,
        fix: `az network vnet subnet update --delegations ${service} …`,
      },
    ];
  const prefix = Math.min(...rangesOf(found).map((range) => ipaddr.IPv4.parseCIDR(range)[1]));
  if (prefix > 28)
    return [
      {
        severity: "error",
        ...about,
        found: `${found.name} is a /${prefix}, and AKS needs a /28`,
        fix: `correct ${path}`,
      },
    ];
  return [{ severity: "ok", ...about, found: `${found.name} is there, delegated to AKS` }];
}

const isIpv4 = (range: string): boolean => ipaddr.IPv4.isValidCIDR(range);

const rangesOf = ({ properties: { addressPrefix, addressPrefixes } }: Subnet): readonly string[] =>
  [...(addressPrefixes ?? []), ...(addressPrefixes?.length ? [] : [addressPrefix ?? ""])].filter(isIpv4);

/** Azure keeps five of each range: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const addressesOf = (found: Subnet): number =>
  rangesOf(found).reduce((sum, range) => sum + 2 ** (32 - ipaddr.IPv4.parseCIDR(range)[1]) - 5, 0);
