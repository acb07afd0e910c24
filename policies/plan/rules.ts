/** The rules that every synthesized stack must keep. */
import { apiNotOpen } from "./api-not-open";
import { guardedTeamNamespaces } from "./guarded-team-namespaces";
import { loadBalancersAtTheGateway } from "./load-balancers-at-the-gateway";
import { noKubernetesManifest } from "./no-kubernetes-manifest";
import { noLiteralSecrets } from "./no-literal-secrets";
import { pinnedReleases } from "./pinned-releases";
import type { PlanRule } from "./rule";

export const PLAN_RULES: readonly PlanRule[] = [
  apiNotOpen,
  guardedTeamNamespaces,
  loadBalancersAtTheGateway,
  noKubernetesManifest,
  noLiteralSecrets,
  pinnedReleases,
];
