import { usedGroups, type Platform } from "../../config/platform";
import type { PlatformCluster } from "../cluster";
import { imageOf } from "../helm/images";
import { reconcilingJob, secretVariable } from "../helm/jobs";
import type { KubernetesObject } from "../helm/resources";
import { storedSecret } from "../secrets/stored-secret";
import { clientSecret } from "../sign-in";
import type { Client } from "./keycloak";
import { clientSecretVariable, IDENTITY_PROVIDER_SECRET, realm } from "./realm";

export interface RealmImportProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  readonly clients: readonly Client[];
  /** Secret of Keycloak's administrator, with `username` and `password`. */
  readonly admin: string;
  /** Keycloak's address inside the cluster. */
  readonly server: string;
}

const NAME = "keycloak-realm";
const IDENTITY_PROVIDER = "identity-provider";

/**
 * The realm, and what holds Keycloak to it: a Job whenever it changed, which fails the deploy when it fails, and the same every hour,
 * which undoes what was changed by hand.
 */
export function realmImport(props: RealmImportProps): readonly KubernetesObject[] {
  const { platform, cluster } = props;
  const provider = platform.identityProvider;
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: NAME },
      data: { "realm.json": JSON.stringify(realm(realmProps(props)), null, 2) },
    },
    ...(provider && cluster.secrets
      ? [storedSecret({ name: IDENTITY_PROVIDER, key: "client-secret", entry: provider.secret })]
      : []),
    ...reconcilingJob({
      name: NAME,
      schedule: "17 * * * *",
      image: imageOf("keycloak-config-cli", platform.registries),
      env: environment(props),
      resources: { cpu: "100m", memory: "512Mi" },
      mounts: { "/realm": { configMap: NAME }, "/tmp": "empty" },
    }),
  ];
}

function realmProps({ platform, cluster, clients }: RealmImportProps): Parameters<typeof realm>[0] {
  return {
    displayName: platform.name,
    domain: cluster.dns.domain,
    clients: clients.map(({ name }) => name),
    admins: cluster.admins,
    groups: usedGroups(platform, cluster.admins),
    teams: platform.teams,
    protectedHosts: clients.flatMap(({ hosts = [] }) => hosts),
    identityProvider: platform.identityProvider,
    environments: platform.environments.length > 0,
  };
}

/** https://github.com/adorsys/keycloak-config-cli#configuration */
function environment({ platform, clients, admin, server }: RealmImportProps): readonly object[] {
  const plain = {
    KEYCLOAK_URL: server,
    KEYCLOAK_AVAILABILITYCHECK_ENABLED: "true",
    KEYCLOAK_AVAILABILITYCHECK_TIMEOUT: "300s",
    IMPORT_FILES_LOCATIONS: "/realm/realm.json",
    IMPORT_VARSUBSTITUTION_ENABLED: "true",
    ...RECONCILE,
  };
  return [
    ...Object.entries(plain).map(([name, value]) => ({ name, value })),
    secretVariable("KEYCLOAK_USER", admin, "username"),
    secretVariable("KEYCLOAK_PASSWORD", admin, "password"),
    ...clients.map(({ name }) =>
      secretVariable(clientSecretVariable(name), clientSecret(name).secret, "client-secret"),
    ),
    ...(platform.identityProvider
      ? [secretVariable(IDENTITY_PROVIDER_SECRET, IDENTITY_PROVIDER, "client-secret")]
      : []),
  ];
}

/**
 * What is not in the realm's file goes, whoever made it: a group made by hand would be a way into the tools that no review saw. No
 * cache of what was imported before, which would let changes by hand stay.
 */
export const RECONCILE = {
  IMPORT_CACHE_ENABLED: "false",
  IMPORT_REMOTESTATE_ENABLED: "false",
  IMPORT_MANAGED_GROUP: "full",
  IMPORT_MANAGED_CLIENT: "full",
  IMPORT_MANAGED_IDENTITYPROVIDER: "full",
  IMPORT_MANAGED_IDENTITYPROVIDERMAPPER: "full",
  IMPORT_MANAGED_ROLE: "full",
} as const;
