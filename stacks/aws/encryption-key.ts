import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

export interface EncryptionKeyProps {
  readonly name: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

/** One rotated key for Kubernetes Secrets and the cluster's logs. */
export class EncryptionKey extends Construct {
  readonly arn: string;
  /** The logs service may use the key only after this. */
  readonly policy: ITerraformDependable;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { name, account, partition, region } = props;
    const key = new KmsKey(this, "key", {
      description: `Secrets and logs of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    const document = new DataAwsIamPolicyDocument(this, "document", {
      statement: [
        // Without it nobody could ever change the key again: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
        {
          sid: "Administer",
          actions: ["kms:*"],
          resources: [key.arn],
          principals: [{ type: "AWS", identifiers: [`arn:${partition}:iam::${account}:root`] }],
        },
        {
          sid: "EncryptLogs",
          actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
          resources: [key.arn],
          principals: [{ type: "Service", identifiers: [`logs.${region}.amazonaws.com`] }],
          condition: [
            {
              test: "ArnLike",
              variable: "kms:EncryptionContext:aws:logs:arn",
              values: [`arn:${partition}:logs:${region}:${account}:log-group:*`],
            },
          ],
        },
      ],
    });
    this.policy = new KmsKeyPolicy(this, "policy", { keyId: key.id, policy: document.json });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.id });
    this.arn = key.arn;
  }
}
