/** Version of each resource provider's API that the commands speak: https://github.com/Azure/azure-rest-api-specs */
export const API_VERSIONS = {
  /** Resource groups, resources and providers. */
  resources: "2021-04-01",
  subscriptions: "2022-12-01",
  locks: "2016-09-01",
  roleAssignments: "2022-04-01",
  storage: "2023-05-01",
  aks: "2024-09-01",
  dns: "2018-05-01",
  keyVault: "2023-07-01",
  keyVaultSecrets: "7.4",
  budgets: "2023-05-01",
} as const;
