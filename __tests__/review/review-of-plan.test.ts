import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import schema from "../../review/review.schema.json";
import { reviewOfPlan, type Planned } from "../support/plans";

const quota = (cpu: string, team = "web") => ({
  metadata: [{ name: "team", namespace: `team-${team}`, labels: { "stackyard.dev/team": team } }],
  spec: [{ hard: { "requests.cpu": cpu, "requests.memory": "32Gi" } }],
});
const QUOTA = "kubernetes_resource_quota_v1.teams_web_team-web_quota_1234ABCD";
const quotaChange = (before: string, after: string): Planned => ({
  address: QUOTA,
  actions: ["update"],
  before: quota(before),
  after: quota(after),
});
const argoCd = (version: string) => ({
  name: "argo-cd",
  namespace: "argocd",
  chart: "argo-cd",
  version,
  values: ["a: 1\n"],
});
const texts = (resources: readonly Planned[], more = {}) =>
  reviewOfPlan(resources, more).stacks[0]?.findings.map(({ level, text }) => [level, text]);

test("nothing changes", () => {
  expect(reviewOfPlan([{ address: "x_y.z", actions: ["no-op"], before: { a: 1 }, after: { a: 1 } }])).toMatchObject({
    level: "none",
    verdict: "Nothing changes in test.",
  });
});

test("a team's quota is said in cores, before and after", () => {
  expect(texts([quotaChange("8", "12")])).toEqual([["routine", "web gains 4 cores in namespace team-web (8 → 12)"]]);
});

test("less, and very much more, deserve a second look", () => {
  expect(texts([quotaChange("8", "4")])).toEqual([["caution", "web loses 4 cores in namespace team-web (8 → 4)"]]);
  expect(texts([quotaChange("8", "80")])).toEqual([
    ["caution", "web gains 72 cores in namespace team-web (8 → 80), 10 times as much"],
  ]);
});

test("a team of which nothing is left is removed", () => {
  expect(texts([{ address: QUOTA, actions: ["delete"], before: quota("8") }])).toEqual([
    ["danger", "team web is removed, with its namespaces and everything in them, volumes included (1 object)"],
  ]);
});

test("a replacement names what forces it, and what follows it", () => {
  const resources: Planned[] = [
    {
      address: "aws_vpc.network_vpc_1234ABCD",
      actions: ["delete", "create"],
      before: { cidr_block: "10.0.0.0/16" },
      after: { cidr_block: "10.8.0.0/16" },
      replacePaths: [["cidr_block"]],
    },
    {
      address: "aws_subnet.network_a_1234ABCD",
      actions: ["delete", "create"],
      before: { vpc_id: "vpc-1" },
      after: {},
      unknown: { vpc_id: true },
      replacePaths: [["vpc_id"]],
    },
  ];
  const configuration = {
    root_module: {
      resources: [
        {
          address: "aws_subnet.network_a_1234ABCD",
          expressions: { vpc_id: { references: ["aws_vpc.network_vpc_1234ABCD.id"] } },
        },
      ],
    },
  };
  expect(texts(resources, { configuration })).toEqual([
    [
      "danger",
      "the network (network/vpc) is replaced, because cidr_block changes: 10.0.0.0/16 → 10.8.0.0/16; 1 object follows: with all that has an address in it",
    ],
  ]);
});

test.each([
  ["10.1.1", "11.0.0", "caution", "a major version, with CRDs"],
  ["10.1.1", "10.2.0", "routine", "a minor version, with CRDs"],
  ["10.1.1", "9.9.9", "caution", "back to an older version, with CRDs"],
])("argo-cd from %s to %s is %s: %s", (before, after, level, words) => {
  expect(
    texts([
      {
        address: "helm_release.components_argo-cd_chart_release_1234ABCD",
        actions: ["update"],
        before: argoCd(before),
        after: argoCd(after),
      },
    ]),
  ).toEqual([[level, `the chart argo-cd goes from ${before} to ${after}, ${words}`]]);
});

test("a component of which nothing is left is said once", () => {
  const namespace = { metadata: [{ name: "keda" }] };
  expect(
    texts([
      {
        address: "helm_release.components_keda_chart_release_1234ABCD",
        actions: ["delete"],
        before: { ...argoCd("1.0.0"), name: "keda", chart: "keda" },
      },
      {
        address: "kubernetes_namespace_v1.components_keda_namespace_1234ABCD",
        actions: ["delete"],
        before: namespace,
      },
    ]),
  ).toEqual([["caution", "the component keda is removed (2 objects)"]]);
});

test("drift is told apart from changes", () => {
  const review = reviewOfPlan([], {
    resource_drift: [JSON.parse(JSON.stringify({ ...drifted("a", "b") })) as object],
  });
  expect(review.stacks[0]).toMatchObject({
    counts: { drift: 1, update: 0 },
    findings: [{ level: "caution", text: "1 object was changed outside Terraform since the last apply" }],
  });
});

const drifted = (before: string, after: string) => ({
  address: "x_y.z",
  mode: "managed",
  type: "x_y",
  name: "z",
  change: {
    actions: ["update"],
    before: { a: before },
    after: { a: after },
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  },
});

describe("the fingerprint", () => {
  const of = (resources: readonly Planned[]) => reviewOfPlan(resources).fingerprint;
  const other: Planned = { address: "x_y.z", actions: ["create"], after: { a: 1 } };

  test("is the same for the same change in another order", () => {
    expect(of([quotaChange("8", "9"), other])).toBe(of([other, quotaChange("8", "9")]));
  });

  test("is another for another value", () => {
    expect(of([quotaChange("8", "9")])).not.toBe(of([quotaChange("8", "10")]));
  });

  test("does not see what two plans of one change differ in", () => {
    const release = (revision: number): Planned => ({
      address: "helm_release.r",
      actions: ["update"],
      before: { ...argoCd("1.0.0"), metadata: [{ revision }] },
      after: argoCd("1.0.1"),
      unknown: { metadata: true },
    });
    expect(of([release(1)])).toBe(of([release(2)]));
  });
});

test("the JSON keeps to its published schema", () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  const review: unknown = JSON.parse(
    JSON.stringify(reviewOfPlan([quotaChange("8", "80"), { address: "x_y.z", actions: ["forget"], before: { a: 1 } }])),
  );
  validate(review);
  expect(validate.errors).toBeNull();
  expect(validate({ ...(review as object), level: "fine" })).toBe(false);
});
