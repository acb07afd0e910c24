/** Destroy runs the edges backwards, so what a release needs to be removed in good order must be upstream of it. */
import { platformOf } from "../support/config";
import { dependenciesOf, ofType, release, synth } from "../support/synth";

const platform = platformOf();

describe("aws-platform", () => {
  const stack = synth(platform, "aws-platform");
  const egress = [
    "aws_route",
    "aws_nat_gateway",
    "aws_route_table_association",
    "aws_internet_gateway",
    "aws_eip",
  ].flatMap((type) => ofType(stack, type));
  const inner = ofType(stack, "helm_release").filter(({ attributes }) => attributes["namespace"] !== "kube-system");

  test.each(inner.map(({ attributes }) => String(attributes["name"])))(
    "egress, nodes, add-ons and Terraform's own access outlive %s",
    (name) => {
      const upstream = dependenciesOf(stack, release(stack, name).address);
      const must = [
        ...egress,
        ...["aws_eks_cluster", "aws_eks_node_group", "aws_eks_addon", "aws_eks_access_policy_association"].flatMap(
          (type) => ofType(stack, type),
        ),
        release(stack, "karpenter"),
        release(stack, "node-pools-shared"),
        release(stack, "aws-load-balancer-controller"),
      ];
      expect([...upstream]).toEqual(expect.arrayContaining(must.map(({ address }) => address)));
    },
  );

  test("pools stand on the controller, and that on its definitions, its rights and its queue", () => {
    const upstream = dependenciesOf(stack, release(stack, "node-pools-web").address);
    const must = [
      release(stack, "karpenter"),
      release(stack, "karpenter-crd"),
      ...["aws_sqs_queue_policy", "aws_cloudwatch_event_target", "aws_iam_role_policy_attachment"].flatMap((type) =>
        ofType(stack, type),
      ),
    ].filter(({ path }) => !path.includes("control-plane") && !path.includes("ebs"));
    expect([...upstream]).toEqual(expect.arrayContaining(must.map(({ address }) => address)));
  });

  test("snapshots are defined before the driver looks for them, and before their class", () => {
    const addon = (name: string) =>
      ofType(stack, "aws_eks_addon").find(({ attributes }) => attributes["addon_name"] === name)?.address ?? "";
    expect(dependenciesOf(stack, addon("aws-ebs-csi-driver"))).toContain(addon("snapshot-controller"));
    expect([...dependenciesOf(stack, release(stack, "snapshot-class").address)]).toEqual(
      expect.arrayContaining([addon("aws-ebs-csi-driver"), addon("snapshot-controller")]),
    );
  });

  test("the gateway's load balancer goes while its controller, its rights, egress and Terraform's access are still there", () => {
    const upstream = dependenciesOf(stack, release(stack, "aws-load-balancer-controller").address);
    const must = [
      ...egress,
      ...["aws_eks_node_group", "aws_eks_addon", "aws_eks_access_policy_association"].flatMap((type) =>
        ofType(stack, type),
      ),
      ...stack.resources.filter(({ path }) => path.includes("/load-balancers/") && !path.includes("/controller/")),
    ];
    expect(must.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["aws_eks_pod_identity_association", "aws_iam_role", "aws_iam_role_policy"]),
    );
    expect([...upstream]).toEqual(expect.arrayContaining(must.map(({ address }) => address)));
    const namespace = ofType(stack, "kubernetes_namespace_v1").find(({ path }) => path.includes("/envoy-gateway/"));
    expect(dependenciesOf(stack, namespace?.address ?? "")).toContain(
      release(stack, "aws-load-balancer-controller").address,
    );
  });

  test("operators outlive what teams and environments made with their custom resources", () => {
    const operators = [
      "cert-manager",
      "secret-store",
      "external-secrets",
      "gateway",
      "external-dns",
      "cloudnative-pg",
    ].map((name) => release(stack, name).address);
    const namespaces = ofType(stack, "kubernetes_namespace_v1").filter(({ path }) =>
      /\/(teams|environments)\//.test(path),
    );
    expect(namespaces.length).toBeGreaterThan(2);
    for (const namespace of namespaces) {
      expect([...dependenciesOf(stack, namespace.address)]).toEqual(expect.arrayContaining(operators));
    }
  });

  test("no release stands on a team's pools", () => {
    const pools = release(stack, "node-pools-web").address;
    for (const { address } of ofType(stack, "helm_release"))
      expect(dependenciesOf(stack, address)).not.toContain(pools);
  });
});

describe("azure-platform", () => {
  const stack = synth(platform, "azure-platform");
  const shared = ofType(stack, "azurerm_kubernetes_cluster_node_pool").filter(({ path }) =>
    path.includes("/shared-pool/"),
  );
  const teams = ofType(stack, "azurerm_kubernetes_cluster_node_pool").filter(({ path }) =>
    path.includes("/node-pools/"),
  );

  const inner = ofType(stack, "helm_release").filter(({ attributes }) => attributes["namespace"] !== "kube-system");

  test.each(inner.map(({ attributes }) => String(attributes["name"])))(
    "egress, cluster and shared nodes outlive %s",
    (name) => {
      const upstream = dependenciesOf(stack, release(stack, name).address);
      const must = [
        ...[
          "azurerm_subnet_nat_gateway_association",
          "azurerm_nat_gateway_public_ip_association",
          "azurerm_kubernetes_cluster",
        ].flatMap((type) => ofType(stack, type)),
        ...shared,
      ];
      expect(must).toHaveLength(4);
      expect([...upstream]).toEqual(expect.arrayContaining(must.map(({ address }) => address)));
    },
  );

  test("no release stands on a team's pools, and pools are replaced by new ones first", () => {
    expect(teams).toHaveLength(1);
    for (const { address } of ofType(stack, "helm_release"))
      expect(dependenciesOf(stack, address)).not.toContain(teams[0]?.address);
    for (const { attributes } of [...shared, ...teams])
      expect(attributes["lifecycle"]).toMatchObject({ create_before_destroy: true });
  });
});
