import { z } from "zod";
import type { Finding } from "../../../operations";
import type { AzureCluster } from "../../../../config/clouds/azure";
import { deployActions } from "../../deploy-permissions";
import { az } from "../az";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check, type CheckContext } from "./check";

const subject = "resource providers";

/** A subscription knows a service only once its resource provider is registered: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types */
export const resourceProviders: Check = {
  subject,
  needs: "Microsoft.Resources/subscriptions/providers/read and Microsoft.Features/providers/features/read",
  look: async (context) => {
    const registered = await context.clients.resourceManager.list(
      { path: `${subscriptionOf(context)}/providers`, apiVersion: VERSIONS.resources },
      z.object({ namespace: z.string(), registrationState: z.string() }),
    );
    const states = new Map(registered.map((one) => [one.namespace.toLowerCase(), one.registrationState]));
    return [
      judgeProviders(context.cluster, providersOf(context), states),
      ...(context.cluster.hostEncryption ? [judgeHostEncryption(context.cluster, await featureState(context))] : []),
    ];
  },
};

/** What the stacks' actions are of, and the machines that AKS makes. */
export function providersOf({ types, cluster }: Pick<CheckContext, "types" | "cluster">): readonly string[] {
  const named = deployActions(types, false).map((action) => action.split("/")[0] ?? "");
  const machines = ["Microsoft.Compute", "Microsoft.Network"];
  const state = cluster.state ? ["Microsoft.Storage"] : [];
  return [...new Set([...named, ...machines, ...state])].sort();
}

async function featureState(context: CheckContext): Promise<string | undefined> {
  const feature = await context.clients.resourceManager.find(
    {
      path: `${subscriptionOf(context)}/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost`,
      apiVersion: VERSIONS.features,
    },
    z.object({ properties: z.object({ state: z.string() }) }),
  );
  return feature?.properties.state;
}

/** @param states of registration, by namespace in lower case */
export function judgeProviders(
  cluster: Pick<AzureCluster, "subscription">,
  needed: readonly string[],
  states: ReadonlyMap<string, string>,
): Finding {
  const stateOf = (namespace: string): string => states.get(namespace.toLowerCase()) ?? "unknown to the subscription";
  const missing = needed.filter((namespace) => stateOf(namespace) !== "Registered");
  if (missing.length === 0) return { severity: "ok", subject, found: `registered: ${needed.join(", ")}` };
  return {
    severity: "error",
    subject,
    found: `not registered: ${missing.map((namespace) => `${namespace} (${stateOf(namespace)})`).join(", ")}`,
    fix: missing.map((namespace) => az(cluster, "provider register --wait", { namespace })).join("; "),
  };
}

/** @param state of the feature; undefined where the subscription does not know it */
export function judgeHostEncryption(cluster: Pick<AzureCluster, "subscription">, state: string | undefined): Finding {
  const namespace = "Microsoft.Compute";
  const about = { subject: "feature EncryptionAtHost" };
  return state === "Registered"
    ? { severity: "ok", ...about, found: "is registered" }
    : {
        severity: "error",
        ...about,
        found: `is ${state ?? "unknown to the subscription"}: Azure makes no node that encrypts its own disks`,
        fix: `${az(cluster, "feature register", { namespace, name: "EncryptionAtHost" })}, a quarter of an hour later ${az(cluster, "provider register", { namespace })}; or hostEncryption: false`,
      };
}
