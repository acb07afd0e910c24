import { z } from "zod";
import type { AzureCluster } from "../../../../config/clouds/azure";
import { budgetName } from "../../../../config/clouds/azure-names";
import { ownName } from "../../../../config/names";
import type { Finding } from "../../../operations";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check } from "./check";

const subject = "budget";

/** Whether Azure would take the budget's first month. */
export const budget: Check = {
  subject,
  needs: "Microsoft.Consumption/budgets/read",
  look: async (context) => {
    const { platform, cluster, clients, month, resourceGroup } = context;
    if (!cluster.budget) return [];
    const made = await clients.resourceManager.find(
      {
        path: `${subscriptionOf(context)}/providers/Microsoft.Consumption/budgets/${budgetName(ownName(platform, cluster))}`,
        apiVersion: VERSIONS.budgets,
      },
      z.object({ name: z.string(), properties: z.object({ filter: z.unknown() }) }),
    );
    // Budgets of a subscription are named by people too: by what it counts it is known.
    const isOurs = JSON.stringify(made?.properties.filter ?? "")
      .toLowerCase()
      .includes(`"${resourceGroup.toLowerCase()}"`);
    if (made && !isOurs) return [foreign(made.name)];
    return [judgeBudget(cluster.name, cluster.budget, month, made !== undefined)];
  },
};

const foreign = (name: string): Finding => ({
  severity: "error",
  subject,
  found: `the subscription has a budget ${name} that counts something else, and Terraform takes over none that is there`,
  fix: "have its owner make it anew under another name, or leave budget out of the config",
});

/**
 * A budget that is there keeps its first month, whatever month it is now; a new one begins with this one or within a year.
 * https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update
 *
 * @param month this one, such as `2026-12`
 */
export function judgeBudget(
  name: string,
  { from, monthly }: NonNullable<AzureCluster["budget"]>,
  month: string,
  made: boolean,
): Finding {
  const field = `clusters.${name}.budget.from`;
  if (made) return { severity: "ok", subject, found: `is there; ${monthly} a month` };
  if (from < month)
    return {
      severity: "error",
      subject,
      found: `${field} is ${from}, which is over: Azure makes no budget that begins in the past`,
      fix: `set it to "${month}" or later`,
    };
  const months = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5));
  if (months(from) - months(month) > 12)
    return {
      severity: "error",
      subject,
      found: `${field} is ${from}, more than a year from now: Azure makes no such budget`,
      fix: "choose a month within the next twelve",
    };
  return { severity: "ok", subject, found: `${monthly} a month from ${from}` };
}
