/** The seam of `stackyard kubeconfig`: how people reach a kind of cluster, and where it keeps what is no secret. */

/** Each kind of cluster answers in stacks/<cloud>/operations/kubeconfig.ts. */
export interface KubeconfigOperations {
  /** How kubectl reaches the cluster itself. @throws OperationError where the cloud does not say, or the cluster is not there. */
  readonly host: () => Promise<HostAccess>;
  /** What `host` answers as far as it is known without asking: what a store says is held against it. @default - a context of somebody else's */
  readonly signIn?: {
    readonly exec: ExecCredential;
    /** Whether an address is one that the cloud gives to API servers. */
    readonly isServer: (server: string) => boolean;
  };
  /** Whether the cluster's own authority signs Keycloak's certificate, so that a client must be told to trust it. */
  readonly ownAuthority: boolean;
  /** The cloud's store that the config names; undefined where it names none of the cloud's. */
  readonly store: () => TextStore | undefined;
}

export type HostAccess =
  | {
      readonly kind: "exec";
      readonly server: string;
      /** PEM in base64. */
      readonly certificateAuthority: string;
      readonly exec: ExecCredential;
    }
  /** A context that somebody else wrote: it is left as it is. */
  | { readonly kind: "context"; readonly file: string; readonly context: string };

/** A command that fetches a credential when kubectl needs one: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
export interface ExecCredential {
  readonly apiVersion: "client.authentication.k8s.io/v1" | "client.authentication.k8s.io/v1beta1";
  readonly command: string;
  readonly args: readonly string[];
  readonly installHint: string;
}

/** Keeps texts by name. A name is a path such as `secret/kubeconfigs/acme-aws-platform/dev`. */
export interface TextStore {
  /** The name in the store's own words, for people. */
  readonly place: (name: string) => string;
  /** Undefined where there is none of the name. */
  readonly get: (name: string) => Promise<string | undefined>;
  readonly put: (name: string, text: string) => Promise<void>;
}
