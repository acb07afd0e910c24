/**
 * NetworkPolicies as Kubernetes means them, written from its documentation and from the comments of its API, not from our policies:
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/,
 * https://github.com/kubernetes/api/blob/v0.35.0/networking/v1/types.go.
 */
import ipaddr from "ipaddr.js";

export type Labels = Readonly<Record<string, string>>;

/** What a policy looks at of a pod. Pods in the host's network are no `Pod`: to a policy they are their node's address. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ip: string;
  /** Named ports of its containers. @default - none */
  readonly ports?: readonly { readonly name: string; readonly port: number; readonly protocol?: Protocol }[];
}

/** An address that is no pod's: a node, a machine, the internet. */
export interface Address {
  readonly ip: string;
}

export type Endpoint = Pod | Address;

export type Protocol = "TCP" | "UDP" | "SCTP";

export interface Port {
  readonly port: number;
  /** @default "TCP" */
  readonly protocol?: Protocol;
}

export interface LabelSelector {
  readonly matchLabels?: Labels | null;
  readonly matchExpressions?:
    readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | null }[] | null;
}

export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[] | null;
}

export interface Peer {
  readonly podSelector?: LabelSelector | null;
  readonly namespaceSelector?: LabelSelector | null;
  readonly ipBlock?: IpBlock | null;
}

export interface PolicyPort {
  readonly protocol?: Protocol | null;
  readonly port?: number | string | null;
  readonly endPort?: number | null;
}

export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly string[] | null;
    readonly ingress?:
      readonly { readonly from?: readonly Peer[] | null; readonly ports?: readonly PolicyPort[] | null }[] | null;
    readonly egress?:
      readonly { readonly to?: readonly Peer[] | null; readonly ports?: readonly PolicyPort[] | null }[] | null;
  };
}

export interface Network {
  /** Labels of every namespace, by its name. */
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly policies: readonly NetworkPolicy[];
  /**
   * Whether an ipBlock also stands for pods with an address in it. Kubernetes leaves that to the network: for Amazon's it does, for
   * Cilium (which is AKS's here) it does not. A path that nobody wants must be closed in both, one that somebody wants open in both.
   */
  readonly blocksTakePods: boolean;
}

type Direction = "Ingress" | "Egress";

const isPod = (endpoint: Endpoint): endpoint is Pod => "namespace" in endpoint;

/** Whether `from` reaches `to`: the policies of both ends let it. */
export function reaches(network: Network, from: Endpoint, to: Endpoint, port: Port): boolean {
  // No pod can be cut off from itself.
  if (isPod(from) && isPod(to) && from.ip === to.ip) return true;
  return lets(network, "Egress", from, to, port) && lets(network, "Ingress", to, from, port);
}

/** Whether the policies of `self` let traffic pass in one direction; `to`'s port it is in both. */
export function lets(network: Network, direction: Direction, self: Endpoint, other: Endpoint, port: Port): boolean {
  if (!isPod(self)) return true;
  const own = network.policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === self.namespace &&
      selects(spec.podSelector, self.labels) &&
      directionsOf(spec).includes(direction),
  );
  const listener = direction === "Ingress" ? self : other;
  return own.length === 0 || own.some((policy) => allows(network, policy, direction, other, listener, port));
}

/** Without `policyTypes`: Ingress, and Egress where there is a rule of it. */
function directionsOf({ policyTypes, egress }: NetworkPolicy["spec"]): readonly string[] {
  if (policyTypes && policyTypes.length > 0) return policyTypes;
  return egress && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function allows(
  network: Network,
  { metadata, spec }: NetworkPolicy,
  direction: Direction,
  other: Endpoint,
  listener: Endpoint,
  port: Port,
): boolean {
  const rules =
    direction === "Ingress"
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  // A rule without peers is for everybody, one without ports for every port.
  return rules.some(
    ({ peers, ports }) =>
      (!peers || peers.length === 0 || peers.some((peer) => isPeer(network, metadata.namespace, peer, other))) &&
      (!ports || ports.length === 0 || ports.some((one) => isPort(one, listener, port))),
  );
}

/** Both selectors of one peer must hold; a podSelector alone is for the policy's own namespace. */
function isPeer(network: Network, namespace: string, peer: Peer, endpoint: Endpoint): boolean {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  if (ipBlock) return (network.blocksTakePods || !isPod(endpoint)) && inBlock(ipBlock, endpoint.ip);
  if (!isPod(endpoint) || (!podSelector && !namespaceSelector)) return false;
  return (
    (namespaceSelector
      ? selects(namespaceSelector, labelsOf(network, endpoint.namespace))
      : endpoint.namespace === namespace) &&
    (!podSelector || selects(podSelector, endpoint.labels))
  );
}

/** The API server itself labels every namespace with its name. */
const labelsOf = ({ namespaces }: Network, name: string): Labels => ({
  ...namespaces[name],
  "kubernetes.io/metadata.name": name,
});

function inBlock({ cidr, except }: IpBlock, ip: string): boolean {
  return inRange(cidr, ip) && !(except ?? []).some((range) => inRange(range, ip));
}

function inRange(range: string, ip: string): boolean {
  const address = once(addresses, ip, ipaddr.parse);
  const [base, prefix] = once(ranges, range, ipaddr.parseCIDR);
  return address.kind() === base.kind() && address.match([base, prefix]);
}

const addresses = new Map<string, ReturnType<typeof ipaddr.parse>>();
const ranges = new Map<string, ReturnType<typeof ipaddr.parseCIDR>>();

/** Read once: all pairs are many. */
function once<T>(known: Map<string, T>, text: string, read: (text: string) => T): T {
  const found = known.get(text) ?? read(text);
  known.set(text, found);
  return found;
}

function isPort({ protocol, port, endPort }: PolicyPort, listener: Endpoint, asked: Port): boolean {
  const wanted = protocol ?? "TCP";
  if (wanted !== (asked.protocol ?? "TCP")) return false;
  if (port === undefined || port === null) return true;
  if (typeof port === "number") return asked.port >= port && asked.port <= (endPort ?? port);
  const named = isPod(listener) ? (listener.ports ?? []) : [];
  return named.some((one) => one.name === port && one.port === asked.port && (one.protocol ?? "TCP") === wanted);
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors; the empty one selects everything. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (matchExpressions ?? []).every(({ key, operator, values }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && (values ?? []).includes(value);
        case "NotIn":
          return value === undefined || !(values ?? []).includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`Kubernetes has no operator ${operator}`);
      }
    })
  );
}
