import { coerce, gte } from "semver";
import type { Finding, Surroundings } from "../../../operations";

/** `use_lockfile` needs it: https://developer.hashicorp.com/terraform/language/backend/s3#state-locking */
const OLDEST_TERRAFORM = "1.10.0";

/** What must be on the PATH. Helm need not: the provider brings its own. */
export async function tools({ output }: Surroundings): Promise<readonly Finding[]> {
  const [terraform, aws, kubectl] = await Promise.all([
    output("terraform", ["version"]),
    output("aws", ["--version"]),
    output("kubectl", ["version", "--client"]),
  ]);
  return [
    judgeTerraform(terraform),
    aws === undefined
      ? {
          severity: "error",
          subject: "aws",
          found: "is not on the PATH; Terraform calls `aws eks get-token` to reach the cluster",
          fix: "install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
        }
      : { severity: "ok", subject: "aws", found: version(aws) },
    kubectl === undefined
      ? {
          severity: "warn",
          subject: "kubectl",
          found: "is not on the PATH; a deploy does not need it, people do",
          fix: "install it: https://kubernetes.io/docs/tasks/tools/",
        }
      : { severity: "ok", subject: "kubectl", found: version(kubectl) },
  ];
}

/** `output` is what `terraform version` prints; undefined where there is no terraform. */
export function judgeTerraform(output: string | undefined): Finding {
  const subject = "terraform";
  const fix = "install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install";
  if (output === undefined) return { severity: "error", subject, found: "is not on the PATH", fix };
  const found = coerce(output);
  if (!found) return { severity: "warn", subject, found: "does not say which version it is", fix };
  return gte(found, OLDEST_TERRAFORM)
    ? { severity: "ok", subject, found: found.version }
    : {
        severity: "error",
        subject,
        found: `is ${found.version}; the lock of the state needs ${OLDEST_TERRAFORM} or later`,
        fix,
      };
}

const version = (output: string): string => coerce(output)?.version ?? "is there";
