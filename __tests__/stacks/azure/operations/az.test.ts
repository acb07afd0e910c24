import { az, quoted } from "../../../../stacks/azure/operations/az";

const subscription = "00000000-0000-0000-0000-000000000000";

test("a command names its subscription, and quotes what a shell would take apart", () => {
  const id = `/subscriptions/${subscription}/providers/Microsoft.Authorization/locks/Do not delete`;
  expect(az({ subscription }, "lock delete", { ids: id })).toBe(
    `az lock delete --ids '${id}' --subscription ${subscription}`,
  );
  expect(az({ subscription }, "aks delete --yes", { "resource-group": "acme", name: "acme" })).toBe(
    `az aks delete --yes --resource-group acme --name acme --subscription ${subscription}`,
  );
});

test.each([
  ["acme-azure.1", "acme-azure.1"],
  ["$(reboot)", "'$(reboot)'"],
  ["it's", String.raw`'it'\''s'`],
  ["*", "'*'"],
  ["", "''"],
])("%s is one word of a shell: %s", (value, word) => {
  expect(quoted(value)).toBe(word);
});
