/** A team's part of its cloud's secret store: what it reads, and that it reads nobody else's. */
import { asList, asObject, type Json } from "../../policies/plan/synthesized-stack";
import { vaultName } from "../../stacks/azure/secrets";
import { azureContext, GROUP } from "../support/azure";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, ofType, release, synth, valuesOf } from "../support/synth";

const withStore = (draft: Draft): void => {
  draft.teams.web.secretStore = true;
};
const storeOf = (name: string, team: string, change: (draft: Draft) => void = withStore): Json | undefined =>
  valuesOf(synth(platformOf(change), name), `team-${team}`)["secretStore"];

test("a team that asks for none has none", () => {
  expect(storeOf("aws-platform", "docs")).toBeUndefined();
  expect(storeOf("azure-platform", "docs")).toBeUndefined();
});

test("on EKS it reads the names below its own prefix", () => {
  expect(storeOf("aws-platform", "web")).toEqual({
    provider: { aws: { service: "SecretsManager", region: "eu-west-1", prefix: "acme-aws-platform/teams/web/" } },
  });
});

test("locally there is none", () => {
  expect(storeOf("local-platform", "web")).toBeUndefined();
});

test("without External Secrets nobody reads it, and what is in it stays", () => {
  const off = (draft: Draft): void => {
    withStore(draft);
    draft.components = { keycloak: false, gitea: false, "external-secrets": false };
  };
  expect(storeOf("azure-platform", "web", off)).toBeUndefined();
  const vaults = ofType(synth(platformOf(off), "azure-platform"), "azurerm_key_vault");
  expect(vaults.map(({ attributes }) => attributes["name"])).toContain(vaultName(azureContext(), "web"));
});

describe("on AKS", () => {
  const stack = synth(platformOf(withStore), "azure-platform");
  const context = azureContext();
  const own = ofType(stack, "azurerm_key_vault").find(({ path }) => path.includes("/team-vaults/web/"));
  const inOwn = (type: string) => ofType(stack, type).filter(({ path }) => path.includes("/team-vaults/web/"));

  test("it is a vault of the team's own, as closed as the platform's, billed to the team", () => {
    const platform = ofType(stack, "azurerm_key_vault").find(({ path }) => path.includes("/key-vault/"));
    const { name, tags, ...rest } = own?.attributes ?? {};
    const { name: _name, tags: _tags, ...closed } = platform?.attributes ?? {};
    expect(rest).toEqual(closed);
    expect(name).toBe(vaultName(context, "web"));
    expect(name).not.toBe(vaultName(context));
    expect(tags).toMatchObject({ "stackyard-team": "web", "stackyard-cost-center": "CC-1" });
  });

  test("it is read at its own address", () => {
    expect(asObject(asObject(asObject(storeOf("azure-platform", "web"))["provider"])["azurekv"])["vaultUrl"]).toBe(
      `https://${vaultName(context, "web")}.vault.azure.net`,
    );
  });

  test("its administrators write into it, and it is logged who reads", () => {
    expect(inOwn("azurerm_role_assignment").map(({ attributes }) => attributes)).toMatchObject([
      { role_definition_name: "Key Vault Secrets Officer", principal_type: "Group" },
    ]);
    expect(inOwn("azurerm_monitor_diagnostic_setting").map(({ attributes }) => attributes["enabled_log"])).toEqual([
      [{ category: "AuditEvent" }],
    ]);
  });

  test("External Secrets reads it, with a role on the group of vaults that is there only with such teams", () => {
    const roles = (of: typeof stack) =>
      ofType(of, "azurerm_role_assignment")
        .filter(({ path }) => path.includes("/identities/external-secrets-external-secrets/"))
        .map(({ attributes }) => [attributes["role_definition_name"], String(attributes["scope"])] as const);
    const before = roles(synth(platformOf(), "azure-platform"));
    const added = roles(stack).filter(([, scope]) => !before.some(([, known]) => known === scope));
    expect(added).toEqual([["Key Vault Secrets User", expect.stringMatching(/\/resourceGroups\/[^/]+$/)]]);
  });

  test("the store comes after the vault, and the network knows it", () => {
    const upstream = dependenciesOf(stack, release(stack, "team-web").address);
    for (const { address } of [
      ...(own ? [own] : []),
      ...inOwn("azurerm_private_endpoint"),
      ...ofType(stack, "azurerm_private_dns_zone_virtual_network_link").filter(({ path }) =>
        path.includes("/key-vault/"),
      ),
    ])
      expect(upstream).toContain(address);
  });

  test("in layers it finds what the others made by its name", () => {
    const teams = synth(
      platformOf((draft) => {
        withStore(draft);
        draft.clusters["azure-platform"].layout = "layered";
      }),
      "azure-teams",
    );
    const [endpoint] = ofType(teams, "azurerm_private_endpoint");
    expect(endpoint?.attributes).toMatchObject({
      subnet_id: `${GROUP}/providers/Microsoft.Network/virtualNetworks/acme-azure-platform/subnets/private-endpoints`,
      private_dns_zone_group: {
        private_dns_zone_ids: [`${GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`],
      },
    });
  });

  test("where the platform's vault is somebody else's there is none", () => {
    const named = (draft: Draft): void => {
      withStore(draft);
      draft.clusters["azure-platform"].secrets = { vault: `${GROUP}/providers/Microsoft.KeyVault/vaults/acme` };
    };
    expect(storeOf("azure-platform", "web", named)).toBeUndefined();
  });
});

test("only a team with a store may deliver ExternalSecrets by Argo CD, and only where it has it", () => {
  const groups = (stack: string, team: string) =>
    asList(
      asObject(asObject(valuesOf(synth(platformOf(withStore), stack), `team-${team}`)["appProject"])["spec"])[
        "namespaceResourceWhitelist"
      ],
    ).map((entry) => asObject(entry)["group"]);
  expect(groups("aws-platform", "web")).toContain("external-secrets.io");
  expect(groups("aws-platform", "docs")).not.toContain("external-secrets.io");
  expect(groups("local-platform", "web")).not.toContain("external-secrets.io");
});
