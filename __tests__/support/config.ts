/** Configs to start a test from. */
import { aws } from "../../config/clouds/aws";
import { azure } from "../../config/clouds/azure";
import { local } from "../../config/clouds/local";
import { definePlatform } from "../../config/define-platform";
import type { PlatformInput } from "../../config/input";
import type { Platform } from "../../config/platform";
import { isConfigError, type Problem } from "../../config/problems";

/** A config as tests change it: every field writable, every value allowed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests put wrong values into it on purpose
export type Draft = any;

/** The smallest platform with one cluster of each kind, an environment, and a team with and one without a pool. */
export function smallConfig(): PlatformInput {
  return {
    version: 1,
    name: "acme",
    contact: "platform@acme.example",
    clusters: {
      "aws-platform": aws({
        domain: "aws.acme.example",
        region: "eu-west-1",
        kubernetes: "1.34",
        network: { cidr: "10.0.0.0/16" },
        access: { admins: ["admins"], public: ["203.0.113.0/24"] },
        dns: { zone: "Z0123456789ABCDEFGHIJ" },
        sharedPool: { class: "general", cpus: [2, 8], limits: { cpu: 64, memory: "256Gi" } },
      }),
      "azure-platform": azure({
        domain: "azure.acme.example",
        location: "swedencentral",
        subscription: "00000000-0000-0000-0000-000000000000",
        kubernetes: "1.34",
        network: { cidr: "10.1.0.0/16" },
        access: { admins: ["admins"], public: ["203.0.113.0/24"] },
        dns: { zone: "acme.example", resourceGroup: "dns" },
        sharedPool: { class: "general", cpus: [2, 8], limits: { cpu: 64, memory: "256Gi" } },
      }),
      "local-platform": local({ domain: "127.0.0.1.nip.io", context: "kind-acme" }),
    },
    groups: {
      admins: { aws: "arn:aws:iam::123456789012:role/Admin", azure: "11111111-1111-1111-1111-111111111111" },
      web: { aws: "arn:aws:iam::123456789012:role/Web", azure: "22222222-2222-2222-2222-222222222222" },
    },
    environments: { dev: { cluster: "acme-dev" } },
    teams: {
      web: {
        costCenter: "CC-1",
        groups: { admin: ["web"] },
        quota: { cpu: 4, memory: "16Gi" },
        environments: { dev: { cpu: 2, memory: "8Gi" } },
        nodePools: { main: { class: "general", cpus: [4, 8], limits: { cpu: 32, memory: "128Gi" } } },
      },
      docs: { costCenter: "CC-2", groups: { view: ["web"] }, quota: { cpu: 1, memory: "2Gi" } },
    },
  };
}

/** `smallConfig` after a change. */
export function changed(change: (draft: Draft) => void): PlatformInput {
  const draft: Draft = structuredClone(smallConfig());
  change(draft);
  return draft as PlatformInput;
}

export function platformOf(change: (draft: Draft) => void = () => undefined): Platform {
  return definePlatform(changed(change));
}

/** A VPC that somebody else made. */
export const THEIR_VPC = {
  vpc: "vpc-11111111",
  privateSubnets: ["subnet-11111111", "subnet-22222222"],
  publicSubnets: ["subnet-33333333"],
};

/** Makes the cluster on AWS somebody else's. */
export function theirEks(cluster: Draft): void {
  cluster.existing = "theirs";
  delete cluster.access.public;
  cluster.network.existing = { ...THEIR_VPC };
}

/** What is wrong with a config; empty where nothing is. */
export function problemsOf(input: unknown): readonly Problem[] {
  try {
    definePlatform(input as PlatformInput);
    return [];
  } catch (error) {
    if (isConfigError(error)) return error.problems;
    throw error;
  }
}
