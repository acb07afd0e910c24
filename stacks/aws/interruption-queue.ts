import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** Detail types exactly as AWS sends them: a misspelt one is silently never matched. https://karpenter.sh/docs/concepts/disruption/#interruption */
const EVENTS = {
  "health-event": { source: "aws.health", detailType: "AWS Health Event" },
  "spot-interruption": { source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  "rebalance-recommendation": { source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  "state-change": { source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  "capacity-reservation-interruption": {
    source: "aws.ec2",
    detailType: "EC2 Capacity Reservation Instance Interruption Warning",
  },
} as const;

/** Where Karpenter hears that a machine is about to go, in time to drain it. */
export class InterruptionQueue extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly name: string }) {
    super(scope, id);
    const queue = new SqsQueue(this, "queue", {
      name: props.name,
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
    });
    this.name = queue.name;
    this.arn = queue.arn;
    const document = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        {
          sid: "SendEvents",
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com", "sqs.amazonaws.com"] }],
        },
        {
          sid: "OnlyEncryptedTransport",
          effect: "Deny",
          actions: ["sqs:*"],
          resources: [queue.arn],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    const policy = new SqsQueuePolicy(this, "policy", { queueUrl: queue.url, policy: document.json });
    const targets = Object.entries(EVENTS).map(([name, { source, detailType }]) => {
      const rule = new CloudwatchEventRule(this, name, {
        // Names end at 64 characters; the cluster's part of a generated one is only for people.
        namePrefix: `${props.name.slice(0, 37)}-`,
        description: `${detailType}, for Karpenter`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [detailType] }),
      });
      return new CloudwatchEventTarget(this, `${name}-target`, {
        rule: rule.name,
        targetId: "KarpenterInterruptionQueueTarget",
        arn: queue.arn,
      });
    });
    this.ready = [policy, ...targets];
  }
}
