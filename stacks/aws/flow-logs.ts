import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { assumedBy, ServiceRole } from "./iam";
import type { EncryptionKey } from "./encryption-key";

export interface FlowLogsProps {
  readonly name: string;
  readonly vpcId: string;
  readonly key: EncryptionKey;
  /** Days. */
  readonly retention: number;
  /** Whether they outlive a destroy. */
  readonly keep: boolean;
}

/** Who talked to whom in the VPC. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/vpc/${props.name}/flow-logs`,
      retentionInDays: props.retention,
      skipDestroy: props.keep,
      ...(!props.keep && { kmsKeyId: props.key.arn }),
      dependsOn: [props.key.policy],
    });
    const role = new ServiceRole(this, "role", {
      name: `${props.name}-flow-logs`,
      trust: assumedBy("vpc-flow-logs.amazonaws.com"),
      statements: [
        {
          sid: "WriteFlowLogs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: [`${logs.arn}:*`],
        },
      ],
    });
    new FlowLog(this, "flow-log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      iamRoleArn: role.arn,
      logDestination: logs.arn,
      maxAggregationInterval: 60,
    });
  }
}
