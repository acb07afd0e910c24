/** What a component needs to know to let people sign in through Keycloak. */
import type { ITerraformDependable } from "cdktf";
import type { Team, TeamRole } from "../config/platform";
import type { KubernetesObject } from "./helm/resources";
import { secretCopy } from "./secrets/shared-secret";

/** Clients of the realm that have a secret; each is named as its component's host, `gateway` is the Gateway's own for the rest. */
export type ClientName = "argocd" | "gateway" | "gitea" | "grafana";

export interface SignIn {
  /** Public address of the realm: issuer of every token. */
  readonly issuer: string;
  /** The realm inside the cluster, for what no browser asks: it works before DNS and certificates do, and on private clusters. */
  readonly backchannel: string;
  /** What the sign-in system calls the groups that administer the cluster, and so every tool on it. */
  readonly admins: readonly string[];
  /** The realm is there, and its clients with it. */
  readonly ready: readonly ITerraformDependable[];
}

/** `checkout:admin`: role of a client of the realm. */
export const teamRole = (team: Pick<Team, "name">, role: TeamRole): string => `${team.name}:${role}`;

/** Endpoints of a realm: https://www.keycloak.org/securing-apps/oidc-layers */
export const endpoint = (realm: string, name: "auth" | "token" | "userinfo" | "certs" | "logout"): string =>
  `${realm}/protocol/openid-connect/${name}`;

/** Namespace and name of the Secret that holds a client's generated secret, under the key `client-secret`. */
export const clientSecret = (client: ClientName) => ({ namespace: "keycloak", secret: `client-${client}` });

export interface ClientSecretCopyProps {
  readonly client: ClientName;
  /** Name of the copy. */
  readonly name: string;
  /** Keys of the copy; `{{ index . "client-secret" }}` is the client's secret. @default - `client-secret` */
  readonly data?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A client's secret where its component reads it. */
export function clientSecretCopy({ client, ...props }: ClientSecretCopyProps): KubernetesObject {
  return secretCopy({ ...props, from: clientSecret(client) });
}

/** The client's secret in a template of a copy. */
export const CLIENT_SECRET = '{{ index . "client-secret" }}';
