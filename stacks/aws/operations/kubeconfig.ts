import type { AwsCluster } from "../../../config/clouds/aws";
import { clusterFullName } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import type { ExecCredential, HostAccess, KubeconfigOperations, TextStore } from "../../kubeconfig";
import { OperationError } from "../../operations";
import { awsClients, type AwsClients } from "./clients";
import { inWords, isNamed } from "./errors";
import { requireIdentity } from "./identity";

/** How people reach a cluster on AWS. */
export function awsKubeconfig(
  platform: Platform,
  cluster: AwsCluster,
  clients: AwsClients = awsClients(cluster.region),
): KubeconfigOperations {
  const name = clusterFullName(platform, cluster);
  return {
    host: () => host(name, cluster, clients),
    signIn: { exec: getToken(name, cluster), isServer: (server) => isEndpoint(server, cluster) },
    ownAuthority: false,
    store: () => (cluster.kubeconfigStore?.kind === "ssm" ? parameterStore(cluster, clients) : undefined),
  };
}

async function host(name: string, cluster: AwsCluster, clients: AwsClients): Promise<HostAccess> {
  await requireIdentity(clients, cluster);
  const found = await refusals("eks:DescribeCluster", async () => {
    try {
      return (await clients.eks().describeCluster({ name })).cluster;
    } catch (error) {
      if (isNamed(error, "ResourceNotFoundException")) return undefined;
      throw error;
    }
  });
  if (!found?.endpoint || !found.certificateAuthority?.data)
    throw new OperationError(
      found
        ? `${name} has no address yet (${found.status ?? "unknown"}); try again when it is ACTIVE`
        : `there is no cluster ${name} in ${cluster.region}; deploy ${cluster.name} first`,
    );
  return {
    kind: "exec",
    server: found.endpoint,
    certificateAuthority: found.certificateAuthority.data,
    exec: getToken(name, cluster),
  };
}

const getToken = (name: string, { region }: AwsCluster): ExecCredential => ({
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "aws",
  args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
  installHint: "install the AWS CLI, version 2: https://docs.aws.amazon.com/cli",
});

/** https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html: over IPv4, and over both. */
function isEndpoint(server: string, { region }: AwsCluster): boolean {
  if (!URL.canParse(server)) return false;
  const { protocol, hostname } = new URL(server);
  const domains = [`.${region}.eks.amazonaws.com`, `.${region}.eks.amazonaws.com.cn`, `.eks-cluster.${region}.api.aws`];
  return protocol === "https:" && domains.some((domain) => hostname.endsWith(domain));
}

/** Systems Manager's Parameter Store. A parameter of up to 4 KiB costs nothing; a longer one becomes an advanced one. */
function parameterStore(cluster: AwsCluster, clients: AwsClients): TextStore {
  const place = (name: string): string => `/${name}`;
  return {
    place: (name) => `the parameter ${place(name)} in ${cluster.region}`,
    get: (name) =>
      refusals("ssm:GetParameter", async () => {
        try {
          return (await clients.ssm().getParameter({ Name: place(name) })).Parameter?.Value;
        } catch (error) {
          if (isNamed(error, "ParameterNotFound")) return undefined;
          throw error;
        }
      }),
    put: (name, text) =>
      refusals("ssm:PutParameter", async () => {
        await clients.ssm().putParameter({
          Name: place(name),
          Value: text,
          Type: "String",
          Tier: "Intelligent-Tiering",
          Overwrite: true,
        });
      }),
  };
}

/** @param action that was asked for */
const refusals = <T>(action: string, work: () => Promise<T>): Promise<T> =>
  inWords(work, (refusal) => `AWS refused ${action}: ${refusal}; nothing was changed by it`);
