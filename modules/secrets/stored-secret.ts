import { SECRET_STORE } from "../external-secrets";
import type { KubernetesObject } from "../helm/resources";

export interface StoredSecretProps {
  /** Name of the Secret, and of the ExternalSecret that makes it. */
  readonly name: string;
  /** Key of the Secret. */
  readonly key: string;
  /** Name of the entry in the cluster's secret store, without the store's prefix. */
  readonly entry: string;
}

/** A Secret with an entry of the cluster's secret store, renewed every hour. Its namespace has the label `SECRETS_LABEL`. */
export function storedSecret({ name, key, entry }: StoredSecretProps): KubernetesObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name },
    spec: {
      refreshInterval: "1h0m0s",
      secretStoreRef: { kind: "ClusterSecretStore", name: SECRET_STORE },
      target: { name, creationPolicy: "Owner" },
      data: [{ secretKey: key, remoteRef: { key: entry } }],
    },
  };
}
