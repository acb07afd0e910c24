/** What preflight makes of answers, without asking anybody. */
import type { AzureCluster } from "../../../../../config/clouds/azure";
import { findStack } from "../../../../../config/layers";
import { judgeAccess, judgeGroups } from "../../../../../stacks/azure/operations/preflight/access";
import { judgeReach } from "../../../../../stacks/azure/operations/preflight/api-server";
import { judgeBudget } from "../../../../../stacks/azure/operations/preflight/budget";
import {
  judgeExtensions,
  judgeFit,
  judgeState,
} from "../../../../../stacks/azure/operations/preflight/existing-cluster";
import { judgeName, judgeVault, type Vault } from "../../../../../stacks/azure/operations/preflight/key-vaults";
import { judgeLocation, judgeVersion, judgeZones } from "../../../../../stacks/azure/operations/preflight/location";
import { judgeLocks, placesOf } from "../../../../../stacks/azure/operations/preflight/locks";
import { judgeNamed } from "../../../../../stacks/azure/operations/preflight/named-resources";
import {
  judgeApiServerSubnet,
  judgeNetwork,
  judgeNodeSubnet,
  type Subnet,
} from "../../../../../stacks/azure/operations/preflight/network";
import {
  allows,
  judgePermissions,
  placesOf as permissionPlaces,
} from "../../../../../stacks/azure/operations/preflight/permissions";
import {
  judgeHostEncryption,
  judgeProviders,
  providersOf,
} from "../../../../../stacks/azure/operations/preflight/resource-providers";
import { judgeKubelogin, judgeTerraform } from "../../../../../stacks/azure/operations/preflight/tools";
import { platformOf, type Draft } from "../../../../support/config";

const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
const VNET = `${SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/hub`;
const EXISTING = { nodeSubnet: `${VNET}/subnets/nodes`, apiServerSubnet: `${VNET}/subnets/api` };
const theirNetwork = (azure: Draft): void => {
  azure.network.existing = EXISTING;
  azure.access.vnetIntegration = true;
};
const ada = {
  principal: "33333333-3333-3333-3333-333333333333",
  kind: "User",
  tenant: "t",
  name: "ada@acme.example",
} as const;

function clusterWith(change: (azure: Draft) => void = () => undefined): AzureCluster {
  const platform = platformOf((draft) => {
    change(draft.clusters["azure-platform"]);
  });
  return findStack(platform, "azure-platform", "azure").cluster;
}

test.each([
  ["Terraform v1.13.2\non linux_amd64", "ok"],
  ["Terraform v1.10.0", "ok"],
  ["Terraform v1.9.8\n\nYour version is out of date! The latest version is 1.13.2.", "error"],
  ["who knows", "warn"],
  [undefined, "error"],
])("terraform says %j: %s", (output, severity) => {
  expect(judgeTerraform(output).severity).toBe(severity);
});

test.each([
  [
    "kubelogin version \ngit hash: v0.2.12/8fb3a22\nGo version: go1.24.6\nBuild time: 2025-09-30\nPlatform: linux/amd64",
    "ok",
    "0.2.12",
  ],
  ["", "error", "on the PATH is not Azure's, but another program of the same name"],
  ["kubelogin version v1.34.0 (go1.24.6 linux_amd64)", "error", expect.stringContaining("is not Azure's")],
  [undefined, "error", expect.stringContaining("is not on the PATH")],
])("kubelogin says %j: %s", (output, severity, found) => {
  expect(judgeKubelogin(output)).toMatchObject({ severity, found });
});

describe("access", () => {
  const admins = [
    { name: "admins", sso: "admins", claim: "admins", aws: undefined, azure: "11111111-1111-1111-1111-11111111111A" },
  ];

  test("a member is let in, however the id is written", () => {
    expect(judgeAccess(ada, admins, ["11111111-1111-1111-1111-11111111111a"])).toEqual({
      severity: "ok",
      subject: "access to the cluster",
      found: "you are in access.admins as admins",
    });
  });

  test("who is in none is told of it, and how to come in", () => {
    expect(judgeAccess({ ...ada, kind: "ServicePrincipal", name: "ci" }, admins, [])).toEqual({
      severity: "warn",
      subject: "access to the cluster",
      found:
        "the service principal ci is in none of access.admins (admins is 11111111-1111-1111-1111-11111111111A): Terraform would make the cluster, and then not be let in",
      fix: "az ad group member add --group 11111111-1111-1111-1111-11111111111A --member-id 33333333-3333-3333-3333-333333333333, and sign in again; or add a group of yours to access.admins",
    });
  });

  test("a group that Entra does not have is an error with its id", () => {
    expect(judgeGroups([])).toEqual([]);
    expect(judgeGroups(admins)).toMatchObject([
      {
        severity: "error",
        found: "Entra has no admins (11111111-1111-1111-1111-11111111111A): nobody could be given rights",
        fix: expect.stringContaining("correct groups.admins: "),
      },
    ]);
  });
});

describe("permissions", () => {
  const owner = { actions: ["*"], notActions: [] };
  const contributor = {
    actions: ["*"],
    notActions: ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/*/Delete"],
  };
  const reader = { actions: ["*/read"], notActions: [] };

  test.each([
    [[owner], "Microsoft.Authorization/roleAssignments/write", true],
    [[contributor], "Microsoft.Network/natGateways/write", true],
    [[contributor], "Microsoft.Authorization/roleAssignments/write", false],
    [[contributor], "microsoft.authorization/roleassignments/WRITE", false],
    [[contributor], "Microsoft.Authorization/roleAssignments/read", true],
    // What one role takes away, another may give.
    [
      [contributor, { actions: ["Microsoft.Authorization/roleAssignments/*"], notActions: [] }],
      "Microsoft.Authorization/roleAssignments/write",
      true,
    ],
    [[reader], "Microsoft.Network/virtualNetworks/read", true],
    [[reader], "Microsoft.Network/virtualNetworks/readAll", false],
    [[{ actions: ["Microsoft.Network/*"], notActions: [] }], "MicrosoftXNetwork/a/read", false],
    [[], "Microsoft.Network/virtualNetworks/read", false],
  ])("%j allow %s: %s", (roles, action, allowed) => {
    expect(allows(roles, action)).toBe(allowed);
  });

  const actions = ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Network/natGateways/write"];

  test("all allowed", () => {
    expect(judgePermissions(ada, "azure-platform", [{ group: "acme", actions, roles: [owner] }])).toEqual({
      severity: "ok",
      subject: "permissions",
      found: "all 2 actions are allowed to ada@acme.example; conditions and deny assignments are not looked at",
    });
  });

  test("what is not allowed is an error that lists it", () => {
    expect(judgePermissions(ada, "azure-platform", [{ group: "acme", actions, roles: [contributor] }])).toMatchObject({
      severity: "error",
      found: "ada@acme.example may not: Microsoft.Authorization/roleAssignments/write in the group acme",
      fix: expect.stringMatching(/^assign the role that `npx stackyard permissions azure-platform` prints/),
    });
  });

  test("what is allowed in one group is not in another", () => {
    const asks = [
      { group: "acme", actions, roles: [reader] },
      { group: "dns", actions: actions.slice(0, 1), roles: [owner] },
    ];
    expect(judgePermissions(ada, "azure-platform", asks).found).toBe(
      "ada@acme.example may not: Microsoft.Authorization/roleAssignments/write, Microsoft.Network/natGateways/write in the group acme",
    );
  });

  const places = (stackName: string, change: (azure: Draft) => void) => {
    const platform = platformOf((draft) => {
      change(draft.clusters["azure-platform"]);
    });
    const stack = findStack(platform, stackName, "azure");
    const types = new Set(["azurerm_role_assignment", "azurerm_kubernetes_cluster_node_pool"]);
    return permissionPlaces({ cluster: stack.cluster, resourceGroup: "acme", stack, types }).map((place) => [
      place.group,
      [...new Set(place.actions.map((action) => action.split("/")[0]))],
    ]);
  };
  const [authorization, aks, network, resources] = [
    "Microsoft.Authorization",
    "Microsoft.ContainerService",
    "Microsoft.Network",
    "Microsoft.Resources",
  ];

  test("roles are assigned in the zone's group by the stack of components only", () => {
    const layered = (azure: Draft) => (azure.layout = "layered");
    expect(places("azure-platform", layered)).toEqual([
      ["acme", [authorization, aks, network, resources]],
      ["dns", [authorization]],
    ]);
    expect(places("azure-teams", layered)).toEqual([["acme", [authorization, aks, network, resources]]]);
  });

  test("pools of a cluster of somebody else are made in its group", () => {
    const given = (azure: Draft) => {
      azure.existing = { name: "theirs", resourceGroup: "their-group" };
      delete azure.access.public;
    };
    expect(places("azure-platform", given)).toEqual([
      ["acme", [authorization, network, resources]],
      ["their-group", [aks]],
      ["dns", [authorization]],
    ]);
  });
});

describe("resource providers", () => {
  const cluster = clusterWith();
  test("those of the stacks' actions, of machines and of the state", () => {
    const types = new Set(["azurerm_kubernetes_cluster", "azurerm_consumption_budget_subscription", "helm_release"]);
    const withState = clusterWith((azure) => (azure.state = { storageAccount: "acmestate", resourceGroup: "state" }));
    expect(providersOf({ types, cluster: withState })).toEqual([
      "Microsoft.Compute",
      "Microsoft.Consumption",
      "Microsoft.ContainerService",
      "Microsoft.ManagedIdentity",
      "Microsoft.Network",
      "Microsoft.Resources",
      "Microsoft.Storage",
    ]);
  });

  test("Azure writes some of their names in lower case", () => {
    expect(
      judgeProviders(cluster, ["Microsoft.Insights"], new Map([["microsoft.insights", "Registered"]])).severity,
    ).toBe("ok");
  });

  test("what is not registered is an error with the command that registers it", () => {
    const states = new Map([
      ["microsoft.compute", "Registered"],
      ["microsoft.keyvault", "NotRegistered"],
    ]);
    expect(judgeProviders(cluster, ["Microsoft.Compute", "Microsoft.KeyVault", "Microsoft.Foo"], states)).toEqual({
      severity: "error",
      subject: "resource providers",
      found: "not registered: Microsoft.KeyVault (NotRegistered), Microsoft.Foo (unknown to the subscription)",
      fix: `az provider register --wait --namespace Microsoft.KeyVault --subscription ${cluster.subscription}; az provider register --wait --namespace Microsoft.Foo --subscription ${cluster.subscription}`,
    });
  });

  test.each([
    ["Registered", "ok"],
    ["Registering", "error"],
    [undefined, "error"],
  ])("encryption at host is %s: %s", (state, severity) => {
    expect(judgeHostEncryption(clusterWith(), state).severity).toBe(severity);
  });
});

describe("location", () => {
  const sweden = { displayName: "Sweden Central", zones: ["1", "2", "3"] };

  test("is there with AKS, which calls it by its name for people", () => {
    expect(judgeLocation("swedencentral", sweden, ["West Europe", "Sweden Central"])).toMatchObject({
      severity: "ok",
      found: "swedencentral (Sweden Central), with AKS",
    });
  });

  test.each([
    [undefined, ["Sweden Central"], "the subscription has no swedencentral"],
    [sweden, ["West Europe"], "swedencentral does not offer AKS to the subscription"],
  ])("%j and AKS in %j: an error", (found, offers, message) => {
    expect(judgeLocation("swedencentral", found, offers)).toMatchObject({ severity: "error", found: message });
  });

  test("zones are there, or not; a location without any says what that means", () => {
    expect(judgeZones("swedencentral", ["1", "2", "3"], ["1", "3"])).toMatchObject({ severity: "ok", found: "1, 3" });
    expect(judgeZones("westus", [], [])).toMatchObject({
      severity: "ok",
      found: "westus has none: one failure can take all nodes",
    });
    expect(judgeZones("eastasia", ["1", "2"], ["1", "2", "3"])).toMatchObject({
      severity: "error",
      found: "the subscription has 1, 2 in eastasia, nodes shall be in 1, 2, 3",
    });
  });

  const official = { supportPlan: ["KubernetesOfficial", "AKSLongTermSupport"] };
  const offered = [
    { version: "1.35", isPreview: true, capabilities: official },
    { version: "1.34", capabilities: official },
    { version: "1.33", isPreview: null, capabilities: official },
    { version: "1.30", capabilities: { supportPlan: ["AKSLongTermSupport"] } },
  ];
  const judge = (kubernetes: string) =>
    judgeVersion({ name: "azure-platform", kubernetes, location: "swedencentral" }, offered);

  test.each([
    ["1.34", "ok", "1.34 is offered in swedencentral"],
    ["1.35", "warn", "1.35 is a preview in swedencentral: without support"],
    ["1.30", "error", "AKS offers 1.30 in swedencentral with long-term support only, which is another tier"],
    ["1.29", "error", "AKS does not offer 1.29 in swedencentral"],
  ])("Kubernetes %s: %s", (kubernetes, severity, found) => {
    expect(judge(kubernetes)).toMatchObject({ severity, found });
  });

  test("what to choose instead is the supported ones", () => {
    expect(judge("1.29").fix).toBe("set clusters.azure-platform.kubernetes to one of 1.33, 1.34");
  });
});

describe("a network of others", () => {
  const cluster = clusterWith(theirNetwork);
  const network = (properties: object = {}, location = "swedencentral") => ({
    location,
    properties: {
      addressSpace: { addressPrefixes: ["10.1.0.0/16", "fd00::/48"] },
      subnets: [],
      virtualNetworkPeerings: [],
      ...properties,
    },
  });
  const subnet = (properties: Partial<Subnet["properties"]> = {}): Subnet => ({
    name: "nodes",
    properties: {
      addressPrefix: "10.1.0.0/24",
      natGateway: { id: "nat" },
      networkSecurityGroup: { id: "nsg" },
      ...properties,
    },
  });

  test("fits: nothing to say of the network, and the subnet is there", () => {
    expect(judgeNetwork(cluster, network())).toEqual([]);
    expect(judgeNodeSubnet(cluster, subnet(), 251)).toEqual([
      { severity: "ok", subject: "network", found: "nodes is there, with a way out and a security group" },
    ]);
  });

  test("elsewhere, or with ranges that pods have: errors; the same of a peer: a warning", () => {
    const peer = { name: "to-office", properties: { remoteAddressSpace: { addressPrefixes: ["172.16.8.0/24"] } } };
    const found = network(
      { addressSpace: { addressPrefixes: ["10.1.0.0/16", "192.168.4.0/24"] }, virtualNetworkPeerings: [peer] },
      "westeurope",
    );
    expect(judgeNetwork(cluster, found).map(({ severity, found: what }) => [severity, what])).toEqual([
      ["error", "the network is in westeurope, clusters.azure-platform.location is swedencentral"],
      [
        "error",
        "clusters.azure-platform.network.podCidr 192.168.0.0/16 overlaps 192.168.4.0/24 of the network's own ranges",
      ],
      [
        "warn",
        "clusters.azure-platform.network.serviceCidr 172.16.0.0/16 overlaps a range of the peering to-office: pods could not reach what is there",
      ],
    ]);
  });

  test.each([
    ["nat-gateway", { natGateway: null }, "error", /^nodes has no NAT gateway/],
    ["user-defined-routing", {}, "error", /^nodes has no route table/],
    ["nat-gateway", { networkSecurityGroup: null }, "warn", /^nodes has no network security group/],
    [
      "nat-gateway",
      { delegations: [{ properties: { serviceName: "Microsoft.Web/serverFarms" } }] },
      "error",
      /^nodes is delegated to Microsoft.Web/,
    ],
    [
      "nat-gateway",
      { addressPrefix: null, addressPrefixes: ["10.1.0.0/25", "10.1.2.0/28"] },
      "warn",
      /^nodes has 134 addresses, all pools at their limits have 135 nodes/,
    ],
  ] as const)("outbound %s with %j: %s", (outbound, properties, severity, found) => {
    const config = { ...cluster, network: { ...cluster.network, outbound } };
    expect(judgeNodeSubnet(config, subnet(properties as never), 135)).toMatchObject([
      { severity, found: expect.stringMatching(found) },
    ]);
  });

  test("a load balancer's way out needs neither", () => {
    const config = { ...cluster, network: { ...cluster.network, outbound: "load-balancer" as const } };
    expect(judgeNodeSubnet(config, subnet({ natGateway: null }), 3)).toMatchObject([{ severity: "ok" }]);
  });

  test("the ranges and the way out of a cluster of somebody else are its own", () => {
    const theirs = { ...cluster, existing: { name: "theirs", resourceGroup: "g" } };
    expect(judgeNetwork(theirs, network({ addressSpace: { addressPrefixes: ["192.168.0.0/16"] } }))).toEqual([]);
    expect(judgeNodeSubnet(theirs, subnet({ natGateway: null }), 3)).toMatchObject([{ severity: "ok" }]);
  });

  test("no such subnet", () => {
    expect(judgeNodeSubnet(cluster, undefined, 3)).toMatchObject([
      { severity: "error", found: `there is no ${EXISTING.nodeSubnet}, or you may not read it` },
    ]);
  });

  const delegations = [{ properties: { serviceName: "Microsoft.ContainerService/managedClusters" } }];
  test.each([
    [{ delegations, addressPrefix: "10.1.9.0/28" }, "ok", "nodes is there, delegated to AKS"],
    [{ delegations, addressPrefix: "10.1.9.0/29" }, "error", "nodes is a /29, and AKS needs a /28"],
    [{ delegations: [] }, "error", "nodes is not delegated to Microsoft.ContainerService/managedClusters"],
  ])("the API server's subnet with %j: %s", (properties, severity, found) => {
    expect(judgeApiServerSubnet(cluster, subnet(properties))).toMatchObject([{ severity, found }]);
  });

  test("the API server's subnet that is not there, or in another network", () => {
    expect(judgeApiServerSubnet(cluster, undefined)).toMatchObject([
      { severity: "error", found: `there is no ${EXISTING.apiServerSubnet} in the network of the nodes` },
    ]);
  });
});

describe("the way to the API server", () => {
  test.each([
    ["ranges that may", () => undefined, "ok", "reachable from 203.0.113.0/24: be there when you deploy"],
    [
      "none, in a network that is there",
      (azure: Draft) => {
        azure.access.public = [];
        theirNetwork(azure);
      },
      "ok",
      "private: run Terraform from inside the network, or from one that is connected",
    ],
    [
      "none, in a network that is made",
      (azure: Draft) => (azure.access.public = []),
      "warn",
      "private, in a network that the same deploy makes and nobody is in yet: the first release would find no way in",
    ],
  ])("%s", (_what, change, severity, found) => {
    expect(judgeReach(clusterWith(change))).toMatchObject([{ severity, found }]);
  });

  test("of a cluster of somebody else nothing is said", () => {
    const cluster = clusterWith((azure) => {
      azure.existing = { name: "theirs", resourceGroup: "g" };
      delete azure.access.public;
    });
    expect(judgeReach(cluster)).toEqual([]);
  });
});

describe("key vaults", () => {
  const vaultId = `${SUBSCRIPTION}/resourceGroups/acme-azure-platform/providers/Microsoft.KeyVault/vaults/acme`;
  test.each([
    [{ kind: "free" }, "ok", "acme is made by the deploy"],
    [{ kind: "ours" }, "ok", "acme is there, and the cluster's"],
    [{ kind: "deleted", vaultId }, "ok", "acme was deleted with an earlier platform, and the deploy recovers it"],
    [
      { kind: "others", vaultId },
      "error",
      `acme is the name of a deleted vault, ${vaultId}: the deploy would bring that back`,
    ],
    [{ kind: "taken" }, "error", "acme is taken, by another subscription or in another group or location"],
  ] as const)("the name is %j: %s", (state, severity, found) => {
    expect(judgeName("acme", clusterWith(), state)).toMatchObject({ severity, found });
  });

  const vault = (properties: Partial<Vault["properties"]> = {}, location = "swedencentral"): Vault => ({
    location,
    properties: { enableRbacAuthorization: true, enablePurgeProtection: true, ...properties },
  });
  const keys = { of: "keys", location: "swedencentral", isPrivate: false } as const;
  const selected = expect.stringContaining("lets in selected networks only");

  test.each([
    [vault(), [["ok", "acme is there, and fit for keys"]]],
    [
      vault({ enableRbacAuthorization: false }),
      [["error", expect.stringContaining("access policies instead of Azure RBAC")]],
    ],
    [vault({ enablePurgeProtection: null }), [["error", expect.stringContaining("no purge protection")]]],
    [
      vault({}, "westeurope"),
      [["error", "acme is in westeurope: disks in swedencentral want a key of their own location"]],
    ],
    [
      vault({ networkAcls: { defaultAction: "Deny", bypass: "None" } }),
      [
        ["error", expect.stringContaining("lets in no services of Azure")],
        ["error", selected],
      ],
    ],
    [vault({ networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } }), [["error", selected]]],
    [vault({ networkAcls: { defaultAction: "Allow" } }), [["ok", "acme is there, and fit for keys"]]],
    [vault({ publicNetworkAccess: "Disabled" }), [["error", expect.stringContaining("is closed to public networks")]]],
    [undefined, [["error", `there is no ${vaultId}, or you may not read it`]]],
  ])("for keys, %j", (found, expected) => {
    expect(
      judgeVault("encryptionKey.vault", vaultId, found, keys).map(({ severity, found: what }) => [severity, what]),
    ).toEqual(expected);
  });

  test.each([
    [{ publicNetworkAccess: "Disabled" }, ["ok"]],
    [{ publicNetworkAccess: "Disabled", networkAcls: { defaultAction: "Allow", bypass: "None" } }, ["error"]],
    [{ publicNetworkAccess: "Enabled" }, ["ok"]],
    [{ publicNetworkAccess: "Enabled", networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } }, ["error"]],
  ])("for keys that an integrated API server fetches, %j: %j", (properties, severities) => {
    const findings = judgeVault("encryptionKey.vault", vaultId, vault(properties), { ...keys, isPrivate: true });
    expect(findings.map(({ severity }) => severity)).toEqual(severities);
  });

  test("what to do about it names the vault's subscription", () => {
    const fix = (properties: object) =>
      judgeVault("encryptionKey.vault", vaultId, vault(properties), keys).map((finding) => finding.fix);
    const update = (change: string) =>
      `az keyvault update ${change} --name acme --subscription 00000000-0000-0000-0000-000000000000`;
    expect(fix({ enablePurgeProtection: false })).toEqual([
      `${update("--enable-purge-protection true")}; it cannot be taken back`,
    ]);
    expect(fix({ publicNetworkAccess: "Disabled" })).toEqual([
      `${update("--public-network-access Enabled --default-action Allow")}; or access.vnetIntegration, with which the vault can be closed`,
    ]);
    expect(judgeName("acme", clusterWith(), { kind: "others", vaultId }).fix).toMatch(
      /^az keyvault purge --name acme --location swedencentral --subscription 00000000-0000-0000-0000-000000000000 if /,
    );
  });

  test("for secrets only Azure RBAC is asked", () => {
    const found = vault({ enablePurgeProtection: false }, "westeurope");
    expect(judgeVault("secrets.vault", vaultId, found, { of: "secrets" })).toMatchObject([{ severity: "ok" }]);
  });
});

describe("locks", () => {
  const context = {
    cluster: clusterWith(theirNetwork),
    name: "acme-azure-platform",
    resourceGroup: "acme-azure-platform",
  };
  const places = placesOf(context);
  const lock = (scope: string, level: string) => ({
    id: `${scope}/providers/Microsoft.Authorization/locks/keep`,
    name: "keep",
    properties: { level },
  });

  test("the places are the platform's groups, the nodes', the zone and the network", () => {
    expect(places.map(({ what, path }) => [what, path.replace(SUBSCRIPTION, "")])).toEqual([
      ["the platform's group", "/resourceGroups/acme-azure-platform"],
      ["the group of the nodes", "/resourceGroups/acme-azure-platform-nodes"],
      ["the DNS zone", "/resourceGroups/dns/providers/Microsoft.Network/dnsZones/acme.example"],
      ["the network", VNET.replace(SUBSCRIPTION, "")],
    ]);
  });

  test.each([
    [
      SUBSCRIPTION,
      "ReadOnly",
      "error",
      /the platform's group, the group of the nodes, the DNS zone, the network: nothing there can be made or changed$/,
    ],
    [
      `${SUBSCRIPTION}/resourcegroups/DNS`,
      "CanNotDelete",
      "warn",
      /holds the DNS zone: deploys work, but nothing there can be removed/,
    ],
    [`${VNET}/subnets/nodes`, "CanNotDelete", "warn", /holds the network:/],
    [
      `${SUBSCRIPTION}/resourceGroups/acme-azure-platform/providers/Microsoft.KeyVault/vaults/v`,
      "ReadOnly",
      "error",
      /holds the platform's group:/,
    ],
    [
      `${SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network/dnsZones/other.example`,
      "ReadOnly",
      "ok",
      /^none on what the platform changes$/,
    ],
    [`${SUBSCRIPTION}/resourceGroups/acme-azure-platform-2`, "ReadOnly", "ok", /^none/],
  ])("on %s %s: %s", (scope, level, severity, found) => {
    expect(judgeLocks(places, [lock(scope, level)])).toMatchObject([{ severity, found: expect.stringMatching(found) }]);
  });
});

test("a lock on the platform's own is lifted with a command that can be copied, one around it or of others by its owner", () => {
  const places = placesOf({
    cluster: clusterWith(),
    name: "acme-azure-platform",
    resourceGroup: "acme-azure-platform",
  });
  const fix = (scope: string) => {
    const id = `${scope}/providers/Microsoft.Authorization/locks/Do not delete`;
    return judgeLocks(places, [{ id, name: "Do not delete", properties: { level: "CanNotDelete" } }])[0]?.fix;
  };
  const group = `${SUBSCRIPTION}/resourceGroups/acme-azure-platform`;
  expect(fix(group)).toBe(
    `az lock delete --ids '${group}/providers/Microsoft.Authorization/locks/Do not delete', at the latest before a destroy`,
  );
  for (const scope of [SUBSCRIPTION, `${SUBSCRIPTION}/resourceGroups/dns`])
    expect(fix(scope)).toBe("ask whoever set it there to lift it, at the latest before a destroy");
});

test.each([
  ["2026-12", "2026-12", false, "ok"],
  ["2027-01", "2026-12", false, "ok"],
  ["2027-12", "2026-12", false, "ok"],
  ["2028-01", "2026-12", false, "error"],
  ["2026-11", "2026-12", false, "error"],
  ["2026-11", "2026-12", true, "ok"],
])("a budget from %s, in %s, made %s: %s", (from, month, made, severity) => {
  expect(judgeBudget("azure-platform", { monthly: 100, from, alerts: [80] }, month, made).severity).toBe(severity);
});

test("what the config names is there, or not", () => {
  const path = "clusters.azure-platform.costExport.storageAccount";
  expect(judgeNamed(path, "/x", "acmecosts")).toEqual({
    severity: "ok",
    subject: "costExport.storageAccount",
    found: "acmecosts is there",
  });
  expect(judgeNamed(path, "/x", undefined)).toMatchObject({ severity: "error", fix: `correct ${path}` });
});

describe("a cluster that is there", () => {
  const command = (what: string) => `az ${what} …`;
  const update = "az aks update";
  const fit = {
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    aadProfile: { managed: true, enableAzureRBAC: false },
    disableLocalAccounts: true,
    networkProfile: { networkPolicy: "cilium" },
  };
  const judge = (change: object) =>
    judgeFit(command, { properties: { ...fit, ...change } }).map(({ severity, found, fix }) => [severity, found, fix]);

  test("that fits needs no word", () => {
    expect(judge({})).toEqual([]);
    expect(
      judge({ storageProfile: { diskCSIDriver: { enabled: true }, snapshotController: { enabled: true } } }),
    ).toEqual([]);
  });

  test.each([
    [
      { oidcIssuerProfile: undefined },
      "error",
      "has no OIDC issuer: no pod could prove who it is to Azure",
      `${update} --enable-oidc-issuer …`,
    ],
    [
      { securityProfile: {} },
      "error",
      "has no workload identity: pods get no tokens",
      `${update} --enable-workload-identity …`,
    ],
    [
      { aadProfile: null },
      "error",
      "knows nobody of Entra: the platform's groups mean nothing to it",
      `${update} --enable-aad …`,
    ],
    [
      { aadProfile: { managed: true, enableAzureRBAC: true } },
      "error",
      "asks Azure RBAC who may do what: the rights that the platform gives in Kubernetes would not hold",
      `${update} --disable-azure-rbac …`,
    ],
    [
      { disableLocalAccounts: false },
      "warn",
      "has local accounts: whoever may fetch their certificate is cluster-admin, and no group says so",
      `${update} --disable-local-accounts …`,
    ],
    [
      { networkProfile: { networkPolicy: "none" } },
      "error",
      "enforces no network policies: teams would reach each other",
      `${update} --network-policy cilium --network-dataplane cilium …`,
    ],
    [
      { storageProfile: { diskCSIDriver: { enabled: false } } },
      "error",
      "has no driver of disks: there would be no volumes",
      `${update} --enable-disk-driver …`,
    ],
    [
      { storageProfile: { snapshotController: { enabled: false } } },
      "error",
      "has no snapshot controller",
      `${update} --enable-snapshot-controller …`,
    ],
  ])("with %j: %s", (change, severity, found, fix) => {
    expect(judge(change)).toEqual([[severity, found, fix]]);
  });

  test.each([
    [{ provisioningState: "Succeeded", powerState: { code: "Running" } }, []],
    [{ powerState: { code: "Stopped" } }, ["error"]],
    [{ provisioningState: "Failed" }, ["error"]],
    [{ provisioningState: "Upgrading" }, ["warn"]],
  ])("in the state %j: %j", (properties, severities) => {
    expect(judgeState(command, { properties }).map(({ severity }) => severity)).toEqual(severities);
  });

  test("a managed Argo CD is refused with the reason; not knowing is a warning", () => {
    expect(judgeExtensions(command, ["microsoft.flux"])).toEqual([]);
    expect(judgeExtensions(command, ["microsoft.argocd"])).toMatchObject([
      { severity: "error", found: expect.stringContaining("conflicts with the platform's own") },
    ]);
    expect(judgeExtensions(command, undefined)).toMatchObject([{ severity: "warn" }]);
  });
});
