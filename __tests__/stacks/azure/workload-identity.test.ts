import { ResourceGroup } from "@cdktf/provider-azurerm/lib/resource-group";
import { Construct } from "constructs";
import type { TeamServiceAccount } from "../../../config/platform";
import { teamRoles } from "../../../stacks/azure/roles";
import { FederatedIdentity, teamIdentityName, workloadIdentity } from "../../../stacks/azure/workload-identity";
import { azureContext, GROUP, synthesized } from "../../support/azure";
import { ofType } from "../../support/synth";

const context = azureContext();
const aks = { issuer: "https://issuer.example" };
const UPLOADS = `${GROUP}/providers/Microsoft.Storage/storageAccounts/uploads`;

/** A stack with the identity of ExternalDNS, after a change of that. */
const stackWith = (change: Partial<ConstructorParameters<typeof FederatedIdentity>[2]> = {}) =>
  synthesized((stack) => {
    new FederatedIdentity(new Construct(stack, "identities"), "external-dns-external-dns", {
      name: "acme-azure-platform-external-dns",
      context,
      aks,
      serviceAccount: { namespace: "external-dns", name: "external-dns" },
      roles: {
        rights: { role: "DNS Zone Contributor", scope: `${GROUP}/providers/Microsoft.Network/dnsZones/acme.example` },
        "list-zones": { role: "Reader", scope: GROUP },
      },
      ...change,
    });
  });

describe("an identity", () => {
  const stack = stackWith();

  test("lies in the platform's group and trusts one service account of the cluster", () => {
    expect(ofType(stack, "azurerm_user_assigned_identity")[0]?.attributes).toMatchObject({
      name: "acme-azure-platform-external-dns",
      resource_group_name: "acme-azure-platform",
      location: "swedencentral",
    });
    expect(ofType(stack, "azurerm_federated_identity_credential").map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        name: "external-dns",
        issuer: "https://issuer.example",
        subject: "system:serviceaccount:external-dns:external-dns",
        audience: ["api://AzureADTokenExchange"],
      }),
    ]);
  });

  test("has its roles, said to be those of a service principal, so that Azure does not look for one that is too new", () => {
    expect(
      ofType(stack, "azurerm_role_assignment").map(({ attributes }) => [
        attributes["role_definition_name"],
        attributes["scope"],
        attributes["principal_type"],
      ]),
    ).toEqual([
      ["Reader", GROUP, "ServicePrincipal"],
      ["DNS Zone Contributor", `${GROUP}/providers/Microsoft.Network/dnsZones/acme.example`, "ServicePrincipal"],
    ]);
  });

  test("keeps the addresses of states that are there", () => {
    expect(stack.resources.map(({ address }) => address)).toEqual([
      "azurerm_federated_identity_credential.identities_external-dns-external-dns_credential_FC0F1852",
      "azurerm_role_assignment.identities_external-dns-external-dns_list-zones_D405506F",
      "azurerm_role_assignment.identities_external-dns-external-dns_rights_A82C3356",
      "azurerm_user_assigned_identity.identities_external-dns-external-dns_identity_C0026985",
    ]);
  });

  test("removes its trust only after the cluster's update: it alone stands between that and releases", () => {
    const createdFirst = stack.resources.filter(({ attributes }) => attributes["lifecycle"] !== undefined);
    expect(createdFirst.map(({ type, attributes }) => [type, attributes["lifecycle"]])).toEqual([
      ["azurerm_federated_identity_credential", { create_before_destroy: true }],
    ]);
    for (const assignment of ofType(stack, "azurerm_role_assignment"))
      expect(JSON.stringify(assignment.attributes)).not.toContain("issuer");
  });

  test("waits with its roles, and not with itself, for what their scopes are made by", () => {
    const waiting = synthesized((stack) => {
      const group = new ResourceGroup(stack, "group", { name: "dns", location: "swedencentral" });
      new FederatedIdentity(stack, "identity", {
        name: "dns",
        context,
        aks,
        serviceAccount: { namespace: "external-dns", name: "external-dns" },
        roles: { rights: { role: "Reader", scope: GROUP } },
        dependsOn: [group],
      });
    });
    expect(
      waiting.resources.filter(({ attributes }) => attributes["depends_on"] !== undefined).map(({ type }) => type),
    ).toEqual(["azurerm_role_assignment"]);
  });

  test("has a credential of three characters for an account of two", () => {
    const short = stackWith({ serviceAccount: { namespace: "team-web", name: "ci" } });
    expect(ofType(short, "azurerm_federated_identity_credential")[0]?.attributes).toMatchObject({
      name: "ci-",
      subject: "system:serviceaccount:team-web:ci",
    });
  });
});

test("a chart annotates the service account, labels its pods, and lets them reach Entra alone", () => {
  let identity: ReturnType<typeof workloadIdentity> | undefined;
  synthesized((stack) => {
    identity = workloadIdentity(
      new FederatedIdentity(stack, "identity", {
        name: "web",
        context,
        aks,
        serviceAccount: { namespace: "team-web", name: "web" },
        roles: {},
      }),
    );
  });
  expect(Object.keys(identity?.serviceAccountAnnotations ?? {})).toEqual(["azure.workload.identity/client-id"]);
  expect(identity?.podLabels).toEqual({ "azure.workload.identity/use": "true" });
  expect(identity?.credentials).toEqual([
    { cidr: "20.20.32.0/19", port: 443 },
    { cidr: "20.190.128.0/18", port: 443 },
    { cidr: "20.231.128.0/19", port: 443 },
    { cidr: "40.126.0.0/18", port: 443 },
  ]);
});

describe("a team's identity", () => {
  const rights = (...roleAssignments: NonNullable<TeamServiceAccount["azure"]>["roleAssignments"]) => ({
    roleAssignments,
  });

  test("has a name that no other team's and none of the platform's can be", () => {
    const names = [
      teamIdentityName("acme-azure-platform", { namespace: "team-web", name: "api-x" }),
      teamIdentityName("acme-azure-platform", { namespace: "team-web-api", name: "x" }),
      "acme-azure-platform-team-web-api-x",
    ];
    expect(new Set(names).size).toBe(3);
    expect(teamIdentityName("a".repeat(120), { namespace: "team-web", name: "api" })).toHaveLength(128);
  });

  test("has a role assignment per role and scope, by ids that stay when others come and go", () => {
    const read = { role: "Storage Blob Data Reader", scope: UPLOADS };
    const write = { role: "Storage Blob Data Contributor", scope: UPLOADS };
    const both = teamRoles(rights(read, write));
    expect(Object.keys(both)).toEqual([
      expect.stringMatching(/^storage-blob-data-reader-[0-9a-f]{8}$/),
      expect.stringMatching(/^storage-blob-data-contributor-[0-9a-f]{8}$/),
    ]);
    expect(both).toMatchObject(teamRoles(rights(write)));
    expect(Object.values(both)).toEqual([read, write]);
  });

  test("has one assignment where a role is asked for twice in other letters: Azure would refuse the second", () => {
    const twice = teamRoles(
      rights({ role: "Reader", scope: UPLOADS }, { role: "reader", scope: UPLOADS.toUpperCase() }),
    );
    expect(Object.keys(twice)).toHaveLength(1);
  });
});
