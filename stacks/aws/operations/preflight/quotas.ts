import { systemInstanceTypes } from "../../../../config/clouds/aws";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import type { AwsClients } from "../clients";
import { describe, isAwsError, isNamed } from "../errors";
import type { Check, CheckContext } from "./check";
import { isOurs, type Tagged } from "./ours";
import { countsIn, judgeVcpus, poolDemand, uncounted, VCPU_QUOTAS, vcpusInUse, type Demand } from "./vcpus";

/** Service quotas against what the config asks for. */
export const quotas: Check = {
  subject: "quotas",
  needs: "servicequotas:GetServiceQuota and ec2:Describe*",
  look: async (context) => [...(await vcpus(context)), ...(await networks(context))],
};

async function vcpus({ platform, cluster, own, clients }: CheckContext): Promise<readonly Finding[]> {
  const ec2 = clients.ec2();
  const { systemNodes, region } = cluster;
  const { InstanceTypes = [] } = await ec2.describeInstanceTypes({
    Filters: [{ Name: "instance-type", Values: [...systemInstanceTypes(systemNodes)] }],
  });
  // Which of the types it will be is known only later: the largest.
  const vcpus = Math.max(0, ...InstanceTypes.map(({ VCpuInfo }) => VCpuInfo?.DefaultVCpus ?? 0));
  const pools = poolsOn(platform, cluster);
  const demands: readonly Demand[] = [
    // A cluster of somebody else has nodes already.
    ...(cluster.existing !== undefined
      ? []
      : [
          {
            who: "system nodes",
            families: ["standard"],
            markets: ["on-demand"],
            most: systemNodes.max * vcpus,
            least: systemNodes.min * vcpus,
          } as const,
        ]),
    ...pools.map(poolDemand),
  ];
  const instances = [];
  for await (const page of ec2.paginateDescribeInstances({
    Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
  }))
    instances.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
  const others = instances.filter((instance) => !isOurs(own, instance));
  const judged = await Promise.all(
    VCPU_QUOTAS.filter((quota) => demands.some((demand) => countsIn(quota, demand))).map((quota) =>
      withValue(clients, "ec2", quota, (value) => judgeVcpus(quota, value, vcpusInUse(others, quota), demands, region)),
    ),
  );
  return [...judged, uncounted(pools)].flatMap((finding) => finding ?? []);
}

async function networks({ cluster, own, clients }: CheckContext): Promise<readonly Finding[]> {
  const ec2 = clients.ec2();
  const { region, network } = cluster;
  if (network.existing) return [];
  const gateways = network.nat === "single" ? 1 : network.zones;
  const [{ Addresses = [] }, { Vpcs = [] }, { NatGateways = [] }, { Subnets = [] }] = await Promise.all([
    ec2.describeAddresses({}),
    ec2.describeVpcs({}),
    ec2.describeNatGateways({ Filter: [{ Name: "state", Values: ["pending", "available"] }] }),
    ec2.describeSubnets({}),
  ]);
  const others = (all: readonly Tagged[]): number => all.filter((one) => !isOurs(own, one)).length;
  const zoneOf = new Map(Subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
  const fullest = Math.max(
    0,
    ...countBy(NatGateways.filter((one) => !isOurs(own, one)).map(({ SubnetId }) => zoneOf.get(SubnetId))),
  );
  const counted = [
    { service: "ec2", code: "L-0263D0A3", what: "elastic addresses", needed: gateways, inUse: others(Addresses) },
    { service: "vpc", code: "L-FE5A380F", what: "NAT gateways in a zone", needed: 1, inUse: fullest },
    { service: "vpc", code: "L-F678F1CE", what: "VPCs in the region", needed: 1, inUse: others(Vpcs) },
  ];
  return Promise.all(
    counted.map(async (count) => {
      const quota = { code: count.code, subject: `quota: ${count.what}` };
      return withValue(clients, count.service, quota, (value) => judgeCount({ ...count, ...quota, region }, value));
    }),
  );
}

/** How many there may be against how many are needed beside those of others. */
export function judgeCount(
  count: {
    readonly service: string;
    readonly code: string;
    readonly subject: string;
    readonly needed: number;
    readonly inUse: number;
    readonly region: string;
  },
  value: number,
): Finding {
  const { subject, needed, inUse } = count;
  const found = `${needed} needed, ${value} allowed, ${inUse} in use by others`;
  if (needed <= value - inUse) return { severity: "ok", subject, found };
  return {
    severity: "error",
    subject,
    found,
    fix: `aws service-quotas request-service-quota-increase --region ${count.region} --service-code ${count.service} --quota-code ${count.code} --desired-value ${inUse + needed}`,
  };
}

/** Judges with the quota's value: the account's own, or AWS's default where it never asked for another. */
async function withValue(
  clients: AwsClients,
  service: string,
  { code, subject }: { readonly code: string; readonly subject: string },
  judge: (value: number) => Finding,
): Promise<Finding> {
  const ask = { ServiceCode: service, QuotaCode: code };
  try {
    const answer = await clients
      .quotas()
      .getServiceQuota(ask)
      .catch((error: unknown) => {
        if (isNamed(error, "NoSuchResourceException")) return clients.quotas().getAWSDefaultServiceQuota(ask);
        throw error;
      });
    const value = answer.Quota?.Value;
    return value === undefined ? unknown(`${code} has no value in this region`) : judge(value);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return unknown(describe(error));
  }

  function unknown(why: string): Finding {
    return {
      severity: "warn",
      subject,
      found: `could not be looked at: ${why}`,
      fix: `allow servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota, or look for ${code} in the console`,
    };
  }
}

function countBy(keys: readonly (string | undefined)[]): readonly number[] {
  const counts = new Map<string | undefined, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()];
}
