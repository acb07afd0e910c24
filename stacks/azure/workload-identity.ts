import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { shortened } from "../../config/names";
import type { ServiceAccountRef, WorkloadIdentity } from "../../modules/cluster";
import type { Aks } from "./aks";
import type { AzureContext } from "./context";
import type { Roles } from "./roles";

export interface FederatedIdentityProps {
  /** 3 to 128 letters, digits, hyphens and underscores; no other in the platform's resource group. */
  readonly name: string;
  readonly context: Pick<AzureContext, "resourceGroup" | "config">;
  readonly aks: Pick<Aks, "issuer">;
  /** The one service account that may have it. */
  readonly serviceAccount: ServiceAccountRef;
  readonly roles: Roles;
  /** What the roles' scopes are made by. @default - they are there */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A user-assigned identity for one service account, by Entra Workload ID: https://learn.microsoft.com/azure/aks/workload-identity-overview */
export class FederatedIdentity extends Construct {
  readonly clientId: string;
  /** What the service account must carry; its pods carry `POD_LABELS`. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FederatedIdentityProps) {
    super(scope, id);
    const { name, context, aks, serviceAccount, roles } = props;
    const { resourceGroup: resourceGroupName, config } = context;
    const identity = new UserAssignedIdentity(this, "identity", {
      name,
      location: config.location,
      resourceGroupName,
    });
    const credential = new FederatedIdentityCredential(this, "credential", {
      // At least three characters, says Azure, and is content with these.
      name: serviceAccount.name.padEnd(3, "-"),
      resourceGroupName,
      parentId: identity.id,
      issuer: aks.issuer,
      subject: `system:serviceaccount:${serviceAccount.namespace}:${serviceAccount.name}`,
      audience: ["api://AzureADTokenExchange"],
      // Whatever stands between the cluster and a release closes a circle in a plan that updates the one and removes the other,
      // unless its removal waits until after the update (docs/decisions/0002-one-stack-per-cluster.md). The roles do not stand
      // there: they know the identity, and nothing of the cluster.
      lifecycle: { createBeforeDestroy: true },
    });
    const rights = Object.entries(roles).map(
      ([id, role]) =>
        new RoleAssignment(this, id, {
          scope: role.scope,
          roleDefinitionName: role.role,
          principalId: identity.principalId,
          // Without it Azure looks the identity up, and may not find it so soon after it was made:
          // https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails
          principalType: "ServicePrincipal",
          ...(props.dependsOn && props.dependsOn.length > 0 && { dependsOn: [...props.dependsOn] }),
        }),
    );
    this.clientId = identity.clientId;
    this.annotations = { "azure.workload.identity/client-id": identity.clientId };
    this.ready = [credential, ...rights];
  }
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity */
const LONGEST_IDENTITY = 128;

/** Nothing of ours has an underscore in its name: no two accounts, and none of the platform's, get the same. */
export function teamIdentityName(cluster: string, { namespace, name }: ServiceAccountRef): string {
  return shortened(`${cluster}_${namespace}_${name}`, LONGEST_IDENTITY);
}

/** AKS gives a pod its token only with this label: https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html#pod */
const POD_LABELS = { "azure.workload.identity/use": "true" };

/** Where Entra answers for login.microsoftonline.com, row 56: https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges */
const ENTRA = ["20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"].map((cidr) => ({
  cidr,
  port: 443,
}));

/** The identity as the shared modules see it. */
export function workloadIdentity(identity: FederatedIdentity): WorkloadIdentity {
  return {
    serviceAccountAnnotations: identity.annotations,
    podLabels: POD_LABELS,
    clientId: identity.clientId,
    credentials: ENTRA,
    ready: identity.ready,
  };
}
