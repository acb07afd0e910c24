import { z } from "zod";
import type { Finding } from "../../../operations";
import { az } from "../az";
import { isAzureError, isCode } from "../errors";
import { VERSIONS } from "./api-versions";
import type { Check, CheckContext } from "./check";
import { clusterPath, findCluster, type ManagedCluster } from "./managed-cluster";

const subject = "cluster";

/** Whether a cluster of this name is there, and whether it is what the platform can live on. */
export const existingCluster: Check = {
  subject,
  needs: "Microsoft.ContainerService/managedClusters/read and Microsoft.KubernetesConfiguration/extensions/read",
  look: async (context) => {
    const found = await findCluster(context);
    const command = commandsFor(context);
    if (context.cluster.existing) return judgeGiven(context, found);
    if (!found) return [{ severity: "ok", subject, found: `there is no ${context.name} yet` }];
    const there: Finding = {
      severity: "warn",
      subject,
      found: `${context.name} is there already (${stateOf(found)}); a deploy changes it if Terraform made it, and fails else`,
      fix: "fine after the first deploy; else choose another name, or remove that cluster",
    };
    return [there, ...judgeState(command, found), ...judgeExtensions(command, await extensions(context))];
  },
};

/** A cluster that the config names must be there, and have what the platform does not change on it. */
async function judgeGiven(context: CheckContext, found: ManagedCluster | undefined): Promise<readonly Finding[]> {
  const { cluster, name } = context;
  const path = `clusters.${cluster.name}.existing`;
  const command = commandsFor(context);
  if (!found)
    return [
      {
        severity: "error",
        subject,
        found: `there is no ${name} in the group ${cluster.existing?.resourceGroup ?? ""} of this subscription`,
        fix: `correct ${path}`,
      },
    ];
  return [
    { severity: "ok", subject, found: `${name} is there, ${stateOf(found)}` },
    ...(found.location === cluster.location
      ? []
      : [
          {
            severity: "error",
            subject,
            found: `is in ${found.location}, clusters.${cluster.name}.location is ${cluster.location}`,
            fix: "correct the config",
          } as const,
        ]),
    ...judgeState(command, found),
    ...judgeFit(command, found),
    ...judgeExtensions(command, await extensions(context)),
  ];
}

/** A command of the Azure CLI about the cluster, such as `aks start`. */
export type Command = (command: string, nameOption?: string) => string;

function commandsFor({ cluster, name, resourceGroup }: CheckContext): Command {
  const group = cluster.existing?.resourceGroup ?? resourceGroup;
  return (command, nameOption = "name") => az(cluster, command, { [nameOption]: name, "resource-group": group });
}

const stateOf = ({ properties }: ManagedCluster): string =>
  [
    properties.currentKubernetesVersion ?? properties.kubernetesVersion ?? "unknown",
    properties.provisioningState ?? "unknown",
  ].join(", ");

/** Whether it can be changed now. */
export function judgeState(command: Command, { properties }: Pick<ManagedCluster, "properties">): readonly Finding[] {
  const { powerState } = properties;
  const provisioningState = properties.provisioningState ?? "Succeeded";
  const findings: Finding[] = [];
  if (powerState?.code === "Stopped")
    findings.push({ severity: "error", subject, found: "is stopped: nobody can reach it", fix: command("aks start") });
  if (provisioningState === "Failed")
    findings.push({
      severity: "error",
      subject,
      found: "its last change failed, and AKS refuses others until that is put right",
      fix: `${command("aks update")} reconciles it; its activity log says what failed`,
    });
  else if (provisioningState !== "Succeeded")
    findings.push({
      severity: "warn",
      subject,
      found: `is ${provisioningState.toLowerCase()}: AKS takes one change at a time`,
      fix: "wait until that is done",
    });
  return findings;
}

/** What the platform needs of a cluster of somebody else, and does not change on it. */
export function judgeFit(command: Command, { properties }: Pick<ManagedCluster, "properties">): readonly Finding[] {
  const { aadProfile, networkProfile, storageProfile } = properties;
  const update = (change: string): string => command(`aks update ${change}`);
  const lacks: readonly (readonly [boolean, Omit<Finding, "subject">])[] = [
    [
      properties.oidcIssuerProfile?.enabled !== true,
      {
        severity: "error",
        found: "has no OIDC issuer: no pod could prove who it is to Azure",
        fix: update("--enable-oidc-issuer"),
      },
    ],
    [
      properties.securityProfile?.workloadIdentity?.enabled !== true,
      {
        severity: "error",
        found: "has no workload identity: pods get no tokens",
        fix: update("--enable-workload-identity"),
      },
    ],
    [
      aadProfile?.managed !== true,
      {
        severity: "error",
        found: "knows nobody of Entra: the platform's groups mean nothing to it",
        fix: update("--enable-aad"),
      },
    ],
    [
      aadProfile?.enableAzureRBAC === true,
      {
        severity: "error",
        found: "asks Azure RBAC who may do what: the rights that the platform gives in Kubernetes would not hold",
        fix: update("--disable-azure-rbac"),
      },
    ],
    [
      properties.disableLocalAccounts !== true,
      {
        severity: "warn",
        found: "has local accounts: whoever may fetch their certificate is cluster-admin, and no group says so",
        fix: update("--disable-local-accounts"),
      },
    ],
    [
      ["", "none"].includes(networkProfile?.networkPolicy ?? ""),
      {
        severity: "error",
        found: "enforces no network policies: teams would reach each other",
        fix: update("--network-policy cilium --network-dataplane cilium"),
      },
    ],
    [
      storageProfile?.diskCSIDriver?.enabled === false,
      {
        severity: "error",
        found: "has no driver of disks: there would be no volumes",
        fix: update("--enable-disk-driver"),
      },
    ],
    [
      storageProfile?.snapshotController?.enabled === false,
      { severity: "error", found: "has no snapshot controller", fix: update("--enable-snapshot-controller") },
    ],
  ];
  return lacks.filter(([lacking]) => lacking).map(([, finding]) => ({ subject, ...finding }));
}

/** Types of the cluster's extensions, in lower case; undefined where they could not be asked. */
async function extensions(context: CheckContext): Promise<readonly string[] | undefined> {
  try {
    const found = await context.clients.resourceManager.list(
      {
        path: `${clusterPath(context)}/providers/Microsoft.KubernetesConfiguration/extensions`,
        apiVersion: VERSIONS.extensions,
      },
      z.object({ properties: z.object({ extensionType: z.string() }) }),
    );
    return found.map(({ properties }) => properties.extensionType.toLowerCase());
  } catch (error) {
    // A subscription that does not know the resource provider has no extensions.
    if (isCode(error, "MissingSubscriptionRegistration")) return [];
    if (!isAzureError(error)) throw error;
    return undefined;
  }
}

/** @param types kinds of extensions, such as `microsoft.argocd`; undefined where they could not be asked */
export function judgeExtensions(command: Command, types: readonly string[] | undefined): readonly Finding[] {
  if (types === undefined)
    return [
      {
        severity: "warn",
        subject,
        found: "whether Azure runs extensions in it could not be looked at",
        fix: `look for yourself: ${command("k8s-extension list --cluster-type managedClusters", "cluster-name")}; a managed Argo CD conflicts with the platform's own`,
      },
    ];
  return types.includes("microsoft.argocd")
    ? [
        {
          severity: "error",
          subject,
          found:
            "has Azure's Argo CD extension, which conflicts with the platform's own: both claim the same custom resources",
          fix: `delete the extension (${command("k8s-extension delete --cluster-type managedClusters", "cluster-name")} --name <its name>), or leave argo-cd out of the config's components`,
        },
      ]
    : [];
}
