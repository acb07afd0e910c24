import type { AwsCluster } from "../../config/clouds/aws";
import { clusterFullName } from "../../config/names";
import type { Platform } from "../../config/platform";
import type { SecretProvider } from "../../modules/cluster";
import type { Statement } from "./iam";

/** Start of the names of all secrets that the cluster may read, with the slash at its end. */
export function secretPrefix(platform: Pick<Platform, "name">, config: AwsCluster): string {
  return `${config.secrets.prefix ?? clusterFullName(platform, config)}/`;
}

/**
 * Secrets Manager. Nothing about credentials: the operator's own are used, because Pod Identity cannot be asked for those of another
 * service account. Names in an ExternalSecret begin after the prefix, so they are the same on every cluster.
 */
export function secretProvider(config: AwsCluster, prefix: string): SecretProvider {
  return { provider: { aws: { service: "SecretsManager", region: config.region, prefix } } };
}

/** The team's part: names in its ExternalSecrets begin after this prefix, so it can name nobody else's. */
export function teamSecretProvider(config: AwsCluster, prefix: string, team: string): SecretProvider {
  return secretProvider(config, `${prefix}teams/${team}/`);
}

export interface SecretStatementsProps {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly prefix: string;
}

/**
 * Read secrets by name, and no list of them: https://external-secrets.io/latest/provider/aws-secrets-manager/#iam-policy. Those that
 * are encrypted with a key of your own need `kms:Decrypt` from that key's policy.
 */
export function secretStatements(props: SecretStatementsProps): readonly Statement[] {
  const { account, region, partition, prefix } = props;
  return [
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${prefix}*`],
    },
  ];
}
