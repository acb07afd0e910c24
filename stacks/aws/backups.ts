import type { ITerraformDependable } from "cdktf";
import { ownName, shortened } from "../../config/names";
import type { AwsCluster } from "../../config/clouds/aws";
import type { Platform } from "../../config/platform";
import type { BackupStore } from "../../modules/cluster";
import type { Statement } from "./iam";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, less the account and what stands before it. */
const LONGEST_START = 63 - "-backups-".length - 12;

/** Start of the bucket's name: the account's number follows, because the whole world's buckets share their names. */
export function backupBucketPrefix(platform: Pick<Platform, "name">, config: Pick<AwsCluster, "name">): string {
  return `${shortened(ownName(platform, config), LONGEST_START)}-backups-`;
}

export interface BackupStoreProps {
  readonly bucket: string;
  readonly region: string;
  readonly ready: readonly ITerraformDependable[];
}

/** A folder for each namespace. Nothing about credentials: those of the database's service account are used. */
export function backupStore({ bucket, region, ready }: BackupStoreProps): BackupStore {
  return {
    objectStore: (namespace) => ({
      configuration: {
        destinationPath: `s3://${bucket}/${namespace}`,
        s3Credentials: { inheritFromIAMRole: true },
      },
      instanceSidecarConfiguration: { env: [{ name: "AWS_REGION", value: region }] },
    }),
    ready,
  };
}

export interface BackupStatementsProps {
  readonly partition: string;
  readonly bucket: string;
  readonly namespace: string;
}

/**
 * Read, write and, when their time is over, remove what is in one folder. The bucket is listed as a whole, because barman asks whether it
 * is there before it asks for a folder: https://docs.pgbarman.org/release/latest/user_guide/barman_cloud.html
 */
export function backupStatements({ partition, bucket, namespace }: BackupStatementsProps): readonly Statement[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return [
    { sid: "FindBackups", actions: ["s3:ListBucket"], resources: [arn] },
    {
      sid: "KeepBackups",
      actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
      resources: [`${arn}/${namespace}/*`],
    },
  ];
}
