import { Construct } from "constructs";
import { stringify } from "yaml";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { Database } from "./database";
import { EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";
import { GeneratedSecret } from "./generated-secret";

/** Keycloak on a database of its own, at `https://keycloak.<domain>`. */
export class Keycloak extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const host = `keycloak.${props.cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, "keycloak", { labels: ROUTES_LABEL });
    const database = new Database(this, "database", { ...props, owner: "keycloak", namespace });
    const admin = new GeneratedSecret(this, "admin", { name: "keycloak-admin", namespace, username: "admin" });
    componentRelease(this, {
      ...props,
      component: "keycloak",
      namespace,
      computed: {
        database: {
          hostname: database.host,
          database: database.name,
          username: database.name,
          existingSecret: database.secret,
        },
        // The chart takes these as text and renders them with `tpl`.
        extraEnv: stringify([
          { name: "KC_HOSTNAME", value: `https://${host}` },
          {
            name: "KC_BOOTSTRAP_ADMIN_USERNAME",
            valueFrom: { secretKeyRef: { name: "keycloak-admin", key: "username" } },
          },
          {
            name: "KC_BOOTSTRAP_ADMIN_PASSWORD",
            valueFrom: { secretKeyRef: { name: "keycloak-admin", key: "password" } },
          },
        ]),
        httpRoute: { enabled: true, hostnames: [host], parentRefs: [EnvoyGateway.PARENT] },
      },
      dependsOn: [...database.ready, ...admin.ready, ...(props.dependsOn ?? [])],
    });
  }
}
