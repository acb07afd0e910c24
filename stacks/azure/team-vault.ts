import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { shortened } from "../../config/names";
import type { Team } from "../../config/platform";
import type { SecretProvider, TeamSecretStore } from "../../modules/cluster";
import { resourceGroupId, type AzureContext } from "./context";
import { PRIVATE_DOMAIN } from "./key-vault";
import { keepLogs, VAULT_LOGS } from "./logs";
import { Network } from "./network";
import { secretProvider, vaultAt, vaultId, vaultName } from "./secrets";
import { teamTags } from "./tags";
import { makeVault, makeVaultEndpoint } from "./vault";

export interface TeamVaultProps {
  readonly context: AzureContext;
  readonly team: Team;
  /** The platform's own vault and its surroundings, where they are of the same stack. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const LONGEST_ENDPOINT = 64;

/**
 * A team's own vault, because Key Vault gives rights on all that is in one: its administrators write, External Secrets reads. Where the platform
 * has its own, with a private endpoint beside it.
 */
export class TeamVault extends Construct implements TeamSecretStore {
  readonly provider: SecretProvider["provider"];
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, team, dependsOn }: TeamVaultProps) {
    super(scope, id);
    const name = vaultName(context, team.name);
    const tags = teamTags(team);
    const { subnetId, privateZoneId, workspaceId } = surroundings(context);
    const vault = makeVault(this, { context, name, writers: team.groups.admin, tags });
    const endpoint = makeVaultEndpoint(this, {
      context,
      name: shortened(`${context.name}-${team.name}-vault`, LONGEST_ENDPOINT),
      vault,
      subnetId,
      privateZoneId,
      tags,
      dependsOn,
    });
    keepLogs(this, "logs", { ...VAULT_LOGS, targetId: vault.id, workspaceId, dependsOn });
    this.provider = secretProvider(vaultAt(vaultId(context, name))).provider;
    this.ready = [vault, endpoint];
  }
}

/** Resource ids. In layers another stack made these, so they follow from their names, in one stack as well: moving between the two changes nothing. */
function surroundings(context: AzureContext) {
  const { name, config } = context;
  const group = `${resourceGroupId(context)}/providers`;
  return {
    subnetId: `${group}/Microsoft.Network/virtualNetworks/${name}/subnets/${Network.PRIVATE_ENDPOINTS}`,
    privateZoneId: `${group}/Microsoft.Network/privateDnsZones/${PRIVATE_DOMAIN}`,
    workspaceId: config.logWorkspace ?? `${group}/Microsoft.OperationalInsights/workspaces/${name}`,
  };
}
