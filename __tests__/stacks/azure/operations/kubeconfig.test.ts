/** How a cluster on Azure is reached, and the Key Vault, against a small server that answers as both do. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { azureClients } from "../../../../stacks/azure/operations/clients";
import { azureKubeconfig } from "../../../../stacks/azure/operations/kubeconfig";
import { platformOf, type Draft } from "../../../support/config";

const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
const AKS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/acme-azure-platform/providers/Microsoft.ContainerService/managedClusters/acme-azure-platform`;
const KUBECONFIG = `
clusters: [{ name: a, cluster: { server: "https://aks.example:443", certificate-authority-data: Q0E= } }]
users: [{ name: a, user: { token: an-admin-token } }]
`;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}
let asked: Asked[] = [];
const secrets = new Map<string, string>();
let refusal: { readonly status: number; readonly code: string } | undefined;
let endpoint = "";

const server = createServer((request, response) => {
  void (async () => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "", endpoint);
    asked.push({ method: request.method ?? "", path, query });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const say = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const refuse = (status: number, code: string): void => {
      say(status, { error: { code, message: `${code} it is` } });
    };
    if (refusal) refuse(refusal.status, refusal.code);
    else if (path === `${AKS}/listClusterUserCredential`)
      say(200, { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(KUBECONFIG).toString("base64") }] });
    else if (!path.startsWith("/secrets/")) refuse(404, "ResourceNotFound");
    else if (request.method === "PUT") {
      secrets.set(path, JSON.parse(Buffer.concat(chunks).toString()).value);
      say(200, { value: secrets.get(path) });
    } else if (secrets.has(path)) say(200, { value: secrets.get(path) });
    else refuse(404, "SecretNotFound");
  })();
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  secrets.clear();
  refusal = undefined;
});

function operations(change: (cluster: Draft) => void = () => undefined) {
  const platform = platformOf((draft) => {
    change(draft.clusters["azure-platform"]);
  });
  const cluster = platform.clusters.find(({ name }) => name === "azure-platform");
  if (cluster?.kind !== "azure") throw new Error("the small config has no azure-platform");
  const clients = azureClients(SUBSCRIPTION, {
    resourceManager: endpoint,
    graph: endpoint,
    keyVault: endpoint,
    credential: { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: 0 }) },
    pause: () => Promise.resolve(),
  });
  return azureKubeconfig(platform, cluster, clients);
}
const inKeyVault = (cluster: Draft): void => {
  cluster.kubeconfigStore = { kind: "key-vault", vault: "acme-people" };
};

test("address and authority are those that AKS tells its users; whatever credential comes along is left", async () => {
  const host = await operations().host();
  expect(host).toMatchObject({ kind: "exec", server: "https://aks.example:443", certificateAuthority: "Q0E=" });
  expect(JSON.stringify(host)).not.toContain("an-admin-token");
  expect(asked).toMatchObject([{ method: "POST", path: `${AKS}/listClusterUserCredential` }]);
  expect(asked[0]?.query.get("format")).toBe("exec");
});

test("the command is kubelogin, for the application that AKS's API servers are", async () => {
  expect(await operations().host()).toMatchObject({
    exec: {
      command: "kubelogin",
      args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
    },
  });
});

test("a cluster that is not there is a sentence", async () => {
  const theirs = operations((cluster) => {
    cluster.existing = { name: "b", resourceGroup: "b" };
    cluster.network.existing = {
      nodeSubnet: `/subscriptions/${SUBSCRIPTION}/resourceGroups/b/providers/Microsoft.Network/virtualNetworks/b/subnets/b`,
    };
    delete cluster.access.public;
  });
  await expect(theirs.host()).rejects.toThrow("there is no cluster b in the group b; deploy azure-platform first");
});

test("a refusal is a sentence", async () => {
  refusal = { status: 403, code: "AuthorizationFailed" };
  await expect(operations().host()).rejects.toThrow(
    /^Azure refused listClusterUserCredential on acme-azure-platform: AuthorizationFailed: .*ask for a role with it/,
  );
});

describe("Key Vault", () => {
  const NAME = "secret/kubeconfigs/acme-azure-platform/dev";
  const texts = () => {
    const store = operations(inKeyVault).store();
    if (!store) throw new Error("no store");
    return store;
  };

  test("has what was put, under a name that it takes", async () => {
    await texts().put(NAME, "text");
    expect(await texts().get(NAME)).toBe("text");
    expect([...secrets.keys()]).toEqual(["/secrets/secret-kubeconfigs-acme-azure-platform-dev"]);
    expect(texts().place(NAME)).toBe("the secret secret-kubeconfigs-acme-azure-platform-dev in the vault acme-people");
  });

  test("says nothing of what is not there", async () => {
    expect(await texts().get(NAME)).toBeUndefined();
  });

  test("refuses in a sentence", async () => {
    refusal = { status: 403, code: "Forbidden" };
    await expect(texts().put(NAME, "text")).rejects.toThrow(/^Azure refused the vault acme-people: Forbidden: /);
  });

  test("is only asked where the config names it", () => {
    expect(operations().store()).toBeUndefined();
    expect(operations((cluster) => (cluster.kubeconfigStore = { kind: "vault" })).store()).toBeUndefined();
  });
});
