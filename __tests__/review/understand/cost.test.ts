import { readInfracost } from "../../../review/read/infracost";
import { costOf, showCost, totalOf } from "../../../review/understand/cost";
import { changeOf, type Planned } from "../../support/plans";

const labels = (team: string) => ({ "stackyard.dev/team": team, "stackyard.dev/node-pool": "gpu" });
const vmPool = (most: number, size = "Standard_D4ds_v5") => ({
  name: "p",
  vm_size: size,
  max_count: most,
  node_labels: labels("ml"),
});
const NODES = "azurerm_kubernetes_cluster_node_pool.node-pools_ml_gpu_1234ABCD";
const karpenter = (cpu: string, categories: readonly string[] = ["m"]) => ({
  name: "node-pools-web",
  values: [
    JSON.stringify({
      resources: [
        {
          kind: "NodePool",
          metadata: { name: "web-main" },
          spec: {
            limits: { cpu },
            template: {
              spec: {
                requirements: [
                  { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
                  { key: "karpenter.k8s.aws/instance-category", operator: "In", values: categories },
                ],
              },
            },
          },
        },
      ],
    }),
  ],
});
const POOLS = "helm_release.node-pools_web_chart_release_1234ABCD";
const update = (address: string, before: object, after: object): Planned => ({
  address,
  actions: ["update"],
  before,
  after,
});
const cost = (...resources: readonly Planned[]) => costOf(changeOf(resources));

test("an AKS pool costs at most all of its machines, all month", () => {
  expect(cost(update(NODES, vmPool(2), vmPool(3)))?.items).toEqual([
    { what: "pool gpu", team: "ml", before: 0.068 * 4 * 2 * 730, after: 0.068 * 4 * 3 * 730 },
  ]);
});

test("a NodePool costs at most its limit in cores of the dearest machine that it may have", () => {
  expect(cost(update(POOLS, karpenter("10"), karpenter("20", ["m", "r"])))?.items).toEqual([
    { what: "pool web-main", team: "web", before: 10 * 0.1044 * 730, after: 20 * 0.1172 * 730 },
  ]);
});

test("a node group costs at most its most nodes of the dearest of its types", () => {
  const group = (size: number) => ({
    instance_types: ["m7i.large", "m6i.xlarge"],
    scaling_config: [{ max_size: size }],
  });
  expect(cost(update("aws_eks_node_group.system-nodes_node-group_1234ABCD", group(2), group(3)))?.items).toEqual([
    { what: "node group system-nodes/node-group", before: 2 * 4 * 0.1044 * 730, after: 3 * 4 * 0.1044 * 730 },
  ]);
});

test("what is not in the table is not guessed", () => {
  expect(cost(update(NODES, vmPool(2, "Standard_M832ixs_v2"), vmPool(3, "Standard_M832ixs_v2")))).toBeUndefined();
  expect(cost(update(POOLS, karpenter("10", ["x9"]), karpenter("20", ["x9"])))).toBeUndefined();
});

test("where no price changes there is nothing to say", () => {
  expect(cost(update("x_y.z", { a: 1 }, { a: 2 }))).toBeUndefined();
});

describe("Infracost's figures count instead", () => {
  const side = (amount: string | null) => ({
    resources: [
      { name: NODES, monthlyCost: amount },
      { name: "x.y", monthlyCost: "5" },
    ],
  });
  const project = (name: string, before: string, after: string | null) => ({
    name,
    pastBreakdown: side(before),
    breakdown: side(after),
  });
  const of = (...projects: readonly object[]) =>
    costOf(
      changeOf([update(NODES, vmPool(2), vmPool(3))], {}, "azure-platform"),
      readInfracost(JSON.stringify({ currency: "EUR", projects })),
    );

  test("with their owner, and only what differs", () => {
    expect(of(project("x", "10.5", "20"))).toEqual({
      currency: "EUR",
      basis: "as Infracost says",
      atMost: false,
      items: [{ what: NODES, team: "ml", before: 10.5, after: 20 }],
    });
  });

  test("of several projects those of the stack", () => {
    expect(
      of(project("cdktf.out/stacks/aws-platform", "1", "2"), project("cdktf.out/stacks/azure-platform", "3", "4"))
        ?.items,
    ).toMatchObject([{ before: 3, after: 4 }]);
  });

  test("what it has no price for is nothing", () => {
    expect(of(project("x", "10", null))?.items).toMatchObject([{ before: 10, after: 0 }]);
  });

  test.each(["{", "[]", '{"projects": 1}'])("%s is not Infracost's", (text) => {
    expect(() => readInfracost(text)).toThrow(/write it with: infracost diff --format json$/);
  });
});

test("amounts are short, and signed where they are differences", () => {
  expect([showCost(1234.4, "USD"), showCost(1.239, "USD", true), showCost(-5000, "EUR", true), showCost(0, "USD", true)]).toEqual([
    "1,234 USD", "+1.24 USD", "-5,000 EUR", "0 USD",
  ]); // prettier-ignore
});

test("a total is the sum of both sides", () => {
  expect(
    totalOf({
      currency: "USD",
      basis: "",
      atMost: true,
      items: [
        { what: "a", before: 1, after: 2 },
        { what: "b", before: 3, after: 0 },
      ],
    }),
  ).toEqual({
    before: 4,
    after: 2,
  });
});
