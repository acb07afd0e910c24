/** What Azure, its client and its credentials throw, in words for people. */
import { OperationError } from "../../operations";

/** A refusal of Azure, or an answer that cannot be read. */
export class AzureError extends Error {
  constructor(
    /** Of HTTP. */
    readonly status: number,
    /** Such as `AuthorizationFailed`. https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "AzureError";
  }
}

/** An answer of Azure, or none at all; anything else that is thrown is a fault of this program. */
export function isAzureError(error: unknown): error is Error {
  return error instanceof AzureError || isCredentials(error) || isNetwork(error);
}

/** https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/identity/identity/src/errors.ts */
const isCredentials = (error: unknown): error is Error =>
  error instanceof Error &&
  ["CredentialUnavailableError", "AuthenticationError", "AuthenticationRequiredError"].includes(error.name);

const isNetwork = (error: unknown): error is Error => error instanceof Error && error.name === "RestError";

export function isCode(error: unknown, ...codes: readonly string[]): error is AzureError {
  return error instanceof AzureError && codes.includes(error.code);
}

/** One line: the code and the first line of the message, and the status where there was an answer. */
export function describe(error: Error): string {
  const [line = ""] = error.message.split(/\r?\n/);
  if (error instanceof AzureError) return `${error.code}: ${line}${error.status > 0 ? ` (HTTP ${error.status})` : ""}`;
  return `${error.name}: ${line}`;
}

/** Problems of signing in, which every command meets first. */
export function signInProblem(error: unknown): { readonly found: string; readonly fix: string } | undefined {
  const signIn = "sign in (`az login`, or the ARM_… variables of a service principal), and try again";
  if (isCredentials(error)) {
    const [line = ""] = error.message.split(/\r?\n/);
    return { found: `no usable Azure credentials: ${line.replace(/\.$/, "")}`, fix: signIn };
  }
  if (isCode(error, "ExpiredAuthenticationToken")) return { found: "the sign-in to Azure has expired", fix: signIn };
  if (isCode(error, "InvalidAuthenticationTokenTenant"))
    return {
      found: "you are signed in to another tenant than the subscription's",
      fix: "sign in to that one (az login --tenant <tenant of the subscription>), or correct `subscription` in the config",
    };
  if (isCode(error, "InvalidAuthenticationToken", "AuthenticationFailed"))
    return { found: `Azure does not accept the credentials: ${describe(error)}`, fix: signIn };
  return undefined;
}

/** What to do about a refusal; undefined where the refusal says it itself. */
export function remedy(error: unknown): string | undefined {
  if (isCode(error, "AuthorizationFailed", "LinkedAuthorizationFailed", "RoleAssignmentUpdateNotPermitted"))
    return "the message names the action and its scope: ask for a role with it, and sign in again, because rights are in the token's cache for a while";
  if (isCode(error, "MissingSubscriptionRegistration"))
    return "register the resource provider that it names: az provider register --namespace <namespace> --wait";
  if (isCode(error, "RequestDisallowedByPolicy"))
    return "an Azure Policy of your organisation denies it: ask who looks after them, or make it by hand as they want it";
  if (isCode(error, "UnexpectedAnswer"))
    return "that is a fault of this program, or of a proxy that answers in Azure's place: please report it";
  if (isCode(error, "ScopeLocked")) return "a lock holds it: az lock list shows which";
  return undefined;
}

/** What Azure refuses becomes a sentence, with what to do about it. @param inSentence what to say of a refusal that is not about signing in */
export async function inWords<T>(work: () => Promise<T>, inSentence: (refusal: string) => string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAzureError(error)) throw error;
    const problem = signInProblem(error);
    if (problem) throw new OperationError(`${problem.found}; ${problem.fix}`);
    const advice = remedy(error);
    throw new OperationError(`${inSentence(describe(error))}${advice === undefined ? "" : `; ${advice}`}`);
  }
}
