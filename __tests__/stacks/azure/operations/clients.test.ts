import { findCredential } from "../../../../stacks/azure/operations/clients";

const tenant = "99999999-9999-9999-9999-999999999999";
const client = "44444444-4444-4444-4444-444444444444";
const find = (env: Record<string, string>) =>
  findCredential("00000000-0000-0000-0000-000000000000", env).constructor.name;

const principal = { ARM_CLIENT_ID: client, ARM_TENANT_ID: tenant };
const onAks = { AZURE_CLIENT_ID: client, AZURE_TENANT_ID: tenant, AZURE_FEDERATED_TOKEN_FILE: "/token" };

test.each([
  ["AzureCliCredential", {}],
  ["AzureCliCredential", principal],
  ["ClientSecretCredential", { ...principal, ARM_CLIENT_SECRET: "x" }],
  ["AzureCliCredential", { ...principal, ARM_OIDC_TOKEN: "x" }],
  ["ClientAssertionCredential", { ...principal, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "x" }],
  ["WorkloadIdentityCredential", { ...principal, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: "/token" }],
  ["AzureCliCredential", onAks],
  ["WorkloadIdentityCredential", { ...onAks, ARM_USE_AKS_WORKLOAD_IDENTITY: "true" }],
  ["ManagedIdentityCredential", { ARM_USE_MSI: "true" }],
])("%s of %j", (name, env) => {
  expect(find(env)).toBe(name);
});
