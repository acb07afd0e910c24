import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Platform } from "../../config/platform";
import { componentNamespace, componentRelease, type ComponentProps } from "../component";
import { EnvoyGateway, ROUTES_LABEL } from "../envoy-gateway";
import { ExternalDatabase } from "../external-database";
import { HelmRelease } from "../helm/helm-release";
import { Resources } from "../helm/resources";
import type { HelmValues } from "../helm/values";
import type { PlatformNamespace } from "../platform-namespace";
import { generatedSecret } from "../secrets/generated-secret";
import { CLIENT_SECRET, clientSecretCopy, type SignIn } from "../sign-in";
import { Valkey } from "../valkey";
import type { KeptClaim } from "../volume-snapshots";
import { groupTeamMap, organisations } from "./organisations";

export interface GiteaProps extends ComponentProps {
  /** @default - its own accounts, which its administrator makes */
  readonly signIn: SignIn | undefined;
}

const ADMIN = "gitea-admin";
const SIGN_IN = "gitea-sign-in";
/** Token with which Prometheus asks. */
const METRICS = "gitea-metrics";
const SERVICE = { name: "gitea-http", port: 3000 };

/** Gitea on a database of its own, at `https://gitea.<domain>`, with an organisation for each team. */
export class Gitea extends Construct {
  /** The volume with the repositories, as the chart calls it. */
  static readonly CLAIM: KeptClaim = { namespace: "gitea", name: "gitea-shared-storage" };

  readonly namespace: PlatformNamespace;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GiteaProps) {
    super(scope, id);
    const { cluster, platform, signIn } = props;
    const host = `gitea.${cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, Gitea.CLAIM.namespace, {
      labels: { ...ROUTES_LABEL, ...ExternalDatabase.namespaceLabels({ ...props, owner: "gitea" }) },
    });
    this.namespace = namespace;
    const database = ExternalDatabase.orOwn(this, "database", { ...props, owner: "gitea", namespace });
    const cache =
      cluster.profile === "production" ? new Valkey(this, "cache", { ...props, owner: "gitea", namespace }) : undefined;
    const secrets = new Resources(this, "secrets", {
      name: "gitea-secrets",
      namespace: namespace.name,
      resources: [
        generatedSecret({ name: ADMIN, data: { username: "gitea-admin", password: "{{ .password }}" } }),
        generatedSecret({ name: METRICS }),
        ...(signIn
          ? [clientSecretCopy({ client: "gitea", name: SIGN_IN, data: { key: "gitea", secret: CLIENT_SECRET } })]
          : []),
      ],
      dependsOn: [namespace.resource, ...(props.dependsOn ?? []), ...(signIn?.ready ?? [])],
    });
    const release = componentRelease(this, {
      ...props,
      component: "gitea",
      namespace,
      computed: {
        persistence: { storageClass: cluster.storageClass },
        gitea: {
          admin: { existingSecret: ADMIN, email: platform.contact },
          config: {
            server: { DOMAIN: host, ROOT_URL: `https://${host}/` },
            database: {
              HOST: `${database.host}:${database.port}`,
              NAME: database.name,
              USER: database.username,
              SSL_MODE: database.sslMode,
            },
          },
          additionalConfigFromEnvs: [
            { name: "GITEA__METRICS__TOKEN", valueFrom: { secretKeyRef: { name: METRICS, key: "password" } } },
            {
              name: "GITEA__DATABASE__PASSWD",
              valueFrom: { secretKeyRef: { name: database.secret, key: "password" } },
            },
            ...(cache ? cacheVariables(cache) : []),
          ],
          ...(signIn && { oauth: [oauth(signIn, platform)] }),
        },
      },
      dependsOn: [...database.ready, ...(cache?.ready ?? []), ...secrets.ready],
    });
    this.ready = [release.resource];
    this.publish(host, props, release.resource);
    new Resources(this, "organisations", {
      name: "gitea-organisations",
      namespace: namespace.name,
      resources: organisations({ platform, admin: ADMIN, server: `http://${SERVICE.name}:${SERVICE.port}` }),
      dependsOn: [release.resource],
    });
  }

  /** This version of the chart has no HTTPRoute of its own. */
  private publish(host: string, { dependsOn = [] }: ComponentProps, release: ITerraformDependable): void {
    new HelmRelease(this, "route", {
      chart: "http-route",
      name: "gitea-route",
      namespace: Gitea.CLAIM.namespace,
      values: { host, parent: EnvoyGateway.PARENT, service: SERVICE },
      dependsOn: [release, ...dependsOn],
    });
  }
}

/** One database for each, so that emptying the cache ends no session. https://docs.gitea.com/administration/config-cheat-sheet */
function cacheVariables({ secret }: Valkey) {
  return ["CACHE__HOST", "SESSION__PROVIDER_CONFIG", "QUEUE__CONN_STR"].map((setting, database) => ({
    name: `GITEA__${setting}`,
    valueFrom: { secretKeyRef: { name: secret, key: `url-${database}` } },
  }));
}

/** Flags of `gitea admin auth add-oauth`, as the chart passes them on: https://docs.gitea.com/administration/command-line */
function oauth(signIn: SignIn, platform: Pick<Platform, "teams">): HelmValues {
  return {
    // Part of the redirect address that the realm knows.
    name: "keycloak",
    provider: "openidConnect",
    existingSecret: SIGN_IN,
    autoDiscoverUrl: `${signIn.backchannel}/.well-known/openid-configuration`,
    scopes: "profile,email",
    // No role is required: whoever lost the last one must still get through the sign-in, which takes every membership away.
    groupClaimName: "roles",
    adminGroup: "admin",
    groupTeamMap: JSON.stringify(groupTeamMap(platform)),
    groupTeamMapRemoval: "true",
  };
}
