/** How each type is removed, in the order in which it goes: what holds others comes first. */

type Command = (id: string, region: string, stack: string) => string;

const ec2 =
  (verb: string, option: string): Command =>
  (id, region) =>
    `aws ec2 ${verb} --region ${region} --${option} ${id}`;

const elb =
  (verb: string, option: string): Command =>
  (id, region) =>
    `aws elbv2 ${verb} --region ${region} --${option} ${id}`;

const REMOVALS: Readonly<Record<string, Command>> = {
  "eks:cluster": (_id, _region, stack) => `npx cdktf destroy ${stack}`,
  "elasticloadbalancing:loadbalancer": (id, region) =>
    id.startsWith("arn:")
      ? elb("delete-load-balancer", "load-balancer-arn")(id, region, "")
      : `aws elb delete-load-balancer --region ${region} --load-balancer-name ${id}`,
  "elasticloadbalancing:targetgroup": elb("delete-target-group", "target-group-arn"),
  "ec2:instance": ec2("terminate-instances", "instance-ids"),
  "ec2:natgateway": ec2("delete-nat-gateway", "nat-gateway-id"),
  "ec2:elastic-ip": ec2("release-address", "allocation-id"),
  "ec2:network-interface": ec2("delete-network-interface", "network-interface-id"),
  "ec2:volume": ec2("delete-volume", "volume-id"),
  "ec2:snapshot": ec2("delete-snapshot", "snapshot-id"),
  "ec2:launch-template": ec2("delete-launch-template", "launch-template-id"),
  "ec2:security-group": ec2("delete-security-group", "group-id"),
  "ec2:vpc-flow-log": ec2("delete-flow-logs", "flow-log-ids"),
  "ec2:subnet": ec2("delete-subnet", "subnet-id"),
  "ec2:route-table": ec2("delete-route-table", "route-table-id"),
  "ec2:internet-gateway": (id, region) =>
    `aws ec2 detach-internet-gateway --region ${region} --internet-gateway-id ${id} --vpc-id <vpc> && ${ec2("delete-internet-gateway", "internet-gateway-id")(id, region, "")}`,
  "ec2:vpc": ec2("delete-vpc", "vpc-id"),
  "iam:instance-profile": (id) =>
    `aws iam remove-role-from-instance-profile --instance-profile-name ${id} --role-name "$(aws iam get-instance-profile --instance-profile-name ${id} --query 'InstanceProfile.Roles[0].RoleName' --output text)"; aws iam delete-instance-profile --instance-profile-name ${id}`,
  "sqs:queue": (id, region) =>
    `aws sqs delete-queue --region ${region} --queue-url "$(aws sqs get-queue-url --region ${region} --queue-name ${id} --query QueueUrl --output text)"`,
  "events:rule": (id, region) =>
    `aws events remove-targets --region ${region} --rule ${id} --ids KarpenterInterruptionQueueTarget; aws events delete-rule --region ${region} --name ${id}`,
  "logs:log-group": (id, region) => `aws logs delete-log-group --region ${region} --log-group-name ${id}`,
  "kms:key": (id, region) =>
    `aws kms schedule-key-deletion --region ${region} --key-id ${id} --pending-window-in-days 30`,
  "route53:record": (id) => {
    const { zone, record } = JSON.parse(id) as { zone: string; record: object };
    const batch = { Changes: [{ Action: "DELETE", ResourceRecordSet: record }] };
    return `aws route53 change-resource-record-sets --hosted-zone-id ${zone} --change-batch '${JSON.stringify(batch)}'`;
  },
};

const ORDER = Object.keys(REMOVALS);

/** The command that removes it; for what this file does not know, where to look. */
export function removal(type: string, id: string, region: string, stack: string): string {
  const command = REMOVALS[type];
  if (command) return command(id, region, stack);
  if (type.startsWith("eks:")) return `npx cdktf destroy ${stack}`;
  return `see ${type} ${id} in the console of ${region}`;
}

/** Place in the order of removal; what this file does not know comes last. */
export function removalOrder(type: string): number {
  const place = ORDER.indexOf(type.startsWith("eks:") ? "eks:cluster" : type);
  return place === -1 ? ORDER.length : place;
}
