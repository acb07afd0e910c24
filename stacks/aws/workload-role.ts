import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { Fn, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ServiceAccountRef } from "../../modules/cluster";
import type { AwsContext } from "./context";
import type { Eks } from "./eks";
import { assumedBy, ServiceRole, type ServiceRoleProps, type Statement } from "./iam";

export interface WorkloadRoleProps extends Pick<ServiceRoleProps, "name" | "policies" | "statements" | "managed"> {
  readonly context: Pick<AwsContext, "account" | "partition" | "config">;
  readonly eks: Pick<Eks, "name" | "issuer">;
  /** The one service account that may have it. */
  readonly serviceAccount: ServiceAccountRef;
}

/** A role for one service account: by EKS Pod Identity, or by IAM roles for service accounts where the config says so. */
export class WorkloadRole extends Construct {
  readonly arn: string;
  /** What the service account must carry. Pod Identity has to say nothing to Kubernetes. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: WorkloadRoleProps) {
    super(scope, id);
    const { context, eks, serviceAccount, ...policies } = props;
    const irsa = context.config.identity === "irsa";
    // Whatever stands between the cluster and a release closes a circle in a plan that updates the one and removes the other, unless
    // its removal waits until after the update (docs/decisions/0002-one-stack-per-cluster.md).
    const role = new ServiceRole(this, "role", {
      ...policies,
      trust: workloadTrust(context, eks, serviceAccount),
      createBeforeDestroy: irsa,
    });
    this.arn = role.arn;
    if (irsa) {
      this.annotations = { "eks.amazonaws.com/role-arn": role.arn };
      this.ready = role.ready;
      return;
    }
    this.annotations = {};
    const association = new EksPodIdentityAssociation(this, "association", {
      clusterName: eks.name,
      namespace: serviceAccount.namespace,
      serviceAccount: serviceAccount.name,
      roleArn: role.arn,
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...role.ready],
    });
    this.ready = [association];
  }
}

/** Who may take a service account's role. */
export function workloadTrust(
  context: WorkloadRoleProps["context"],
  eks: Pick<Eks, "issuer">,
  { namespace, name }: ServiceAccountRef,
): Statement {
  if (context.config.identity === "pod-identity") return assumedBy("pods.eks.amazonaws.com");
  const issuer = Fn.replace(eks.issuer, "https://", "");
  // https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
  return {
    sid: "Assume",
    actions: ["sts:AssumeRoleWithWebIdentity"],
    principals: [
      {
        type: "Federated",
        identifiers: [`arn:${context.partition}:iam::${context.account}:oidc-provider/${issuer}`],
      },
    ],
    condition: [
      { test: "StringEquals", variable: `${issuer}:sub`, values: [`system:serviceaccount:${namespace}:${name}`] },
      { test: "StringEquals", variable: `${issuer}:aud`, values: ["sts.amazonaws.com"] },
    ],
  };
}
