/** What the commands make of answers, without asking anybody. */
import type { AwsClients } from "../../../../stacks/aws/operations/clients";
import { signInProblem, describe as describeError } from "../../../../stacks/aws/operations/errors";
import { policySource } from "../../../../stacks/aws/operations/identity";
import { merge } from "../../../../stacks/aws/operations/leftovers/leftovers";
import { ownerTags } from "../../../../stacks/aws/operations/leftovers/owner-tags";
import { ownedRecords, recordLeftovers } from "../../../../stacks/aws/operations/leftovers/records";
import { removal, removalOrder } from "../../../../stacks/aws/operations/leftovers/removal";
import { readArn } from "../../../../stacks/aws/operations/leftovers/tagged";
import { judgeAccess } from "../../../../stacks/aws/operations/preflight/access";
import { judgeCapabilities, judgeCompute } from "../../../../stacks/aws/operations/preflight/existing-cluster";
import { judgeZone } from "../../../../stacks/aws/operations/preflight/hosted-zone";
import { asks, judgePermissions } from "../../../../stacks/aws/operations/preflight/permissions";
import { judgeSpotRole } from "../../../../stacks/aws/operations/preflight/spot-role";
import { judgeTerraform } from "../../../../stacks/aws/operations/preflight/tools";
import { judgeTypes, judgeZones } from "../../../../stacks/aws/operations/preflight/zones-and-types";
import { judgeDelegation } from "../../../../stacks/delegation";
import { findStack } from "../../../../config/layers";
import type { AwsCluster } from "../../../../config/clouds/aws";
import { platformOf, theirEks } from "../../../support/config";

const error = (name: string, message: string, status = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe("signing in", () => {
  test.each([
    ["ExpiredTokenException", /^the AWS credentials have expired: /],
    ["ExpiredToken", /^the AWS credentials have expired: /],
    ["InvalidClientTokenId", /^AWS does not accept the credentials: /],
    ["CredentialsProviderError", /^no usable AWS credentials: /],
  ])("%s says what is wrong and what to do", (name, found) => {
    const problem = signInProblem(error(name, "The security token"));
    expect(problem?.found).toMatch(found);
    expect(problem?.fix).toContain("aws sso login");
  });

  test("anything else is not about signing in", () => {
    expect(signInProblem(error("AccessDenied", "no"))).toBeUndefined();
    expect(signInProblem(new TypeError("a bug"))).toBeUndefined();
  });

  test("an answer that the SDK could not read is one line with its status", () => {
    expect(describeError(error("SyntaxError", "Unexpected token '<'\n  Deserialization error", 500))).toBe(
      "SyntaxError: Unexpected token '<' (HTTP 500)",
    );
  });
});

test.each([
  ["arn:aws:iam::1:root", { kind: "root" }],
  ["arn:aws:iam::1:user/a/b", { kind: "user", name: "arn:aws:iam::1:user/a/b" }],
  ["arn:aws-cn:sts::1:assumed-role/Admin/me@x", { kind: "role", name: "Admin" }],
  ["arn:aws:sts::1:federated-user/x", undefined],
])("the policies of %s are those of %j", (arn, source) => {
  expect(policySource(arn)).toEqual(source);
});

test.each([
  ["arn:aws:sts::1:assumed-role/Admin/me", "ok"],
  ["arn:aws:sts::1:assumed-role/Administrator/me", "warn"],
  ["arn:aws:iam::1:user/me", "warn"],
  ["arn:aws:iam::1:root", "warn"],
])("%s, where arn:aws:iam::1:role/teams/Admin administers: %s", (arn, severity) => {
  const admins = [
    { name: "admins", sso: "admins", claim: "admins", aws: "arn:aws:iam::1:role/teams/Admin", azure: undefined },
  ];
  expect(judgeAccess(arn, admins).severity).toBe(severity);
});

describe("permissions", () => {
  const result = (EvalActionName: string, EvalDecision: "allowed" | "implicitDeny", missing: string[] = []) => ({
    EvalActionName,
    EvalDecision,
    MissingContextValues: missing,
  });

  test("all allowed", () => {
    expect(judgePermissions("arn:x", [result("ec2:CreateVpc", "allowed")])).toMatchObject([{ severity: "ok" }]);
  });

  test("denied is an error, denied for want of a condition's value a warning", () => {
    const results = [
      result("eks:CreateCluster", "implicitDeny"),
      result("iam:PassRole", "implicitDeny"),
      result("ec2:CreateVpc", "implicitDeny", ["aws:RequestTag/team"]),
      result("kms:CreateKey", "allowed"),
    ];
    expect(judgePermissions("arn:x", results)).toMatchObject([
      { severity: "error", found: "arn:x may not: eks:CreateCluster, iam:PassRole" },
      { severity: "warn", found: "whether arn:x may ec2:CreateVpc depends on aws:RequestTag/team" },
    ]);
  });

  test("each action is asked about for the resource that the plan would make", () => {
    const platform = platformOf((draft) => (draft.clusters["aws-platform"].state = { bucket: "acme-state" }));
    const stack = findStack(platform, "aws-platform", "aws");
    const { cluster } = stack;
    const identity = { account: "123456789012", arn: "", partition: "aws" };
    const types = new Set(["aws_eks_access_entry", "aws_sqs_queue", "data.aws_availability_zones"]);
    expect(
      asks({ platform, cluster, name: "acme-aws-platform", identity, stack, types }).map(({ resource }) => resource),
    ).toEqual([
      "arn:aws:eks:eu-west-1:123456789012:cluster/acme-aws-platform",
      "arn:aws:sqs:eu-west-1:123456789012:acme-aws-platform",
      "*",
      "arn:aws:s3:::acme-state",
      "arn:aws:s3:::acme-state/aws-platform.tfstate",
    ]);
  });

  test("of a stack that is a layer of its own, only its own state is asked about", () => {
    const platform = platformOf((draft) => {
      Object.assign(draft.clusters["aws-platform"], { state: { bucket: "acme-state" }, layout: "layered" });
    });
    const stack = findStack(platform, "aws-teams", "aws");
    const identity = { account: "123456789012", arn: "", partition: "aws" };
    const asked = asks({
      platform,
      cluster: stack.cluster,
      name: "acme-aws-platform",
      identity,
      stack,
      types: new Set(),
    });
    expect(asked.map(({ resource }) => resource).filter((arn) => arn.endsWith(".tfstate"))).toEqual([
      "arn:aws:s3:::acme-state/aws-platform.teams.tfstate",
    ]);
  });
});

describe("the hosted zone", () => {
  const zone = { zone: "Z1", name: "acme.example", isPrivate: false };
  test.each([
    ["aws.acme.example", zone, undefined],
    ["acme.example", zone, undefined],
    ["notacme.example", zone, "error"],
    ["aws.acme.example", { ...zone, isPrivate: true }, "error"],
  ])("%s in %j: %s", (domain, found, severity) => {
    expect(judgeZone(found, domain)?.severity).toBe(severity);
  });

  const expected = ["ns-1.example.org", "ns-2.example.org"];
  test.each([
    ["the same, written otherwise", ["NS-2.example.org.", "ns-1.example.org"], "ok"],
    ["some", ["ns-1.example.org"], "warn"],
    ["one too many", [...expected, "ns-9.example.net"], "warn"],
    ["none", [], "warn"],
    ["no answer", undefined, "warn"],
    ["others", ["ns-9.example.net"], "error"],
  ])("DNS answers %s", (_what, answered, severity) => {
    const finding = judgeDelegation("acme.example", expected, answered);
    expect(finding.severity).toBe(severity);
    expect(finding.fix === undefined).toBe(severity === "ok");
  });
});

test.each([
  ["Terraform v1.13.2\non linux_amd64", "ok"],
  ["Terraform v1.10.0", "ok"],
  ["Terraform v1.9.8\n\nYour version is out of date! The latest version is 1.13.2.", "error"],
  ["who knows", "warn"],
  [undefined, "error"],
])("terraform says %j: %s", (output, severity) => {
  expect(judgeTerraform(output).severity).toBe(severity);
});

test("zones are enough, or not", () => {
  expect(judgeZones("r", ["a", "b", "c"], 3).severity).toBe("ok");
  expect(judgeZones("us-west-1", ["us-west-1a", "us-west-1c"], 3)).toMatchObject({
    severity: "error",
    found: "us-west-1 has 2 that EKS can use (us-west-1a, us-west-1c), the config asks for 3",
  });
});

test.each([
  [["m6i.large"], "ok"],
  [["m6i.large", "m7i.large"], "ok"],
  [["m7i.large"], "warn"],
  [["m6i.large", "m99.huge"], "warn"],
  [["m99.huge"], "error"],
])("instance types %j: %s", (types, severity) => {
  const offers = new Map([
    ["m6i.large", new Set(["a", "b"])],
    ["m7i.large", new Set(["a"])],
  ]);
  expect(judgeTypes({ who: "systemNodes", types }, offers, ["a", "b"]).severity).toBe(severity);
});

describe("a cluster that is there", () => {
  test("Auto Mode and a managed Argo CD are refused with the reason", () => {
    expect(judgeCompute({ computeConfig: { enabled: true } })).toMatchObject([
      { severity: "error", found: expect.stringContaining("its own Karpenter") },
    ]);
    expect(judgeCapabilities(["ACK", "ARGOCD"])).toMatchObject([
      { severity: "error", found: expect.stringContaining("managed Argo CD") },
    ]);
  });

  test("without them there is nothing to say; not knowing is a warning", () => {
    expect(judgeCompute({ computeConfig: { enabled: false } })).toEqual([]);
    expect(judgeCompute({})).toEqual([]);
    expect(judgeCapabilities(["ACK"])).toEqual([]);
    expect(judgeCapabilities(undefined)).toMatchObject([{ severity: "warn" }]);
  });
});

describe("leftovers", () => {
  test("what a cluster of somebody else has is theirs: only the platform's own tag counts there", () => {
    const owner = (existing: boolean) =>
      ownerTags({
        cluster: platformOf((d) => existing && theirEks(d.clusters["aws-platform"])).clusters[0] as AwsCluster,
        name: existing ? "theirs" : "acme-aws-platform",
        own: "acme-aws-platform",
      }).map(({ key, value }) => `${key}=${value}`);
    expect(owner(true)).toEqual(["stackyard-cluster=acme-aws-platform"]);
    expect(owner(false)).toContain("eks:eks-cluster-name=acme-aws-platform");
  });

  test.each([
    ["arn:aws:kms:eu-west-1:1:key/abc", "kms:key", "abc"],
    ["arn:aws:sqs:eu-west-1:1:acme", "sqs:queue", "acme"],
    ["arn:aws:logs:eu-west-1:1:log-group:/aws/eks/acme/cluster", "logs:log-group", "/aws/eks/acme/cluster"],
    ["arn:aws:logs:eu-west-1:1:log-group:/aws/eks/acme/cluster:*", "logs:log-group", "/aws/eks/acme/cluster"],
    ["arn:aws:eks:eu-west-1:1:nodegroup/acme/system-1/uuid", "eks:nodegroup", "acme/system-1/uuid"],
    ["arn:aws:events:eu-west-1:1:rule/acme-1", "events:rule", "acme-1"],
    ["arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/classic", "elasticloadbalancing:loadbalancer", "classic"],
    ["arn:aws:s3:::bucket", "s3:bucket", "bucket"],
  ])("%s is %s %s", (arn, type, id) => {
    expect(readArn(arn)).toEqual({ type, id });
  });

  test("what holds others is removed first; what nobody knows comes last, with a hint", () => {
    const order = ["elasticloadbalancing:loadbalancer", "ec2:instance", "ec2:network-interface", "ec2:security-group"];
    expect([...order].sort((a, b) => removalOrder(a) - removalOrder(b))).toEqual(order);
    expect(removalOrder("kafka:cluster")).toBeGreaterThan(removalOrder("route53:record"));
    expect(removal("kafka:cluster", "x", "eu-west-1", "aws-platform")).toBe(
      "see kafka:cluster x in the console of eu-west-1",
    );
    expect(removal("eks:addon", "x", "eu-west-1", "aws-platform")).toBe("npx cdktf destroy aws-platform");
  });

  test("a thing that is found twice is listed once, with both reasons", () => {
    const cluster = findStack(platformOf(), "aws-platform", "aws").cluster;
    const volume = { type: "ec2:volume", id: "vol-1" };
    const found = [
      { ...volume, why: "tag a=b" },
      { ...volume, why: "tag c=d" },
      { ...volume, why: "tag a=b" },
    ];
    expect(merge(found, { cluster })).toEqual([
      {
        ...volume,
        why: "tag a=b, tag c=d",
        remove: "aws ec2 delete-volume --region eu-west-1 --volume-id vol-1",
      },
    ]);
  });

  test("a cluster goes with the stack that made it, in layers as well", () => {
    const remove = (layout: string): string | undefined => {
      const platform = platformOf((draft) => (draft.clusters["aws-platform"].layout = layout));
      const on = findStack(platform, layout === "layered" ? "aws-cluster" : "aws-platform", "aws").cluster;
      return merge([{ type: "eks:cluster", id: "acme-aws-platform", why: "name" }], { cluster: on })[0]?.remove;
    };
    expect(remove("single")).toBe("npx cdktf destroy aws-platform");
    expect(remove("layered")).toBe("npx cdktf destroy aws-cluster");
  });

  test("records of another owner, and of nobody, are not the cluster's", () => {
    const record = (Name: string, Type: "A" | "TXT", Value: string) => ({
      Name,
      Type,
      TTL: 300,
      ResourceRecords: [{ Value }],
    });
    const owned = (name: string, owner: string) => [
      record(`${name}.`, "A", "192.0.2.1"),
      record(`a-${name}.`, "TXT", `"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=x"`),
    ];
    const records = [
      ...owned("argocd.acme.example", "acme-aws"),
      ...owned("gitea.acme.example", "acme-aws-2"),
      record("www.acme.example.", "A", "192.0.2.9"),
      record("acme.example.", "TXT", '"v=spf1 -all"'),
    ];
    expect(ownedRecords(records, "acme-aws").map((one) => one.record.Name)).toEqual([
      "a-argocd.acme.example.",
      "argocd.acme.example.",
    ]);
  });

  test("asks nothing about a zone that the platform makes: its id is not known, and it goes only when it is empty", async () => {
    const cluster = platformOf((d) => (d.clusters["aws-platform"].dns = { create: true })).clusters.find(
      ({ kind }) => kind === "aws",
    ) as AwsCluster;
    const found = await recordLeftovers.find({ cluster, name: "acme-aws", own: "acme-aws", clients: {} as AwsClients });
    expect(found).toEqual([]);
  });
});

describe("the role of spot", () => {
  const found = { there: false, ours: false, wanted: false, name: "aws-platform", pools: ["web/main"] };
  test.each([
    [{ there: true }, "ok"],
    [{ wanted: true }, "ok"],
    [{ wanted: true, there: true, ours: true }, "ok"],
    [{}, "error"],
    [{ wanted: true, there: true }, "error"],
  ])("%j: %s", (change, severity) => {
    expect(judgeSpotRole({ ...found, ...change }).severity).toBe(severity);
  });
});
