import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import type { Platform } from "../../config/platform";
import { issuerOf, REALM } from "../../config/sign-in";
import { componentNamespace, componentRelease, type ComponentProps } from "../component";
import { EnvoyGateway, ROUTES_LABEL } from "../envoy-gateway";
import { ExternalDatabase } from "../external-database";
import { SECRETS_LABEL } from "../external-secrets";
import { Resources } from "../helm/resources";
import { generatedSecret } from "../secrets/generated-secret";
import { sharedSecrets } from "../secrets/shared-secret";
import { clientSecret, type ClientName, type SignIn } from "../sign-in";
import { realmImport } from "./realm-import";

export interface KeycloakProps extends ComponentProps {
  /** Components that people sign in to. */
  readonly clients: readonly Client[];
}

/** A client of the realm and the namespaces that need its secret. */
export interface Client {
  readonly name: ClientName;
  readonly namespaces: readonly string[];
  /** Labels of hosts, for the Gateway's own client. @default - none */
  readonly hosts?: readonly string[];
}

/** The server's name and authority are checked, by the authorities that Java knows: https://jdbc.postgresql.org/documentation/ssl/ */
const VERIFIED = {
  name: "KC_DB_URL_PROPERTIES",
  value: "?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory",
};

const NAMESPACE = "keycloak";
const ADMIN = "keycloak-admin";

/** Keycloak on a database of its own, at `https://keycloak.<domain>`, with the realm that everything else signs in through. */
export class Keycloak extends Construct {
  readonly signIn: SignIn;

  constructor(scope: Construct, id: string, props: KeycloakProps) {
    super(scope, id);
    const { cluster, clients, platform } = props;
    const host = `https://keycloak.${cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, NAMESPACE, {
      labels: { ...ROUTES_LABEL, ...(readsStore(platform) && SECRETS_LABEL) },
    });
    const database = ExternalDatabase.orOwn(this, "database", { ...props, owner: "keycloak", namespace });
    const names = clients.map(({ name }) => clientSecret(name).secret);
    const secrets = new Resources(this, "secrets", {
      name: "keycloak-secrets",
      namespace: namespace.name,
      resources: [
        generatedSecret({ name: ADMIN, data: { username: "admin", password: "{{ .password }}" } }),
        ...names.map((name) => generatedSecret({ name, data: { "client-secret": "{{ .password }}" } })),
        ...(clients.length > 0
          ? sharedSecrets({
              namespace: namespace.name,
              secrets: names,
              to: [...new Set(clients.flatMap(({ namespaces }) => namespaces))].sort(),
            })
          : []),
      ],
      dependsOn: [namespace.resource, ...(props.dependsOn ?? [])],
    });
    const release = componentRelease(this, {
      ...props,
      component: "keycloak",
      namespace,
      computed: {
        database: {
          hostname: database.host,
          port: database.port,
          database: database.name,
          username: database.username,
          existingSecret: database.secret,
        },
        // The chart takes these as text and renders them with `tpl`.
        extraEnv: stringify([
          { name: "KC_HOSTNAME", value: host },
          ...(database.sslMode === "verify-full" ? [VERIFIED] : []),
          // Components ask it inside the cluster; tokens and browsers know the public address only.
          { name: "KC_HOSTNAME_BACKCHANNEL_DYNAMIC", value: "true" },
          // Else it takes whatever address is private by its looks, and finds none where pods have others.
          { name: "KC_CACHE_EMBEDDED_NETWORK_BIND_ADDRESS", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
          { name: "KC_BOOTSTRAP_ADMIN_USERNAME", valueFrom: { secretKeyRef: { name: ADMIN, key: "username" } } },
          { name: "KC_BOOTSTRAP_ADMIN_PASSWORD", valueFrom: { secretKeyRef: { name: ADMIN, key: "password" } } },
        ]),
        httpRoute: { enabled: true, hostnames: [`keycloak.${cluster.dns.domain}`], parentRefs: [EnvoyGateway.PARENT] },
      },
      dependsOn: [...database.ready, ...secrets.ready, ...(props.dependsOn ?? [])],
    });
    const realm = new Resources(this, "realm", {
      name: "keycloak-realm",
      namespace: namespace.name,
      resources: realmImport({ platform, cluster, clients, admin: ADMIN, server: SERVER }),
      dependsOn: [release.resource],
    });
    this.signIn = {
      issuer: issuerOf(cluster.dns.domain),
      backchannel: `${SERVER}/realms/${REALM}`,
      admins: cluster.admins.map(({ sso }) => sso),
      ready: realm.ready,
    };
  }

  /** The realm is there. */
  get ready(): readonly ITerraformDependable[] {
    return this.signIn.ready;
  }
}

/** The Service of the chart. */
const SERVER = `http://keycloak-keycloakx-http.${NAMESPACE}`;

/** Whether something in its namespace comes from the cluster's secret store. */
const readsStore = ({ identityProvider, components }: Platform): boolean =>
  identityProvider !== undefined || components.keycloak.database?.external !== undefined;
