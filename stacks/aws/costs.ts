import type { AwsCluster } from "../../config/clouds/aws";
import type { CostProvider } from "../../modules/cluster";
import type { Statement } from "./iam";

/** The bill itself, where the config names its report; list prices are public and need no rights. */
export function costProvider(config: AwsCluster, account: string): CostProvider | undefined {
  const { costReport } = config;
  if (!costReport) return undefined;
  const { database, table, workgroup, resultBucket, region = config.region } = costReport;
  return {
    integration: {
      aws: {
        athena: [
          {
            bucket: `s3://${resultBucket}`,
            region,
            database,
            table,
            workgroup,
            account,
            authorizer: { authorizerType: "AWSServiceAccount" },
          },
        ],
      },
    },
  };
}

export interface CostStatementsProps {
  readonly config: AwsCluster;
  readonly account: string;
  readonly partition: string;
}

/** Ask Athena about one table, read what lies behind it, write the answers: https://docs.aws.amazon.com/athena/latest/ug/managed-policies.html */
export function costStatements({ config, account, partition }: CostStatementsProps): readonly Statement[] {
  const { costReport } = config;
  if (!costReport) throw new Error(`clusters.${config.name} has no costReport to give rights on`);
  const { database, table, workgroup, resultBucket, reportBucket, region = config.region } = costReport;
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  return [
    {
      sid: "AskAthena",
      actions: [
        "GetQueryExecution",
        "GetQueryResults",
        "GetWorkGroup",
        "StartQueryExecution",
        "StopQueryExecution",
      ].map((action) => `athena:${action}`),
      resources: [arn("athena", `workgroup/${workgroup}`)],
    },
    {
      sid: "KnowTable",
      actions: ["BatchGetPartition", "GetDatabase", "GetPartition", "GetPartitions", "GetTable", "GetTables"].map(
        (action) => `glue:${action}`,
      ),
      resources: [
        arn("glue", "catalog"),
        arn("glue", `database/${database}`),
        arn("glue", `table/${database}/${table}`),
      ],
    },
    {
      sid: "FindBuckets",
      actions: ["s3:GetBucketLocation", "s3:ListBucket"],
      resources: [bucket(resultBucket), bucket(reportBucket)],
    },
    { sid: "ReadReport", actions: ["s3:GetObject"], resources: [`${bucket(reportBucket)}/*`] },
    {
      sid: "KeepAnswers",
      actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      resources: [`${bucket(resultBucket)}/*`],
    },
  ];
}
