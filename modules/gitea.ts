import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { Database } from "./database";
import { EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";
import { GeneratedSecret } from "./generated-secret";
import { HelmRelease } from "./helm/helm-release";

/** Gitea on a database of its own, at `https://gitea.<domain>`. */
export class Gitea extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const { cluster } = props;
    const host = `gitea.${cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, "gitea", { labels: ROUTES_LABEL });
    const database = new Database(this, "database", { ...props, owner: "gitea", namespace });
    const admin = new GeneratedSecret(this, "admin", { name: "gitea-admin", namespace, username: "gitea-admin" });
    const release = componentRelease(this, {
      ...props,
      component: "gitea",
      namespace,
      computed: {
        persistence: { storageClass: cluster.storageClass },
        gitea: {
          admin: { existingSecret: "gitea-admin", email: props.platform.contact },
          config: {
            server: { DOMAIN: host, ROOT_URL: `https://${host}/` },
            database: { HOST: `${database.host}:5432`, NAME: database.name, USER: database.name },
          },
          additionalConfigFromEnvs: [
            {
              name: "GITEA__DATABASE__PASSWD",
              valueFrom: { secretKeyRef: { name: database.secret, key: "password" } },
            },
          ],
        },
      },
      dependsOn: [...database.ready, ...admin.ready],
    });
    // This version of the chart has no HTTPRoute of its own.
    new HelmRelease(this, "route", {
      chart: "http-route",
      name: "gitea-route",
      namespace: namespace.name,
      values: { host, parent: EnvoyGateway.PARENT, service: { name: "gitea-http", port: 3000 } },
      dependsOn: [release.resource, ...(props.dependsOn ?? [])],
    });
  }
}
