import { ConsumptionBudgetSubscription } from "@cdktf/provider-azurerm/lib/consumption-budget-subscription";
import { Construct } from "constructs";
import { budgetName } from "../../config/clouds/azure-names";
import type { AzureContext } from "./context";

export interface BudgetProps {
  readonly context: AzureContext;
  /** The resource group in which AKS keeps the nodes: most of the cost. */
  readonly nodeResourceGroup: string;
}

/** What the cluster may cost a month, by its resource groups: what AKS makes for Services and volumes carries no tags of ours. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { context, nodeResourceGroup }: BudgetProps) {
    super(scope, id);
    const { prefix, resourceGroup, platform, config } = context;
    const { budget, subscription } = config;
    if (!budget) return;
    const contactEmails = [...(budget.emails ?? [platform.contact])].sort();
    new ConsumptionBudgetSubscription(this, "budget", {
      name: budgetName(prefix),
      subscriptionId: `/subscriptions/${subscription}`,
      amount: budget.monthly,
      timeGrain: "Monthly",
      timePeriod: { startDate: `${budget.from}-01T00:00:00Z` },
      filter: {
        dimension: [{ name: "ResourceGroupName", operator: "In", values: [resourceGroup, nodeResourceGroup] }],
      },
      notification: budget.alerts.map((threshold) => ({
        operator: "GreaterThan",
        threshold,
        thresholdType: "Actual",
        contactEmails,
      })),
      // A new first month would be a new budget, and one that has begun is refused a month later.
      lifecycle: { ignoreChanges: ["time_period"] },
    });
  }
}
