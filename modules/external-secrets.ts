import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LABEL_PREFIX } from "../config/names";
import type { SecretProvider } from "./cluster";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { HelmRelease } from "./helm/helm-release";

/**
 * Namespaces with this label may read the platform's secrets. The store reads with one identity whoever asks, so without the label
 * every ExternalSecret in the cluster could read all of them. Teams cannot label namespaces.
 */
export const SECRETS_LABEL = { [`${LABEL_PREFIX}/platform-secrets`]: "true" };

export interface ExternalSecretsProps extends ComponentProps {
  readonly secrets: SecretProvider;
}

/** External Secrets, and the ClusterSecretStore `platform` that reads from the cluster's secret store. */
export class ExternalSecrets extends Construct {
  /** The store is there. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    const namespace = componentNamespace(this, props, "external-secrets");
    const identity = props.cluster.identityFor({ namespace: namespace.name, name: "external-secrets" }, "read-secrets");
    const operator = componentRelease(this, {
      ...props,
      component: "external-secrets",
      namespace,
      computed: {
        podLabels: identity.podLabels,
        serviceAccount: { name: "external-secrets", annotations: identity.serviceAccountAnnotations },
      },
      dependsOn: identity.ready,
    });
    const store = new HelmRelease(this, "store", {
      chart: "secret-store",
      name: "secret-store",
      namespace: namespace.name,
      values: { provider: props.secrets.provider, namespaceLabels: SECRETS_LABEL },
      // Its webhook judges the store, also when the store goes.
      dependsOn: [operator.resource],
    });
    this.ready = [store.resource];
  }
}
