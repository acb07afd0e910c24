import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HelmRelease } from "./helm-release";

/** A Kubernetes object as its API takes it. Without a namespace it is in that of its release. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export interface ResourcesProps {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the release, and of objects that name none. */
  readonly namespace: string;
  readonly resources: readonly KubernetesObject[];
  /** What must be there before, and stay until after: the operator of custom resources and its webhooks. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Objects that no public chart brings, as one release of charts/resources. Never `kubernetes_manifest`: that needs the API and the
 * CRD when it plans. Helm waits for Jobs, Deployments and claims among them, not for custom resources.
 */
export class Resources extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ResourcesProps) {
    super(scope, id);
    const { name, namespace, resources, dependsOn } = props;
    const release = new HelmRelease(this, "chart", {
      chart: "resources",
      name,
      namespace,
      values: { resources },
      dependsOn,
    });
    this.ready = [release.resource];
  }
}
