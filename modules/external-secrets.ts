import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LABEL_PREFIX } from "../config/names";
import { NO_IDENTITY } from "./cluster";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { HelmRelease } from "./helm/helm-release";
import { Resources } from "./helm/resources";
import { passwordGenerator } from "./secrets/generated-secret";

/**
 * Namespaces with this label may read the platform's secrets. The store reads with one identity whoever asks, so without the label
 * every ExternalSecret in the cluster could read all of them. Teams cannot label namespaces.
 */
export const SECRETS_LABEL = { [`${LABEL_PREFIX}/platform-secrets`]: "true" };

/** The ClusterSecretStore that reads from the cluster's secret store, where it has one. */
export const SECRET_STORE = "platform";

/**
 * External Secrets: generates the platform's passwords in the cluster, copies those that two components share, and where the cluster
 * has a secret store reads from it, through the ClusterSecretStore `platform`.
 */
export class ExternalSecrets extends Construct {
  static readonly NAMESPACE = "external-secrets";
  /** Its service account. */
  static readonly ACCOUNT = "external-secrets";

  /** Secrets can be asked for. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const { cluster } = props;
    const namespace = componentNamespace(this, props, ExternalSecrets.NAMESPACE);
    const account = { namespace: namespace.name, name: ExternalSecrets.ACCOUNT };
    const identity = cluster.secrets ? cluster.identityFor(account, "read-secrets") : NO_IDENTITY;
    const operator = componentRelease(this, {
      ...props,
      component: "external-secrets",
      namespace,
      computed: {
        podLabels: identity.podLabels,
        serviceAccount: { name: account.name, annotations: identity.serviceAccountAnnotations },
      },
      dependsOn: identity.ready,
    });
    // Its webhook judges all of these, also when they go.
    const dependsOn = [operator.resource];
    const generators = new Resources(this, "generators", {
      name: "generators",
      namespace: namespace.name,
      resources: [passwordGenerator],
      dependsOn,
    });
    const store =
      cluster.secrets &&
      new HelmRelease(this, "store", {
        chart: "secret-store",
        name: "secret-store",
        namespace: namespace.name,
        values: { provider: cluster.secrets.provider, namespaceLabels: SECRETS_LABEL },
        dependsOn,
      });
    this.ready = [...generators.ready, ...(store ? [store.resource] : [])];
  }
}
