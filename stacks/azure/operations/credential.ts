import type { TokenCredential } from "@azure/identity";
import { readFileSync } from "node:fs";
import { OperationError } from "../../operations";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The credential that the azurerm provider and its backend take from the same variables, in the same order: a secret or a federated
 * token of a service principal, a managed identity, else the Azure CLI, which kubelogin takes in any case (stacks/azure/cluster.ts). No
 * chain: one that goes on to the next credential when the first fails would sign in as somebody whom Terraform is not.
 * https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs#argument-reference
 *
 * @param from the package, which is loaded at first use
 * @throws OperationError for variables that Terraform follows and this does not.
 */
export function findCredential(
  from: typeof import("@azure/identity"),
  subscription: string,
  env: Environment,
): TokenCredential {
  refuseOthers(env);
  const isOnAks = env["ARM_USE_AKS_WORKLOAD_IDENTITY"] === "true";
  const ofAks = (name: string): string | undefined => (isOnAks ? env[name] : undefined);
  const tenantId = env["ARM_TENANT_ID"] ?? ofAks("AZURE_TENANT_ID");
  const clientId = env["ARM_CLIENT_ID"] ?? inFile(env, "ARM_CLIENT_ID_FILE_PATH") ?? ofAks("AZURE_CLIENT_ID");
  const secret = env["ARM_CLIENT_SECRET"] ?? inFile(env, "ARM_CLIENT_SECRET_FILE_PATH");
  if (tenantId && clientId && secret) return new from.ClientSecretCredential(tenantId, clientId, secret);
  if (tenantId && clientId && (isOnAks || env["ARM_USE_OIDC"] === "true")) {
    const token = env["ARM_OIDC_TOKEN"];
    const tokenFilePath = env["ARM_OIDC_TOKEN_FILE_PATH"] ?? ofAks("AZURE_FEDERATED_TOKEN_FILE");
    const url = env["ARM_OIDC_REQUEST_URL"] ?? env["ACTIONS_ID_TOKEN_REQUEST_URL"];
    const requestToken = env["ARM_OIDC_REQUEST_TOKEN"] ?? env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
    if (token) return new from.ClientAssertionCredential(tenantId, clientId, () => Promise.resolve(token));
    if (tokenFilePath) return new from.WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath });
    if (url && requestToken)
      return new from.ClientAssertionCredential(tenantId, clientId, () => tokenOfGithub(url, requestToken));
  }
  if (env["ARM_USE_MSI"] === "true") return new from.ManagedIdentityCredential(clientId ? { clientId } : {});
  if (env["ARM_USE_CLI"] === "false")
    throw new OperationError(
      "ARM_USE_CLI is false, and no other variables say who signs in; set those of a service principal (ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or ARM_USE_OIDC) or ARM_USE_MSI, or unset it",
    );
  // By subscription, so that the token is of its tenant and not of the one that `az` has as its default.
  return new from.AzureCliCredential({ subscription });
}

/** As somebody whom Terraform is not, or in another cloud, every answer would mislead. */
function refuseOthers(env: Environment): void {
  const environment = env["ARM_ENVIRONMENT"];
  if (environment && environment.toLowerCase() !== "public")
    throw new OperationError(
      `ARM_ENVIRONMENT is ${environment}, but Stackyard knows Azure's public cloud only; unset it, or set it to "public"`,
    );
  // Certificates come as PKCS#12, which the package does not read.
  const variable = [
    "ARM_CLIENT_CERTIFICATE",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
    "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
  ].find((name) => env[name]);
  if (variable !== undefined)
    throw new OperationError(
      `${variable} is set: Terraform signs in with it, and this command cannot; for this command, unset it and sign in as the same service principal with ARM_CLIENT_SECRET, or with ARM_USE_OIDC and ARM_OIDC_TOKEN`,
    );
}

/** @param name of the variable with the file's path */
function inFile(env: Environment, name: string): string | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    throw new OperationError(`${name} is ${path}, which cannot be read; correct or unset it`);
  }
}

/** https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
export async function tokenOfGithub(url: string, requestToken: string): Promise<string> {
  const address = new URL(url);
  address.searchParams.set("audience", "api://AzureADTokenExchange");
  const response = await fetch(address, { headers: { authorization: `Bearer ${requestToken}` } });
  const { value } = (response.ok ? await response.json() : {}) as { readonly value?: string };
  if (!value)
    throw new OperationError(
      `${address.host} gives no token (HTTP ${response.status}); does the job have the permission id-token: write?`,
    );
  return value;
}
