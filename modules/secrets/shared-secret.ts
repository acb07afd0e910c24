import type { KubernetesObject } from "../helm/resources";
import { role } from "../helm/role";
import { ExternalSecrets } from "../external-secrets";

export interface SharedSecretsProps {
  /** Namespace that the Secrets are in. */
  readonly namespace: string;
  /** Name of the store. @default - the namespace's */
  readonly store?: string;
  /** Names of the Secrets, and of nothing else in that namespace. */
  readonly secrets: readonly string[];
  /** Namespaces that may have copies. */
  readonly to: readonly string[];
}

/**
 * A store that copies Secrets of one namespace to others, inside the cluster. It reads as a service account of its own, which
 * may read these Secrets only; External Secrets may ask for tokens of that account only.
 */
export function sharedSecrets(props: SharedSecretsProps): readonly KubernetesObject[] {
  const { namespace, secrets, to, store = namespace } = props;
  const reader = `read-${store}`;
  const account = { name: reader, namespace: ExternalSecrets.NAMESPACE };
  const operator = { name: ExternalSecrets.ACCOUNT, namespace: ExternalSecrets.NAMESPACE };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: reader, namespace: ExternalSecrets.NAMESPACE } },
    ...role({
      name: reader,
      namespace: ExternalSecrets.NAMESPACE,
      account: operator,
      rule: { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: [reader], verbs: ["create"] },
    }),
    ...role({
      name: store === namespace ? "shared-secrets" : store,
      namespace,
      account,
      rule: { apiGroups: [""], resources: ["secrets"], resourceNames: secrets, verbs: ["get"] },
    }),
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ClusterSecretStore",
      metadata: { name: store },
      spec: {
        provider: {
          kubernetes: {
            remoteNamespace: namespace,
            server: {
              caProvider: {
                type: "ConfigMap",
                name: "kube-root-ca.crt",
                namespace: ExternalSecrets.NAMESPACE,
                key: "ca.crt",
              },
            },
            auth: { serviceAccount: { name: reader, namespace: ExternalSecrets.NAMESPACE } },
          },
        },
        conditions: [{ namespaces: to }],
      },
    },
  ];
}

export interface SecretCopyProps {
  /** Name of the copy. */
  readonly name: string;
  /** @default - the namespace of the release */
  readonly namespace?: string;
  /** Namespace and name of the Secret to copy, and the store that has it. @default - `store` is the namespace's */
  readonly from: { readonly namespace: string; readonly secret: string; readonly store?: string };
  /** Keys of the copy; `{{ .key }}` stands for the text of a key of the Secret. @default - its own keys */
  readonly data?: Readonly<Record<string, string>>;
  /** Labels of the copy. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A copy of a Secret from a `sharedSecrets` store, renewed every hour. */
export function secretCopy({ name, namespace, from, data, labels }: SecretCopyProps): KubernetesObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: {
      refreshInterval: "1h0m0s",
      secretStoreRef: { kind: "ClusterSecretStore", name: from.store ?? from.namespace },
      target: {
        name,
        creationPolicy: "Owner",
        ...((data ?? labels) && { template: { ...(data && { data }), ...(labels && { metadata: { labels } }) } }),
      },
      dataFrom: [{ extract: { key: from.secret } }],
    },
  };
}
