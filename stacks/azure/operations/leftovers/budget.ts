import { z } from "zod";
import { shortened } from "../../../../config/names";
import { API_VERSIONS } from "../api-versions";
import type { Finder } from "./find";

/** A budget lies in the subscription, so it goes with no resource group. */
export const budgetLeftovers: Finder = {
  where: "budgets",
  needs: "Microsoft.Consumption/budgets/read",
  find: async ({ cluster, name: full, clients }) => {
    // As stacks/azure/budget.ts names it.
    const name = shortened(full, 63);
    const id = `/subscriptions/${cluster.subscription}/providers/Microsoft.Consumption/budgets/${name}`;
    const budget = await clients.resourceManager.find({ path: id, apiVersion: API_VERSIONS.budgets }, z.object({}));
    return budget ? [{ type: "Microsoft.Consumption/budgets", id, why: `name ${name}` }] : [];
  },
};
