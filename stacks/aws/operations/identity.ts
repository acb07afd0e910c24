import type { AwsCluster } from "../../../config/clouds/aws";
import { OperationError } from "../../operations";
import type { AwsClients } from "./clients";
import { describe, isAwsError, signInProblem } from "./errors";

/** Whoever runs the command. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** `aws`, `aws-cn` or `aws-us-gov`: the second part of every ARN. */
  readonly partition: string;
}

/** @throws what the SDK throws. */
export async function askIdentity(clients: AwsClients): Promise<Identity> {
  const { Account: account = "", Arn: arn = "" } = await clients.sts().getCallerIdentity({});
  return { account, arn, partition: arn.split(":")[1] ?? "aws" };
}

/**
 * The same for commands that cannot go on without it.
 *
 * @throws OperationError when nobody is signed in, or in another account than the config names.
 */
export async function requireIdentity(clients: AwsClients, cluster: AwsCluster): Promise<Identity> {
  const identity = await askIdentity(clients).catch((error: unknown) => {
    const problem = signInProblem(error);
    if (problem) throw new OperationError(`${problem.found}; ${problem.fix}`);
    if (isAwsError(error)) throw new OperationError(unreachable(cluster, describe(error)));
    throw error;
  });
  const wrong = wrongAccount(cluster, identity);
  if (wrong) throw new OperationError(`${wrong.found}; ${wrong.fix}`);
  return identity;
}

export function unreachable(cluster: AwsCluster, what: string): string {
  return `AWS could not be asked in ${cluster.region}: ${what}; check the network, its proxy, and the name of the region`;
}

export function wrongAccount(
  cluster: AwsCluster,
  identity: Identity,
): { readonly found: string; readonly fix: string } | undefined {
  if (cluster.account === undefined || cluster.account === identity.account) return undefined;
  return {
    found: `you are signed in to account ${identity.account} (${identity.arn}), but clusters.${cluster.name}.account is ${cluster.account}`,
    fix: "sign in to that account, or correct the config",
  };
}

/**
 * Whose policies decide what the caller may do: a user's ARN, or the name of the role of which the caller is a session (its ARN may have
 * a path, which the session's does not show). Undefined for federated users, whose sessions have policies of their own.
 */
export function policySource(
  arn: string,
): { readonly kind: "root" } | { readonly kind: "user" | "role"; readonly name: string } | undefined {
  const [kind, ...rest] = (arn.split(":")[5] ?? "").split("/");
  if (kind === "root") return { kind };
  if (kind === "user") return { kind, name: arn };
  if (kind === "assumed-role" && rest[0]) return { kind: "role", name: rest[0] };
  return undefined;
}
