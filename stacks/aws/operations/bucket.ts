/** The bucket that holds the state: where it is. */
import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3";
import { statusOf } from "./errors";
import type { Identity } from "./identity";

export type BucketPlace =
  { readonly kind: "missing" | "foreign" | "here" } | { readonly kind: "elsewhere"; readonly region: string };

/** Where a bucket of this name is: bucket names are one name space for everybody. */
export async function findBucket(s3: S3, bucket: string, region: string, identity: Identity): Promise<BucketPlace> {
  try {
    const { BucketRegion: found } = await s3.headBucket({ Bucket: bucket, ExpectedBucketOwner: identity.account });
    return found === undefined || found === region ? { kind: "here" } : { kind: "elsewhere", region: found };
  } catch (error) {
    // The answer to HEAD has no body, so there is nothing but the status.
    if (statusOf(error) === 404) return { kind: "missing" };
    if (statusOf(error) === 403) return { kind: "foreign" };
    throw error;
  }
}

/** What is wrong with where a bucket is; undefined where nothing is, or where it is yet to be made. */
export function misplaced(
  bucket: string,
  region: string,
  place: BucketPlace,
): { readonly found: string; readonly fix: string } | undefined {
  switch (place.kind) {
    case "foreign":
      return {
        found: `the bucket "${bucket}" belongs to another account, or you may not read it (s3:ListBucket)`,
        fix: "choose another name for state.bucket, or sign in as somebody who may",
      };
    case "elsewhere":
      return {
        found: `the bucket "${bucket}" is in ${place.region}, but the config looks for it in ${region}`,
        fix: `set state.region to "${place.region}", or choose another name for state.bucket`,
      };
    default:
      return undefined;
  }
}

export async function createBucket(s3: S3, bucket: string, region: string): Promise<void> {
  await s3.createBucket({
    Bucket: bucket,
    // The oldest region is the default, and refuses its own name: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    ...(region !== "us-east-1" && {
      CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
    }),
  });
}
