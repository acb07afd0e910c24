/** Where people sign in to the platform, and to the API servers of its environments. Pure names: the command must not wait for cdktf. */
import type { Environment, Platform } from "./platform";

/** The realm in Keycloak. */
export const REALM = "platform";

/** The realm's client for kubectl. */
export const KUBERNETES_CLIENT = "kubernetes";

/** Public address of the realm: issuer of every token. */
export const issuerOf = (domain: string): string => `https://keycloak.${domain}/realms/${REALM}`;

/** Below this label of a domain are the API servers of its environments. */
export const API_SERVERS = "k8s";

/** Public name of an environment's API server: the gateway passes its TLS through. */
export const apiServerHost = ({ name }: Pick<Environment, "name">, domain: string): string =>
  `${name}.${API_SERVERS}.${domain}`;

/** Whether people sign in to environments: through Keycloak, which never is without the gateway. */
export const hasSignIn = ({ components }: Pick<Platform, "components">): boolean => components.keycloak.enabled;
