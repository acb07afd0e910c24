import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCredential, tokenOfGithub } from "../../../../stacks/azure/operations/credential";

const identity = jest.requireActual<typeof import("@azure/identity")>("@azure/identity");
const tenant = "99999999-9999-9999-9999-999999999999";
const client = "44444444-4444-4444-4444-444444444444";
const find = (env: Record<string, string>) =>
  findCredential(identity, "00000000-0000-0000-0000-000000000000", env).constructor.name;

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
  [
    "ClientAssertionCredential",
    { ...principal, ARM_USE_OIDC: "true", ARM_OIDC_REQUEST_URL: "https://x", ARM_OIDC_REQUEST_TOKEN: "x" },
  ],
  [
    "ClientAssertionCredential",
    {
      ...principal,
      ARM_USE_OIDC: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://x",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "x",
    },
  ],
  ["AzureCliCredential", { ...principal, ACTIONS_ID_TOKEN_REQUEST_URL: "https://x", ARM_ENVIRONMENT: "public" }],
  ["ManagedIdentityCredential", { ARM_USE_MSI: "true", ARM_USE_CLI: "false" }],
])("%s of %j", (name, env) => {
  expect(find(env)).toBe(name);
});

test.each([
  [
    "ARM_CLIENT_CERTIFICATE",
    "MII",
    /^ARM_CLIENT_CERTIFICATE is set: Terraform signs in with it, and this command cannot;/,
  ],
  ["ARM_CLIENT_CERTIFICATE_PATH", "/acme.pfx", /^ARM_CLIENT_CERTIFICATE_PATH is set/],
  ["ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", client, /^ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID is set/],
  [
    "ARM_ENVIRONMENT",
    "usgovernment",
    /^ARM_ENVIRONMENT is usgovernment, but Stackyard knows Azure's public cloud only;/,
  ],
  ["ARM_USE_CLI", "false", /^ARM_USE_CLI is false, and no other variables say who signs in;/],
  ["ARM_CLIENT_SECRET_FILE_PATH", "/no/such", /^ARM_CLIENT_SECRET_FILE_PATH is \/no\/such, which cannot be read;/],
])("%s=%s is refused, instead of signing in as somebody whom Terraform is not", (name, value, sentence) => {
  const asked = () => find({ ...principal, [name]: value });
  expect(asked).toThrow(sentence);
  expect(asked).toThrow(expect.objectContaining({ name: "OperationError" }));
});

test("an id and a secret may be in files", () => {
  const folder = mkdtempSync(join(tmpdir(), "stackyard-"));
  const file = (name: string): string => {
    writeFileSync(join(folder, name), `${client}\n`);
    return join(folder, name);
  };
  const env = { ARM_CLIENT_ID_FILE_PATH: file("id"), ARM_CLIENT_SECRET_FILE_PATH: file("secret") };
  expect(find({ ARM_TENANT_ID: tenant, ...env })).toBe("ClientSecretCredential");
  rmSync(folder, { recursive: true });
});

test("GitHub is asked for a token for Azure, and its refusal says what a job needs", async () => {
  const server = createServer(({ url, headers }, response) => {
    const isRight =
      headers.authorization === "Bearer x" && url === "/token?version=2&audience=api%3A%2F%2FAzureADTokenExchange";
    response.writeHead(isRight ? 200 : 403, { connection: "close" });
    response.end(JSON.stringify(isRight ? { value: "e30" } : {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?version=2`;
  expect(await tokenOfGithub(url, "x")).toBe("e30");
  await expect(tokenOfGithub(url, "y")).rejects.toThrow(
    /^127\.0\.0\.1:\d+ gives no token \(HTTP 403\); does the job have the permission id-token: write\?$/,
  );
  server.close();
  await once(server, "close");
});
