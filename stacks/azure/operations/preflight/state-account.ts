import { z } from "zod";
import type { Finding } from "../../../operations";
import { isAzureError } from "../errors";
import { findAccount, isOurs, misplaced, statePlace, type StatePlace } from "../storage-account";
import { aspects, dataRole, type Aspect } from "../storage-account-aspects";
import { VERSIONS } from "./api-versions";
import type { Check, CheckContext } from "./check";
import { allows, permissionsOn } from "./permissions";

const subject = "state account";

/** Where the state lies: whether it is there, and fit for it. */
export const stateAccount: Check = {
  subject,
  needs: "Reader on the storage account",
  look: async (context): Promise<readonly Finding[]> => {
    const { cluster, clients, identity } = context;
    const { state } = cluster;
    if (!state)
      return [
        {
          severity: "warn",
          subject,
          found: "the config names none: the state is a local file, which one person has",
          fix: `fine for a trial; else add state: { storageAccount: "…", resourceGroup: "…" } to clusters.${cluster.name} and run: npx stackyard bootstrap ${cluster.name}`,
        },
      ];
    const { storageAccount } = state;
    const run = `run: npx stackyard bootstrap ${cluster.name}`;
    const place = statePlace(cluster, state);
    const found = await findAccount(clients, place);
    const wrong = misplaced(state, found);
    if (wrong) return [{ severity: "error", subject, ...wrong }];
    if (found.kind !== "here")
      return [{ severity: "error", subject, found: `there is no storage account "${storageAccount}"`, fix: run }];
    const role = dataRole(clients, place, identity).what;
    const notSo: Aspect[] = [];
    for (const aspect of aspects(clients, place, identity, {})) if (!(await aspect.isSo())) notSo.push(aspect);
    const byAnother = notSo.some(({ what }) => what === role) && (await mayWrite(context, place));
    return [
      ...judgeAspects(
        storageAccount,
        notSo.filter(({ what }) => !(byAnother && what === role)),
        { run, isOurs: isOurs(found.account) },
      ),
      ...(byAnother
        ? [
            {
              severity: "warn",
              subject,
              found: "you have the rights to write the state by another role than Storage Blob Data Contributor",
              fix: `fine where terraform init works; else ${run}`,
            } as const,
          ]
        : []),
      ...judgeFirewall(storageAccount, await firewall(context, place)),
    ];
  },
};

/**
 * What bootstrap sets beside what is needed is said before it does.
 *
 * @param notSo what the account is not; only what is essential is a fault
 * @param bootstrap the command, and whether it made the account
 */
export function judgeAspects(
  storageAccount: string,
  notSo: readonly Pick<Aspect, "what" | "essential" | "shared">[],
  { run, isOurs: ours }: { readonly run: string; readonly isOurs: boolean },
): readonly Finding[] {
  const words = (some: readonly { readonly what: string }[]): string => some.map(({ what }) => what).join(", ");
  const missing = notSo.filter(({ essential }) => essential);
  if (missing.length === 0)
    return [
      {
        severity: "ok",
        subject,
        found: `"${storageAccount}" is there, versioned, closed to the public, and yours to write`,
      },
    ];
  const harden = !ours && missing.some(({ shared }) => shared);
  const also = notSo.filter(({ essential, shared }) => !essential && (ours || harden || !shared));
  const beside = also.length > 0 ? `; it also makes ${words(also)}` : "";
  return [
    {
      severity: "error",
      subject,
      found: `"${storageAccount}" lacks ${words(missing)}`,
      fix: harden
        ? `somebody else made the account: have them set that, or ${run} --harden, which changes it for everything in it${beside}`
        : `${run}${beside}`,
    },
  ];
}

/** https://learn.microsoft.com/azure/role-based-access-control/permissions/storage */
const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** Whether some role of the caller lets them read and write blobs, whatever its name. */
async function mayWrite(context: CheckContext, { container }: StatePlace): Promise<boolean> {
  try {
    const roles = (await permissionsOn(context, container)).map(({ dataActions, notDataActions }) => ({
      actions: dataActions,
      notActions: notDataActions,
    }));
    return ["read", "write"].every((action) => allows(roles, `${BLOBS}/${action}`));
  } catch (error) {
    if (!isAzureError(error)) throw error;
    return false;
  }
}

/** https://learn.microsoft.com/rest/api/storagerp/storage-accounts/get-properties */
const firewallShape = z.object({
  publicNetworkAccess: z.string().nullish(),
  networkAcls: z.object({ defaultAction: z.string().nullish() }).nullish(),
});

async function firewall({ clients }: CheckContext, place: StatePlace): Promise<z.output<typeof firewallShape>> {
  const account = await clients.resourceManager.get(
    { path: place.account, apiVersion: VERSIONS.storage },
    z.object({ properties: firewallShape }),
  );
  return account.properties;
}

/** Azure answers for the account from anywhere, but for what is in it only where the firewall lets in. */
export function judgeFirewall(
  storageAccount: string,
  { publicNetworkAccess, networkAcls }: z.output<typeof firewallShape>,
): readonly Finding[] {
  const isOpen = (publicNetworkAccess ?? "Enabled") === "Enabled";
  if (isOpen && networkAcls?.defaultAction !== "Deny") return [];
  return [
    {
      severity: "warn",
      subject,
      found: `the firewall of "${storageAccount}" ${isOpen ? "lets in selected networks only" : "is closed to public networks"}`,
      fix: "run Terraform from a network that it lets in",
    },
  ];
}
