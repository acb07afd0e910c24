import type { EC2 } from "@aws-sdk/client-ec2";
import type { Finder, Found } from "./find";
import { becauseOf, ownerTags } from "./owner-tags";

/** Records of what was ordered, which EC2 keeps for a while and nobody pays for. */
const RECORDS = ["spot-instances-request", "fleet"];

/** Everything of EC2 by its tags: machines, volumes, snapshots, interfaces, security groups, launch templates, the network. */
export const ec2Leftovers: Finder = {
  where: "EC2",
  needs: "ec2:DescribeTags, ec2:DescribeInstances and ec2:DescribeNatGateways",
  find: async (context) => {
    const { clients } = context;
    const ec2 = clients.ec2();
    const found: Found[] = [];
    for (const tag of ownerTags(context)) {
      for await (const page of ec2.paginateDescribeTags({
        Filters: [
          { Name: "key", Values: [tag.key] },
          { Name: "value", Values: [tag.value] },
        ],
      }))
        for (const { ResourceType: kind = "", ResourceId: id = "" } of page.Tags ?? [])
          if (!RECORDS.includes(kind)) found.push({ type: `ec2:${kind}`, id, why: becauseOf(tag) });
    }
    const gone = await goneAlready(ec2, found);
    return found.filter(({ id }) => !gone.has(id));
  },
};

/** Machines and NAT gateways are shown, with their tags, for about an hour after they are gone. */
async function goneAlready(ec2: EC2, found: readonly Found[]): Promise<ReadonlySet<string>> {
  const ids = (type: string): string[] => [...new Set(found.filter((one) => one.type === type).map(({ id }) => id))];
  const gone = new Set<string>();
  const instances = ids("ec2:instance");
  if (instances.length > 0)
    for await (const page of ec2.paginateDescribeInstances({
      Filters: [{ Name: "instance-state-name", Values: ["shutting-down", "terminated"] }],
    }))
      for (const { InstanceId = "" } of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances))
        gone.add(InstanceId);
  if (ids("ec2:natgateway").length > 0)
    for await (const page of ec2.paginateDescribeNatGateways({
      Filter: [{ Name: "state", Values: ["deleting", "deleted", "failed"] }],
    }))
      for (const { NatGatewayId = "" } of page.NatGateways ?? []) gone.add(NatGatewayId);
  return gone;
}
