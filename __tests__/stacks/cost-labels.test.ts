/** Who pays, on everything that costs: namespaces, nodes, and what the cloud bills. */
import { asObject, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { CLUSTER_TAG } from "../../config/names";
import { platformOf, type Draft } from "../support/config";
import { KINDS, ofType, synth, valuesOf } from "../support/synth";

const platform = platformOf((d) => {
  d.tags = { "cost-center": "platform" };
  d.teams.web.project = "shop";
});
const stacks = new Map(KINDS.map((kind) => [kind, synth(platform, `${kind}-platform`)]));
const stackOf = (kind: (typeof KINDS)[number]) => stacks.get(kind) ?? synth(platform, `${kind}-platform`);

const WEB = { "stackyard.dev/team": "web", "stackyard.dev/cost-center": "CC-1", "stackyard.dev/project": "shop" };
const DOCS = { "stackyard.dev/team": "docs", "stackyard.dev/cost-center": "CC-2", "stackyard.dev/project": "docs" };
const SHARED = { "stackyard.dev/cost-center": "shared" };

describe.each(KINDS)("%s", (kind) => {
  test("each namespace says whose it is, and who pays", () => {
    const namespaces = ofType(stackOf(kind), "kubernetes_namespace_v1").map(({ attributes }) => {
      const { name, labels } = asObject(attributes["metadata"]);
      const own = Object.entries(asObject(labels)).filter(([key]) => key.startsWith("stackyard.dev/"));
      return [String(name), Object.fromEntries(own.filter(([key]) => key !== "stackyard.dev/routes"))] as const;
    });
    expect(namespaces.length).toBeGreaterThan(10);
    const others = namespaces.filter(([name]) => !/^(team|vcluster)-/.test(name));
    for (const [name, labels] of others) expect({ name, labels }).toMatchObject({ name, labels: SHARED });
    expect(Object.fromEntries(namespaces)).toMatchObject({
      "team-web": WEB,
      "team-docs": DOCS,
      "vcluster-acme-dev": { ...SHARED, "stackyard.dev/environment": "dev" },
    });
  });

  test("the ConfigMap of a team's report is the team's, and the report may write that alone", () => {
    expect(valuesOf(stackOf(kind), "team-web")).toMatchObject({
      labels: WEB,
      costReport: { namespace: kind === "local" ? "opencost" : "kubecost" },
    });
  });
});

/** The Karpenter objects of team web: how nodes are labelled, and how machines are tagged. */
function karpenter(stack: SynthesizedStack) {
  const objects = Object.values(valuesOf(stack, "node-pools-web")).flat().map(asObject);
  const find = (kind: string) => objects.find((object) => object["kind"] === kind) as Draft;
  return { labels: find("NodePool").spec.template.metadata.labels, tags: find("EC2NodeClass").spec.tags };
}

test("a team's nodes on AWS say who pays, to Kubernetes and on the bill", () => {
  const { labels, tags } = karpenter(stackOf("aws"));
  expect(labels).toMatchObject(WEB);
  expect(tags).toMatchObject({ ...WEB, "cost-center": "platform", [CLUSTER_TAG]: "acme-aws-platform" });
});

test("a team's nodes on Azure say who pays, to Kubernetes and on the bill", () => {
  const [pool] = ofType(stackOf("azure"), "azurerm_kubernetes_cluster_node_pool").filter(({ path }) =>
    path.includes("web"),
  );
  expect(pool?.attributes).toMatchObject({
    node_labels: WEB,
    tags: { "stackyard-team": "web", "stackyard-cost-center": "CC-1", "stackyard-project": "shop" },
  });
});

test("a team that names no project gets no label more on its nodes: Karpenter would replace them for it", () => {
  const { labels, tags } = karpenter(synth(platformOf(), "aws-platform"));
  for (const names of [labels, tags]) {
    expect(names).toMatchObject({ "stackyard.dev/team": "web", "stackyard.dev/cost-center": "CC-1" });
    expect(names).not.toHaveProperty(["stackyard.dev/project"]);
  }
});
