import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { PrivateEndpoint } from "@cdktf/provider-azurerm/lib/private-endpoint";
import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Group } from "../../config/platform";
import type { AzureContext } from "./context";

export interface VaultProps {
  readonly context: AzureContext;
  /** The whole world's vaults share their names. */
  readonly name: string;
  /** Who writes into it; Terraform does not. */
  readonly writers: readonly Group[];
  /** @default - the platform's */
  readonly tags?: Record<string, string>;
}

/** A vault that knows roles alone, and that only the ranges of `access.public` and private endpoints reach. */
export function makeVault(scope: Construct, { context, name, writers, tags }: VaultProps): KeyVault {
  const { access, location } = context.config;
  const vault = new KeyVault(scope, "vault", {
    name,
    location,
    resourceGroupName: context.resourceGroup,
    tenantId: context.tenant,
    skuName: "standard",
    rbacAuthorizationEnabled: true,
    // For 90 days after it was deleted nobody can take its name, or what was in it: the next one of this name is this one again.
    purgeProtectionEnabled: true,
    softDeleteRetentionDays: 90,
    publicNetworkAccessEnabled: access.public.length > 0,
    networkAcls: {
      defaultAction: "Deny",
      bypass: "AzureServices",
      // One address keeps its /32, as Azure gives it back: https://github.com/hashicorp/terraform-provider-azurerm/issues/2164
      ipRules: [...access.public].sort(),
    },
    ...(tags && { tags }),
  });
  const admins = new Construct(scope, "admins");
  for (const group of writers)
    new RoleAssignment(admins, group.name, {
      scope: vault.id,
      roleDefinitionName: "Key Vault Secrets Officer",
      principalId: group.azure as string,
      principalType: "Group",
    });
  return vault;
}

export interface VaultEndpointProps {
  readonly context: AzureContext;
  readonly name: string;
  readonly vault: KeyVault;
  readonly subnetId: string;
  readonly privateZoneId: string;
  /** @default - the platform's */
  readonly tags?: Record<string, string>;
  /** @default - nothing beside what the ids name */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** The vault's address in the network, and the name by which the network knows it. */
export function makeVaultEndpoint(scope: Construct, props: VaultEndpointProps): PrivateEndpoint {
  const { context, name, vault, subnetId, privateZoneId, tags, dependsOn } = props;
  return new PrivateEndpoint(scope, "endpoint", {
    name,
    location: context.config.location,
    resourceGroupName: context.resourceGroup,
    subnetId,
    privateServiceConnection: {
      name: "vault",
      privateConnectionResourceId: vault.id,
      subresourceNames: ["vault"],
      isManualConnection: false,
    },
    privateDnsZoneGroup: { name: "vault", privateDnsZoneIds: [privateZoneId] },
    ...(tags && { tags }),
    ...(dependsOn && { dependsOn: [...dependsOn] }),
  });
}
