/** docs/azure-permissions.md says who is given which role; here it is compared with what the stacks give. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allStacks } from "../../../config/layers";
import { asText, type SynthesizedStack } from "../../../policies/plan/synthesized-stack";
import { VARIANTS, variant } from "../../support/azure-variants";
import { ofType, synth } from "../../support/synth";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "azure-permissions.md"), "utf8");
/** Full name of the cluster in the variants, and of the identity that a team asks for in one of them. */
const PREFIX = "acme-azure-platform-";
const OF_TEAM = "acme-azure-platform_team-web_uploads";

const stacks: readonly SynthesizedStack[] = VARIANTS.flatMap((name) => {
  const platform = variant(name);
  return allStacks(platform)
    .filter(({ cluster }) => cluster.kind === "azure")
    .map((stack) => synth(platform, stack.name));
});

/** Roles that identities and groups get in some variant: `control-plane: Network Contributor`, or with the group's object id. */
const given = new Set(
  stacks.flatMap((stack) =>
    ofType(stack, "azurerm_role_assignment").map(({ attributes }) => {
      const principal = asText(attributes["principal_id"]);
      const [, address] = /^\$\{(azurerm_user_assigned_identity\..+)\.principal_id\}$/.exec(principal) ?? [];
      const identity = stack.resources.find((resource) => resource.address === address);
      const name = identity ? asText(identity.attributes["name"]).replace(PREFIX, "") : "groups";
      return `${name}: ${asText(attributes["role_definition_name"])}`;
    }),
  ),
);
const ours = [...given].filter((pair) => !pair.startsWith(`${OF_TEAM}: `));
const italics = (text = ""): readonly string[] =>
  [...text.matchAll(/_([A-Z][A-Za-z ]+)_/g)].map(([, role = ""]) => role);
const rows = (pattern: RegExp) => [...page.matchAll(pattern)];

test("every identity is explained with exactly the roles that it gets", () => {
  const explained = rows(/^\| `([a-z-]+)` +\|[^|]+\|[^|]+\|([^|]+)\|$/gm).flatMap(([, name, roles]) =>
    italics(roles).map((role) => `${name}: ${role}`),
  );
  expect(explained.sort()).toEqual(ours.filter((pair) => !pair.startsWith("groups: ")).sort());
});

test("every identity that is made has a row, whether it has roles or not", () => {
  const made = new Set(
    stacks.flatMap((stack) =>
      ofType(stack, "azurerm_user_assigned_identity").map(({ attributes }) =>
        asText(attributes["name"]).replace(PREFIX, ""),
      ),
    ),
  );
  made.delete(OF_TEAM);
  expect(
    rows(/^\| `([a-z-]+)` +\|[^|]+\|[^|]+\|[^|]+\|$/gm)
      .map(([, name]) => name)
      .filter((name) => !name?.startsWith("azure-"))
      .sort(),
  ).toEqual([...made].sort());
});

test("groups get what the page says", () => {
  const [table = ""] = /\| group[^]*?\n\n/.exec(page) ?? [];
  expect([...new Set(italics(table))].map((role) => `groups: ${role}`).sort()).toEqual(
    ours.filter((pair) => pair.startsWith("groups: ")).sort(),
  );
});

test("the condition lets a deploy give all these roles and no others, and take them again", () => {
  const table = new Map(rows(/^\| _([^|]+)_ +\| `([0-9a-f-]{36})` \|/gm).map(([, role = "", id = ""]) => [role, id]));
  expect([...table.keys()].sort()).toEqual([...new Set(ours.map((pair) => pair.replace(/^[^:]+: /, "")))].sort());
  const conditions = rows(/@(Request|Resource)\[.*GuidEquals \{([^}]+)\}/g);
  expect(conditions.map(([, of]) => of)).toEqual(["Request", "Resource"]);
  for (const [, , ids = ""] of conditions) expect(ids.split(", ").sort()).toEqual([...table.values()].sort());
});
