import { overlap } from "../../config/address-ranges";
import { asList, asObject } from "../../policies/plan/synthesized-stack";
import type { Statement } from "../../stacks/aws/iam";
import { karpenterPermissions } from "../../stacks/aws/karpenter-permissions";
import { loadBalancerPermissions } from "../../stacks/aws/load-balancer-permissions";
import { changed, platformOf, problemsOf, type Draft } from "../support/config";
import { dependenciesOf, metadata, ofType, synth, valuesOf } from "../support/synth";

const stack = synth(platformOf(), "aws-platform");
const one = (type: string) => {
  const found = ofType(stack, type);
  expect(found).toHaveLength(1);
  return found[0]?.attributes ?? {};
};

/** All inline policies of a role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_POLICIES = 10_240;
const writes = (policies: Readonly<Record<string, readonly Statement[]>>) =>
  Object.values(policies)
    .flat()
    .filter(({ actions }) => !actions?.every((action) => /:(Describe|Get|List)/.test(action)));

describe("network", () => {
  const subnets = ofType(stack, "aws_subnet");
  const ranges = (name: string) =>
    subnets.filter(({ path }) => path.includes(`/${name}-`)).map(({ attributes }) => String(attributes["cidr_block"]));

  test("private and public subnets of three zones are disjoint", () => {
    const all = [...ranges("private"), ...ranges("public")];
    expect(all).toEqual([
      "10.0.0.0/18",
      "10.0.64.0/18",
      "10.0.128.0/18",
      "10.0.192.0/22",
      "10.0.196.0/22",
      "10.0.200.0/22",
    ]);
    all.forEach((range, index) => all.slice(index + 1).forEach((other) => expect(overlap(range, other)).toBe(false)));
  });

  test("a third zone moves nothing of the first two", () => {
    const two = synth(
      platformOf((d) => (d.clusters["aws-platform"].network.zones = 2)),
      "aws-platform",
    );
    for (const type of ["aws_subnet", "aws_nat_gateway", "aws_route"]) {
      const three = new Map(ofType(stack, type).map(({ address, attributes }) => [address, attributes]));
      for (const { address, attributes } of ofType(two, type)) expect(three.get(address)).toEqual(attributes);
    }
  });

  test("NAT is one gateway, or one in each zone", () => {
    const single = synth(
      platformOf((d) => (d.clusters["aws-platform"].network.nat = "single")),
      "aws-platform",
    );
    expect([ofType(stack, "aws_nat_gateway").length, ofType(single, "aws_nat_gateway").length]).toEqual([3, 1]);
    expect(ofType(single, "aws_route").length).toBe(4);
  });
});

describe("cluster", () => {
  test("encrypts Secrets, keeps every log, and knows only access entries", () => {
    expect(one("aws_eks_cluster")).toMatchObject({
      access_config: { authentication_mode: "API", bootstrap_cluster_creator_admin_permissions: false },
      encryption_config: { resources: ["secrets"] },
      enabled_cluster_log_types: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      vpc_config: {
        endpoint_private_access: true,
        endpoint_public_access: true,
        public_access_cidrs: ["203.0.113.0/24"],
      },
    });
  });

  test("answers inside the network, or the ranges that the config names there", () => {
    const ranges = (change: (draft: Draft) => void) =>
      ofType(synth(platformOf(change), "aws-platform"), "aws_vpc_security_group_ingress_rule").map(
        ({ attributes: { security_group_id: group, from_port: port, cidr_ipv4: range } }) => [group, port, range],
      );
    const group = `\${${ofType(stack, "aws_eks_cluster")[0]?.address}.vpc_config[0].cluster_security_group_id}`;
    expect(ranges(() => undefined)).toEqual([[group, 443, "10.0.0.0/16"]]);
    expect(ranges((d) => (d.clusters["aws-platform"].access.private = ["10.8.0.0/16", "10.7.0.0/16"]))).toEqual([
      [group, 443, "10.7.0.0/16"],
      [group, 443, "10.8.0.0/16"],
    ]);
  });

  test("tags the volumes that the driver makes, which no provider does", () => {
    const [driver] = ofType(stack, "aws_eks_addon").filter(
      ({ attributes }) => attributes["addon_name"] === "aws-ebs-csi-driver",
    );
    expect(JSON.parse(String(driver?.attributes["configuration_values"]))).toEqual({
      controller: { extraVolumeTags: { "managed-by": "stackyard", "stackyard-cluster": "acme-aws-platform" } },
    });
  });

  test("logs that outlive the cluster are not encrypted with the key that goes with it", () => {
    const logs = ofType(
      synth(
        platformOf((d) => (d.clusters["aws-platform"].keepLogs = true)),
        "aws-platform",
      ),
      "aws_cloudwatch_log_group",
    );
    expect(logs.map(({ attributes }) => [attributes["skip_destroy"], attributes["kms_key_id"]])).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  test("is private where the config names no range", () => {
    const hidden = synth(
      platformOf((d) => delete d.clusters["aws-platform"].access.public),
      "aws-platform",
    );
    const vpc = asObject(ofType(hidden, "aws_eks_cluster")[0]?.attributes["vpc_config"]);
    expect(vpc["endpoint_public_access"]).toBe(false);
    expect(vpc["public_access_cidrs"]).toBeUndefined();
  });

  test("has tainted system nodes in every zone, at least two, replaced by new ones first", () => {
    expect(one("aws_eks_node_group")).toMatchObject({
      node_group_name_prefix: "system-",
      scaling_config: { min_size: 2, desired_size: 2, max_size: 3 },
      taint: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
      lifecycle: { create_before_destroy: true },
    });
    expect(asList(one("aws_eks_node_group")["subnet_ids"])).toHaveLength(3);
    expect(one("aws_launch_template")).toMatchObject({
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  test("pins each add-on for its Kubernetes version", () => {
    const addons = Object.fromEntries(
      ofType(stack, "aws_eks_addon").map(({ attributes }) => [attributes["addon_name"], attributes["addon_version"]]),
    );
    expect(addons).toEqual({
      "vpc-cni": "v1.22.3-eksbuild.1",
      "kube-proxy": "v1.34.6-eksbuild.13",
      coredns: "v1.13.2-eksbuild.11",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
      "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
      "snapshot-controller": "v8.6.0-eksbuild.4",
    });
  });

  test("has add-ons that run on its tainted system nodes, before there are any others", () => {
    const snapshots = ofType(stack, "aws_eks_addon").find(
      ({ attributes }) => attributes["addon_name"] === "snapshot-controller",
    );
    expect(JSON.parse(String(snapshots?.attributes["configuration_values"]))).toEqual({
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
    });
  });

  test("has system nodes with a role of their own: a second access entry for one role would be refused", () => {
    const [nodeGroup] = ofType(stack, "aws_eks_node_group");
    const entries = ofType(stack, "aws_eks_access_entry").map(({ attributes }) => attributes["principal_arn"]);
    expect(entries).not.toContain(nodeGroup?.attributes["node_role_arn"]);
    expect(new Set(entries).size).toBe(entries.length);
  });

  test("gives each used group one access entry, and full rights to administrators only", () => {
    const entries = ofType(stack, "aws_eks_access_entry").filter(({ attributes }) => attributes["type"] === "STANDARD");
    expect(entries.map(({ attributes }) => attributes["kubernetes_groups"])).toEqual([
      ["stackyard:admins"],
      ["stackyard:web"],
    ]);
    expect(ofType(stack, "aws_eks_access_policy_association")).toHaveLength(1);
  });
});

describe("Karpenter", () => {
  test("hears every event by the name that AWS documents", () => {
    const patterns = ofType(stack, "aws_cloudwatch_event_rule").map(
      ({ attributes }) => JSON.parse(String(attributes["event_pattern"])) as unknown,
    );
    expect(patterns).toHaveLength(5);
    expect(patterns).toEqual(
      expect.arrayContaining([
        { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
        { source: ["aws.ec2"], "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"] },
      ]),
    );
    expect(ofType(stack, "aws_cloudwatch_event_target")).toHaveLength(5);
  });

  test("each policy fits into what a role may hold, even for the longest name of a cluster", () => {
    const policies = karpenterPermissions({
      cluster: "c".repeat(43),
      account: "123456789012",
      region: "ap-southeast-2",
      partition: "aws-us-gov",
      nodeRoleArn: `arn:aws-us-gov:iam::123456789012:role/${"n".repeat(50)}`,
      queueArn: `arn:aws-us-gov:sqs:ap-southeast-2:123456789012:${"c".repeat(43)}`,
    });
    expect(JSON.stringify(policies).length).toBeLessThan(INLINE_POLICIES);
    const unconditional = writes(policies)
      .filter(({ condition }) => condition === undefined)
      .map(({ sid }) => sid);
    // The one uses what others own, the other touches one queue only.
    expect(unconditional).toEqual(["AllowScopedEC2InstanceAccessActions", "AllowInterruptionQueueActions"]);
  });

  test("a pool becomes a NodePool with its requirements, limits, labels and taint", () => {
    const [nodeClass, nodePool] = asList(valuesOf(stack, "node-pools-web")["resources"]);
    expect(nodePool).toMatchObject({
      kind: "NodePool",
      metadata: { name: "web-main" },
      spec: {
        limits: { cpu: "32", memory: "128Gi" },
        template: {
          metadata: {
            labels: {
              "stackyard.dev/team": "web",
              "stackyard.dev/cost-center": "CC-1",
              "stackyard.dev/node-pool": "main",
            },
          },
          spec: {
            taints: [{ key: "stackyard.dev/team", value: "web", effect: "NoSchedule" }],
            requirements: expect.arrayContaining([
              { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
              { key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["m"] },
              { key: "karpenter.k8s.aws/instance-cpu", operator: "Gt", values: ["3"] },
              { key: "karpenter.k8s.aws/instance-cpu", operator: "Lt", values: ["9"] },
            ]) as unknown,
          },
        },
      },
    });
    expect(nodeClass).toMatchObject({
      kind: "EC2NodeClass",
      spec: {
        amiSelectorTerms: [{ alias: "al2023@v20260903" }],
        subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "acme-aws-platform" } }],
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        tags: { "stackyard.dev/team": "web", "managed-by": "stackyard" },
      },
    });
  });

  test("spot with fallback allows both ways to buy; named types replace the class", () => {
    const other = synth(
      platformOf((d) => {
        d.teams.web.nodePools.main.capacity = "spot-with-fallback";
        d.teams.web.nodePools.main.aws = { instanceTypes: ["m7i.xlarge"] };
      }),
      "aws-platform",
    );
    const text = JSON.stringify(valuesOf(other, "node-pools-web"));
    expect(text).toContain('"values":["on-demand","spot"]');
    expect(text).toContain('"key":"node.kubernetes.io/instance-type","operator":"In","values":["m7i.xlarge"]');
    expect(text).not.toContain("instance-category");
  });
});

describe("load balancers", () => {
  const policies = loadBalancerPermissions({
    cluster: "c".repeat(43),
    account: "123456789012",
    region: "ap-southeast-2",
    partition: "aws-us-gov",
    vpcId: `vpc-${"0".repeat(17)}`,
    nodeSecurityGroupId: `sg-${"0".repeat(17)}`,
  });

  test("are changed only where they are this cluster's, and fit into what a role may hold", () => {
    expect(JSON.stringify(policies).length).toBeLessThan(INLINE_POLICIES);
    for (const { resources } of writes(policies)) expect(resources).not.toContain("*");
    const unconditional = writes(policies)
      .filter(({ condition }) => condition === undefined)
      .flatMap(({ resources }) => resources);
    // The cluster's own network and node group, by id.
    expect(unconditional).toEqual([
      expect.stringMatching(/:vpc\/vpc-0+$/) as unknown,
      expect.stringMatching(/:security-group\/sg-0+$/) as unknown,
    ]);
  });

  test("have no firewall, certificates, users or application load balancers to look after", () => {
    expect(JSON.stringify(policies)).not.toMatch(/waf|shield|cognito|acm:|Rule\b|SetWebAcl|loadbalancer\/app/i);
    expect(valuesOf(stack, "aws-load-balancer-controller")).toMatchObject({
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
    });
  });

  test("are made for Services of type LoadBalancer that ask for one, and in no other way", () => {
    expect(valuesOf(stack, "aws-load-balancer-controller")).toMatchObject({
      clusterName: "acme-aws-platform",
      region: "eu-west-1",
      vpcId: expect.stringMatching(/^\$\{aws_vpc\./) as unknown,
      enableServiceMutatorWebhook: false,
      createIngressClassResource: false,
      disableIngressClassAnnotation: true,
      controllerConfig: {
        featureGates: { ServiceTypeLoadBalancerOnly: true, ALBGatewayAPI: false, NLBGatewayAPI: false },
      },
    });
    expect(valuesOf(stack, "gateway")["serviceAnnotations"]).toEqual({
      "service.beta.kubernetes.io/aws-load-balancer-type": "external",
      "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
      "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
      "service.beta.kubernetes.io/aws-load-balancer-attributes": "load_balancing.cross_zone.enabled=true",
      "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes": "preserve_client_ip.enabled=true",
      "service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags":
        "managed-by=stackyard,stackyard-cluster=acme-aws-platform",
    });
  });
});

test("an identity changes records in the cluster's zone, and in no other", () => {
  const document = Object.values(asObject(asObject(stack.json["data"])["aws_iam_policy_document"])).find((body) =>
    JSON.stringify(body).includes("ChangeResourceRecordSets"),
  );
  const change = asList(asObject(document)["statement"])
    .map(asObject)
    .find(({ sid }) => sid === "ChangeRecords");
  expect(change?.["resources"]).toEqual([
    "arn:${data.aws_partition.partition.partition}:route53:::hostedzone/Z0123456789ABCDEFGHIJ",
  ]);
});

describe("secrets", () => {
  const policy = (from: typeof stack) => {
    const document = Object.values(asObject(asObject(from.json["data"])["aws_iam_policy_document"])).find((body) =>
      JSON.stringify(body).includes("GetSecretValue"),
    );
    return asList(asObject(document)["statement"]);
  };

  test("are read by name, below the cluster's own prefix, and in no other place", () => {
    expect(policy(stack)).toEqual([
      {
        sid: "ReadSecrets",
        actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        resources: [
          "arn:${data.aws_partition.partition.partition}:secretsmanager:eu-west-1:${data.aws_caller_identity.account.account_id}:secret:acme-aws-platform/*",
        ],
      },
    ]);
    const shared = synth(
      platformOf((d) => (d.clusters["aws-platform"].secrets = { prefix: "acme/shared" })),
      "aws-platform",
    );
    expect(JSON.stringify(policy(shared))).toContain(":secret:acme/shared/*");
    expect(valuesOf(shared, "secret-store")).toMatchObject({ provider: { aws: { prefix: "acme/shared/" } } });
  });

  test("are for namespaces with the label only, and no team may make a store of its own", () => {
    expect(valuesOf(stack, "secret-store")).toEqual({
      provider: { aws: { service: "SecretsManager", region: "eu-west-1", prefix: "acme-aws-platform/" } },
      namespaceLabels: { "stackyard.dev/platform-secrets": "true" },
    });
    expect(valuesOf(stack, "external-secrets")).toMatchObject({
      rbac: { aggregateToEdit: false, aggregateToAdmin: false, serviceAccountTokenCreate: false },
      serviceAccount: { name: "external-secrets" },
    });
    const labelled = ofType(stack, "kubernetes_namespace_v1").filter((namespace) =>
      JSON.stringify(metadata(namespace)).includes("platform-secrets"),
    );
    // Receivers of alerts.
    expect(labelled.map((namespace) => metadata(namespace)["name"])).toEqual(["monitoring"]);
  });

  test("have a prefix that means only itself", () => {
    for (const prefix of ["*", "a?b", "/a", "a/", "", "a b"])
      expect(
        problemsOf(changed((d) => (d.clusters["aws-platform"].secrets = { prefix }))).map(({ path }) => path),
      ).toEqual(["clusters.aws-platform.secrets.prefix"]);
  });
});

test("state is locked by S3 itself where there is a bucket, and a file else", () => {
  const backend = (draft: (d: never) => void) =>
    asObject(asObject(synth(platformOf(draft as never), "aws-platform").json["terraform"])["backend"]);
  expect(backend(() => undefined)).toEqual({ local: { path: "../../../terraform.aws-platform.tfstate" } });
  const withBucket = synth(
    platformOf((d) => (d.clusters["aws-platform"].state = { bucket: "acme-state" })),
    "aws-platform",
  ).json["terraform"];
  expect(asObject(asObject(withBucket)["backend"])["s3"]).toEqual({
    bucket: "acme-state",
    key: "aws-platform.tfstate",
    region: "eu-west-1",
    encrypt: true,
    use_lockfile: true,
  });
});

describe("choices", () => {
  const withAws = (change: (aws: Draft, draft: Draft) => void) =>
    synth(
      platformOf((d) => {
        change(d.clusters["aws-platform"], d);
      }),
      "aws-platform",
    );
  const existing = {
    vpc: "vpc-11111111",
    privateSubnets: ["subnet-11111111", "subnet-22222222", "subnet-33333333"],
    publicSubnets: ["subnet-44444444"],
  };

  test("a VPC that is there is used by its ids, and nothing is made or tagged in it", () => {
    const other = withAws((aws) => (aws.network.existing = existing));
    for (const type of ["aws_vpc", "aws_subnet", "aws_nat_gateway", "aws_vpc_endpoint", "aws_flow_log", "aws_ec2_tag"])
      expect(ofType(other, type)).toEqual([]);
    expect(ofType(other, "aws_eks_cluster")[0]?.attributes["vpc_config"]).toMatchObject({
      subnet_ids: ["subnet-11111111", "subnet-22222222"],
    });
    expect(ofType(other, "aws_eks_node_group")[0]?.attributes["subnet_ids"]).toEqual(existing.privateSubnets);
    const [nodeClass] = asList(valuesOf(other, "node-pools-web")["resources"]);
    expect(asObject(asObject(nodeClass)["spec"])["subnetSelectorTerms"]).toEqual(
      existing.privateSubnets.map((id) => ({ id })),
    );
  });

  test("S3 has its free endpoint; all others come by choice, with one rule for HTTPS from the VPC", () => {
    expect(ofType(stack, "aws_vpc_endpoint").map(({ attributes }) => attributes["vpc_endpoint_type"])).toEqual([
      "Gateway",
    ]);
    const all = withAws((aws) => (aws.network.endpoints = "all"));
    const services = Object.values(asObject(asObject(all.json["data"])["aws_vpc_endpoint_service"])).map(
      (data) => asObject(data)["service"],
    );
    expect(services).toEqual(
      expect.arrayContaining(["s3", "ecr.api", "ecr.dkr", "sts", "ec2", "logs", "eks", "eks-auth", "sqs"]),
    );
    const rules = ofType(all, "aws_vpc_security_group_ingress_rule").filter(({ path }) => path.includes("/endpoints/"));
    expect(rules.map(({ attributes }) => attributes)).toMatchObject([
      { from_port: 443, to_port: 443, cidr_ipv4: "10.0.0.0/16", description: "HTTPS from the VPC" },
    ]);
    const nodes = dependenciesOf(all, ofType(all, "aws_eks_node_group")[0]?.address ?? "");
    expect([...nodes]).toEqual(expect.arrayContaining(ofType(all, "aws_vpc_endpoint").map(({ address }) => address)));
  });

  test("production protects the cluster from deletion, unless the config lifts it", () => {
    const protection = (change: (aws: Draft, draft: Draft) => void) =>
      ofType(withAws(change), "aws_eks_cluster").map(({ attributes }) => [
        attributes["deletion_protection"],
        attributes["lifecycle"],
      ])[0];
    expect(protection(() => undefined)).toEqual([false, undefined]);
    expect(protection((_aws, d) => (d.environments.dev.preset = "prod"))).toEqual([true, { prevent_destroy: true }]);
    expect(
      protection((aws, d) => {
        d.environments.dev.preset = "prod";
        aws.deletionProtection = false;
      }),
    ).toEqual([false, undefined]);
  });

  test("IRSA trusts one service account of this cluster's issuer, and needs no association", () => {
    const irsa = withAws((aws) => (aws.identity = "irsa"));
    expect(ofType(irsa, "aws_eks_pod_identity_association")).toEqual([]);
    expect(ofType(irsa, "aws_iam_openid_connect_provider")).toHaveLength(1);
    const documents = Object.values(asObject(asObject(irsa.json["data"])["aws_iam_policy_document"]));
    const trust = documents
      .map((document) => JSON.stringify(document))
      .find((text) => text.includes("serviceaccount:external-dns"));
    expect(trust).toContain("sts:AssumeRoleWithWebIdentity");
    expect(trust).toContain('["system:serviceaccount:external-dns:external-dns"]');
    expect(trust).toContain('["sts.amazonaws.com"]');
    expect(asObject(valuesOf(irsa, "karpenter")["serviceAccount"])["annotations"]).toHaveProperty([
      "eks.amazonaws.com/role-arn",
    ]);
  });

  test("a permissions boundary bounds every role", () => {
    const boundary = "arn:aws:iam::123456789012:policy/Boundary";
    const bounded = withAws((aws) => (aws.permissionsBoundary = boundary));
    const roles = ofType(bounded, "aws_iam_role");
    expect(roles.length).toBeGreaterThan(5);
    for (const { attributes } of roles) expect(attributes["permissions_boundary"]).toBe(boundary);
  });

  test("a budget counts what carries the cluster's tag, and tells the contact", () => {
    const [budget] = ofType(
      withAws((aws) => (aws.budget = { monthly: 1500 })),
      "aws_budgets_budget",
    );
    expect(budget?.attributes).toMatchObject({
      limit_amount: "1500",
      cost_filter: [{ name: "TagKeyValue", values: ["user:stackyard-cluster$acme-aws-platform"] }],
      notification: [80, 100].map((threshold) => ({
        threshold,
        threshold_type: "PERCENTAGE",
        subscriber_email_addresses: ["platform@acme.example"],
      })),
    });
  });

  test("the tags of the bill are those that are on everything", () => {
    const tags = ofType(
      withAws((aws, d) => {
        aws.costAllocationTags = true;
        d.tags = { department: "it" };
      }),
      "aws_ce_cost_allocation_tag",
    ).map(({ attributes }) => attributes["tag_key"]);
    expect(tags).toEqual([
      "department",
      "managed-by",
      "stackyard-cluster",
      "stackyard.dev/cost-center",
      "stackyard.dev/team",
    ]);
  });

  test("a zone that is made is the one that records and certificates go to, and its name servers are an output", () => {
    const made = withAws((aws) => (aws.dns = { create: true }));
    const [zone] = ofType(made, "aws_route53_zone");
    expect(zone?.attributes["name"]).toBe("aws.acme.example");
    expect(JSON.stringify(valuesOf(made, "gateway"))).toContain(`\${${zone?.address}.zone_id}`);
    expect(Object.keys(asObject(made.json["output"]))).toContain("name_servers");
    expect(Object.keys(asObject(stack.json["output"]))).not.toContain("name_servers");
  });

  test("a role of AWS's single sign-on is a group like any other", () => {
    const arn =
      "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Web_0123456789abcdef";
    const sso = withAws((_aws, d) => (d.groups.web.aws = arn));
    expect(ofType(sso, "aws_eks_access_entry").map(({ attributes }) => attributes["principal_arn"])).toContain(arn);
  });

  test("a team's service account has a role of its own with what it asked for, and may fetch its credentials", () => {
    const own = withAws((_aws, d) => {
      d.teams.web.serviceAccounts = {
        uploads: { aws: { statements: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::acme-uploads/*"] }] } },
      };
    });
    const [association] = ofType(own, "aws_eks_pod_identity_association").filter(({ path }) =>
      path.includes("team-identities"),
    );
    expect(association?.attributes).toMatchObject({ namespace: "team-web", service_account: "uploads" });
    expect(JSON.stringify(own.json["data"])).toContain('["arn:aws:s3:::acme-uploads/*"]');
    expect(asList(valuesOf(own, "team-web")["namespaces"])[0]).toMatchObject({
      serviceAccounts: [{ name: "uploads" }],
      credentials: [{ cidr: "169.254.170.23/32", port: 80 }],
    });
  });

  test("a policy variable of IAM's is none of Terraform's", () => {
    const resources = ["arn:aws:s3:::acme/${aws:PrincipalTag/kubernetes-namespace}/*"];
    const own = withAws(
      (_aws, d) =>
        (d.teams.web.serviceAccounts = {
          uploads: { aws: { statements: [{ actions: ["s3:PutObject"], resources }] } },
        }),
    );
    expect(JSON.stringify(own.json["data"])).toContain("arn:aws:s3:::acme/&{aws:PrincipalTag/kubernetes-namespace}/*");
  });

  test("no two roles are called alike, whatever teams and accounts are", () => {
    const statements = [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::acme-uploads/*"] }];
    const quota = { cpu: 1, memory: "2Gi" };
    const alike = withAws((_aws, d) => {
      d.teams.external = { ...d.teams.docs, serviceAccounts: { dns: { aws: { statements } } } };
      for (const [team, account] of [
        ["a", "b-c"],
        ["a-b", "c"],
      ] as const) {
        d.teams[team] = {
          ...d.teams.docs,
          quota: undefined,
          namespaces: { main: { name: team === "a" ? "one" : "two", quota } },
          serviceAccounts: { [account]: { namespace: "main", aws: { statements } } },
        };
      }
    });
    const names = ofType(alike, "aws_iam_role").map(({ attributes }) => String(attributes["name"]));
    expect(names).toEqual([...new Set(names)]);
    expect(names.filter((name) => name.includes("_"))).toEqual([
      "acme-aws-platform-one_b-c",
      "acme-aws-platform-team-external_dns",
      "acme-aws-platform-two_c",
    ]);
  });

  test("system nodes can be arm64, of a release that the config pins", () => {
    const [nodes] = ofType(
      withAws((aws) => (aws.systemNodes = { architecture: "arm64", amiRelease: "1.34.2-20260903" })),
      "aws_eks_node_group",
    );
    expect(nodes?.attributes).toMatchObject({
      ami_type: "AL2023_ARM_64_STANDARD",
      instance_types: ["m7g.large"],
      release_version: "1.34.2-20260903",
    });
  });

  test("quiet hours are a scheduled zero beside the pool's own budget", () => {
    const quiet = withAws((_aws, d) => {
      d.teams.web.nodePools.main.aws = {
        disruption: "1",
        quietHours: [{ schedule: "0 8 * * mon-fri", duration: "10h" }],
      };
    });
    const [, nodePool] = asList(valuesOf(quiet, "node-pools-web")["resources"]);
    expect(asObject(asObject(asObject(nodePool)["spec"])["disruption"])["budgets"]).toEqual([
      { nodes: "1" },
      { nodes: "0", schedule: "0 8 * * mon-fri", duration: "10h" },
    ]);
  });

  test("nodes for GPUs have NVIDIA's, which is what pods ask for", () => {
    const gpu = withAws((_aws, d) => {
      d.teams.web.nodePools.main = { class: "gpu", cpus: [4, 8], limits: { cpu: 32, memory: "256Gi" } };
    });
    const [, nodePool] = asList(valuesOf(gpu, "node-pools-web")["resources"]);
    expect(JSON.stringify(nodePool)).toContain(
      '{"key":"karpenter.k8s.aws/instance-gpu-manufacturer","operator":"In","values":["nvidia"]}',
    );
  });

  test("too few zones are said by the plan, not by the API", () => {
    const [zones] = Object.values(asObject(asObject(stack.json["data"])["aws_availability_zones"]));
    expect(asObject(zones)["lifecycle"]).toEqual({
      postcondition: [
        {
          condition: "${length(self.names) >= 3}",
          error_message:
            "The region has fewer than 3 zones that this account can use for EKS; set network.zones to 2, or take another region.",
        },
      ],
    });
  });
});
