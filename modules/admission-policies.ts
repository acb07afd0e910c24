import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HelmRelease } from "./helm/helm-release";

const TEMPLATES = join(__dirname, "..", "charts", "admission-policies", "templates");

/**
 * The policies of charts/admission-policies as one YAML text, for a virtual cluster: its API server asks none of the host's about what is
 * in it, and there, too, namespaces have the label `stackyard.dev/team`.
 */
export function admissionPolicies(): string {
  return readdirSync(TEMPLATES)
    .sort()
    .map((file) => readFileSync(join(TEMPLATES, file), "utf8"))
    .join("---\n");
}

/**
 * What roles cannot say: a team keeps to its nodes, its labels and its network, and leaves the platform's objects alone. The API server
 * asks them by itself, without a webhook that could be down. https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class AdmissionPolicies extends Construct {
  /** From here on, teams are kept to them. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { dependsOn }: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    const release = new HelmRelease(this, "chart", {
      chart: "admission-policies",
      name: "stackyard-admission-policies",
      // Nothing of it is in a namespace; this one is on every cluster.
      namespace: "kube-system",
      values: {},
      dependsOn,
    });
    this.ready = [release.resource];
  }
}
