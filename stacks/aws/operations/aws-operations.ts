import type { AwsCluster } from "../../../config/clouds/aws";
import { findStack } from "../../../config/layers";
import { clusterFullName, ownName } from "../../../config/names";
import type { Platform } from "../../../config/platform";
import type { Operations, Surroundings } from "../../operations";
import { backupBucketPrefix } from "../backups";
import { deployPolicy, partitionOf } from "../deploy-permissions";
import { bootstrap } from "./bootstrap";
import { awsClients, type AwsClients } from "./clients";
import { inWords } from "./errors";
import { leftovers } from "./leftovers/leftovers";
import { preflight } from "./preflight/preflight";

/** The commands for a cluster on AWS. */
export function awsOperations(
  platform: Platform,
  cluster: AwsCluster,
  surroundings: Surroundings,
  clients: AwsClients = awsClients(cluster.region),
): Operations {
  const context = {
    platform,
    cluster,
    name: clusterFullName(platform, cluster),
    own: ownName(platform, cluster),
    clients,
    surroundings,
  };
  return {
    preflight: (stack, types) => preflight({ ...context, stack: findStack(platform, stack, "aws"), types }),
    permissions: (stack, types, planOnly) =>
      deployPolicy({
        cluster: context.name,
        states: [findStack(platform, stack, "aws").state],
        backupBucket: `${backupBucketPrefix(platform, cluster)}${cluster.account ?? "*"}`,
        region: cluster.region,
        account: cluster.account ?? "*",
        partition: partitionOf(cluster.region),
        stateBucket: cluster.state?.bucket,
        permissionsBoundary: cluster.permissionsBoundary,
        types,
        planOnly,
      }),
    leftovers: () => leftovers(context),
    bootstrap: (options) =>
      inWords(
        () => bootstrap(platform, cluster, clients, options),
        (refusal) => `AWS refused: ${refusal}; whatever was made stays, and another run goes on from there`,
      ),
  };
}
