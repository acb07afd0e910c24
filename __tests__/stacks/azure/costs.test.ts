import { Budget } from "../../../stacks/azure/budget";
import { costProvider, costRoles } from "../../../stacks/azure/costs";
import { azureContext, GROUP, SUBSCRIPTION, synthesized } from "../../support/azure";
import { ofType } from "../../support/synth";

const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/acmecosts`;
const exported = (more = {}) =>
  azureContext((cluster) => (cluster.costExport = { storageAccount: ACCOUNT, container: "exports", ...more })).config;

describe("the bill", () => {
  test("is not read where the config names no export", () => {
    const { config } = azureContext();
    expect(costProvider(config)).toBeUndefined();
    expect(() => costRoles(config)).toThrow("clusters.azure-platform has no costExport to give rights on");
  });

  test("is read from the export's container with the reader's own identity", () => {
    expect(costProvider(exported({ directory: "monthly" }))?.integration).toEqual({
      azure: {
        storage: [
          {
            subscriptionID: SUBSCRIPTION,
            account: "acmecosts",
            container: "exports",
            path: "monthly",
            cloud: "public",
            authorizer: { authorizerType: "AzureDefaultCredential" },
          },
        ],
      },
    });
  });

  test("has a path of no letters where the config names no folder: Kubecost refuses a file without one", () => {
    expect(JSON.stringify(costProvider(exported()))).toContain('"path":""');
  });

  test("may be read in that container alone", () => {
    expect(costRoles(exported())).toEqual({
      rights: { role: "Storage Blob Data Reader", scope: `${ACCOUNT}/blobServices/default/containers/exports` },
    });
  });
});

describe("a budget", () => {
  const stackWith = (budget: object | undefined) =>
    synthesized((scope) => {
      new Budget(scope, "budget", {
        context: azureContext((cluster) => (cluster.budget = budget)),
        nodeResourceGroup: "acme-azure-platform-nodes",
      });
    });

  test("is made only where the config has one", () => {
    expect(stackWith(undefined).resources).toEqual([]);
  });

  test("is about the cluster's groups, tells the contact, and keeps the month in which it began", () => {
    const [budget] = ofType(
      stackWith({ monthly: 2000, from: "2026-12", alerts: [50, 100] }),
      "azurerm_consumption_budget_subscription",
    );
    const alert = {
      operator: "GreaterThan",
      threshold_type: "Actual",
      contact_emails: ["platform@acme.example"],
    };
    expect(budget?.attributes).toEqual({
      name: "acme-azure-platform",
      subscription_id: `/subscriptions/${SUBSCRIPTION}`,
      amount: 2000,
      time_grain: "Monthly",
      time_period: { start_date: "2026-12-01T00:00:00Z" },
      filter: {
        dimension: [
          {
            name: "ResourceGroupName",
            operator: "In",
            values: ["acme-azure-platform", "acme-azure-platform-nodes"],
          },
        ],
      },
      notification: [
        { ...alert, threshold: 50 },
        { ...alert, threshold: 100 },
      ],
      lifecycle: { ignore_changes: ["time_period"] },
    });
  });

  test("tells whom the config names", () => {
    const [budget] = ofType(
      stackWith({ monthly: 2000, from: "2026-12", emails: ["b@acme.example", "a@acme.example"] }),
      "azurerm_consumption_budget_subscription",
    );
    expect(JSON.stringify(budget?.attributes["notification"])).toContain('["a@acme.example","b@acme.example"]');
  });
});
