/** The realm `platform` as keycloak-config-cli imports it: https://github.com/adorsys/keycloak-config-cli. Pure: config in, data out. */
import { TEAM_ROLES, type Group, type IdentityProvider, type Team } from "../../config/platform";
import { KUBERNETES_CLIENT, REALM } from "../../config/sign-in";
import { teamRole, type ClientName } from "../sign-in";

export interface RealmProps {
  readonly displayName: string;
  /** Components are at `<name>.<domain>`. */
  readonly domain: string;
  readonly clients: readonly ClientName[];
  /** Groups that administer the cluster. */
  readonly admins: readonly Group[];
  /** These and the groups of teams. */
  readonly groups: readonly Group[];
  readonly teams: readonly Team[];
  /** Labels of the hosts behind the Gateway's own sign-in. */
  readonly protectedHosts: readonly string[];
  readonly identityProvider: IdentityProvider | undefined;
  /** Whether there are environments, to whose API servers people sign in with kubectl. */
  readonly environments: boolean;
}

/** Path of the Gateway's callback: Envoy Gateway's default. */
export const GATEWAY_CALLBACK = "/oauth2/callback";
/** The address at which the argocd command listens during a login. */
const ARGOCD_COMMAND = "http://localhost:8085/auth/callback";
/** The addresses at which kubelogin listens, the second where the first is taken: https://github.com/int128/kubelogin/blob/master/docs/usage.md */
const KUBELOGIN = ["http://localhost:8000", "http://localhost:18000"];
/** What keycloak-config-cli takes from its environment, so that the realm in its ConfigMap has no secret. */
const fromEnvironment = (name: string): string => `$(env:${name})`;

export const clientSecretVariable = (client: ClientName): string => `CLIENT_SECRET_${client.toUpperCase()}`;
export const IDENTITY_PROVIDER_SECRET = "IDENTITY_PROVIDER_SECRET";

export function realm(props: RealmProps): object {
  const { identityProvider } = props;
  return {
    realm: REALM,
    displayName: props.displayName,
    enabled: true,
    sslRequired: "external",
    registrationAllowed: false,
    resetPasswordAllowed: false,
    editUsernameAllowed: false,
    bruteForceProtected: true,
    // Of accounts made by hand; the company's identity provider has its own.
    passwordPolicy: "length(14) and notUsername and passwordHistory(5)",
    accessTokenLifespan: 300,
    ssoSessionIdleTimeout: 3600,
    ssoSessionMaxLifespan: 36000,
    eventsEnabled: true,
    eventsExpiration: 2_592_000,
    adminEventsEnabled: true,
    groups: props.groups.map((group) => groupOf(group, props)),
    clients: [
      ...props.clients.map((client) => confidentialClient(client, props)),
      ...(props.clients.includes("argocd") ? [publicClient("argocd-command", [ARGOCD_COMMAND])] : []),
      ...(props.environments ? [publicClient(KUBERNETES_CLIENT, KUBELOGIN)] : []),
    ],
    // Of the realm itself none but Keycloak's own: a role made by hand could contain those of clients.
    roles: {
      realm: [],
      client: Object.fromEntries(
        CLIENTS_WITH_ROLES.filter((client) => props.clients.includes(client)).map((client) => [
          client,
          rolesOf(client, props.teams).map((name) => ({ name })),
        ]),
      ),
    },
    identityProviders: identityProvider ? [broker(identityProvider)] : [],
    identityProviderMappers: identityProvider ? props.groups.map((group) => groupMapper(group, identityProvider)) : [],
  };
}

/** What a group may do in a tool is a role of the tool's client: the tool itself knows roles, and nobody's groups. */
const CLIENTS_WITH_ROLES = ["gitea", "grafana"] as const;

type ClientWithRoles = (typeof CLIENTS_WITH_ROLES)[number];

/** Every role of a client. Grafana shows all teams' metrics to everybody; in Gitea a team has an organisation of its own. */
function rolesOf(client: ClientWithRoles, teams: readonly Team[]): readonly string[] {
  return client === "grafana"
    ? ["admin", "viewer"]
    : ["admin", ...teams.flatMap((team) => TEAM_ROLES.map((role) => teamRole(team, role)))];
}

function groupOf(group: Group, { clients, admins, teams }: RealmProps): object {
  const held: Readonly<Record<ClientWithRoles, readonly string[]>> = {
    grafana: [admins.includes(group) ? "admin" : "viewer"],
    gitea: [
      ...(admins.includes(group) ? ["admin"] : []),
      ...teams.flatMap((team) =>
        TEAM_ROLES.filter((role) => team.groups[role].includes(group)).map((role) => teamRole(team, role)),
      ),
    ],
  };
  const clientRoles = CLIENTS_WITH_ROLES.filter((client) => clients.includes(client)).map((client) => [
    client,
    held[client],
  ]);
  return { name: group.sso, clientRoles: Object.fromEntries(clientRoles) as object };
}

function confidentialClient(client: ClientName, props: RealmProps): object {
  return {
    clientId: client,
    enabled: true,
    protocol: "openid-connect",
    publicClient: false,
    clientAuthenticatorType: "client-secret",
    secret: fromEnvironment(clientSecretVariable(client)),
    ...CODE_FLOW_ONLY,
    redirectUris: redirects(client, props),
    attributes: {
      "post.logout.redirect.uris": hosts(client, props)
        .map((host) => `https://${host}/*`)
        .join("##"),
    },
    webOrigins: ["+"],
    protocolMappers: [groupsClaim, ...CLIENTS_WITH_ROLES.filter((name) => name === client).map(rolesClaim)],
  };
}

const CODE_FLOW_ONLY = {
  standardFlowEnabled: true,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  fullScopeAllowed: false,
};

/** Where a client's component is. */
function hosts(client: ClientName, { domain, protectedHosts }: RealmProps): readonly string[] {
  return (client === "gateway" ? protectedHosts : [client]).map((label) => `${label}.${domain}`);
}

function redirects(client: ClientName, { domain, protectedHosts }: RealmProps): readonly string[] {
  switch (client) {
    case "argocd":
      return [`https://argocd.${domain}/auth/callback`];
    case "gitea":
      return [`https://gitea.${domain}/user/oauth2/keycloak/callback`];
    case "grafana":
      return [`https://grafana.${domain}/login/generic_oauth`];
    case "gateway":
      return protectedHosts.map((host) => `https://${host}.${domain}${GATEWAY_CALLBACK}`);
  }
}

/** `argocd login --sso` and kubelogin: a program on somebody's machine keeps no secret, so PKCE stands in for one. */
const publicClient = (clientId: string, redirectUris: readonly string[]) => ({
  clientId,
  enabled: true,
  protocol: "openid-connect",
  publicClient: true,
  ...CODE_FLOW_ONLY,
  attributes: { "pkce.code.challenge.method": "S256" },
  redirectUris,
  protocolMappers: [groupsClaim],
});

const inTokens = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" };

/** `groups`: names, without the slash that Keycloak's own paths begin with. */
const groupsClaim = {
  name: "groups",
  protocol: "openid-connect",
  protocolMapper: "oidc-group-membership-mapper",
  config: { "claim.name": "groups", "full.path": "false", ...inTokens },
};

/** `roles`: the client's own. */
const rolesClaim = (client: ClientWithRoles) => ({
  name: "roles",
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-client-role-mapper",
  config: {
    "claim.name": "roles",
    "jsonType.label": "String",
    multivalued: "true",
    "usermodel.clientRoleMapping.clientId": client,
    ...inTokens,
  },
});

/** The company's own identity provider: https://www.keycloak.org/docs/latest/server_admin/#_identity_broker_oidc */
function broker(provider: IdentityProvider): object {
  return {
    alias: provider.name,
    displayName: provider.displayName,
    providerId: "oidc",
    enabled: true,
    trustEmail: true,
    storeToken: false,
    updateProfileFirstLoginMode: "off",
    config: {
      issuer: provider.issuer,
      authorizationUrl: provider.authorizationUrl,
      tokenUrl: provider.tokenUrl,
      jwksUrl: provider.jwksUrl,
      ...(provider.logoutUrl !== undefined && { logoutUrl: provider.logoutUrl }),
      clientId: provider.clientId,
      clientSecret: fromEnvironment(IDENTITY_PROVIDER_SECRET),
      clientAuthMethod: "client_secret_post",
      defaultScope: provider.scopes.join(" "),
      validateSignature: "true",
      useJwksUrl: "true",
      pkceEnabled: "true",
      pkceMethod: "S256",
      // Names and groups follow the provider at every sign-in.
      syncMode: "FORCE",
    },
  };
}

/** Whoever has the group's value in the claim is in the group, and who no longer has it is not. */
function groupMapper(group: Group, provider: IdentityProvider): object {
  return {
    name: `group ${group.sso}`,
    identityProviderAlias: provider.name,
    identityProviderMapper: "oidc-advanced-group-idp-mapper",
    config: {
      syncMode: "FORCE",
      claims: JSON.stringify([{ key: provider.groupsClaim, value: group.claim }]),
      "are.claim.values.regex": "false",
      group: `/${group.sso}`,
    },
  };
}
