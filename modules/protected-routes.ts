import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { EnvoyGateway } from "./envoy-gateway";
import { Resources, type KubernetesObject } from "./helm/resources";
import { CLIENT_SECRET, clientSecretCopy, endpoint, type SignIn } from "./sign-in";

export interface ProtectedRoutesProps {
  /** Name of the release. */
  readonly name: string;
  /** Namespace of the Services; the realm must let it have the Gateway's client secret. */
  readonly namespace: string;
  /** Hosts are at `<name>.<domain>`; the realm must know them. */
  readonly domain: string;
  readonly routes: readonly ProtectedRoute[];
  readonly signIn: SignIn;
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface ProtectedRoute {
  /** Name of the route, and label of its host. */
  readonly name: string;
  readonly service: { readonly name: string; readonly port: number };
}

/** Envoy Gateway reads its key `client-secret`: https://gateway.envoyproxy.io/docs/tasks/security/oidc/ */
const SECRET = "gateway-sign-in";

/**
 * Routes to what has no sign-in of its own: the Gateway asks for one, and lets the cluster's administrators through. The policies are
 * there before the routes, and go after them: a route without its policy would be open.
 */
export class ProtectedRoutes extends Construct {
  constructor(scope: Construct, id: string, props: ProtectedRoutesProps) {
    super(scope, id);
    const { name, namespace, routes } = props;
    const policies = new Resources(this, "policies", {
      name: `${name}-policies`,
      namespace,
      resources: [
        clientSecretCopy({ client: "gateway", name: SECRET, data: { "client-secret": CLIENT_SECRET } }),
        ...routes.map((route) => securityPolicy(route, props)),
      ],
      dependsOn: [...props.dependsOn, ...props.signIn.ready],
    });
    new Resources(this, "resources", {
      name,
      namespace,
      resources: routes.map((route) => httpRoute(route, props)),
      dependsOn: policies.ready,
    });
  }
}

function httpRoute({ name, service }: ProtectedRoute, { domain }: ProtectedRoutesProps): KubernetesObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name },
    spec: {
      hostnames: [`${name}.${domain}`],
      parentRefs: [EnvoyGateway.PARENT],
      rules: [{ backendRefs: [service] }],
    },
  };
}

/** https://gateway.envoyproxy.io/docs/api/extension_types/#securitypolicy */
function securityPolicy({ name }: ProtectedRoute, { signIn }: ProtectedRoutesProps): KubernetesObject {
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "SecurityPolicy",
    metadata: { name },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name }],
      oidc: {
        // All endpoints are named, so that nothing has to be asked before the sign-in works.
        provider: {
          issuer: signIn.issuer,
          authorizationEndpoint: endpoint(signIn.issuer, "auth"),
          tokenEndpoint: endpoint(signIn.backchannel, "token"),
          endSessionEndpoint: endpoint(signIn.issuer, "logout"),
        },
        clientID: "gateway",
        clientSecret: { name: SECRET },
        // For the check below, which reads it from the header.
        forwardAccessToken: true,
      },
      jwt: {
        providers: [
          { name: "keycloak", issuer: signIn.issuer, remoteJWKS: { uri: endpoint(signIn.backchannel, "certs") } },
        ],
      },
      authorization: {
        defaultAction: "Deny",
        rules: signIn.admins.length > 0 ? [administrators(signIn.admins)] : [],
      },
    },
  };
}

const administrators = (groups: readonly string[]) => ({
  name: "administrators",
  action: "Allow",
  principal: {
    jwt: { provider: "keycloak", claims: [{ name: "groups", valueType: "StringArray", values: groups }] },
  },
});
