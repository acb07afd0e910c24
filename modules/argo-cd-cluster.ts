import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { virtualClusterServer } from "../config/environments";
import type { Environment } from "../config/platform";
import { DELIVERABLE } from "./app-project";
import { ArgoCd } from "./argo-cd";
import { Resources, type KubernetesObject } from "./helm/resources";
import type { HelmValues } from "./helm/values";
import { secretCopy, sharedSecrets } from "./secrets/shared-secret";

export interface ArgoCdClusterProps {
  readonly environment: Environment;
  /** The release of the virtual cluster, with `ArgoCdCluster.values` among its values. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Argo CD's name inside a virtual cluster. */
const MANAGER = "argocd-manager";

/** The Secret on the host that the virtual cluster writes, with what Argo CD needs to reach it. */
const exported = ({ cluster }: Environment): string => `${cluster}-argocd`;

/**
 * A virtual cluster that Argo CD delivers to. The virtual cluster makes the token and External Secrets copies it to Argo CD, both inside the host
 * cluster: it is in no plan and in no state. https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#clusters
 */
export class ArgoCdCluster extends Construct {
  constructor(scope: Construct, id: string, { environment, dependsOn }: ArgoCdClusterProps) {
    super(scope, id);
    const { cluster, namespace } = environment;
    const secret = exported(environment);
    new Resources(this, "secrets", {
      name: `${cluster}-argo-cd`,
      namespace,
      resources: [
        ...sharedSecrets({ namespace, secrets: [secret], to: [ArgoCd.NAMESPACE] }),
        secretCopy({
          name: `cluster-${cluster}`,
          namespace: ArgoCd.NAMESPACE,
          from: { namespace, secret },
          labels: { "argocd.argoproj.io/secret-type": "cluster" },
          data: { name: cluster, server: virtualClusterServer(environment), config: CONFIG },
        }),
      ],
      dependsOn,
    });
  }

  /** What the vcluster chart must be told: whom to make a token for, where to put it, and where it is reached. */
  static values(environment: Environment): HelmValues {
    return {
      exportKubeConfig: {
        additionalSecrets: [
          {
            name: exported(environment),
            context: environment.cluster,
            server: virtualClusterServer(environment),
            serviceAccount: { name: MANAGER, namespace: "kube-system", clusterRole: MANAGER },
          },
        ],
      },
    };
  }

  /** What is inside the virtual cluster for it. */
  static readonly manifests = (): readonly KubernetesObject[] => [MANAGER_ROLE];
}

/** Keys of the Secret are those that vCluster writes; it is a template of External Secrets. */
const CONFIG =
  '{"bearerToken":{{ .token | toJson }},"tlsClientConfig":{"caData":{{ index . "certificate-authority" | b64enc | toJson }}}}';

/**
 * What any team's project lets it deliver, and nothing that bounds a team or the environment. Argo CD looks only at kinds that it may
 * list (`resource.respectRBAC`).
 */
const MANAGER_ROLE: KubernetesObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: MANAGER },
  rules: [
    ...Object.entries(DELIVERABLE).map(([group, kinds]) => ({
      apiGroups: [group],
      resources: kinds.map((kind) => `${kind.toLowerCase()}s`),
      verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
    })),
    { apiGroups: [""], resources: ["events", "pods/log"], verbs: ["get", "list", "watch"] },
  ],
};
