import { findBucket, misplaced } from "../bucket";
import { aspects } from "../bucket-aspects";
import type { Check } from "./check";

const subject = "state bucket";

/** Where the state lies: whether it is there, and fit for it. */
export const stateBucket: Check = {
  subject,
  needs: "s3:ListBucket, s3:GetBucketVersioning, s3:GetEncryptionConfiguration and s3:GetBucketPublicAccessBlock",
  look: async ({ cluster, clients, identity }) => {
    if (!cluster.state)
      return [
        {
          severity: "warn",
          subject,
          found: "the config names none: the state is a local file, which one person has",
          fix: `fine for a trial; else add state: { bucket: "…" } to clusters.${cluster.name} and run: npx stackyard bootstrap ${cluster.name}`,
        },
      ];
    const { bucket, region = cluster.region } = cluster.state;
    const fix = `run: npx stackyard bootstrap ${cluster.name}`;
    const s3 = clients.s3(region);
    const place = await findBucket(s3, bucket, region, identity);
    const wrong = misplaced(bucket, region, place);
    if (wrong) return [{ severity: "error", subject, ...wrong }];
    if (place.kind === "missing") return [{ severity: "error", subject, found: `there is no bucket "${bucket}"`, fix }];
    const missing: string[] = [];
    for (const { what, essential, isSo } of aspects(s3, bucket, identity, {}))
      if (essential && !(await isSo())) missing.push(what);
    return missing.length > 0
      ? [{ severity: "error", subject, found: `"${bucket}" lacks ${missing.join(", ")}`, fix }]
      : [{ severity: "ok", subject, found: `"${bucket}" is there, versioned, encrypted, and closed to the public` }];
  },
};
