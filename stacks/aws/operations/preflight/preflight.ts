import type { Finding } from "../../../operations";
import { describe, isAwsError, signInProblem } from "../errors";
import { askIdentity, unreachable, wrongAccount, type Identity } from "../identity";
import { access } from "./access";
import type { Check, CheckContext } from "./check";
import { existingCluster } from "./existing-cluster";
import { hostedZone } from "./hosted-zone";
import { permissions } from "./permissions";
import { quotas } from "./quotas";
import { spotRole } from "./spot-role";
import { stateBucket } from "./state-bucket";
import { tools } from "./tools";
import { zonesAndTypes } from "./zones-and-types";

/** In the order in which they are shown. */
const CHECKS: readonly Check[] = [
  access,
  permissions,
  quotas,
  spotRole,
  zonesAndTypes,
  hostedZone,
  stateBucket,
  existingCluster,
];

/** Looks at all that a deploy needs. What cannot be looked at is a warning that says so, never silence. */
export async function preflight(context: Omit<CheckContext, "identity">): Promise<readonly Finding[]> {
  const machine = await tools(context.surroundings);
  const { identity, findings } = await signedIn(context);
  // In no account, or in a wrong one, every further answer would mislead.
  if (!identity) return [...machine, ...findings];
  const looked = await Promise.all(CHECKS.map((check) => guarded(check, { ...context, identity })));
  return [...machine, ...findings, ...looked.flat()];
}

async function signedIn({
  clients,
  cluster,
}: Omit<CheckContext, "identity">): Promise<{ identity?: Identity; findings: readonly Finding[] }> {
  const subject = "account";
  try {
    const identity = await askIdentity(clients);
    const wrong = wrongAccount(cluster, identity);
    if (wrong) return { findings: [{ severity: "error", subject, ...wrong }] };
    return { identity, findings: [{ severity: "ok", subject, found: `${identity.account}, as ${identity.arn}` }] };
  } catch (error) {
    const problem = signInProblem(error);
    if (problem) return { findings: [{ severity: "error", subject, ...problem }] };
    if (!isAwsError(error)) throw error;
    const [found = "", fix] = unreachable(cluster, describe(error)).split("; ");
    return { findings: [{ severity: "error", subject, found, ...(fix && { fix }) }] };
  }
}

async function guarded({ subject, needs, look }: Check, context: CheckContext): Promise<readonly Finding[]> {
  try {
    return await look(context);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return [
      {
        severity: "warn",
        subject,
        found: `could not be looked at: ${describe(error)}`,
        fix: `allow ${needs} to whoever runs this, or look for yourself`,
      },
    ];
  }
}
