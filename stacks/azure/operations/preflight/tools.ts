import { coerce, gte } from "semver";
import type { Finding, Surroundings } from "../../../operations";

/** What the stacks are tried with; the state's lock is older. */
const OLDEST_TERRAFORM = "1.10.0";

/** What must be on the PATH. Helm need not: the provider brings its own. */
export async function tools({ output }: Surroundings): Promise<readonly Finding[]> {
  const [terraform, az, kubelogin, kubectl] = await Promise.all([
    output("terraform", ["version"]),
    output("az", ["--version"]),
    output("kubelogin", ["--version"]),
    output("kubectl", ["version", "--client"]),
  ]);
  return [
    judgeTerraform(terraform),
    tool("az", az, {
      severity: "error",
      found: "is not on the PATH; kubelogin signs in with it",
      fix: "install it: https://learn.microsoft.com/cli/azure/install-azure-cli",
    }),
    judgeKubelogin(kubelogin),
    tool("kubectl", kubectl, {
      severity: "warn",
      found: "is not on the PATH; a deploy does not need it, people do",
      fix: "az aks install-cli, or: https://kubernetes.io/docs/tasks/tools/",
    }),
  ];
}

function tool(subject: string, output: string | undefined, missing: Omit<Finding, "subject">): Finding {
  return output === undefined
    ? { subject, ...missing }
    : { severity: "ok", subject, found: coerce(output)?.version ?? "is there" };
}

/** `output` is what `kubelogin --version` prints. A program for any OpenID provider has the same name, and does not know the option. */
export function judgeKubelogin(output: string | undefined): Finding {
  // https://github.com/Azure/kubelogin/blob/main/version.go
  const isAnother = output !== undefined && !output.includes("git hash:");
  return tool("kubelogin", isAnother ? undefined : output, {
    severity: "error",
    found: isAnother
      ? "on the PATH is not Azure's, but another program of the same name"
      : "is not on the PATH; Terraform calls `kubelogin get-token` to reach the cluster",
    fix: "az aks install-cli, or: https://azure.github.io/kubelogin/install.html",
  });
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
        found: `is ${found.version}; the platform needs ${OLDEST_TERRAFORM} or later`,
        fix,
      };
}
