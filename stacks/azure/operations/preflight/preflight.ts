import type { Finding } from "../../../operations";
import { AzureError, describe, isAzureError, remedy, signInProblem } from "../errors";
import { askIdentity, subscriptionProblem, unreachable, type Identity } from "../identity";
import { access } from "./access";
import { apiServer } from "./api-server";
import { budget } from "./budget";
import type { Check, CheckContext } from "./check";
import { dnsZone } from "./dns-zone";
import { existingCluster } from "./existing-cluster";
import { keyVaults } from "./key-vaults";
import { location } from "./location";
import { locks } from "./locks";
import { namedResources } from "./named-resources";
import { network } from "./network";
import { permissions } from "./permissions";
import { quotas } from "./quotas";
import { resourceProviders } from "./resource-providers";
import { findSkus, type Sku } from "./skus";
import { stateAccount } from "./state-account";
import { tools } from "./tools";
import { vmSizes } from "./vm-sizes";

/** In the order in which they are shown. */
const CHECKS: readonly Check[] = [
  access,
  permissions,
  resourceProviders,
  quotas,
  location,
  vmSizes,
  network,
  apiServer,
  dnsZone,
  keyVaults,
  namedResources,
  budget,
  locks,
  stateAccount,
  existingCluster,
];

type Props = Omit<CheckContext, "identity" | "skus">;

/** Looks at all that a deploy needs. What cannot be looked at is a warning that says so, never silence. */
export async function preflight(context: Props): Promise<readonly Finding[]> {
  const machine = await tools(context.surroundings);
  const { identity, findings } = await signedIn(context);
  // As nobody, or in no subscription, every further answer would mislead.
  if (!identity) return [...machine, ...findings];
  let skus: Promise<readonly Sku[]> | undefined;
  const all: CheckContext = { ...context, identity, skus: () => (skus ??= findSkus(context)) };
  const looked = await Promise.all(CHECKS.map((check) => guarded(check, all)));
  return [...machine, ...findings, ...looked.flat()];
}

async function signedIn({ clients, cluster }: Props): Promise<{ identity?: Identity; findings: readonly Finding[] }> {
  const subject = "subscription";
  try {
    const identity = await askIdentity(clients);
    const wrong = await subscriptionProblem(clients, cluster);
    if (wrong) return { findings: [{ severity: "error", subject, ...wrong }] };
    const found = `${cluster.subscription}, as ${identity.name} of the tenant ${identity.tenant}`;
    return { identity, findings: [{ severity: "ok", subject, found }] };
  } catch (error) {
    const problem = signInProblem(error);
    if (problem) return { findings: [{ severity: "error", subject, ...problem }] };
    if (!isAzureError(error)) throw error;
    return { findings: [{ severity: "error", subject, ...unreachable(error) }] };
  }
}

async function guarded({ subject, needs, look }: Check, context: CheckContext): Promise<readonly Finding[]> {
  try {
    return await look(context);
  } catch (error) {
    if (!isAzureError(error)) throw error;
    return [
      {
        severity: "warn",
        subject,
        found: `could not be looked at: ${describe(error)}`,
        fix:
          error instanceof AzureError && error.status === 403
            ? `allow ${needs} to whoever runs this, or look for yourself`
            : (remedy(error) ?? "check the network and its proxy, and try again in a few minutes"),
      },
    ];
  }
}
