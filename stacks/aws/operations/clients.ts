/** Clients of the AWS APIs, each loaded when it is first asked for: `npm start` and Terraform never need them. */
import { OperationError } from "../../operations";

export interface AwsClients {
  readonly ec2: () => import("@aws-sdk/client-ec2").EC2;
  readonly eks: () => import("@aws-sdk/client-eks").EKS;
  readonly iam: () => import("@aws-sdk/client-iam").IAM;
  readonly kms: () => import("@aws-sdk/client-kms").KMS;
  readonly loadBalancers: () => import("@aws-sdk/client-elastic-load-balancing-v2").ElasticLoadBalancingV2;
  readonly logs: () => import("@aws-sdk/client-cloudwatch-logs").CloudWatchLogs;
  readonly quotas: () => import("@aws-sdk/client-service-quotas").ServiceQuotas;
  readonly route53: () => import("@aws-sdk/client-route-53").Route53;
  /** The state may lie in another region than the cluster. */
  readonly s3: (region: string) => import("@aws-sdk/client-s3").S3;
  readonly ssm: () => import("@aws-sdk/client-ssm").SSM;
  readonly sts: () => import("@aws-sdk/client-sts").STS;
  readonly tagging: () => import("@aws-sdk/client-resource-groups-tagging-api").ResourceGroupsTaggingAPI;
}

/** Clients for a region, with the credentials that the SDK finds as the AWS command line does: variables, profile, SSO, role. */
export function awsClients(region: string): AwsClients {
  const at = { region };
  /* eslint-disable @typescript-eslint/no-require-imports -- see above: loaded at first use */
  return {
    ec2: () => new (sdk(() => require("@aws-sdk/client-ec2") as typeof import("@aws-sdk/client-ec2")).EC2)(at),
    eks: () => new (sdk(() => require("@aws-sdk/client-eks") as typeof import("@aws-sdk/client-eks")).EKS)(at),
    iam: () => new (sdk(() => require("@aws-sdk/client-iam") as typeof import("@aws-sdk/client-iam")).IAM)(at),
    kms: () => new (sdk(() => require("@aws-sdk/client-kms") as typeof import("@aws-sdk/client-kms")).KMS)(at),
    loadBalancers: () =>
      new (sdk(
        () =>
          require("@aws-sdk/client-elastic-load-balancing-v2") as typeof import("@aws-sdk/client-elastic-load-balancing-v2"),
      ).ElasticLoadBalancingV2)(at),
    logs: () =>
      new (sdk(
        () => require("@aws-sdk/client-cloudwatch-logs") as typeof import("@aws-sdk/client-cloudwatch-logs"),
      ).CloudWatchLogs)(at),
    quotas: () =>
      new (sdk(
        () => require("@aws-sdk/client-service-quotas") as typeof import("@aws-sdk/client-service-quotas"),
      ).ServiceQuotas)(at),
    route53: () =>
      new (sdk(() => require("@aws-sdk/client-route-53") as typeof import("@aws-sdk/client-route-53")).Route53)(at),
    // A bucket that lies elsewhere then answers where, instead of with a redirect that the SDK reports as an error.
    s3: (where) =>
      new (sdk(() => require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3")).S3)({
        region: where,
        followRegionRedirects: true,
      }),
    ssm: () => new (sdk(() => require("@aws-sdk/client-ssm") as typeof import("@aws-sdk/client-ssm")).SSM)(at),
    sts: () => new (sdk(() => require("@aws-sdk/client-sts") as typeof import("@aws-sdk/client-sts")).STS)(at),
    tagging: () =>
      new (sdk(
        () =>
          require("@aws-sdk/client-resource-groups-tagging-api") as typeof import("@aws-sdk/client-resource-groups-tagging-api"),
      ).ResourceGroupsTaggingAPI)(at),
  };
}

/** @throws OperationError when the package is not installed: whoever only synthesizes does not need it. */
function sdk<Module>(load: () => Module): Module {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    const missing = /'(@aws-sdk\/[^']+)'/.exec(error.message)?.[1] ?? "@aws-sdk/client-…";
    throw new OperationError(
      `this command needs the package ${missing}, which is not installed; npm install --save-dev ${PACKAGES.join(" ")}`,
    );
  }
}

/** The optional peers in package.json. */
const PACKAGES = [
  "cloudwatch-logs",
  "ec2",
  "eks",
  "elastic-load-balancing-v2",
  "iam",
  "kms",
  "resource-groups-tagging-api",
  "route-53",
  "s3",
  "service-quotas",
  "ssm",
  "sts",
].map((name) => `@aws-sdk/client-${name}`);
