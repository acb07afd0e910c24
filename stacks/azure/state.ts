import { AzurermBackend, type TerraformStack } from "cdktf";
import type { AzureCluster } from "../../config/clouds/azure";
import { localState } from "../local-state";

/** State in a storage account, by Entra sign-in and never by its key; in a local file where the config names no account. */
export function configureState(stack: TerraformStack, config: AzureCluster, state: string): void {
  if (!config.state) {
    localState(stack, state);
    return;
  }
  const { storageAccount, resourceGroup, container } = config.state;
  new AzurermBackend(stack, {
    storageAccountName: storageAccount,
    resourceGroupName: resourceGroup,
    containerName: container,
    key: `${state}.tfstate`,
    useAzureadAuth: true,
  });
}
