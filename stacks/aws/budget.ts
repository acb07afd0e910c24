import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { CeCostAllocationTag } from "@cdktf/provider-aws/lib/ce-cost-allocation-tag";
import { Construct } from "constructs";
import { CLUSTER_TAG, COST_CENTER_LABEL, TEAM_LABEL } from "../../config/names";
import type { AwsContext } from "./context";

/** What the cluster may cost a month, by its tag, and the tags by which AWS splits the bill. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { name, config, platform, tags }: AwsContext) {
    super(scope, id);
    const { budget, costAllocationTags } = config;
    if (costAllocationTags)
      for (const tagKey of [...Object.keys(tags), TEAM_LABEL, COST_CENTER_LABEL].sort())
        new CeCostAllocationTag(this, `tag-${tagKey}`, { tagKey, status: "Active" });
    if (!budget) return;
    const subscriberEmailAddresses = [...(budget.emails ?? [platform.contact])].sort();
    new BudgetsBudget(this, "budget", {
      name,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(budget.monthly),
      limitUnit: "USD",
      // A tag of one's own is "user:<key>$<value>": without the prefix the sum stays at 0.
      // https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
      costFilter: [{ name: "TagKeyValue", values: [`user:${CLUSTER_TAG}$${tags[CLUSTER_TAG] as string}`] }],
      notification: budget.alerts.map((threshold) => ({
        comparisonOperator: "GREATER_THAN",
        threshold,
        thresholdType: "PERCENTAGE",
        notificationType: "ACTUAL",
        subscriberEmailAddresses,
      })),
    });
  }
}
