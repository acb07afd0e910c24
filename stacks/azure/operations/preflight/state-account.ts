import type { Finding } from "../../../operations";
import { findAccount, misplaced, statePlace } from "../storage-account";
import { aspects } from "../storage-account-aspects";
import type { Check } from "./check";

const subject = "state account";

/** Where the state lies: whether it is there, and fit for it. */
export const stateAccount: Check = {
  subject,
  needs: "Reader on the storage account",
  look: async ({ cluster, clients, identity }): Promise<readonly Finding[]> => {
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
    const fix = `run: npx stackyard bootstrap ${cluster.name}`;
    const place = statePlace(cluster, state);
    const found = await findAccount(clients, place);
    const wrong = misplaced(state, found);
    if (wrong) return [{ severity: "error", subject, ...wrong }];
    if (found.kind === "missing")
      return [{ severity: "error", subject, found: `there is no storage account "${storageAccount}"`, fix }];
    const missing: string[] = [];
    for (const { what, essential, isSo } of aspects(clients, place, identity, {}))
      if (essential && !(await isSo())) missing.push(what);
    return missing.length > 0
      ? [{ severity: "error", subject, found: `"${storageAccount}" lacks ${missing.join(", ")}`, fix }]
      : [
          {
            severity: "ok",
            subject,
            found: `"${storageAccount}" is there, versioned, closed to the public, and yours to write`,
          },
        ];
  },
};
