/** What the npm package exports. */
export type {
  AlertsInput,
  EmailInput,
  PagerdutyInput,
  ReceiverInput,
  SlackInput,
  SmtpInput,
  TeamAlertsInput,
  WebhookInput,
} from "./config/alerts";
export { aws, type AwsClusterInput, type AwsNetworkInput } from "./config/clouds/aws";
export { azure, type AzureClusterInput, type AzureNetworkInput } from "./config/clouds/azure";
export type { VaultStoreInput } from "./config/clouds/common";
export { local, type LocalClusterInput } from "./config/clouds/local";
export type { AwsNodePoolOptions, AzureNodePoolOptions } from "./config/clouds/node-pool-options";
export type {
  AwsRightsInput,
  AwsStatementInput,
  AzureRightsInput,
  AzureRoleAssignmentInput,
} from "./config/clouds/rights";
export type { ComponentName } from "./config/components";
export { definePlatform } from "./config/define-platform";
export type {
  AdmissionInput,
  ClusterInput,
  ComponentInput,
  ComponentOnDatabaseInput,
  ContainersInput,
  DatabaseInput,
  EnvironmentInput,
  EnvironmentPreset,
  ExternalDatabaseInput,
  GroupInput,
  IdentityProviderInput,
  NamespaceInput,
  PlatformInput,
  QuotaInput,
  RegistriesInput,
  ServiceAccountInput,
  SignInInput,
  TeamInput,
  WaiverInput,
} from "./config/input";
export type { Capacity, NodeClass, NodePoolInput } from "./config/node-pools";
export {
  cpuLarge,
  cpuSmall,
  generalDev,
  gpu,
  gpuA100,
  highMemory,
  type PresetOptions,
} from "./config/node-pool-presets";
export type { Platform } from "./config/platform";
export { ConfigError, isConfigError, type Problem } from "./config/problems";
export type { Cpu, Memory } from "./config/quantities";
export { checkStacks } from "./policies/plan/check";
export type { ResourceChange } from "./policies/plan/resource-change";
export type { PlanRule, RuleContext, RuleFinding, Severity, Violation } from "./policies/plan/rule";
export { PLAN_RULES } from "./policies/plan/rules";
export {
  asList,
  asObject,
  asText,
  readSynthesizedStack,
  releaseDocuments,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./policies/plan/synthesized-stack";
export type { Waived } from "./policies/plan/waivers";

/**
 * The stacks, each loaded when it is first used: a project for one cloud installs only that cloud's bindings
 * (`@cdktf/provider-aws` or `@cdktf/provider-azurerm`), beside those of helm and kubernetes.
 */
export declare const AwsPlatformStack: typeof import("./stacks/aws/stack").AwsPlatformStack;
export type AwsPlatformStack = import("./stacks/aws/stack").AwsPlatformStack;
export declare const AzurePlatformStack: typeof import("./stacks/azure/stack").AzurePlatformStack;
export type AzurePlatformStack = import("./stacks/azure/stack").AzurePlatformStack;
export declare const LocalPlatformStack: typeof import("./stacks/local/stack").LocalPlatformStack;
export type LocalPlatformStack = import("./stacks/local/stack").LocalPlatformStack;

/* eslint-disable @typescript-eslint/no-require-imports -- an import would load every cloud's bindings at once */
lazily(
  "AwsPlatformStack",
  () => (require("./stacks/aws/stack") as typeof import("./stacks/aws/stack")).AwsPlatformStack,
);
lazily(
  "AzurePlatformStack",
  () => (require("./stacks/azure/stack") as typeof import("./stacks/azure/stack")).AzurePlatformStack,
);
lazily(
  "LocalPlatformStack",
  () => (require("./stacks/local/stack") as typeof import("./stacks/local/stack")).LocalPlatformStack,
);

function lazily(name: string, get: () => unknown): void {
  Object.defineProperty(exports, name, { enumerable: true, get });
}
