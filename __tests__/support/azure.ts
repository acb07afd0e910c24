/** Constructs of stacks/azure in a stack of their own. */
import { Testing, TerraformStack } from "cdktf";
import { clusterFullName, ownName } from "../../config/names";
import { parseSynthesizedStack, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import type { AzureContext } from "../../stacks/azure/context";
import { platformOf, type Draft } from "./config";

export const SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/acme-azure-platform`;

/** What the constructs of the small config's cluster on Azure are made from, after a change of that. */
export function azureContext(change: (cluster: Draft, config: Draft) => void = () => undefined): AzureContext {
  const platform = platformOf((d) => {
    change(d.clusters["azure-platform"], d);
  });
  const config = platform.clusters.find((cluster) => cluster.name === "azure-platform");
  if (config?.kind !== "azure") throw new Error("the small config has no azure-platform");
  return {
    name: clusterFullName(platform, config),
    prefix: ownName(platform, config),
    resourceGroup: ownName(platform, config),
    platform,
    config,
    tenant: "99999999-9999-9999-9999-999999999999",
    tags: {},
  };
}

/** The stack that holds what `build` makes, with its outputs by name. */
export function synthesized(
  build: (stack: TerraformStack) => void,
): SynthesizedStack & { readonly outputs: Readonly<Record<string, unknown>> } {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  const text = Testing.synth(stack);
  const { output = {} } = JSON.parse(text) as { readonly output?: Readonly<Record<string, unknown>> };
  return { ...parseSynthesizedStack("test", text), outputs: output };
}
