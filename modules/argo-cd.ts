import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { authorityCopy, EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";
import { Resources } from "./helm/resources";
import type { HelmValues } from "./helm/values";
import { clientSecretCopy, endpoint, type SignIn } from "./sign-in";

export interface ArgoCdProps extends ComponentProps {
  /** @default - its own administrator only */
  readonly signIn: SignIn | undefined;
}

/** Argo CD reads only Secrets with this label: https://argo-cd.readthedocs.io/en/stable/operator-manual/user-management/#alternative */
const READABLE = { "app.kubernetes.io/part-of": "argocd" };
const SECRET = "argocd-sign-in";
const AUTHORITY = "argocd-authority";

/** Argo CD at `https://argocd.<domain>`; TLS ends at the gateway. What a team may do in it is its AppProject (charts/team). */
export class ArgoCd extends Construct {
  static readonly NAMESPACE = "argocd";

  /** Its custom resources can be made. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ArgoCdProps) {
    super(scope, id);
    const { cluster, signIn } = props;
    const host = `argocd.${cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, ArgoCd.NAMESPACE, { labels: ROUTES_LABEL });
    const ownAuthority = cluster.dns.issuer === undefined;
    const secrets =
      signIn &&
      new Resources(this, "secrets", {
        name: "argo-cd-secrets",
        namespace: namespace.name,
        resources: [
          clientSecretCopy({ client: "argocd", name: SECRET, labels: READABLE }),
          ...(ownAuthority ? authorityCopy({ name: AUTHORITY, namespace: namespace.name, labels: READABLE }) : []),
        ],
        dependsOn: [namespace.resource, ...signIn.ready],
      });
    const release = componentRelease(this, {
      ...props,
      component: "argo-cd",
      namespace,
      computed: {
        global: { domain: host },
        server: { httproute: { enabled: true, hostnames: [host], parentRefs: [EnvoyGateway.PARENT] } },
        ...(signIn && { configs: signInValues(signIn, ownAuthority) }),
      },
      dependsOn: [...(secrets?.ready ?? []), ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}

/** Whoever is in no group of an administrator or of a project sees nothing. */
function signInValues(signIn: SignIn, ownAuthority: boolean): HelmValues {
  return {
    cm: {
      "oidc.config": stringify({
        name: "Keycloak",
        issuer: signIn.issuer,
        clientID: "argocd",
        clientSecret: `$${SECRET}:client-secret`,
        cliClientID: "argocd-command",
        requestedScopes: ["openid", "profile", "email"],
        logoutURL: `${endpoint(signIn.issuer, "logout")}?id_token_hint={{token}}&post_logout_redirect_uri={{logoutRedirectURL}}`,
        // Its session is the ID token, which lives five minutes: renewed before it ends.
        refreshTokenThreshold: "2m",
        ...(ownAuthority && { rootCA: `$${AUTHORITY}:ca.crt` }),
      }),
    },
    rbac: { "policy.csv": signIn.admins.map((group) => `g, ${group}, role:admin\n`).join("") },
  };
}
