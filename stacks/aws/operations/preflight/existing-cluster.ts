import type { Cluster } from "@aws-sdk/client-eks";
import type { Finding } from "../../../operations";
import { isAwsError, isNamed } from "../errors";
import type { Check, CheckContext } from "./check";

const subject = "cluster";

/** Whether a cluster of this name is there, and whether something runs in it that the platform brings itself. */
export const existingCluster: Check = {
  subject,
  needs: "eks:DescribeCluster and eks:ListCapabilities",
  look: async (context) => {
    const cluster = await describeCluster(context);
    if (context.cluster.existing !== undefined) return judgeGiven(context, cluster);
    if (!cluster) return [{ severity: "ok", subject, found: `there is no ${context.name} yet` }];
    const there: Finding = {
      severity: "warn",
      subject,
      found: `${context.name} is there already (${cluster.status ?? "unknown"}, ${cluster.version ?? "unknown"}); a deploy changes it if Terraform made it, and fails else`,
      fix: "fine after the first deploy; else choose another name, or remove that cluster",
    };
    return [there, ...judgeCompute(cluster), ...judgeCapabilities(await capabilities(context))];
  },
};

/** A cluster that the config names must be there, and take access entries. */
async function judgeGiven(context: CheckContext, cluster: Cluster | undefined): Promise<readonly Finding[]> {
  const path = `clusters.${context.cluster.name}.existing`;
  if (!cluster)
    return [
      {
        severity: "error",
        subject,
        found: `there is no ${context.name} in this account and region`,
        fix: `correct ${path}`,
      },
    ];
  const there: Finding = {
    severity: "ok",
    subject,
    found: `${context.name} is there, ${cluster.version ?? "unknown"}`,
  };
  return [there, ...judgeAccess(cluster), ...judgeCompute(cluster), ...judgeCapabilities(await capabilities(context))];
}

/** The platform's groups and nodes come by access entries. */
export function judgeAccess(cluster: Pick<Cluster, "accessConfig">): readonly Finding[] {
  return cluster.accessConfig?.authenticationMode === "CONFIG_MAP"
    ? [
        {
          severity: "error",
          subject,
          found: "takes no access entries, only its ConfigMap aws-auth",
          fix: "aws eks update-cluster-config --access-config authenticationMode=API_AND_CONFIG_MAP …",
        },
      ]
    : [];
}

async function describeCluster({ clients, name }: CheckContext): Promise<Cluster | undefined> {
  try {
    return (await clients.eks().describeCluster({ name })).cluster;
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/** Names of what EKS runs for the cluster by itself, by kind; undefined where that could not be asked. */
async function capabilities({ clients, name }: CheckContext): Promise<readonly string[] | undefined> {
  try {
    const found: string[] = [];
    for await (const page of clients.eks().paginateListCapabilities({ clusterName: name }))
      found.push(...(page.capabilities ?? []).map(({ type }) => String(type)));
    return found;
  } catch (error) {
    if (!isAwsError(error)) throw error;
    // Not every partition and region has capabilities, and their answers differ.
    return undefined;
  }
}

/** EKS Auto Mode has a Karpenter of its own: https://docs.aws.amazon.com/eks/latest/userguide/automode.html */
export function judgeCompute(cluster: Pick<Cluster, "computeConfig">): readonly Finding[] {
  return cluster.computeConfig?.enabled === true
    ? [
        {
          severity: "error",
          subject,
          found:
            "runs in EKS Auto Mode, which brings its own Karpenter: the two would fight over nodes and custom resources",
          fix: "switch Auto Mode off (aws eks update-cluster-config --compute-config enabled=false …), or use another cluster name",
        },
      ]
    : [];
}

/** @param types kinds of capabilities, such as `ARGOCD`; undefined where they could not be asked */
export function judgeCapabilities(types: readonly string[] | undefined): readonly Finding[] {
  if (types === undefined)
    return [
      {
        severity: "warn",
        subject,
        found: "whether EKS runs capabilities in it could not be looked at",
        fix: "look for yourself: aws eks list-capabilities; a managed Argo CD conflicts with the platform's own",
      },
    ];
  return types.includes("ARGOCD")
    ? [
        {
          severity: "error",
          subject,
          found:
            "has EKS's managed Argo CD, which conflicts with the platform's own: both claim the same custom resources",
          fix: "delete the capability (aws eks delete-capability), or leave argo-cd out of the config's components",
        },
      ]
    : [];
}
