import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { parseAllDocuments } from "yaml";
import { ADMISSION_LABEL, REGISTRIES_ANNOTATION } from "../config/names";
import type { AdmissionMode } from "../config/input";
import type { Platform } from "../config/platform";
import { HelmRelease } from "./helm/helm-release";
import type { KubernetesObject } from "./helm/resources";

const POLICIES = join(__dirname, "..", "policies", "admission");

/**
 * All of policies/admission. Virtual clusters get them, too: their API servers ask none of the host's policies about what is in them, and
 * there, too, namespaces have the label `stackyard.dev/team`.
 */
export function admissionPolicies(): readonly KubernetesObject[] {
  policies ??= readdirSync(POLICIES)
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(POLICIES, file), "utf8")))
    .map((document) => document.toJS() as KubernetesObject);
  return policies;
}

/** Read once: every cluster and every environment asks. */
let policies: readonly KubernetesObject[] | undefined;

/**
 * What a team's namespace says to the policies, which are the same text everywhere: a change of mode or registries is a change of
 * namespaces, and restarts no API server.
 */
export const admissionLabels = (mode: AdmissionMode): Record<string, string> => ({ [ADMISSION_LABEL]: mode });
export const admissionAnnotations = ({ admission }: Pick<Platform, "admission">): Record<string, string> =>
  admission.registries.length > 0 ? { [REGISTRIES_ANNOTATION]: admission.registries.map(known).join(" ") } : {};

/** As `team-images` names Docker Hub, which has an older name. */
const known = (registry: string): string => registry.replace(/^index\.(?=docker\.io(\/|$))/, "");

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
      chart: "resources",
      name: "stackyard-admission-policies",
      // Nothing of it is in a namespace; this one is on every cluster.
      namespace: "kube-system",
      values: { resources: admissionPolicies() },
      dependsOn,
    });
    this.ready = [release.resource];
  }
}
