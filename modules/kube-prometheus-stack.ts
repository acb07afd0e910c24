import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentRelease, type ComponentProps } from "./component";
import { EnvoyGateway } from "./envoy-gateway";
import { Resources } from "./helm/resources";
import type { HelmValues } from "./helm/values";
import { PlatformAlerts } from "./monitoring/alerts";
import type { PlatformNamespace } from "./platform-namespace";
import { ProtectedRoutes } from "./protected-routes";
import { generatedSecret } from "./secrets/generated-secret";
import { clientSecretCopy, endpoint, type SignIn } from "./sign-in";

export interface KubePrometheusStackProps extends ComponentProps {
  readonly namespace: PlatformNamespace;
  /** @default - Grafana has its own administrator only, and nothing else has a route */
  readonly signIn: SignIn | undefined;
}

const ADMIN = "grafana-admin";
const SIGN_IN = "grafana-sign-in";

/** Prometheus, Alertmanager and Grafana. Grafana has a sign-in of its own; before the others the Gateway asks for one. */
export class KubePrometheusStack extends Construct {
  /** Monitors, rules and routes of alerts can be made. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: KubePrometheusStackProps) {
    super(scope, id);
    const { cluster, namespace, signIn } = props;
    const { domain } = cluster.dns;
    const secrets = new Resources(this, "secrets", {
      name: "kube-prometheus-stack-secrets",
      namespace: namespace.name,
      resources: [
        generatedSecret({ name: ADMIN, data: { username: "admin", password: "{{ .password }}" } }),
        ...(signIn ? [clientSecretCopy({ client: "grafana", name: SIGN_IN })] : []),
      ],
      dependsOn: [namespace.resource, ...(props.dependsOn ?? []), ...(signIn?.ready ?? [])],
    });
    const release = componentRelease(this, {
      ...props,
      component: "kube-prometheus-stack",
      computed: {
        prometheus: {
          prometheusSpec: {
            externalLabels: { cluster: cluster.name },
            externalUrl: `https://prometheus.${domain}`,
            storageSpec: claim(cluster.storageClass),
          },
        },
        alertmanager: {
          alertmanagerSpec: {
            externalUrl: `https://alertmanager.${domain}`,
            storage: claim(cluster.storageClass),
            ...(props.platform.alerts && { alertmanagerConfiguration: { name: PlatformAlerts.NAME } }),
          },
        },
        grafana: grafanaValues(`grafana.${domain}`, cluster.storageClass, signIn),
      },
      // The chart's own CRDs never upgrade; the release prometheus-operator-crds brings them.
      skipCrds: true,
      dependsOn: [...secrets.ready, ...(props.dependsOn ?? [])],
    });
    if (signIn)
      new ProtectedRoutes(this, "routes", {
        name: "kube-prometheus-stack-routes",
        namespace: namespace.name,
        domain,
        routes: [
          { name: "prometheus", service: { name: "kube-prometheus-stack-prometheus", port: 9090 } },
          { name: "alertmanager", service: { name: "kube-prometheus-stack-alertmanager", port: 9093 } },
        ],
        signIn,
        dependsOn: [release.resource, ...(props.dependsOn ?? [])],
      });
    this.ready = [release.resource];
  }
}

/** https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/generic-oauth/ */
function grafanaValues(host: string, storageClassName: string, signIn: SignIn | undefined): HelmValues {
  return {
    persistence: { storageClassName },
    admin: { existingSecret: ADMIN, userKey: "username", passwordKey: "password" },
    route: { main: { hostnames: [host], parentRefs: [EnvoyGateway.PARENT] } },
    "grafana.ini": {
      server: { domain: host, root_url: `https://${host}` },
      ...(signIn && {
        "auth.generic_oauth": {
          enabled: true,
          name: "Keycloak",
          client_id: "grafana",
          scopes: "openid profile email",
          auth_url: endpoint(signIn.issuer, "auth"),
          token_url: endpoint(signIn.backchannel, "token"),
          api_url: endpoint(signIn.backchannel, "userinfo"),
          signout_redirect_url: `${endpoint(signIn.issuer, "logout")}?post_logout_redirect_uri=${encodeURIComponent(`https://${host}/login`)}`,
          use_pkce: true,
          // Roles of the client in the realm; whoever has none is refused.
          role_attribute_path:
            "contains(roles[*], 'admin') && 'GrafanaAdmin' || contains(roles[*], 'viewer') && 'Viewer'",
          role_attribute_strict: true,
          allow_assign_grafana_admin: true,
        },
      }),
    },
    ...(signIn && {
      envValueFrom: { GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: { secretKeyRef: { name: SIGN_IN, key: "client-secret" } } },
    }),
  };
}

/** Of a volume whose size is the profile's. */
const claim = (storageClassName: string) => ({
  volumeClaimTemplate: { spec: { storageClassName, accessModes: ["ReadWriteOnce"] } },
});
