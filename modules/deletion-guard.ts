import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROTECTED_MARK } from "../config/names";
import type { Environment, Platform, Team } from "../config/platform";
import type { PlatformCluster } from "./cluster";

/** Whether what a team has on this cluster is kept from deletion. */
export const isProtectedTeam = (
  { deletionProtection }: Pick<Team, "deletionProtection">,
  cluster: Pick<PlatformCluster, "deletionProtection">,
): boolean => deletionProtection ?? cluster.deletionProtection;

/** Whether a protected team has a part of the environment: what the team keeps there would go with it. */
export const isProtectedEnvironment = (
  { name }: Pick<Environment, "name">,
  { platform, cluster }: { readonly platform: Platform; readonly cluster: PlatformCluster },
): boolean =>
  platform.teams.some(
    (team) => isProtectedTeam(team, cluster) && team.environments.some(({ environment }) => environment === name),
  );

export interface DeletionGuardProps {
  readonly name: string;
  readonly namespace: string;
  /** Whose it is: what the refusal says follows from them (policies/admission). */
  readonly labels: Readonly<Record<string, string>>;
  readonly isProtected: boolean;
  /** What it guards. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * An object that comes after all that it guards, and so is the first that Terraform deletes: where it is protected, the API server refuses
 * that before anything else has gone. Without protection it is there as well, because it could not be deleted to lift it.
 */
export class DeletionGuard extends Construct {
  constructor(scope: Construct, id: string, props: DeletionGuardProps) {
    super(scope, id);
    const { name, namespace, labels, isProtected, dependsOn } = props;
    new ConfigMapV1(this, "config-map", {
      metadata: { name, namespace, labels: { ...labels, ...(isProtected && PROTECTED_MARK) } },
      data: { about: "Goes before all that it guards; see docs/teams.md of the platform." },
      dependsOn: [...dependsOn],
    });
  }
}
