/** The commands against the AWS APIs as moto answers them. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsCluster } from "../../../../config/clouds/aws";
import { findStack } from "../../../../config/layers";
import type { Platform } from "../../../../config/platform";
import { awsOperations } from "../../../../stacks/aws/operations/aws-operations";
import { awsKubeconfig } from "../../../../stacks/aws/operations/kubeconfig";
import { awsClients, type AwsClients } from "../../../../stacks/aws/operations/clients";
import type { Finding, Operations, Surroundings } from "../../../../stacks/operations";
import { platformOf, type Draft } from "../../../support/config";
import { describeWithMoto, emptyMoto, env as outside, startMoto, stopMoto } from "../../../support/moto";

const root = join(__dirname, "..", "..", "..", "..");
const REGION = "eu-west-1";
const NAME = "acme-aws-platform";
const ACCOUNT = "123456789012";
const clients = awsClients(REGION);
/** Of a stack's resources; what a deploy needs follows from them. */
const TYPES = new Set(["aws_eks_cluster", "aws_vpc"]);
const NAME_SERVERS = ["ns-1.example.org", "ns-2.example.org"];
let nameServers: readonly string[];
const surroundings: Surroundings = {
  nameServers: () => Promise.resolve(nameServers),
  output: (tool) => Promise.resolve(`${tool} v1.13.2`),
};

/** The platform of smallConfig with a state, after a change. */
function platform(change: (cluster: Draft) => void = () => undefined): Platform {
  return platformOf((draft) => {
    draft.clusters["aws-platform"].account = ACCOUNT;
    draft.clusters["aws-platform"].state = { bucket: "acme-state" };
    change(draft.clusters["aws-platform"]);
  });
}

function operations(made = platform(), zone = "Z0123456789ABCDEFGHIJ", replaced: Partial<AwsClients> = {}): Operations {
  const cluster: AwsCluster = { ...findStack(made, "aws-platform", "aws").cluster, dns: { zone } };
  return awsOperations(made, cluster, surroundings, { ...clients, ...replaced });
}

const tags = (record: Record<string, string>) => Object.entries(record).map(([Key, Value]) => ({ Key, Value }));
const about = (findings: readonly Finding[], subject: string) =>
  findings.filter((finding) => finding.subject === subject);
const errors = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === "error");

/** A hosted zone; moto gives it an id that a config would refuse, so it goes in behind the config's check. */
async function makeZone(name = "acme.example"): Promise<string> {
  const made = await clients.route53().createHostedZone({ Name: name, CallerReference: "test" });
  nameServers = made.DelegationSet?.NameServers ?? [];
  return made.HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
}

describeWithMoto("against the AWS APIs", () => {
  beforeAll(startMoto);
  afterAll(stopMoto);
  beforeEach(async () => {
    await emptyMoto();
    nameServers = NAME_SERVERS;
  });

  describe("kubeconfig", () => {
    const kubeconfig = (change?: (cluster: Draft) => void) => {
      const made = platform(change);
      return awsKubeconfig(made, findStack(made, "aws-platform", "aws").cluster, clients);
    };
    const inParameters = (cluster: Draft): void => {
      cluster.kubeconfigStore = { kind: "ssm" };
    };

    test("reaches the cluster at its address, by a token of the AWS CLI", async () => {
      await clients.eks().createCluster({
        name: NAME,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/a`,
        resourcesVpcConfig: { subnetIds: [] },
      });
      const { cluster } = await clients.eks().describeCluster({ name: NAME });
      expect(await kubeconfig().host()).toEqual({
        kind: "exec",
        server: cluster?.endpoint,
        certificateAuthority: cluster?.certificateAuthority?.data,
        exec: {
          apiVersion: "client.authentication.k8s.io/v1beta1",
          command: "aws",
          args: ["--region", REGION, "eks", "get-token", "--cluster-name", NAME, "--output", "json"],
          installHint: "install the AWS CLI, version 2: https://docs.aws.amazon.com/cli",
        },
      });
    });

    test("says that there is no cluster, and that the account is another", async () => {
      await expect(kubeconfig().host()).rejects.toThrow(
        `there is no cluster ${NAME} in ${REGION}; deploy aws-platform first`,
      );
      await expect(kubeconfig((cluster) => (cluster.account = "999999999999")).host()).rejects.toThrow(
        /you are signed in to account 123456789012/,
      );
    });

    test("keeps texts in Parameter Store, and the last one that was put", async () => {
      const store = kubeconfig(inParameters).store();
      const name = `secret/kubeconfigs/${NAME}/dev`;
      expect(await store?.get(name)).toBeUndefined();
      await store?.put(name, "one");
      await store?.put(name, "two");
      expect(await store?.get(name)).toBe("two");
      expect((await clients.ssm().getParameter({ Name: `/${name}` })).Parameter?.Type).toBe("String");
      expect(kubeconfig().store()).toBeUndefined();
    });
  });

  describe("bootstrap", () => {
    test("makes the bucket with all that it needs; a second run changes nothing", async () => {
      const first = await operations().bootstrap({ dryRun: false });
      expect(first.map(({ outcome }) => outcome)).toEqual(Array(8).fill("made"));
      const s3 = clients.s3(REGION);
      const Bucket = "acme-state";
      expect((await s3.getBucketVersioning({ Bucket })).Status).toBe("Enabled");
      expect((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      });
      expect((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration?.Rules?.[0]).toMatchObject({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
      });
      expect((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls?.Rules).toEqual([
        { ObjectOwnership: "BucketOwnerEnforced" },
      ]);
      expect(JSON.parse((await s3.getBucketPolicy({ Bucket })).Policy ?? "").Statement).toEqual([
        {
          Sid: "OnlyEncryptedTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::acme-state", "arn:aws:s3:::acme-state/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
      expect((await s3.getBucketLifecycleConfiguration({ Bucket })).Rules).toMatchObject([
        {
          ID: "stackyard-state",
          Status: "Enabled",
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ]);
      expect((await s3.getBucketTagging({ Bucket })).TagSet).toEqual([{ Key: "managed-by", Value: "stackyard" }]);

      const second = await operations().bootstrap({ dryRun: false });
      expect(second.map(({ outcome }) => outcome)).toEqual(Array(8).fill("already so"));
    });

    test("a dry run makes nothing", async () => {
      const steps = await operations().bootstrap({ dryRun: true });
      expect(steps.map(({ outcome }) => outcome)).toEqual(Array(8).fill("planned"));
      expect((await clients.s3(REGION).listBuckets({})).Buckets).toEqual([]);
    });

    test("adds what a bucket lacks, and leaves what others have set", async () => {
      const s3 = clients.s3(REGION);
      const Bucket = "acme-state";
      await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } });
      await s3.putBucketEncryption({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } }],
        },
      });
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "owner", Value: "security" }] } });
      await s3.putBucketLifecycleConfiguration({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: "theirs", Status: "Enabled", Filter: { Prefix: "logs/" }, Expiration: { Days: 5 } }],
        },
      });
      const theirs = { Sid: "Theirs", Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*" };
      await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [theirs] }) });

      const steps = await operations().bootstrap({ dryRun: false });
      expect(steps.filter(({ outcome }) => outcome === "already so").map(({ what }) => what)).toEqual([
        "the bucket acme-state in eu-west-1",
        "encryption",
      ]);
      expect((await s3.getBucketTagging({ Bucket })).TagSet).toEqual(
        tags({ owner: "security", "managed-by": "stackyard" }),
      );
      expect((await s3.getBucketLifecycleConfiguration({ Bucket })).Rules?.map(({ ID }) => ID)).toEqual([
        "theirs",
        "stackyard-state",
      ]);
      expect(JSON.parse((await s3.getBucketPolicy({ Bucket })).Policy ?? "").Statement).toMatchObject([
        theirs,
        { Sid: "OnlyEncryptedTransport" },
      ]);
    });

    test("a bucket in another region is refused", async () => {
      await clients.s3("us-west-2").createBucket({
        Bucket: "acme-state",
        CreateBucketConfiguration: { LocationConstraint: "us-west-2" },
      });
      await expect(operations().bootstrap({ dryRun: false })).rejects.toThrow(
        'the bucket "acme-state" is in us-west-2, but the config looks for it in eu-west-1; set state.region to "us-west-2", or choose another name for state.bucket',
      );
    });

    test("a bucket of another account is refused", async () => {
      const assumed = await clients.sts().assumeRole({
        RoleArn: "arn:aws:iam::999999999999:role/Other",
        RoleSessionName: "other",
      });
      const { S3 } = jest.requireActual<typeof import("@aws-sdk/client-s3")>("@aws-sdk/client-s3");
      const theirs = new S3({
        region: REGION,
        credentials: {
          accessKeyId: assumed.Credentials?.AccessKeyId ?? "",
          secretAccessKey: assumed.Credentials?.SecretAccessKey ?? "",
          sessionToken: assumed.Credentials?.SessionToken ?? "",
        },
      });
      await theirs.createBucket({
        Bucket: "acme-state",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      });
      await expect(operations().bootstrap({ dryRun: false })).rejects.toThrow(
        'the bucket "acme-state" belongs to another account, or you may not read it (s3:ListBucket); choose another name for state.bucket',
      );
    });

    test("another account than the config's is refused before anything is made", async () => {
      const other = operations(platform((cluster) => (cluster.account = "999999999999")));
      await expect(other.bootstrap({ dryRun: false })).rejects.toThrow(
        /^you are signed in to account 123456789012 \(.*\), but clusters\.aws-platform\.account is 999999999999; sign in to that account/,
      );
      expect((await clients.s3(REGION).listBuckets({})).Buckets).toEqual([]);
    });

    test("without a state in the config there is nothing to make", async () => {
      const none = operations(platform((cluster) => delete cluster.state));
      await expect(none.bootstrap({ dryRun: false })).rejects.toThrow(/has no state in the config, .* add state: /);
    });
  });

  describe("preflight", () => {
    test("an account that is ready has no errors", async () => {
      const zone = await makeZone();
      await operations().bootstrap({ dryRun: false });
      const findings = await operations(platform(), zone).preflight("aws-platform", TYPES);
      expect(errors(findings)).toEqual([]);
      const fine = findings.filter(({ severity }) => severity === "ok").map(({ subject }) => subject);
      expect(fine).toEqual([
        "terraform",
        "aws",
        "kubectl",
        "account",
        "quota: NAT gateways in a zone",
        "quota: VPCs in the region",
        "zones",
        "instance types of systemNodes",
        "hosted zone",
        "delegation of the zone",
        "state bucket",
        "cluster",
      ]);
      // What moto does not know is a warning that says so.
      expect(about(findings, "permissions")).toMatchObject([
        { severity: "warn", found: expect.stringMatching(/^could not be looked at: .*HTTP 50/) },
      ]);
      expect(about(findings, "quota: on-demand vCPUs")).toMatchObject([{ severity: "warn" }]);
    });

    test("spot machines need a role that is once per account", async () => {
      const spot = platformOf((d) => (d.teams.web.nodePools.main.capacity = "spot"));
      const ask = async () => about(await operations(spot).preflight("aws-platform", TYPES), "role of spot");
      expect(await ask()).toMatchObject([{ severity: "error", found: expect.stringContaining("web/main") }]);
      // moto gives a service-linked role another name than AWS does.
      await clients.iam().createRole({ RoleName: "AWSServiceRoleForEC2Spot", AssumeRolePolicyDocument: "{}" });
      expect(await ask()).toMatchObject([{ severity: "ok" }]);
    });

    test("in a wrong account nothing else is looked at", async () => {
      const findings = await operations(platform((cluster) => (cluster.account = "999999999999"))).preflight(
        "aws-platform",
        TYPES,
      );
      expect(findings.at(-1)).toMatchObject({ severity: "error", subject: "account" });
      expect(findings).toHaveLength(4);
    });

    test("an empty account lacks zone and bucket, and what to do is said", async () => {
      const findings = await operations().preflight("aws-platform", TYPES);
      expect(errors(findings)).toEqual([
        {
          severity: "error",
          subject: "hosted zone",
          found: "there is no Z0123456789ABCDEFGHIJ in this account",
          fix: "make it (aws route53 create-hosted-zone), or correct clusters.aws-platform.dns.zone",
        },
        {
          severity: "error",
          subject: "state bucket",
          found: 'there is no bucket "acme-state"',
          fix: "run: npx stackyard bootstrap aws-platform",
        },
      ]);
    });

    test("a zone of another domain, and one that nobody asks", async () => {
      const other = await makeZone("other.example");
      expect(about(await operations(platform(), other).preflight("aws-platform", TYPES), "hosted zone")).toMatchObject([
        {
          severity: "error",
          found: `${other} is other.example, which does not hold the cluster's domain aws.acme.example`,
        },
      ]);
      const right = await makeZone();
      nameServers = [];
      expect(
        about(await operations(platform(), right).preflight("aws-platform", TYPES), "delegation of the zone"),
      ).toMatchObject([
        {
          severity: "warn",
          fix: expect.stringContaining("in the parent zone, let the NS record of acme.example name ns-"),
        },
      ]);
    });

    test("a bucket that is bare, and one in another region", async () => {
      await clients.s3(REGION).createBucket({
        Bucket: "acme-state",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      });
      expect(about(await operations().preflight("aws-platform", TYPES), "state bucket")).toMatchObject([
        { severity: "error", found: '"acme-state" lacks no public access, versioning, encryption' },
      ]);
      const elsewhere = platform((cluster) => (cluster.state.region = "us-east-1"));
      expect(about(await operations(elsewhere).preflight("aws-platform", TYPES), "state bucket")).toMatchObject([
        { severity: "error", fix: expect.stringContaining('set state.region to "eu-west-1"') },
      ]);
    });

    test("a region without room for one more VPC or gateway, and instance types that nobody offers", async () => {
      const ec2 = clients.ec2();
      for (const octet of [1, 2, 3, 4]) await ec2.createVpc({ CidrBlock: `10.${octet}.0.0/16` });
      const { Subnets = [] } = await ec2.describeSubnets({});
      for (let gateway = 0; gateway < 5; gateway++) await ec2.createNatGateway({ SubnetId: Subnets[0]?.SubnetId });
      const made = platform((cluster) => (cluster.systemNodes = { instanceTypes: ["m99.huge"] }));
      const findings = await operations(made).preflight("aws-platform", TYPES);
      expect(about(findings, "quota: VPCs in the region")).toEqual([
        {
          severity: "error",
          subject: "quota: VPCs in the region",
          found: "1 needed, 5 allowed, 5 in use by others",
          fix: "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code vpc --quota-code L-F678F1CE --desired-value 6",
        },
      ]);
      expect(about(findings, "quota: NAT gateways in a zone")).toMatchObject([{ severity: "error" }]);
      expect(about(findings, "instance types of systemNodes")).toMatchObject([
        { severity: "error", found: "the region offers none of m99.huge" },
      ]);
    });

    test("too few cores, with quotas injected: moto has none of EC2", async () => {
      const quotas = { getServiceQuota: () => Promise.resolve({ Quota: { Value: 3 } }) };
      const findings = await operations(platform(), undefined, { quotas: () => quotas as never }).preflight(
        "aws-platform",
        TYPES,
      );
      expect(about(findings, "quota: on-demand vCPUs")).toMatchObject([
        {
          severity: "error",
          found: expect.stringMatching(/3 allowed, .* too little for the first nodes of system nodes/),
        },
      ]);
      // The config asks for no spot and no GPU, so nobody is bothered with these.
      expect(findings.filter(({ subject }) => /spot|G and VT/.test(subject))).toEqual([]);
    });

    test("what IAM's simulation denies, injected: the role is asked for by its name", async () => {
      const asked: { PolicySourceArn?: string; ActionNames?: string[] }[] = [];
      const iam = {
        getRole: ({ RoleName }: { RoleName: string }) =>
          Promise.resolve({ Role: { Arn: `arn:aws:iam::${ACCOUNT}:role/teams/${RoleName}` } }),
        paginateSimulatePrincipalPolicy: async function* (ask: { PolicySourceArn: string; ActionNames: string[] }) {
          asked.push(ask);
          yield await Promise.resolve({
            EvaluationResults: ask.ActionNames.map((EvalActionName) => ({
              EvalActionName,
              EvalDecision: EvalActionName === "eks:CreateCluster" ? "explicitDeny" : "allowed",
            })),
          });
        },
      };
      const sts = {
        getCallerIdentity: () =>
          Promise.resolve({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/me` }),
      };
      const findings = await operations(platform(), undefined, {
        iam: () => iam as never,
        sts: () => sts as never,
      }).preflight("aws-platform", TYPES);
      expect(new Set(asked.map(({ PolicySourceArn }) => PolicySourceArn))).toEqual(
        new Set([`arn:aws:iam::${ACCOUNT}:role/teams/Admin`]),
      );
      expect(about(findings, "permissions")).toMatchObject([
        { severity: "error", found: `arn:aws:iam::${ACCOUNT}:role/teams/Admin may not: eks:CreateCluster` },
      ]);
      expect(about(findings, "access to the cluster")).toMatchObject([{ severity: "ok" }]);
    });

    test("a cluster in Auto Mode with a managed Argo CD, injected, is refused twice", async () => {
      const eks = {
        describeCluster: () =>
          Promise.resolve({ cluster: { status: "ACTIVE", version: "1.34", computeConfig: { enabled: true } } }),
        paginateListCapabilities: async function* () {
          yield await Promise.resolve({ capabilities: [{ type: "ARGOCD" }] });
        },
      };
      const findings = await operations(platform(), undefined, { eks: () => eks as never }).preflight(
        "aws-platform",
        TYPES,
      );
      expect(about(findings, "cluster").map(({ severity }) => severity)).toEqual(["warn", "error", "error"]);
    });

    test("what the cluster already has is not counted as others'", async () => {
      const ec2 = clients.ec2();
      const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: [{ Key: "stackyard-cluster", Value: NAME }] }];
      await ec2.createVpc({ CidrBlock: "10.0.0.0/16", TagSpecifications });
      expect(about(await operations().preflight("aws-platform", TYPES), "quota: VPCs in the region")).toMatchObject([
        { severity: "ok", found: "1 needed, 5 allowed, 1 in use by others" },
      ]);
    });

    test("a cluster of the same name is a warning", async () => {
      await clients.eks().createCluster({
        name: NAME,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/x`,
        resourcesVpcConfig: {},
      });
      expect(about(await operations().preflight("aws-platform", TYPES), "cluster")).toMatchObject([
        { severity: "warn", found: expect.stringContaining(`${NAME} is there already (ACTIVE`) },
        { severity: "warn", found: expect.stringContaining("capabilities") },
      ]);
    });
  });

  describe("leftovers", () => {
    test("an empty account has none", async () => {
      expect(await operations().leftovers()).toEqual({ left: [], unseen: [], running: false });
    });

    test("lists what carries the cluster's name, once, in the order of removal, and nothing of others", async () => {
      const zone = await makeZone();
      await plant(NAME, zone);
      await plant("acme-other", zone);
      const { left, unseen, running } = await operations(platform(), zone).leftovers();
      expect({ unseen, running }).toEqual({ unseen: [], running: false });
      expect(left.map(({ type }) => type)).toEqual([
        "elasticloadbalancing:loadbalancer",
        "elasticloadbalancing:targetgroup",
        "ec2:instance",
        "ec2:network-interface",
        "ec2:volume",
        "ec2:snapshot",
        "ec2:launch-template",
        "ec2:security-group",
        "iam:instance-profile",
        "logs:log-group",
        "kms:key",
        "route53:record",
        "route53:record",
      ]);
      expect(left.find(({ type }) => type === "ec2:instance")?.why).toBe(
        `tag kubernetes.io/cluster/${NAME}=owned, tag eks:eks-cluster-name=${NAME}`,
      );
      const volume = left.find(({ type }) => type === "ec2:volume");
      expect(volume?.remove).toBe(`aws ec2 delete-volume --region eu-west-1 --volume-id ${volume?.id}`);
      expect(left.filter(({ type }) => type === "route53:record").map(({ id, why }) => [id, why])).toEqual([
        [`TXT a-${NAME}.acme.example`, `ExternalDNS's owner ${NAME}`],
        [`A ${NAME}.acme.example`, `ExternalDNS's owner ${NAME}, by the TXT record beside it`],
      ]);
      expect(JSON.stringify(left)).not.toContain("acme-other");
    });

    test("the command for a record really removes it", async () => {
      const zone = await makeZone();
      await plant(NAME, zone);
      const records = (await operations(platform(), zone).leftovers()).left.filter(
        ({ type }) => type === "route53:record",
      );
      for (const { remove } of records) {
        const batch = /--change-batch '(.*)'$/.exec(remove)?.[1] ?? "";
        await clients.route53().changeResourceRecordSets({ HostedZoneId: zone, ChangeBatch: JSON.parse(batch) });
      }
      const { left } = await operations(platform(), zone).leftovers();
      expect(left.filter(({ type }) => type === "route53:record")).toEqual([]);
    });

    test("a cluster that runs is said to", async () => {
      await clients.eks().createCluster({
        name: NAME,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/x`,
        resourcesVpcConfig: {},
      });
      expect((await operations().leftovers()).running).toBe(true);
    });
  });

  describe("the command", () => {
    const directory = mkdtempSync(join(tmpdir(), "stackyard-"));
    afterAll(() => {
      rmSync(directory, { recursive: true });
    });
    const run = (args: readonly string[], env: Record<string, string> = {}) => {
      const config = join(directory, "platform.config.ts");
      writeFileSync(
        config,
        `import { smallConfig } from "${root}/__tests__/support/config";
         import { definePlatform } from "${root}/config/define-platform";
         const input: any = smallConfig();
         input.clusters["aws-platform"].state = { bucket: "acme-state" };
         export default definePlatform(input);`,
      );
      try {
        const out = execFileSync(process.execPath, [join(root, "bin", "stackyard.js"), ...args, "--config", config], {
          encoding: "utf8",
          stdio: "pipe",
          env: { ...outside, NO_COLOR: "1", ...env },
        });
        return { code: 0, out, err: "" };
      } catch (error) {
        const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
        return { code: status, out: stdout, err: stderr };
      }
    };

    test("bootstrap, twice", () => {
      expect(run(["bootstrap", "aws-platform"])).toMatchObject({ code: 0, out: expect.stringContaining("8 made") });
      expect(run(["bootstrap", "aws-platform"])).toMatchObject({
        code: 0,
        out: expect.stringContaining("nothing to change"),
      });
    });

    test("leftovers is 2 when something is left, and JSON when asked", async () => {
      expect(run(["leftovers", "aws-platform"])).toMatchObject({ code: 0, out: "nothing is left\n" });
      await clients.logs().createLogGroup({ logGroupName: `/aws/eks/${NAME}/cluster` });
      const { code, out } = run(["leftovers", "aws-platform", "--json"]);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toMatchObject({ stack: "aws-platform", left: [{ type: "logs:log-group" }] });
    });

    test("preflight is 1 when something is wrong, without a stack trace", () => {
      const { code, out, err } = run(["preflight", "aws-platform"]);
      expect(code).toBe(1);
      expect(out).toContain('there is no bucket "acme-state"');
      expect(err).not.toMatch(/^\s+at /m);
    });

    const signedOut = (profile: string) => {
      const file = join(directory, "aws-config");
      writeFileSync(file, profile);
      return { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_CONFIG_FILE: file, HOME: directory };
    };

    test("nobody is told to sign in", () => {
      const { code, out } = run(["preflight", "aws-platform", "--json"], signedOut(""));
      expect(code).toBe(1);
      expect((JSON.parse(out) as { findings: Finding[] }).findings.at(-1)).toMatchObject({
        severity: "error",
        subject: "account",
        found: expect.stringMatching(/^no usable AWS credentials: /),
        fix: expect.stringContaining("aws sso login"),
      });
    });

    test("whoever's session has expired is told to sign in again", () => {
      const start = "https://acme.example/start";
      const env = {
        ...signedOut(
          `[profile acme]\nsso_start_url = ${start}\nsso_region = eu-west-1\nsso_account_id = ${ACCOUNT}\nsso_role_name = x\n`,
        ),
        AWS_PROFILE: "acme",
      };
      const cache = join(directory, ".aws", "sso", "cache");
      mkdirSync(cache, { recursive: true });
      writeFileSync(
        join(cache, `${createHash("sha1").update(start).digest("hex")}.json`),
        JSON.stringify({ accessToken: "x", expiresAt: "2020-01-01T00:00:00Z" }),
      );
      const { code, err } = run(["bootstrap", "aws-platform"], env);
      expect(code).toBe(1);
      expect(err).toMatch(/^error: no usable AWS credentials: .*expired.*; sign in/);
      expect(err).not.toMatch(/^\s+at /m);
    });
  });
});

/** What a destroy could leave of a cluster, and what it leaves on purpose: a machine that ends, a key that waits to be deleted. */
async function plant(name: string, zone: string): Promise<void> {
  const ec2 = clients.ec2();
  const owned = tags({ [`kubernetes.io/cluster/${name}`]: "owned" });
  const { Subnets = [] } = await ec2.describeSubnets({});
  const [first, second] = Subnets;
  const SubnetId = first?.SubnetId;
  for (const [index, gone] of [false, true].entries()) {
    const { Instances = [] } = await ec2.runInstances({
      ImageId: "ami-12c6146b",
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      TagSpecifications: [
        {
          ResourceType: "instance",
          Tags: [...owned, ...tags({ "karpenter.sh/nodepool": `pool-${index}`, "eks:eks-cluster-name": name })],
        },
      ],
    });
    if (gone) await ec2.terminateInstances({ InstanceIds: Instances.flatMap(({ InstanceId }) => InstanceId ?? []) });
  }
  const volume = await ec2.createVolume({
    AvailabilityZone: first?.AvailabilityZone,
    Size: 1,
    TagSpecifications: [
      {
        ResourceType: "volume",
        Tags: [...owned, ...tags({ "ebs.csi.aws.com/cluster": "true", "ebs.csi.aws.com/cluster-name": name })],
      },
    ],
  });
  await ec2.createSnapshot({
    VolumeId: volume.VolumeId,
    TagSpecifications: [{ ResourceType: "snapshot", Tags: owned }],
  });
  await ec2.createNetworkInterface({
    SubnetId,
    TagSpecifications: [{ ResourceType: "network-interface", Tags: tags({ "cluster.k8s.amazonaws.com/name": name }) }],
  });
  await ec2.createSecurityGroup({
    GroupName: `eks-cluster-sg-${name}`,
    Description: "x",
    VpcId: first?.VpcId,
    TagSpecifications: [{ ResourceType: "security-group", Tags: owned }],
  });
  await ec2.createLaunchTemplate({
    LaunchTemplateName: name,
    LaunchTemplateData: { InstanceType: "m6i.large" },
    TagSpecifications: [{ ResourceType: "launch-template", Tags: tags({ "stackyard-cluster": name }) }],
  });
  const balancers = clients.loadBalancers();
  await balancers.createLoadBalancer({
    Name: name,
    Type: "network",
    Subnets: [first?.SubnetId ?? "", second?.SubnetId ?? ""],
    Tags: owned,
  });
  await balancers.createTargetGroup({
    Name: name,
    Protocol: "TCP",
    Port: 443,
    VpcId: first?.VpcId,
    Tags: tags({ "elbv2.k8s.aws/cluster": name }),
  });
  // One only: moto does not look at the path that it is asked for.
  if (name === NAME)
    await clients.iam().createInstanceProfile({
      InstanceProfileName: `${name}_1`,
      Path: `/karpenter/${REGION}/${name}/`,
    });
  await clients.logs().createLogGroup({ logGroupName: `/aws/eks/${name}/cluster` });
  const Tags = [{ TagKey: "stackyard-cluster", TagValue: name }];
  await clients.kms().createKey({ Tags });
  const going = await clients.kms().createKey({ Tags });
  await clients.kms().scheduleKeyDeletion({ KeyId: going.KeyMetadata?.KeyId, PendingWindowInDays: 30 });
  const record = (Name: string, Type: "A" | "TXT", Value: string) => ({
    Action: "CREATE" as const,
    ResourceRecordSet: { Name, Type, TTL: 300, ResourceRecords: [{ Value }] },
  });
  await clients.route53().changeResourceRecordSets({
    HostedZoneId: zone,
    ChangeBatch: {
      Changes: [
        record(`${name}.acme.example`, "A", "192.0.2.1"),
        record(
          `a-${name}.acme.example`,
          "TXT",
          `"heritage=external-dns,external-dns/owner=${name},external-dns/resource=httproute/argocd/argocd"`,
        ),
      ],
    },
  });
}
