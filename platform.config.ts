/** The platform of an example organisation. This is the file to edit; hover over any key to read what it means. */
import { aws } from "./config/clouds/aws";
import { azure } from "./config/clouds/azure";
import { local } from "./config/clouds/local";
import { definePlatform } from "./config/define-platform";

export default definePlatform({
  version: 1,
  name: "modern-engineering",
  contact: "platform@example.com",
  tags: { "cost-center": "platform", "data-class": "internal" },

  // Each key is a stack: `npx cdktf deploy aws-platform`. Take out the clusters that you do not want.
  clusters: {
    "aws-platform": aws({
      domain: "aws.platform.example.com",
      region: "us-west-2",
      kubernetes: "1.35",
      network: { cidr: "10.0.0.0/16", zones: 3, nat: "per-zone" },
      access: { public: ["203.0.113.0/24"], admins: ["platform-admins"] },
      dns: { zone: "Z0123456789ABCDEFGHIJ" },
      sharedPool: {
        class: "general",
        cpus: [2, 8],
        capacity: "spot-with-fallback",
        limits: { cpu: 64, memory: "256Gi" },
      },
      state: { bucket: "example-terraform-state" },
    }),
    "azure-platform": azure({
      domain: "azure.platform.example.com",
      location: "swedencentral",
      subscription: "00000000-0000-0000-0000-000000000000",
      kubernetes: "1.35",
      network: { cidr: "10.1.0.0/16" },
      access: { public: ["203.0.113.0/24"], admins: ["platform-admins"] },
      dns: { zone: "azure.platform.example.com", resourceGroup: "dns" },
      sharedPool: { class: "general", cpus: [2, 8], limits: { cpu: 64, memory: "256Gi" } },
      state: { storageAccount: "exampletfstate", resourceGroup: "tfstate" },
    }),
    "local-platform": local({ domain: "127.0.0.1.nip.io", context: "kind-platform" }),
  },

  groups: {
    "platform-admins": {
      sso: "platform",
      aws: "arn:aws:iam::123456789012:role/PlatformAdmin",
      azure: "11111111-1111-1111-1111-111111111111",
    },
    checkout: { aws: "arn:aws:iam::123456789012:role/Checkout", azure: "22222222-2222-2222-2222-222222222222" },
    search: { aws: "arn:aws:iam::123456789012:role/Search", azure: "33333333-3333-3333-3333-333333333333" },
    "ml-engineers": { aws: "arn:aws:iam::123456789012:role/MlEngineer", azure: "44444444-4444-4444-4444-444444444444" },
    "ml-scientists": {
      aws: "arn:aws:iam::123456789012:role/MlScientist",
      azure: "55555555-5555-5555-5555-555555555555",
    },
    docs: { aws: "arn:aws:iam::123456789012:role/Docs", azure: "66666666-6666-6666-6666-666666666666" },
  },

  environments: {
    dev: { cluster: "modernengg-dev" },
    prod: { cluster: "modernengg-prod", cap: { cpu: 64, memory: "256Gi" } },
    mgmt: { cluster: "modern-engineering" },
  },

  teams: {
    // Spot nodes for the web tier; a production environment with a storage quota; secrets of its own; pods that may write one bucket.
    checkout: {
      costCenter: "CC-1001",
      groups: { admin: ["checkout"], view: ["platform-admins"] },
      quota: { cpu: 8, memory: "32Gi" },
      environments: {
        dev: { cpu: 4, memory: "8Gi", limits: { cpu: 8, memory: "16Gi" } },
        prod: { cpu: 16, memory: "64Gi", storage: "200Gi" },
      },
      secretStore: true,
      serviceAccounts: {
        uploads: {
          aws: { statements: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::example-checkout-uploads/*"] }] },
          azure: {
            roleAssignments: [
              {
                role: "Storage Blob Data Contributor",
                scope:
                  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/checkout/providers/Microsoft.Storage/storageAccounts/examplecheckout/blobServices/default/containers/uploads",
              },
            ],
          },
        },
      },
      nodePools: {
        general: {
          class: "general",
          cpus: [4, 16],
          capacity: "spot-with-fallback",
          limits: { cpu: 48, memory: "192Gi" },
        },
      },
    },

    // Two pools: cheap arm64 nodes for the API, nodes with much memory for the index. Two namespaces on the host.
    search: {
      costCenter: "CC-1002",
      groups: { admin: ["search"], edit: ["search"], view: ["checkout"] },
      namespaces: {
        api: { quota: { cpu: 6, memory: "24Gi", pods: 60 } },
        index: { quota: { cpu: 8, memory: "96Gi", storage: "500Gi", limits: { cpu: 16, memory: "128Gi" } } },
      },
      containers: { max: { cpu: 4, memory: "48Gi" } },
      environments: { dev: { cpu: 2, memory: "8Gi" }, prod: { cpu: 8, memory: "48Gi", storage: "100Gi" } },
      nodePools: {
        api: { class: "general", cpus: [2, 8], architecture: "arm64", limits: { cpu: 32, memory: "128Gi" } },
        index: {
          class: "memory",
          cpus: [8, 16],
          limits: { cpu: 32, memory: "256Gi" },
          labels: { "example.com/disk": "fast" },
          aws: { volumeSize: 200 },
        },
      },
    },

    // GPUs on interruptible machines, and processors for what prepares the data.
    ml: {
      costCenter: "CC-2001",
      groups: { admin: ["ml-engineers"], edit: ["ml-scientists"] },
      quota: { cpu: 24, memory: "96Gi", storage: "1Ti", gpus: 2 },
      nodePools: {
        gpu: { class: "gpu", cpus: [4, 16], capacity: "spot", limits: { cpu: 32, memory: "224Gi" } },
        prepare: {
          class: "compute",
          cpus: [4, 16],
          capacity: "spot",
          limits: { cpu: 32, memory: "64Gi" },
          taint: false,
        },
      },
    },

    // No pool: the team shares the cluster's. Small containers by default, limits on everything.
    docs: {
      costCenter: "CC-3001",
      groups: { edit: ["docs"] },
      quota: { cpu: 2, memory: "4Gi", pods: 20, limits: { cpu: 4, memory: "8Gi" } },
      containers: { request: { cpu: "25m", memory: "32Mi" }, limit: { cpu: "250m", memory: "256Mi" } },
      environments: { dev: { cpu: 1, memory: "2Gi" } },
    },
  },
});
