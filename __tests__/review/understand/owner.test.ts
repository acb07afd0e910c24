/** Whose an object is. */
import { ownerOf } from "../../../review/understand/owner";
import { changeOf, type Planned } from "../../support/plans";

const namespace = (name: string, team: string): Planned => {
  const side = { metadata: [{ name, labels: { "stackyard.dev/team": team } }] };
  return {
    address: `kubernetes_namespace_v1.teams_${team}_${name}_namespace_1234ABCD`,
    actions: ["no-op"],
    before: side,
    after: side,
  };
};
const NAMESPACES = [namespace("team-pay", "pay"), namespace("team-pay-core", "core")];
const deleted = (address: string, before: object): Planned => ({ address, actions: ["delete"], before });
const owners = (...planned: readonly Planned[]) =>
  changeOf([...NAMESPACES, ...planned])
    .changes.filter(({ action }) => action === "delete")
    .map((change) => ownerOf(change));

describe("identities of service accounts", () => {
  const role = deleted("aws_iam_role.team-identities_team-pay-core-ledger_role_1234ABCD", { name: "r" });
  const association = "aws_eks_pod_identity_association.team-identities_team-pay-core-ledger_association_1234ABCD";
  const credential = "azurerm_federated_identity_credential.team-identities_team-pay-core-ledger_credential_1234ABCD";

  test.each([
    ["core", deleted(association, { namespace: "team-pay-core", service_account: "ledger" })],
    ["pay", deleted(association, { namespace: "team-pay", service_account: "core-ledger" })],
    ["core", deleted(credential, { subject: "system:serviceaccount:team-pay-core:ledger" })],
  ])("are of the team of their namespace: %s", (team, says) => {
    expect(owners(role, says)).toEqual([
      { kind: "team", name: team },
      { kind: "team", name: team },
    ]);
  });

  test("are nobody's in particular where the stack does not say it", () => {
    expect(owners(role)).toEqual([{ kind: "platform", name: "team-identities" }]);
  });
});
