import { z } from "zod";
import { budgetName } from "../../../../config/clouds/azure-names";
import { API_VERSIONS } from "../api-versions";
import type { Finder } from "./find";

/** A budget lies in the subscription, so it goes with no resource group; the platform's counts what its own group costs. */
export const budgetLeftovers: Finder = {
  where: "budgets",
  needs: "Microsoft.Consumption/budgets/read",
  find: async ({ cluster, name, clients }) => {
    const budget = budgetName(name);
    const id = `/subscriptions/${cluster.subscription}/providers/Microsoft.Consumption/budgets/${budget}`;
    const found = await clients.resourceManager.find({ path: id, apiVersion: API_VERSIONS.budgets }, budgetShape);
    const { dimensions, and } = found?.properties.filter ?? {};
    const groups = [dimensions, ...(and ?? []).map((part) => part.dimensions)].flatMap((part) => part?.values ?? []);
    return groups.some((group) => group.toLowerCase() === name.toLowerCase())
      ? [{ type: "Microsoft.Consumption/budgets", id, why: `name ${budget}, of the resource group ${name}` }]
      : [];
  },
};

/** https://learn.microsoft.com/rest/api/consumption/budgets/get */
const dimensions = z.object({ dimensions: z.object({ values: z.array(z.string()).nullish() }).nullish() });
const budgetShape = z.object({
  properties: z.object({ filter: dimensions.extend({ and: z.array(dimensions).nullish() }).nullish() }),
});
