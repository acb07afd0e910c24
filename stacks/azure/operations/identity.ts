import { z } from "zod";
import type { AzureCluster } from "../../../config/clouds/azure";
import { OperationError } from "../../operations";
import { API_VERSIONS } from "./api-versions";
import type { AzureClients } from "./clients";
import { AzureError, describe, isAzureError, isCode, remedy, signInProblem } from "./errors";

/** Whoever runs the command. */
export interface Identity {
  /** Object id in Entra: of a user, or of a service principal or managed identity. */
  readonly principal: string;
  readonly kind: "User" | "ServicePrincipal";
  /** Id of the tenant. */
  readonly tenant: string;
  /** For people: the user's principal name, or the application's id. */
  readonly name: string;
}

/** https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference; the version of the token decides which it has. */
const claims = z.object({
  oid: z.string(),
  tid: z.string(),
  idtyp: z.string().optional(),
  upn: z.string().optional(),
  unique_name: z.string().optional(),
  preferred_username: z.string().optional(),
  appid: z.string().optional(),
  azp: z.string().optional(),
});

/** Who is signed in, as the token says. @throws what the credential throws; AzureError for a token that says nothing */
export async function askIdentity(clients: AzureClients): Promise<Identity> {
  const [, payload = ""] = (await clients.token()).split(".");
  const found = claims.safeParse(parsed(Buffer.from(payload, "base64url").toString("utf8")));
  if (!found.success) throw new AzureError(0, "UnexpectedAnswer", "the token of the sign-in does not say whose it is");
  const { oid, tid, idtyp, upn, unique_name, preferred_username, appid, azp } = found.data;
  const user = upn ?? unique_name ?? preferred_username;
  return {
    principal: oid,
    kind: idtyp === "app" || user === undefined ? "ServicePrincipal" : "User",
    tenant: tid,
    name: user ?? appid ?? azp ?? oid,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states */
const subscriptionShape = z.object({ displayName: z.string(), state: z.string(), tenantId: z.string().optional() });

/** What is wrong with the config's subscription for whoever is signed in; undefined where nothing is. @throws what Azure throws */
export async function subscriptionProblem(
  clients: AzureClients,
  cluster: AzureCluster,
): Promise<{ readonly found: string; readonly fix: string } | undefined> {
  const field = `clusters.${cluster.name}.subscription`;
  try {
    const { displayName, state } = await clients.resourceManager.get(
      { path: `/subscriptions/${cluster.subscription}`, apiVersion: API_VERSIONS.subscriptions },
      subscriptionShape,
    );
    // One that is past due still works; a warned one cannot be changed.
    if (["Enabled", "PastDue"].includes(state)) return undefined;
    return {
      found: `${field} is ${cluster.subscription} ("${displayName}"), which is ${state.toLowerCase()}: nothing can be made in it`,
      fix: "have its owner activate it, or correct the config",
    };
  } catch (error) {
    if (!isCode(error, "SubscriptionNotFound", "AuthorizationFailed", "InvalidSubscriptionId")) throw error;
    return {
      found: `${field} is ${cluster.subscription}, which is not there for whoever is signed in: ${describe(error)}`,
      fix: "az account list shows those that are; sign in as somebody with a role on it, or correct the config",
    };
  }
}

/**
 * Who is signed in, for commands that cannot go on without it.
 *
 * @throws OperationError when nobody is signed in, or the subscription cannot be used.
 */
export async function requireIdentity(clients: AzureClients, cluster: AzureCluster): Promise<Identity> {
  try {
    const identity = await askIdentity(clients);
    const problem = await subscriptionProblem(clients, cluster);
    if (problem) throw new OperationError(`${problem.found}; ${problem.fix}`);
    return identity;
  } catch (error) {
    const problem = signInProblem(error);
    if (problem) throw new OperationError(`${problem.found}; ${problem.fix}`);
    if (!isAzureError(error)) throw error;
    const { found, fix } = unreachable(error);
    throw new OperationError(`${found}; ${fix}`);
  }
}

/** What to say where Azure does not even tell who is asking. */
export function unreachable(error: Error): { readonly found: string; readonly fix: string } {
  return {
    found: `Azure could not be asked: ${describe(error)}`,
    fix: remedy(error) ?? "check the network and its proxy",
  };
}
