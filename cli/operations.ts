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
  const cluster = clusterNamed(platform, stack);
  return { platform, cluster, operations: operationsOf(platform, cluster, context.surroundings) };
}

/** The cluster of a stack. @throws UsageError where there is no such stack. */
export function clusterNamed(platform: Platform, stack: string): Cluster {
  const cluster = allStacks(platform).find(({ name }) => name === stack)?.cluster;
  if (!cluster) throw unknownStack(platform, stack);
  return cluster;
}

/** Names of stacks, of all where none is named. @throws UsageError for one that the config does not have. */
export function stacksNamed(platform: Platform, names: readonly string[]): readonly string[] {
  const all = allStacks(platform).map(({ name }) => name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw unknownStack(platform, unknown);
  return names.length > 0 ? names : all;
}

function unknownStack(platform: Platform, stack: string): UsageError {
  const names = allStacks(platform).map(({ name }) => name);
  return new UsageError(`the config has no stack "${stack}"; its stacks are ${names.join(", ") || "none"}`);
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
