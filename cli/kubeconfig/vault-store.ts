import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { TextStore } from "../../stacks/kubeconfig";
import { OperationError } from "../../stacks/operations";
import { UsageError } from "../usage-error";

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds. */
const PATIENCE = 20_000;
/** The one key of each secret. */
const KEY = "kubeconfig";

const found = z.object({ data: z.object({ data: z.object({ [KEY]: z.string() }) }) });
const refusal = z.object({ errors: z.array(z.string()) });

/**
 * A KV secrets engine of HashiCorp Vault, version 2, as the `vault` command finds it: VAULT_ADDR, VAULT_TOKEN or what `vault login` left, and
 * VAULT_NAMESPACE. https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
 *
 * @throws UsageError where one of them is not there.
 */
export function vaultStore(env: Environment): TextStore {
  const address = addressOf(env);
  const headers = {
    "x-vault-request": "true",
    "x-vault-token": tokenOf(env),
    ...(env["VAULT_NAMESPACE"] && { "x-vault-namespace": env["VAULT_NAMESPACE"] }),
  };

  async function send(method: "GET" | "POST", name: string, body?: unknown): Promise<Response> {
    const [mount = "", ...rest] = name.split("/");
    try {
      return await fetch(new URL(`/v1/${mount}/data/${rest.join("/")}`, address), {
        method,
        headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
        // The token goes to nobody else.
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      throw new OperationError(
        `Vault at ${address} does not answer: ${(cause as Error).message}; is VAULT_ADDR right?`,
      );
    }
  }

  return {
    place: (name) => `${name} in Vault at ${address}`,
    get: async (name) => {
      const response = await send("GET", name);
      if (response.status === 404) return undefined;
      if (!response.ok) throw await refused(response, name);
      const answer = found.safeParse(await response.json().catch(() => undefined));
      if (answer.success) return answer.data.data.data[KEY];
      throw new OperationError(`${name} in Vault has no text under the key ${KEY}; did somebody else write it?`);
    },
    put: async (name, text) => {
      const response = await send("POST", name, { data: { [KEY]: text } });
      if (!response.ok) throw await refused(response, name);
    },
  };
}

async function refused(response: Response, name: string): Promise<OperationError> {
  const said = refusal.safeParse(await response.json().catch(() => undefined));
  const why = said.success && said.data.errors.length > 0 ? said.data.errors.join(", ").trim() : "no reason";
  const advice =
    response.status === 404
      ? `is there a KV engine, version 2, at ${name.split("/")[0] ?? ""}?`
      : "does the token's policy allow it, on the path with /data/ in it?";
  return new OperationError(`Vault refused ${name} (HTTP ${response.status}: ${why}); ${advice}`);
}

function addressOf(env: Environment): string {
  const address = env["VAULT_ADDR"];
  if (!address)
    throw new UsageError("VAULT_ADDR is not set; it is Vault's address, such as https://vault.example.com:8200");
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isLoopback = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (!url || (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)))
    throw new UsageError(
      `VAULT_ADDR is ${address}; it must be an https:// address, or the token would travel in the open`,
    );
  return url.origin;
}

function tokenOf(env: Environment): string {
  const token = env["VAULT_TOKEN"] || inFile(join(env["HOME"] ?? homedir(), ".vault-token"));
  if (!token) throw new UsageError("nobody is signed in to Vault; set VAULT_TOKEN, or run vault login");
  return token;
}

function inFile(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
