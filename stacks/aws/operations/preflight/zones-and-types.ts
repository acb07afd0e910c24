import { poolId } from "../../../../config/node-pools";
import { systemInstanceTypes } from "../../../../config/clouds/aws";
import { poolsOn } from "../../../../config/platform";
import type { Finding } from "../../../operations";
import type { AwsClients } from "../clients";
import { ZONES_WITHOUT_EKS } from "../../zones";
import type { Check } from "./check";

/** Whether the region has enough zones, and offers the machines that the config names. */
export const zonesAndTypes: Check = {
  subject: "zones and instance types",
  needs: "ec2:DescribeAvailabilityZones and ec2:DescribeInstanceTypeOfferings",
  look: async ({ platform, cluster, clients }) => {
    const ec2 = clients.ec2();
    const { AvailabilityZones = [] } = await ec2.describeAvailabilityZones({
      Filters: [
        { Name: "state", Values: ["available"] },
        { Name: "opt-in-status", Values: ["opt-in-not-required"] },
      ],
    });
    const zones = AvailabilityZones.filter(({ ZoneId }) => !ZONES_WITHOUT_EKS.includes(ZoneId ?? "")).flatMap(
      ({ ZoneName }) => ZoneName ?? [],
    );
    const wishes: readonly Wish[] = [
      ...(cluster.existing === undefined
        ? [{ who: "systemNodes", types: systemInstanceTypes(cluster.systemNodes) }]
        : []),
      ...poolsOn(platform, cluster).map((pool) => ({
        who: `pool ${poolId(pool)}`,
        types: pool.aws.instanceTypes ?? [],
      })),
    ].filter(({ types }) => types.length > 0);
    const offers = new Map<string, Set<string>>();
    for await (const page of ec2.paginateDescribeInstanceTypeOfferings({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [...new Set(wishes.flatMap(({ types }) => types))] }],
    }))
      for (const { InstanceType = "", Location = "" } of page.InstanceTypeOfferings ?? [])
        offers.set(InstanceType, (offers.get(InstanceType) ?? new Set()).add(Location));
    const { existing } = cluster.network;
    // The stack takes the first ones, in the order of their names.
    const used = existing
      ? await zonesOf(existing.privateSubnets, clients)
      : zones.sort().slice(0, cluster.network.zones);
    return [
      existing ? judgeSubnets(existing.vpc, used) : judgeZones(cluster.region, zones, cluster.network.zones),
      ...wishes.map((wish) => judgeTypes(wish, offers, used)),
    ];
  },
};

/** The zones of subnets that are there. A subnet that is not there is AWS's error. */
async function zonesOf(subnetIds: readonly string[], clients: AwsClients): Promise<readonly string[]> {
  const { Subnets = [] } = await clients.ec2().describeSubnets({ SubnetIds: [...subnetIds] });
  return [...new Set(Subnets.flatMap(({ AvailabilityZone }) => AvailabilityZone ?? []))].sort();
}

export function judgeSubnets(vpc: string, zones: readonly string[]): Finding {
  const subject = "zones";
  return zones.length < 2
    ? {
        severity: "error",
        subject,
        found: `the private subnets of ${vpc} are in one zone, ${zones.join()}`,
        fix: "name subnets in at least two zones: EKS wants its own interfaces in two",
      }
    : { severity: "ok", subject, found: `${zones.join(", ")}, those of the subnets in ${vpc}` };
}

/** Instance types that a part of the config names. */
export interface Wish {
  readonly who: string;
  readonly types: readonly string[];
}

export function judgeZones(region: string, zones: readonly string[], needed: number): Finding {
  const subject = "zones";
  return zones.length < needed
    ? {
        severity: "error",
        subject,
        found: `${region} has ${zones.length} that EKS can use (${zones.join(", ") || "none"}), the config asks for ${needed}`,
        fix: "lower network.zones, or choose another region",
      }
    : { severity: "ok", subject, found: `${zones.join(", ")}; ${needed} needed` };
}

/** @param offers the zones where each type is offered; @param zones those that the cluster uses */
export function judgeTypes(
  { who, types }: Wish,
  offers: ReadonlyMap<string, ReadonlySet<string>>,
  zones: readonly string[],
): Finding {
  const subject = `instance types of ${who}`;
  const unknown = types.filter((type) => !offers.has(type));
  const empty = zones.filter((zone) => !types.some((type) => offers.get(type)?.has(zone)));
  const fix = "choose types that `aws ec2 describe-instance-type-offerings` lists, or another region";
  if (unknown.length === types.length)
    return { severity: "error", subject, found: `the region offers none of ${types.join(", ")}`, fix };
  if (empty.length > 0)
    return { severity: "warn", subject, found: `none of ${types.join(", ")} is offered in ${empty.join(", ")}`, fix };
  if (unknown.length > 0)
    return { severity: "warn", subject, found: `the region does not offer ${unknown.join(", ")}`, fix };
  return { severity: "ok", subject, found: `${types.join(", ")}: offered in ${zones.join(", ")}` };
}
