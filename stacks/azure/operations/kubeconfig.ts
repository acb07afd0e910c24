import { parse } from "yaml";
import { z } from "zod";
import type { AzureCluster } from "../../../config/clouds/azure";
import { managedClusterId } from "../../../config/clouds/azure-names";
import { clusterFullName, ownName } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import type { ExecCredential, HostAccess, KubeconfigOperations, TextStore } from "../../kubeconfig";
import { OperationError } from "../../operations";
import { KUBELOGIN } from "../kubelogin";
import { API_VERSIONS } from "./api-versions";
import { azureClients, type AzureClients } from "./clients";
import { inWords, isCode } from "./errors";

const GET_TOKEN: ExecCredential = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  ...KUBELOGIN,
  installHint: "install kubelogin: https://azure.github.io/kubelogin",
};

const credentials = z.object({ kubeconfigs: z.array(z.object({ value: z.string() })).min(1) });

/** Of a kubeconfig, where the API server is and whom to believe; whatever credential it has is not even read. */
const kubeconfig = z.object({
  clusters: z
    .array(z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }))
    .min(1),
});

/** How people reach a cluster on Azure. */
export function azureKubeconfig(
  platform: Platform,
  cluster: AzureCluster,
  clients: AzureClients = azureClients(cluster.subscription),
): KubeconfigOperations {
  const name = clusterFullName(platform, cluster);
  const group = cluster.existing?.resourceGroup ?? ownName(platform, cluster);
  return {
    host: () => host({ name, group, cluster, clients }),
    signIn: { exec: GET_TOKEN, isServer },
    ownAuthority: false,
    store: () =>
      cluster.kubeconfigStore?.kind === "key-vault" ? keyVault(cluster.kubeconfigStore.vault, clients) : undefined,
  };
}

interface Aks {
  readonly name: string;
  readonly group: string;
  readonly cluster: AzureCluster;
  readonly clients: AzureClients;
}

/** The cluster's resource does not say its authority; the credentials of its users do. */
async function host({ name, group, cluster, clients }: Aks): Promise<HostAccess> {
  const path = managedClusterId(cluster.subscription, group, name);
  const answer = await refusals(`listClusterUserCredential on ${name}`, async () => {
    try {
      return await clients.resourceManager.post(
        { path: `${path}/listClusterUserCredential`, apiVersion: API_VERSIONS.aks, query: { format: "exec" } },
        credentials,
      );
    } catch (error) {
      if (isCode(error, "ResourceNotFound", "ResourceGroupNotFound"))
        throw new OperationError(`there is no cluster ${name} in the group ${group}; deploy ${cluster.name} first`);
      throw error;
    }
  });
  const found = kubeconfig.safeParse(parse(Buffer.from(answer.kubeconfigs[0]?.value ?? "", "base64").toString()));
  const reached = found.data?.clusters[0]?.cluster;
  if (!reached) throw new OperationError(`Azure gives no address of ${name}; is the cluster being made just now?`);
  return {
    kind: "exec",
    server: reached.server,
    certificateAuthority: reached["certificate-authority-data"],
    exec: GET_TOKEN,
  };
}

/** https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges, and behind a private link. */
function isServer(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { protocol, hostname } = new URL(server);
  return protocol === "https:" && hostname.endsWith(".azmk8s.io");
}

const secret = z.object({ value: z.string() });

/** Names of its secrets have letters, digits and hyphens alone. https://learn.microsoft.com/rest/api/keyvault/secrets */
function keyVault(vault: string, clients: AzureClients): TextStore {
  const api = clients.keyVault(vault);
  const path = (name: string): string => `/secrets/${name.replaceAll("/", "-")}`;
  return {
    place: (name) => `the secret ${path(name).slice("/secrets/".length)} in the vault ${vault}`,
    get: (name) =>
      refusals(`the vault ${vault}`, async () => {
        const found = await api.find({ path: path(name), apiVersion: API_VERSIONS.keyVaultSecrets }, secret);
        return found?.value;
      }),
    put: (name, text) =>
      refusals(`the vault ${vault}`, () =>
        api.put({
          path: path(name),
          apiVersion: API_VERSIONS.keyVaultSecrets,
          body: { value: text, contentType: "application/yaml" },
        }),
      ),
  };
}

/** @param what was asked */
const refusals = <T>(what: string, work: () => Promise<T>): Promise<T> =>
  inWords(work, (refusal) => `Azure refused ${what}: ${refusal}`);
