import { resolve } from "node:path";
import { allStacks } from "../config/layers";
import type { Cluster, Platform } from "../config/platform";
import type { Operations, Surroundings } from "../stacks/operations";
import type { CommandContext } from "./command-context";
import { loadConfig } from "./load-config";
import { warnOfOlderVersion } from "./older-version";
import { UsageError } from "./usage-error";

/** The one cluster that a subcommand is about, by the name of one of its stacks; the key of a cluster always is one. */
export interface Target {
  readonly platform: Platform;
  readonly cluster: Cluster;
  readonly operations: Operations;
}

/** Options that every such subcommand has. */
export interface TargetOptions {
  readonly config?: string;
}

/** The option of every subcommand. */
export const CONFIG_OPTION = ["--config <path>", "another config than PLATFORM_CONFIG or platform.config.ts"] as const;

/** The platform that a subcommand is about. @throws ConfigError for a config with problems */
export function loadPlatform({ config }: TargetOptions, context: CommandContext): Platform {
  const platform = loadConfig(config === undefined ? context.config : resolve(config), context.load);
  warnOfOlderVersion(platform, context.colors);
  return platform;
}

/**
 * @throws ConfigError for a config with problems; UsageError where there is no such stack, or nothing to do for its kind.
 */
export function findTarget(stack: string, options: TargetOptions, context: CommandContext): Target {
  const platform = loadPlatform(options, context);
  const stacks = allStacks(platform);
  const cluster = stacks.find(({ name }) => name === stack)?.cluster;
  if (!cluster)
    throw new UsageError(
      `the config has no stack "${stack}"; its stacks are ${stacks.map(({ name }) => name).join(", ") || "none"}`,
    );
  return { platform, cluster, operations: operationsOf(platform, cluster, context.surroundings) };
}

/** Only the cloud that is asked about is loaded. */
function operationsOf(platform: Platform, cluster: Cluster, surroundings: Surroundings): Operations {
  switch (cluster.kind) {
    case "aws":
      return awsOperations()(platform, cluster, surroundings);
    case "azure":
      return azureOperations()(platform, cluster, surroundings);
    case "local":
      throw new UsageError(
        `"${cluster.name}" is a cluster of the kind "local", for which this command has nothing to do; it is for clusters on AWS and Azure`,
      );
  }
}

/* eslint-disable @typescript-eslint/no-require-imports -- see above */
const awsOperations = () =>
  (require("../stacks/aws/operations/aws-operations") as typeof import("../stacks/aws/operations/aws-operations"))
    .awsOperations;
const azureOperations = () =>
  (
    require("../stacks/azure/operations/azure-operations") as typeof import("../stacks/azure/operations/azure-operations")
  ).azureOperations;
