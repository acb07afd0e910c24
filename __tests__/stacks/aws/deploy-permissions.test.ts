import {
  deployPolicy,
  type DeployPermissionsProps,
  type PolicyStatement,
} from "../../../stacks/aws/deploy-permissions";

const props: DeployPermissionsProps = {
  cluster: "acme-aws-platform",
  states: ["aws-platform"],
  backupBucket: "acme-aws-platform-backups",
  region: "eu-west-1",
  account: "123456789012",
  partition: "aws",
  stateBucket: undefined,
  types: new Set(["aws_eks_node_group", "aws_iam_role", "aws_iam_service_linked_role"]),
  planOnly: false,
};
const LINKED = "arn:aws:iam::123456789012:role/aws-service-role";

/** Statements that allow it on this very resource, pattern or not. */
function allowing(action: string, resource: string, change: Partial<DeployPermissionsProps> = {}): PolicyStatement[] {
  return deployPolicy({ ...props, ...change }).Statement.filter(
    ({ Action, Resource }) => Action.includes(action) && Resource.includes(resource),
  );
}

test("the role that EKS links to node groups may be seen, as EKS asks for it as the caller", () => {
  expect(allowing("iam:GetRole", `${LINKED}/eks-nodegroup.amazonaws.com/*`)).toHaveLength(1);
});

test("nobody asks for it without node groups, or in a plan", () => {
  const resource = `${LINKED}/eks-nodegroup.amazonaws.com/*`;
  expect(allowing("iam:GetRole", resource, { types: new Set(["aws_iam_role"]) })).toEqual([]);
  expect(allowing("iam:GetRole", resource, { planOnly: true })).toEqual([]);
});

test("linked roles are made for services by name, and deleted without a condition that deleting knows nothing of", () => {
  expect(allowing("iam:CreateServiceLinkedRole", `${LINKED}/*`).map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { "iam:AWSServiceName": expect.arrayContaining(["spot.amazonaws.com"]) as unknown } },
  ]);
  const deleting = allowing("iam:DeleteServiceLinkedRole", `${LINKED}/spot.amazonaws.com/*`);
  expect(deleting.map(({ Condition }) => Condition)).toEqual([undefined]);
  expect(deleting[0]?.Action).toContain("iam:GetServiceLinkedRoleDeletionStatus");
});
