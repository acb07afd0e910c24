/** What a review says where somebody becomes administrator, or is none any more. */
import { ofAdministrators } from "../../../review/understand/findings/administrators";
import { changeOf, type Planned } from "../../support/plans";

/** Something that was there before and stays, so that the stack is not new. */
const KEPT: Planned = { address: "x_y.z", actions: ["no-op"], before: { a: 1 }, after: { a: 1 } };
const findingsOf = (...planned: readonly Planned[]) => ofAdministrators(changeOf([KEPT, ...planned]));
const said = (...planned: readonly Planned[]) => findingsOf(...planned).map(({ level, text }) => `${level}: ${text}`);

const association = (role: string) => ({
  cluster_name: "p",
  principal_arn: `arn:aws:iam::1:role/${role}`,
  policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
});
const entry: Planned = {
  address: "aws_eks_access_entry.access_audit_1234ABCD",
  actions: ["create"],
  after: { principal_arn: "arn:aws:iam::1:role/Audit" },
};
const administrator: Planned = {
  address: "aws_eks_access_policy_association.access_audit-admin_1234ABCD",
  actions: ["create"],
  after: association("Audit"),
};

describe("on AWS", () => {
  test("whoever gets the policy of administrators is named by group and role", () => {
    expect(said(entry, administrator)).toEqual([
      "caution: administrators change: audit (arn:aws:iam::1:role/Audit) gets AmazonEKSClusterAdminPolicy on the cluster",
    ]);
  });

  test("and whoever loses it", () => {
    expect(said({ ...administrator, actions: ["delete"], before: association("Ops"), after: null })).toEqual([
      "caution: administrators change: arn:aws:iam::1:role/Ops loses AmazonEKSClusterAdminPolicy on the cluster",
    ]);
  });

  test("a group that is only called otherwise has what it had", () => {
    const gone = { ...administrator, address: "aws_eks_access_policy_association.access_old-admin_1234ABCD" };
    expect(said(administrator, { ...gone, actions: ["delete"], before: association("Audit"), after: null })).toEqual(
      [],
    );
  });
});

const aks = (...groups: readonly string[]) => ({
  azure_active_directory_role_based_access_control: [{ admin_group_object_ids: groups }],
});
const assignment = (id: string, role: string, more: object = { principal_type: "Group" }) => ({
  principal_id: id,
  role_definition_name: role,
  scope: "/subscriptions/s/providers/Microsoft.KeyVault/vaults/p-vault",
  ...more,
});

describe("on Azure", () => {
  test("groups of the cluster's administrators, and their roles", () => {
    expect(
      said(
        {
          address: "azurerm_kubernetes_cluster.control-plane_cluster_1234ABCD",
          actions: ["update"],
          before: aks("ops-id"),
          after: aks("audit-id", "ops-id"),
        },
        {
          address: "azurerm_role_assignment.key-vault_admins_audit_1234ABCD",
          actions: ["create"],
          after: assignment("audit-id", "Key Vault Secrets Officer"),
        },
      ),
    ).toEqual([
      "caution: administrators change: audit (audit-id) gets cluster-admin on the cluster, Key Vault Secrets Officer on p-vault",
    ]);
  });

  test("who only fetches the cluster's address is no administrator", () => {
    const address = "azurerm_role_assignment.access_web_1234ABCD";
    const after = assignment("web-id", "Azure Kubernetes Service Cluster User Role");
    expect(said({ address, actions: ["create"], after })).toEqual([]);
  });

  test("a role of an identity is news where the identity was there before", () => {
    const role: Planned = {
      address: "azurerm_role_assignment.team-identities_team-web-uploads_reader_1234ABCD",
      actions: ["delete"],
      before: assignment("uploads-id", "Contributor", { principal_type: "ServicePrincipal" }),
    };
    const identity: Planned = {
      address: "azurerm_user_assigned_identity.team-identities_team-web-uploads_identity_1234ABCD",
      actions: ["delete"],
      before: { principal_id: "uploads-id" },
    };
    expect(said(role)).toEqual([
      "caution: roles of identities change: team-web-uploads (uploads-id) loses Contributor on p-vault",
    ]);
    expect(said(role, identity)).toEqual([]);
  });
});

const inside = (group: string) => `experimental:
  deploy:
    vcluster:
      manifests: |-
        kind: ClusterRoleBinding
        metadata:
          name: stackyard-administrators
        roleRef:
          kind: ClusterRole
          name: cluster-admin
        subjects:
          - kind: Group
            name: ${group}
`;
const tools = (group: string) => `configs: { rbac: { policy.csv: "g, ${group}, role:admin\\n" } }
resources:
  - kind: SecurityPolicy
    metadata: { name: prometheus }
    spec:
      authorization:
        rules: [{ name: administrators, principal: { jwt: { claims: [{ name: groups, values: [${group}] }] } } }]
  - kind: ConfigMap
    metadata: { name: keycloak-realm }
    data: { realm.json: '{"groups":[{"name":"${group}","clientRoles":{"gitea":["admin"]}}]}' }
`;
const release = (path: string, before: string, after: string): Planned => ({
  address: `helm_release.${path}_chart_release_1234ABCD`,
  actions: ["update"],
  before: { chart: "x", values: [before] },
  after: { chart: "x", values: [after] },
});

describe("in releases", () => {
  test("of environments and tools, each place is said", () => {
    const [finding] = findingsOf(
      release("components_argo-cd", tools("ops"), tools("crew")),
      release("environments_lab", inside("ops"), inside("crew")),
    );
    expect(finding?.text).toBe(
      "administrators change: crew gets cluster-admin in lab, argo-cd, prometheus, gitea; ops loses cluster-admin in lab, argo-cd, prometheus, gitea",
    );
    expect(finding?.addresses).toHaveLength(2);
  });

  test("what a new environment gives to those who administer the others is no news", () => {
    const { after, ...rest } = release("environments_lab", inside("ops"), inside("ops"));
    expect(said({ ...rest, actions: ["create"], before: null, after })).toEqual([]);
  });
});

test("bindings that Terraform makes of its own", () => {
  const binding = (group: string) => ({
    role_ref: [{ kind: "ClusterRole", name: "cluster-admin" }],
    subject: [{ kind: "Group", name: group }],
  });
  const address = "kubernetes_cluster_role_binding_v1.access_ops_1234ABCD";
  expect(said({ address, actions: ["update"], before: binding("ops"), after: binding("crew") })).toEqual([
    "caution: administrators change: crew gets cluster-admin on the cluster; ops loses cluster-admin on the cluster",
  ]);
});

test("a first deploy is not told who administers it, nor a cluster that comes later", () => {
  expect(ofAdministrators(changeOf([entry, administrator]))).toEqual([]);
  expect(said(administrator, { address: "aws_eks_cluster.c_1234ABCD", actions: ["create"], after: {} })).toEqual([]);
});
