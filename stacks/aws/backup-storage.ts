import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { isProtected } from "../../config/platform";
import { backupBucketPrefix } from "./backups";
import type { AwsContext } from "./context";

export interface BackupStorageProps {
  readonly context: AwsContext;
  /** Whether this stack is the one that makes it. */
  readonly first: boolean;
}

/** How long what was deleted or written over can be had back. */
const KEPT_DAYS = 30;

/** The bucket of the databases' backups: made, or known by its name where an earlier layer made it. */
export class BackupStorage extends Construct {
  readonly bucket: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, first }: BackupStorageProps) {
    super(scope, id);
    const { platform, config, account } = context;
    this.bucket = `${backupBucketPrefix(platform, config)}${account}`;
    this.ready = first ? this.make(context) : [];
  }

  private make({ platform, config, partition }: AwsContext): readonly ITerraformDependable[] {
    const kept = isProtected(platform, config);
    const { bucket } = new S3Bucket(this, "bucket", {
      bucket: this.bucket,
      // What nobody protects goes with its backups; else a cluster for trials could not be destroyed.
      forceDestroy: !kept,
      ...(kept && { lifecycle: { preventDestroy: true } }),
    });
    const closed = new S3BucketPublicAccessBlock(this, "closed", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      // The account's own key for S3, and not the cluster's: what that has encrypted is lost with the cluster.
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true }],
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const lifecycle = new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays: KEPT_DAYS }],
          expiration: [{ expiredObjectDeleteMarker: true }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
      dependsOn: [versioning],
    });
    const document = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        {
          sid: "DenyPlainHttp",
          effect: "Deny",
          actions: ["s3:*"],
          resources: [`arn:${partition}:s3:::${this.bucket}`, `arn:${partition}:s3:::${this.bucket}/*`],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
    const policy = new S3BucketPolicy(this, "policy", { bucket, policy: document.json, dependsOn: [closed] });
    return [encryption, lifecycle, policy];
  }
}
