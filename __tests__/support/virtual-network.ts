/**
 * NetworkPolicies and pods of a virtual cluster as vCluster 0.36.1 syncs them to its one namespace on the host:
 * pkg/controllers/resources/networkpolicies/translate.go, pkg/util/translate/{labels,single_namespace}.go.
 * Keys that it hashes are spelt out here, which no selector can tell.
 */
import type { Labels, LabelSelector, NetworkPolicy, Peer, Pod } from "./network-policies";

export interface VirtualCluster {
  readonly cluster: string;
  /** Its namespace on the host. */
  readonly host: string;
  /** Labels of the namespaces inside, by name. */
  readonly namespaces: Readonly<Record<string, Labels>>;
}

const MARKER = "vcluster.loft.sh/managed-by";
const NAMESPACE = "vcluster.loft.sh/namespace";
/** Labels that mean something to vCluster itself: a tenant's own get another key. */
const TRANSLATED = new Set(["release", NAMESPACE, MARKER, "vcluster.loft.sh/controlled-by"]);

const hostLabel = (key: string): string => (TRANSLATED.has(key) ? `vcluster.loft.sh/label-${key}` : key);
const namespaceLabel = (key: string): string => `vcluster.loft.sh/ns-label-${key}`;
const mapped = (labels: Labels, key: (label: string) => string): Labels =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [key(label), value]));

/** A pod on the host: its namespace's labels overwrite what the pod says of itself. */
export function syncedPod({ cluster, host, namespaces }: VirtualCluster, pod: Pod): Pod {
  const ofNamespace = { ...namespaces[pod.namespace], "kubernetes.io/metadata.name": pod.namespace };
  return {
    ...pod,
    namespace: host,
    labels: {
      ...mapped(pod.labels, hostLabel),
      [MARKER]: cluster,
      [NAMESPACE]: pod.namespace,
      ...mapped(ofNamespace, namespaceLabel),
    },
  };
}

const selector = (one: LabelSelector | null | undefined, key: (label: string) => string) => ({
  matchLabels: mapped(one?.matchLabels ?? {}, key),
  matchExpressions: (one?.matchExpressions ?? []).map((expression) => ({ ...expression, key: key(expression.key) })),
});

export function syncedPolicy(virtual: VirtualCluster, { metadata, spec }: NetworkPolicy): NetworkPolicy {
  const { cluster, host } = virtual;
  const own = selector(spec.podSelector, hostLabel);
  const peers = (all: readonly Peer[] | null | undefined) =>
    all?.map((peer): Peer => {
      if (peer.ipBlock) return { ipBlock: peer.ipBlock };
      const [pods, namespaces] = [
        selector(peer.podSelector, hostLabel),
        selector(peer.namespaceSelector, namespaceLabel),
      ];
      return {
        podSelector: {
          matchLabels: {
            ...pods.matchLabels,
            ...namespaces.matchLabels,
            ...(!peer.namespaceSelector && { [NAMESPACE]: metadata.namespace }),
            [MARKER]: cluster,
          },
          matchExpressions: [...pods.matchExpressions, ...namespaces.matchExpressions],
        },
      };
    });
  return {
    metadata: { name: `${metadata.name}-x-${metadata.namespace}-x-${cluster}`, namespace: host },
    spec: {
      ...spec,
      podSelector: { ...own, matchLabels: { ...own.matchLabels, [NAMESPACE]: metadata.namespace, [MARKER]: cluster } },
      ...(spec.ingress && { ingress: spec.ingress.map((rule) => ({ ...rule, from: peers(rule.from) })) }),
      ...(spec.egress && { egress: spec.egress.map((rule) => ({ ...rule, to: peers(rule.to) })) }),
    },
  };
}
