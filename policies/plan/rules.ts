/** The rules that every stack must keep. Another one is a file beside these and a line here: docs/policies.md. */
import { apiNotOpen } from "./api-not-open";
import { apiRangesNamed } from "./api-ranges-named";
import { chartDowngrade, chartMajor, crdsStay } from "./chart-jumps";
import {
  apiAuthentication,
  auditLogs,
  clusterSecretsEncrypted,
  networkPoliciesEnforced,
  noCreatorAdmin,
  nodeVersionSkew,
  noLocalAccounts,
} from "./cluster-options";
import { controlPlaneAlone } from "./control-plane-alone";
import { environmentsKeepTheirStore } from "./environments-keep-their-store";
import { guardedTeamNamespaces } from "./guarded-team-namespaces";
import { iamWithoutWildcards } from "./iam-without-wildcards";
import { noKubernetesDowngrade, oneMinorAtATime } from "./kubernetes-version";
import { loadBalancersAtTheGateway } from "./load-balancers-at-the-gateway";
import { movedNotRemade } from "./moved-not-remade";
import { noKubernetesManifest } from "./no-kubernetes-manifest";
import { noLiteralSecrets } from "./no-literal-secrets";
import { noOpenIngress } from "./no-open-ingress";
import { hostEncryption, instanceMetadata, nodeDisksEncrypted, nodesPrivate } from "./nodes";
import { nodesRemain } from "./nodes-remain";
import { pinnedReleases } from "./pinned-releases";
import { podSecurity } from "./pod-security";
import { databasesBackedUp, productionEnvironments } from "./production";
import { protectedNotDestroyed } from "./protected-not-destroyed";
import { protectionFirst } from "./protection-first";
import type { PlanRule } from "./rule";
import { chartSources, imageRegistries, imageTags } from "./sources";
import { platformNotOnSpot, productionNotOnSpot } from "./spot";
import { stateProtected, stateShared } from "./state-backend";
import {
  keysRotate,
  logsKept,
  storesClosed,
  storesInNetwork,
  storesEncrypted,
  storesRecoverable,
  volumesEncrypted,
} from "./storage";
import { tagsComplete } from "./tags-complete";
import { volumesDoNotShrink } from "./volumes-do-not-shrink";

export const PLAN_RULES: readonly PlanRule[] = [
  apiAuthentication,
  apiNotOpen,
  apiRangesNamed,
  auditLogs,
  chartDowngrade,
  chartMajor,
  chartSources,
  clusterSecretsEncrypted,
  controlPlaneAlone,
  crdsStay,
  databasesBackedUp,
  environmentsKeepTheirStore,
  guardedTeamNamespaces,
  hostEncryption,
  iamWithoutWildcards,
  imageRegistries,
  imageTags,
  instanceMetadata,
  keysRotate,
  loadBalancersAtTheGateway,
  logsKept,
  movedNotRemade,
  networkPoliciesEnforced,
  noCreatorAdmin,
  noKubernetesDowngrade,
  noKubernetesManifest,
  noLiteralSecrets,
  noLocalAccounts,
  noOpenIngress,
  nodeDisksEncrypted,
  nodeVersionSkew,
  nodesPrivate,
  nodesRemain,
  oneMinorAtATime,
  pinnedReleases,
  platformNotOnSpot,
  podSecurity,
  productionEnvironments,
  productionNotOnSpot,
  protectedNotDestroyed,
  protectionFirst,
  stateProtected,
  stateShared,
  storesClosed,
  storesEncrypted,
  storesInNetwork,
  storesRecoverable,
  tagsComplete,
  volumesDoNotShrink,
  volumesEncrypted,
];
