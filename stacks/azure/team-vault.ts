import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { shortened } from "../../config/names";
import type { Team } from "../../config/platform";
import type { SecretProvider } from "../../modules/cluster";
import type { VaultSurroundings } from "./aks";
import type { AzureContext } from "./context";
import { keepLogs, VAULT_LOGS } from "./logs";
import { secretProvider, vaultAt, vaultId, vaultName } from "./secrets";
import { teamTags } from "./tags";
import { makeVault, makeVaultEndpoint } from "./vault";

export interface TeamVaultProps {
  readonly context: AzureContext;
  readonly team: Team;
  readonly surroundings: VaultSurroundings;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
const LONGEST_ENDPOINT = 64;

/**
 * A team's own vault, because Key Vault gives rights on all that is in one: its administrators write, External Secrets reads. Where the platform
 * has its own, with a private endpoint beside it.
 */
export class TeamVault extends Construct {
  readonly provider: SecretProvider["provider"];
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { context, team, surroundings }: TeamVaultProps) {
    super(scope, id);
    const { logWorkspaceId, ...place } = surroundings;
    const name = vaultName(context, team.name);
    const tags = teamTags(team);
    const vault = makeVault(this, { context, name, writers: team.groups.admin, tags });
    const endpoint = makeVaultEndpoint(this, {
      context,
      name: shortened(`${context.name}-${team.name}-vault`, LONGEST_ENDPOINT),
      vault,
      tags,
      ...place,
    });
    keepLogs(this, "logs", { ...VAULT_LOGS, targetId: vault.id, workspaceId: logWorkspaceId });
    this.provider = secretProvider(vaultAt(vaultId(context, name))).provider;
    this.ready = [vault, endpoint];
  }
}
