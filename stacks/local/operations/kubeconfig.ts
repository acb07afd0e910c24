import type { LocalCluster } from "../../../config/clouds/local";
import type { KubeconfigOperations } from "../../kubeconfig";

/** How people reach a cluster that was there: by the context that they have. */
export const localKubeconfig = (cluster: LocalCluster): KubeconfigOperations => ({
  host: () => Promise.resolve({ kind: "context", file: cluster.kubeconfig, context: cluster.context }),
  ownAuthority: true,
  store: () => undefined,
});
