import type { AwsCluster } from "../../../config/clouds/aws";
import { MANAGED_TAG } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import { OperationError, type BootstrapOptions, type Step } from "../../operations";
import { createBucket, findBucket, misplaced } from "./bucket";
import { aspects } from "./bucket-aspects";
import type { AwsClients } from "./clients";
import { isNamed } from "./errors";
import { requireIdentity } from "./identity";

/**
 * Makes the bucket of the state, as far as it is not there: a second run changes nothing.
 *
 * @throws OperationError when the config names no bucket, nobody is signed in, or the bucket is another's or in another region.
 */
export async function bootstrap(
  platform: Platform,
  cluster: AwsCluster,
  clients: AwsClients,
  { dryRun }: BootstrapOptions,
): Promise<readonly Step[]> {
  if (!cluster.state)
    throw new OperationError(
      `clusters.${cluster.name} has no state in the config, so its state is a local file and there is no bucket to make; add state: { bucket: "…" }`,
    );
  const { bucket, region = cluster.region } = cluster.state;
  const identity = await requireIdentity(clients, cluster);
  const s3 = clients.s3(region);
  const place = await findBucket(s3, bucket, region, identity);
  const wrong = misplaced(bucket, region, place);
  if (wrong) throw new OperationError(`${wrong.found}; ${wrong.fix}`);

  const changed = dryRun ? "planned" : "made";
  const missing = place.kind === "missing";
  if (missing && !dryRun) await makeBucket();
  const steps: Step[] = [{ what: `the bucket ${bucket} in ${region}`, outcome: missing ? changed : "already so" }];
  // One after the other: S3 refuses changes of one bucket that overlap.
  for (const { what, isSo, make } of aspects(s3, bucket, identity, bucketTags(platform))) {
    const already = !(missing && dryRun) && (await isSo());
    if (!already && !dryRun) await make();
    steps.push({ what, outcome: already ? "already so" : changed });
  }
  return steps;

  async function makeBucket(): Promise<void> {
    try {
      await createBucket(s3, bucket, region);
    } catch (error) {
      if (!isNamed(error, "BucketAlreadyExists", "InvalidBucketName")) throw error;
      throw new OperationError(
        isNamed(error, "InvalidBucketName")
          ? `"${bucket}" cannot be the name of a bucket; allowed: 3 to 63 lower case letters, digits, dots and hyphens; correct state.bucket`
          : `the bucket "${bucket}" belongs to another account; choose another name for state.bucket`,
      );
    }
  }
}

/** Without the cluster's own tag: the bucket outlives clusters, and may hold the state of several. */
const bucketTags = (platform: Platform): Record<string, string> => ({ ...platform.tags, [MANAGED_TAG]: "stackyard" });
