import { API_VERSIONS } from "../api-versions";

/** Versions of the APIs that only preflight asks, beside those of all commands. */
export const VERSIONS = {
  ...API_VERSIONS,
  compute: "2024-07-01",
  /** The list of VM sizes keeps a version of its own. */
  skus: "2021-07-01",
  network: "2025-01-01",
  features: "2021-07-01",
  permissions: "2022-04-01",
  workspaces: "2023-09-01",
  /** Of clusters: https://learn.microsoft.com/azure/aks/cluster-extensions */
  extensions: "2024-11-01",
} as const;
