/** The client of HashiCorp Vault against a small server that answers as its KV engine does. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vaultStore } from "../../../cli/kubeconfig/vault-store";

const NAME = "secret/kubeconfigs/acme/dev";
const kept = new Map<string, unknown>();
let requests: { method?: string | undefined; url?: string | undefined; headers: IncomingMessage["headers"] }[] = [];
let answer: ((response: ServerResponse) => void) | undefined;
let address: string;
const home = mkdtempSync(join(tmpdir(), "stackyard-vault-"));

const server = createServer((request, response) => void serve(request, response));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests.push({ method: request.method, url: request.url, headers: request.headers });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (answer) {
    answer(response);
    return;
  }
  const say = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (request.headers["x-vault-token"] !== "a-token") {
    say(403, { errors: ["permission denied"] });
    return;
  }
  const url = request.url ?? "";
  if (request.method === "POST") {
    kept.set(url, JSON.parse(Buffer.concat(chunks).toString()).data);
    say(200, { data: { version: 1 } });
  } else if (kept.has(url)) say(200, { data: { data: kept.get(url), metadata: { version: 1 } } });
  else say(404, { errors: [] });
}

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});
beforeEach(() => {
  kept.clear();
  requests = [];
  answer = undefined;
});

const store = (env: Record<string, string> = {}) =>
  vaultStore({ VAULT_ADDR: address, VAULT_TOKEN: "a-token", HOME: home, ...env });

test("what is put is got, below data/ of the mount", async () => {
  await store().put(NAME, "text");
  expect(await store().get(NAME)).toBe("text");
  expect(requests[0]?.url).toBe("/v1/secret/data/kubeconfigs/acme/dev");
  expect(kept.get("/v1/secret/data/kubeconfigs/acme/dev")).toEqual({ kubeconfig: "text" });
});

test("what is not there is undefined", async () => {
  expect(await store().get(NAME)).toBeUndefined();
});

test("the namespace goes along", async () => {
  await store({ VAULT_NAMESPACE: "teams" }).get(NAME);
  expect(requests[0]?.headers["x-vault-namespace"]).toBe("teams");
});

test("the token is the one that vault login left", async () => {
  writeFileSync(join(home, ".vault-token"), "a-token\n");
  await expect(store({ VAULT_TOKEN: "" }).put(NAME, "text")).resolves.toBeUndefined();
  rmSync(join(home, ".vault-token"));
});

test.each([
  [{ VAULT_ADDR: "" }, /^VAULT_ADDR is not set/],
  [{ VAULT_ADDR: "vault" }, /must be an https:\/\/ address/],
  [{ VAULT_ADDR: "http://vault.example.com" }, /or the token would travel in the open/],
  [{ VAULT_TOKEN: "" }, /^nobody is signed in to Vault; set VAULT_TOKEN, or run vault login/],
])("%j is a sentence", (env, sentence) => {
  expect(() => store(env as Record<string, string>)).toThrow(sentence);
});

test("a refusal says Vault's reason, and not the token", async () => {
  const refusal = await store({ VAULT_TOKEN: "another" })
    .get(NAME)
    .catch((error: unknown) => String(error));
  expect(refusal).toMatch(
    /Vault refused secret\/kubeconfigs\/acme\/dev \(HTTP 403: permission denied\); does the token's/,
  );
  expect(refusal).not.toContain("another");
});

test("a mount that is not there is a sentence", async () => {
  answer = (response) => response.writeHead(404).end('{"errors":["no handler for route"]}');
  await expect(store().put(NAME, "text")).rejects.toThrow(/is there a KV engine, version 2, at secret\?/);
});

test("the token does not follow a redirect", async () => {
  answer = (response) => response.writeHead(307, { location: "http://elsewhere.example/" }).end();
  await expect(store().get(NAME)).rejects.toThrow(/does not answer/);
});

test("an answer of something else is a sentence", async () => {
  answer = (response) => response.writeHead(200).end("<html>");
  await expect(store().get(NAME)).rejects.toThrow(/has no text under the key kubeconfig/);
});

test("nobody who answers is a sentence", async () => {
  await expect(store({ VAULT_ADDR: "http://127.0.0.1:1" }).get(NAME)).rejects.toThrow(
    /does not answer: .*; is VAULT_ADDR right\?/,
  );
});
