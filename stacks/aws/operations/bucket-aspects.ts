/** What the bucket that holds the state must be like. Preflight looks, bootstrap makes. */
import { isDeepStrictEqual } from "node:util";
import type { LifecycleRule, S3, Tag } from "@aws-sdk/client-s3";
import { isNamed } from "./errors";
import type { Identity } from "./identity";

/** One property of the bucket. */
export interface Aspect {
  readonly what: string;
  /** A state should not lie in a bucket without it. */
  readonly essential: boolean;
  readonly isSo: () => Promise<boolean>;
  /** Sets it, and leaves what others have set beside it. */
  readonly make: () => Promise<unknown>;
}

/** Days for which an overwritten or deleted state can be brought back. */
const KEPT_DAYS = 90;
/** Days after which the parts of an upload that never ended are removed. */
const UPLOAD_DAYS = 7;

export function aspects(
  s3: S3,
  bucket: string,
  identity: Identity,
  tags: Readonly<Record<string, string>>,
): readonly Aspect[] {
  const Bucket = bucket;
  const closed = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const policy = async (): Promise<{ Version: string; Statement: { Sid?: string }[] }> => {
    const text = (await orNone(s3.getBucketPolicy({ Bucket }), "NoSuchBucketPolicy"))?.Policy;
    return text === undefined ? { Version: "2012-10-17", Statement: [] } : (JSON.parse(text) as never);
  };
  const statement = onlyEncryptedTransport(identity.partition, bucket);
  const rules = async (): Promise<LifecycleRule[]> =>
    (await orNone(s3.getBucketLifecycleConfiguration({ Bucket }), "NoSuchLifecycleConfiguration"))?.Rules ?? [];
  const tagSet = async (): Promise<Tag[]> =>
    (await orNone(s3.getBucketTagging({ Bucket }), "NoSuchTagSet"))?.TagSet ?? [];
  return [
    {
      what: "no public access",
      essential: true,
      isSo: async () => {
        const found = await orNone(s3.getPublicAccessBlock({ Bucket }), "NoSuchPublicAccessBlockConfiguration");
        return isDeepStrictEqual({ ...found?.PublicAccessBlockConfiguration }, closed);
      },
      make: () => s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: closed }),
    },
    {
      what: "all objects belong to the bucket's owner, without access lists",
      essential: false,
      isSo: async () => {
        const found = await orNone(s3.getBucketOwnershipControls({ Bucket }), "OwnershipControlsNotFoundError");
        return found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership === "BucketOwnerEnforced";
      },
      make: () =>
        s3.putBucketOwnershipControls({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        }),
    },
    {
      what: "versioning",
      essential: true,
      isSo: async () => (await s3.getBucketVersioning({ Bucket })).Status === "Enabled",
      make: () => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    },
    {
      what: "encryption",
      essential: true,
      // Whatever the bucket is encrypted with stays.
      isSo: async () => {
        const found = await orNone(
          s3.getBucketEncryption({ Bucket }),
          "ServerSideEncryptionConfigurationNotFoundError",
        );
        return (found?.ServerSideEncryptionConfiguration?.Rules?.length ?? 0) > 0;
      },
      // Not KMS: Terraform's backend asks for AES256 with each object (`encrypt` without `kms_key_id`), whatever the bucket's default is,
      // and a key would be one more thing to lose: https://developer.hashicorp.com/terraform/language/backend/s3#encrypt
      make: () =>
        s3.putBucketEncryption({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
          },
        }),
    },
    {
      what: "a policy that denies plain HTTP",
      essential: false,
      isSo: async () => (await policy()).Statement.some((found) => isDeepStrictEqual(found, statement)),
      make: async () => {
        const { Version, Statement } = await policy();
        const others = Statement.filter(({ Sid }) => Sid !== statement.Sid);
        return s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version, Statement: [...others, statement] }) });
      },
    },
    {
      what: `old versions expire after ${KEPT_DAYS} days, uploads that never ended after ${UPLOAD_DAYS}`,
      essential: false,
      isSo: async () =>
        (await rules()).some(
          (rule) =>
            rule.ID === LIFECYCLE.ID &&
            rule.Status === "Enabled" &&
            rule.NoncurrentVersionExpiration?.NoncurrentDays === KEPT_DAYS &&
            rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation === UPLOAD_DAYS,
        ),
      make: async () => {
        const others = (await rules()).filter(({ ID }) => ID !== LIFECYCLE.ID);
        return s3.putBucketLifecycleConfiguration({
          Bucket,
          LifecycleConfiguration: { Rules: [...others, LIFECYCLE] },
        });
      },
    },
    {
      what: "tags",
      essential: false,
      isSo: async () => {
        const found = new Map((await tagSet()).map(({ Key, Value }) => [Key, Value]));
        return Object.entries(tags).every(([key, value]) => found.get(key) === value);
      },
      make: async () => {
        const others = (await tagSet()).filter(({ Key }) => Key === undefined || !(Key in tags));
        const ours = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
        return s3.putBucketTagging({ Bucket, Tagging: { TagSet: [...others, ...ours] } });
      },
    },
  ];
}

const LIFECYCLE: LifecycleRule = {
  ID: "stackyard-state",
  Status: "Enabled",
  Filter: { Prefix: "" },
  // Each run makes and deletes a lock, which leaves a marker behind.
  Expiration: { ExpiredObjectDeleteMarker: true },
  NoncurrentVersionExpiration: { NoncurrentDays: KEPT_DAYS },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: UPLOAD_DAYS },
};

function onlyEncryptedTransport(partition: string, bucket: string) {
  const arn = `arn:${partition}:s3:::${bucket}`;
  return {
    Sid: "OnlyEncryptedTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** S3 answers with an error where a property was never set. */
async function orNone<T>(asked: Promise<T>, none: string): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNamed(error, none)) return undefined;
    throw error;
  }
}
