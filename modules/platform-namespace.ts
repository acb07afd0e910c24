import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LABEL_PREFIX, sharedLabels } from "../config/names";
import type { Platform } from "../config/platform";

/** Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurity = "privileged" | "baseline" | "restricted";

export interface PlatformNamespaceProps {
  readonly name: string;
  readonly platform: Pick<Platform, "contact" | "name">;
  /** What its pods may do at most. @default "baseline" */
  readonly podSecurity?: PodSecurity;
  /** @default - the platform's own only */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - whom to ask only */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Whether it is there already, and is taken over. @default false */
  readonly adopt?: boolean;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * A namespace that Terraform owns. Its deletion waits until all in it is gone, load balancers and volumes included, so what it
 * depends on (nodes, egress, controllers) is still there to clean up.
 */
export class PlatformNamespace extends Construct {
  readonly name: string;
  readonly resource: NamespaceV1;

  constructor(scope: Construct, id: string, props: PlatformNamespaceProps) {
    super(scope, id);
    this.name = props.name;
    this.resource = new NamespaceV1(this, "namespace", {
      metadata: {
        name: props.name,
        labels: namespaceLabels(props),
        annotations: { ...namespaceAnnotations(props), ...props.annotations },
      },
      timeouts: { delete: "20m" },
      dependsOn: [...props.dependsOn],
    });
    // Once it is in the state, Terraform leaves the block alone: https://developer.hashicorp.com/terraform/language/import
    if (props.adopt) this.resource.importFrom(props.name);
  }
}

/** Labels of a namespace: whose it is, what its pods may do, and who pays. */
export function namespaceLabels({
  platform,
  podSecurity,
  labels,
}: Pick<PlatformNamespaceProps, "labels" | "platform" | "podSecurity">): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "stackyard",
    "app.kubernetes.io/part-of": platform.name,
    "pod-security.kubernetes.io/enforce": podSecurity ?? "baseline",
    "pod-security.kubernetes.io/warn": podSecurity === "privileged" ? "baseline" : "restricted",
    // A team's labels and an environment's have a cost centre of their own.
    ...sharedLabels(),
    ...labels,
  };
}

/** Annotations of a namespace: whom to ask. */
export const namespaceAnnotations = ({
  platform,
}: Pick<PlatformNamespaceProps, "platform">): Record<string, string> => ({
  [`${LABEL_PREFIX}/contact`]: platform.contact,
});
