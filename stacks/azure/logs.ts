import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import { MonitorDiagnosticSetting } from "@cdktf/provider-azurerm/lib/monitor-diagnostic-setting";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AzureContext } from "./context";

/**
 * What a control plane says, without `kube-audit`, which also has every read and costs a multiple of the rest.
 * https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
 */
export const CONTROL_PLANE_LOGS: LogsOf = {
  categories: [
    "cloud-controller-manager",
    "cluster-autoscaler",
    "guard",
    "kube-apiserver",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
  ],
  // Tables of their own, which cost less and can be queried apart.
  tables: "Dedicated",
};

/**
 * Who asked a vault for what: https://learn.microsoft.com/azure/key-vault/general/logging. Key Vault does not say back which tables it was
 * given, so naming them would be a change in every plan: https://github.com/Azure/azure-rest-api-specs/issues/22400
 */
export const VAULT_LOGS: LogsOf = { categories: ["AuditEvent"] };

export interface LogsOf {
  readonly categories: readonly string[];
  /** @default - the one table of all services, AzureDiagnostics */
  readonly tables?: "Dedicated";
}

/** Logs of what the cluster is made of, in a workspace of its own or in the one that the config names. */
export class Logs extends Construct {
  private readonly workspaceId: string;

  constructor(scope: Construct, id: string, { name, config, resourceGroup: resourceGroupName }: AzureContext) {
    super(scope, id);
    this.workspaceId =
      config.logWorkspace ??
      new LogAnalyticsWorkspace(this, "workspace", {
        name,
        location: config.location,
        resourceGroupName,
        sku: "PerGB2018",
        retentionInDays: config.logRetention,
        // Who reads logs signs in with Entra; no keys.
        localAuthenticationEnabled: false,
      }).id;
  }

  /** @param what name of the setting's address; @param targetId resource id of what speaks */
  keep(what: string, targetId: string, logs: LogsOf): ITerraformDependable {
    return keepLogs(this, what, { ...logs, targetId, workspaceId: this.workspaceId });
  }
}

export interface KeepLogsProps extends LogsOf {
  /** Resource id of what speaks. */
  readonly targetId: string;
  /** Resource id of the workspace. */
  readonly workspaceId: string;
  /** @default - nothing beside what the ids name */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** What something says goes to a workspace. */
export function keepLogs(scope: Construct, id: string, props: KeepLogsProps): ITerraformDependable {
  const { targetId, workspaceId, categories, tables, dependsOn } = props;
  return new MonitorDiagnosticSetting(scope, id, {
    name: "stackyard",
    targetResourceId: targetId,
    logAnalyticsWorkspaceId: workspaceId,
    ...(tables && { logAnalyticsDestinationType: tables }),
    enabledLog: categories.map((category) => ({ category })),
    ...(dependsOn && { dependsOn: [...dependsOn] }),
  });
}
