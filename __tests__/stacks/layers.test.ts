/** One stack or three: the same resources, under the same addresses, each in the layer that owns it. */
import { platformOf, type Draft } from "../support/config";
import { byAddress, ofType, synth } from "../support/synth";

const NAMES = ["aws-cluster", "aws-platform", "aws-teams"] as const;

const layered = (change: (draft: Draft) => void = () => undefined) => {
  const platform = platformOf((d) => {
    d.clusters["aws-platform"].layout = "layered";
    d.teams.web.serviceAccounts = { reader: { aws: { managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } } };
    change(d);
  });
  return NAMES.map((name) => synth(platform, name));
};
const single = synth(
  platformOf((d) => {
    d.teams.web.serviceAccounts = { reader: { aws: { managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } } };
  }),
  "aws-platform",
);
const layers = layered();
const addresses = (stack: (typeof layers)[number]) => stack.resources.map(({ address }) => address);

test("the layers together are the one stack, and no address is in two of them", () => {
  const all = layers.flatMap(addresses);
  expect(new Set(all).size).toBe(all.length);
  expect(all.sort()).toEqual(addresses(single).sort());
});

test.each([
  ["aws-cluster", ["aws_eks_cluster", "aws_vpc", "aws_eks_node_group", "aws_eks_addon", "aws_kms_key"]],
  ["aws-platform", ["aws_sqs_queue", "aws_cloudwatch_event_rule", "kubernetes_storage_class_v1"]],
  ["aws-teams", ["kubernetes_resource_quota_v1"]],
])("%s owns %s", (name, types) => {
  for (const type of types) {
    for (const stack of layers) expect(ofType(stack, type).length > 0).toBe(stack.name === name);
  }
});

test("the layer of the cluster has no Kubernetes in it, so its plan needs no API server", () => {
  const [cluster] = layers;
  expect(Object.keys(cluster?.json["provider"] as object)).toEqual(["aws"]);
});

test("the later layers find the cluster by its name and nothing else of the earlier ones", () => {
  for (const stack of layers.slice(1)) {
    expect(JSON.stringify(stack.json["data"])).toContain('"aws_eks_cluster"');
    expect(JSON.stringify(stack.json)).not.toContain("terraform_remote_state");
  }
});

test("a team's change touches the layer of the teams alone", () => {
  const before = layers.map(byAddress);
  const after = layered((d) => {
    d.teams.web.quota.cpu = 5;
    d.teams.web.environments.dev.cpu = 3;
    d.teams.web.nodePools.main.limits.cpu = 40;
  }).map(byAddress);
  expect(
    NAMES.filter(
      (_name, index) => JSON.stringify([...(before[index] ?? [])]) !== JSON.stringify([...(after[index] ?? [])]),
    ),
  ).toEqual(["aws-teams"]);
});

test("each layer has a state of its own, and none that of the one stack, which a deploy without the move would empty", () => {
  const stacks = layered((d) => (d.clusters["aws-platform"].state = { bucket: "acme" }));
  expect(stacks.map(({ json }) => (json["terraform"] as Draft).backend.s3.key)).toEqual([
    "aws-platform.cluster.tfstate",
    "aws-platform.platform.tfstate",
    "aws-platform.teams.tfstate",
  ]);
});

describe("a cluster that somebody else made", () => {
  const platform = platformOf((d) => {
    const aws = d.clusters["aws-platform"];
    aws.existing = "theirs";
    delete aws.access.public;
    aws.network.existing = {
      vpc: "vpc-11111111",
      privateSubnets: ["subnet-11111111", "subnet-22222222"],
      publicSubnets: ["subnet-33333333"],
    };
  });
  const stack = synth(platform, "aws-platform");

  test("gets the platform and the teams, and nothing of its own is made", () => {
    const made = new Set(stack.resources.map(({ type }) => type));
    for (const type of ["aws_eks_cluster", "aws_vpc", "aws_eks_node_group", "aws_eks_addon", "aws_kms_key"])
      expect(made).not.toContain(type);
    const [cluster] = layers;
    const ofCluster = new Set(cluster ? addresses(cluster) : []);
    const rest = addresses(single).filter((address) => !ofCluster.has(address) && !address.includes("reader"));
    expect(addresses(stack)).toEqual(expect.arrayContaining(rest));
  });

  test("has the same layers but the first", () => {
    const two = platformOf((d) => {
      Object.assign(d.clusters["aws-platform"], {
        existing: "theirs",
        layout: "layered",
        access: { admins: ["admins"] },
        network: {
          cidr: "10.0.0.0/16",
          existing: {
            vpc: "vpc-11111111",
            privateSubnets: ["subnet-11111111", "subnet-22222222"],
            publicSubnets: ["subnet-33333333"],
          },
        },
      });
    });
    expect(() => synth(two, "aws-cluster")).toThrow("no stack aws-cluster");
    expect(ofType(synth(two, "aws-platform"), "helm_release").length).toBeGreaterThan(10);
  });
});
