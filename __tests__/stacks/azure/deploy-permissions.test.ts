import { allStacks, findStack } from "../../../config/layers";
import { typesOf } from "../../../policies/plan/synthesized-stack";
import { ACTIONS_BY_TYPE, actionsOf } from "../../../stacks/azure/deploy-actions";
import { deployActions, deployRole, subscriptionsOf } from "../../../stacks/azure/deploy-permissions";
import { VARIANTS, variant } from "../../support/azure-variants";
import { platformOf } from "../../support/config";
import { synth } from "../../support/synth";

const props = {
  stack: "azure-platform",
  prefix: "acme-azure-platform",
  subscriptions: ["00000000-0000-0000-0000-000000000000"],
  types: new Set(["azurerm_user_assigned_identity", "data.azurerm_client_config", "helm_release"]),
  planOnly: false,
};
const EVERY_RUN = ["Microsoft.Resources/subscriptions/providers/read", "Microsoft.Resources/subscriptions/read"];

test("a role is what az role definition create takes, with what the stack's types need and no more", () => {
  expect(deployRole(props)).toEqual({
    Name: "acme-azure-platform deploy azure-platform",
    IsCustom: true,
    Description: "Deploys the stack azure-platform of acme-azure-platform",
    Actions: [
      "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
      "Microsoft.ManagedIdentity/userAssignedIdentities/read",
      "Microsoft.ManagedIdentity/userAssignedIdentities/write",
      ...EVERY_RUN,
    ],
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: ["/subscriptions/00000000-0000-0000-0000-000000000000"],
  });
});

test("a role can be assigned wherever the config names something", () => {
  const [own, ofNetwork, ofTeam] = [0, 1, 2].map((digit) => `00000000-0000-0000-0000-${String(digit).repeat(12)}`);
  const platform = platformOf((draft) => {
    draft.clusters["azure-platform"].network.existing = {
      nodeSubnet: `/subscriptions/${ofNetwork}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub/subnets/nodes`,
    };
    draft.teams.web.serviceAccounts = {
      uploads: {
        azure: { roleAssignments: [{ role: "Reader", scope: `/subscriptions/${ofTeam}/resourceGroups/web` }] },
      },
    };
  });
  const { cluster } = findStack(platform, "azure-platform", "azure");
  expect(subscriptionsOf(platform, cluster)).toEqual([own, ofNetwork, ofTeam]);
});

test("a plan reads", () => {
  const role = deployRole({ ...props, planOnly: true });
  expect(role.Name).toBe("acme-azure-platform plan azure-platform");
  expect(role.Actions).toEqual(["Microsoft.ManagedIdentity/userAssignedIdentities/read", ...EVERY_RUN]);
});

test("what a plan reads is read, but for the sign-in to the cluster, which Azure calls an action", () => {
  const all = new Set(Object.keys(ACTIONS_BY_TYPE));
  expect(deployActions(all, true).filter((action) => !action.endsWith("/read"))).toEqual([
    "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
  ]);
});

test("where the state lies is said, and is no part of the role, which would hold in every account", () => {
  const role = deployRole({ ...props, stateContainer: "/subscriptions/0/…/containers/tfstate" });
  expect(role.Description).toBe(
    "Deploys the stack azure-platform of acme-azure-platform; beside it Storage Blob Data Contributor on /subscriptions/0/…/containers/tfstate for the state",
  );
  expect(role.DataActions).toEqual([]);
});

test.each(["azurerm_kubernetes_cluster", "azurerm_kubernetes_cluster_node_pool"])(
  "%s: the deploy may ask which versions a pool can have, as the provider does for every pool that names one",
  (type) => {
    const versions = "Microsoft.ContainerService/managedClusters/availableAgentPoolVersions/read";
    expect(deployActions(new Set([type]), false)).toContain(versions);
  },
);

test("nobody is given whole services, nor the right to register them, to purge, or to give themselves roles of others' making", () => {
  const actions = deployActions(new Set(Object.keys(ACTIONS_BY_TYPE)), false);
  expect(
    actions.filter((action) => /\*|\/register\/action$|\/purge\/action$|roleDefinitions\/write$/.test(action)),
  ).toEqual([]);
});

test.each(Object.keys(ACTIONS_BY_TYPE))("%s: actions are written as Azure does, each once", (type) => {
  const { read, write } = actionsOf(type);
  for (const action of [...read, ...write])
    expect(action).toMatch(/^Microsoft\.[A-Za-z]+(\/[A-Za-z]+)+\/(read|write|delete|action)$/);
});

test("a type of Azure without an entry is an error, one of others needs nothing", () => {
  expect(() => actionsOf("azurerm_firewall")).toThrow(
    "stacks/azure/deploy-actions.ts has no entry for azurerm_firewall",
  );
  expect(() => actionsOf("data.azurerm_firewall")).toThrow("has no entry for data.azurerm_firewall");
  expect(actionsOf("helm_release")).toEqual({ read: [], write: [] });
});

describe("over all variants of the config", () => {
  const used = new Set<string>();

  test.each(VARIANTS)("%s: every type has an entry", (name) => {
    const platform = variant(name);
    for (const stack of allStacks(platform).filter(({ cluster }) => cluster.kind === "azure")) {
      const types = typesOf([synth(platform, stack.name)]);
      for (const type of types) used.add(type);
      expect(() => deployActions(types, false)).not.toThrow();
    }
  });

  test("no entry is of a type that no variant has", () => {
    expect(Object.keys(ACTIONS_BY_TYPE).filter((type) => !used.has(type))).toEqual([]);
  });
});
