import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Aspects, type ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";

/** A statement of a policy document. */
export type Statement = DataAwsIamPolicyDocumentStatement;

/** Trust of one AWS service. Pod Identity and EKS also set session tags. */
export function assumedBy(service: string): Statement {
  const tagsSession = service === "pods.eks.amazonaws.com" || service === "eks.amazonaws.com";
  return {
    sid: "Assume",
    actions: ["sts:AssumeRole", ...(tagsSession ? ["sts:TagSession"] : [])],
    principals: [{ type: "Service", identifiers: [service] }],
  };
}

/** `aws` in most places, `aws-cn` and `aws-us-gov` elsewhere; needed in every ARN of AWS's own policies. */
export function managedPolicyArn(partition: string, name: string): string {
  return `arn:${partition}:iam::aws:policy/${name}`;
}

/** Puts a permissions boundary on every role below `scope`. */
export function boundRoles(scope: Construct, permissionsBoundary: string | undefined): void {
  if (permissionsBoundary === undefined) return;
  Aspects.of(scope).add({
    visit: (node: IConstruct) => {
      if (node instanceof IamRole) node.permissionsBoundary = permissionsBoundary;
    },
  });
}

export interface ServiceRoleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly trust: Statement;
  /** Inline policies by name, so that each stays under the size limit and reads as one purpose. @default - none */
  readonly policies?: Readonly<Record<string, readonly Statement[]>>;
  /** Short for a single inline policy. @default - none */
  readonly statements?: readonly Statement[];
  /** ARNs of managed policies by a name for their address. @default - none */
  readonly managed?: Readonly<Record<string, string>>;
  /** For a role that hangs on the cluster: see workload-role.ts. @default false */
  readonly createBeforeDestroy?: boolean;
}

/** A role, its trust and its policies. Depend on `ready` where the rights must be there, not only the role. */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const trust = new DataAwsIamPolicyDocument(this, "trust", { statement: [props.trust] });
    const lifecycle = props.createBeforeDestroy ? { lifecycle: { createBeforeDestroy: true } } : {};
    const role = new IamRole(this, "role", { name: props.name, assumeRolePolicy: trust.json, ...lifecycle });
    this.arn = role.arn;
    this.name = role.name;
    const inline = Object.entries({ ...props.policies, ...(props.statements && { policy: props.statements }) }).map(
      ([name, statements]) => {
        const document = new DataAwsIamPolicyDocument(this, `${name}-document`, { statement: [...statements] });
        return new IamRolePolicy(this, name, { name, role: role.name, policy: document.json, ...lifecycle });
      },
    );
    const managed = Object.entries(props.managed ?? {}).map(
      ([name, policyArn]) => new IamRolePolicyAttachment(this, name, { role: role.name, policyArn, ...lifecycle }),
    );
    this.ready = [role, ...inline, ...managed];
  }
}
