import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../config/platform";
import { apiServerHost, hasSignIn, issuerOf, KUBERNETES_CLIENT } from "../config/sign-in";
import type { ComponentProps } from "./component";
import { authorityCopy, EnvoyGateway } from "./envoy-gateway";
import { Resources, type KubernetesObject } from "./helm/resources";
import type { HelmValues } from "./helm/values";

export interface ApiServerAccessProps extends ComponentProps {
  readonly environment: Environment;
}

/** Volume, Secret, and folder in the pod, of the certificate of the cluster's own authority. */
const AUTHORITY = "platform-authority";
const AUTHORITY_FOLDER = `/etc/${AUTHORITY}`;

/** Where the cluster signs certificates by itself: what the API server of an environment needs to believe Keycloak. */
export class ApiServerAuthority extends Construct {
  /** The Secret is asked for; a pod that mounts it waits for it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    {
      environment,
      dependsOn,
    }: { readonly environment: Environment; readonly dependsOn: readonly ITerraformDependable[] },
  ) {
    super(scope, id);
    const { cluster, namespace } = environment;
    const authority = new Resources(this, "secret", {
      name: `${cluster}-authority`,
      namespace,
      resources: authorityCopy({ name: AUTHORITY, namespace, store: `authority-${cluster}` }),
      dependsOn,
    });
    this.ready = authority.ready;
  }

  /** Whether an environment needs it: people sign in, and no authority that all know has signed Keycloak's certificate. */
  static isNeeded(props: Pick<ComponentProps, "platform" | "cluster">): boolean {
    return hasSignIn(props.platform) && props.cluster.dns.issuer === undefined;
  }
}

/**
 * Flags with which the API server of an environment believes the platform's Keycloak; none where there is none.
 *
 * Groups have the names that Keycloak knows, without a prefix: RoleBindings name them so, and no group of the config begins with `system:`
 * (rule `reserved-name`). Users have a prefix, because Keycloak's administrators name them as they like.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#configuring-the-api-server
 */
export function signInArguments({
  platform,
  cluster,
}: Pick<ComponentProps, "platform" | "cluster">): readonly string[] {
  if (!hasSignIn(platform)) return [];
  return [
    `--oidc-issuer-url=${issuerOf(cluster.dns.domain)}`,
    `--oidc-client-id=${KUBERNETES_CLIENT}`,
    "--oidc-username-claim=preferred_username",
    "--oidc-username-prefix=oidc:",
    "--oidc-groups-claim=groups",
    ...(ApiServerAuthority.isNeeded({ platform, cluster }) ? [`--oidc-ca-file=${AUTHORITY_FOLDER}/ca.crt`] : []),
  ];
}

/** Values of the vcluster chart by which people reach the API server through the gateway; none where nobody could sign in to it. */
export function accessValues({ environment, platform, cluster }: ApiServerAccessProps): HelmValues {
  if (!hasSignIn(platform)) return {};
  const host = apiServerHost(environment, cluster.dns.domain);
  return {
    controlPlane: {
      proxy: { extraSANs: [host] },
      tlsRoute: { enabled: true, host, parentRefs: [EnvoyGateway.API_SERVERS] },
      ...(ApiServerAuthority.isNeeded({ platform, cluster }) && {
        statefulSet: {
          persistence: {
            addVolumes: [{ name: AUTHORITY, secret: { secretName: AUTHORITY } }],
            addVolumeMounts: [{ name: AUTHORITY, mountPath: AUTHORITY_FOLDER, readOnly: true }],
          },
        },
      }),
    },
  };
}

/** What the environment has inside for whoever administers the cluster. */
export function administratorObjects({
  cluster,
  platform,
}: Pick<ComponentProps, "platform" | "cluster">): readonly KubernetesObject[] {
  if (!hasSignIn(platform) || cluster.admins.length === 0) return [];
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "stackyard-administrators" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: cluster.admins.map(({ sso }) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: sso })),
    },
  ];
}
