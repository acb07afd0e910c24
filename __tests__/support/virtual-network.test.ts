/** What policies mean inside a virtual cluster, they mean on the host, where they are enforced. */
import { reaches, type NetworkPolicy, type Pod } from "./network-policies";
import { syncedPod, syncedPolicy } from "./virtual-network";

const virtual = {
  cluster: "acme-dev",
  host: "vcluster-acme-dev",
  namespaces: {
    "kube-system": {},
    "team-a": { "stackyard.dev/team": "a" },
    "team-b": { "stackyard.dev/team": "b" },
    "team-b-2": { "stackyard.dev/team": "b" },
  },
};
const team = (namespace: string, name: string): NetworkPolicy[] => [
  { metadata: { name: "deny", namespace }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  {
    metadata: { name: "team", namespace },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { "stackyard.dev/team": name } } }] }],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { "stackyard.dev/team": name } } }] },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "vcluster-kube-dns" } },
            },
          ],
          ports: [{ port: 1053, protocol: "UDP" }],
        },
        { to: [{ ipBlock: { cidr: "198.51.100.0/24" } }] },
      ],
    },
  },
];
const policies = [...team("team-a", "a"), ...team("team-b", "b"), ...team("team-b-2", "b")];
/** As it is, as DNS, and with labels that only vCluster may set. */
const disguises: readonly Readonly<Record<string, string>>[] = [
  {},
  { "k8s-app": "vcluster-kube-dns" },
  {
    "vcluster.loft.sh/namespace": "team-b",
    "vcluster.loft.sh/managed-by": "acme-prod",
    "vcluster.loft.sh/ns-label-stackyard.dev/team": "b",
    "stackyard.dev/team": "b",
  },
];
const pods = Object.keys(virtual.namespaces).flatMap((namespace, index) =>
  disguises.map((labels, other): Pod => ({ namespace, labels, ip: `10.244.${index}.${other + 1}` })),
);
const ports = [
  { port: 1053, protocol: "UDP" },
  { port: 8080, protocol: "TCP" },
] as const;
const inside = { namespaces: virtual.namespaces, policies, blocksTakePods: true };
const onHost = { namespaces: {}, policies: policies.map((one) => syncedPolicy(virtual, one)), blocksTakePods: true };

/** Pairs that reach each other in one of the two, and not in the other. */
const differences = (some: readonly Pod[]) =>
  some.flatMap((from) =>
    some.flatMap((to) =>
      ports
        .filter(
          (port) =>
            reaches(inside, from, to, port) !== reaches(onHost, syncedPod(virtual, from), syncedPod(virtual, to), port),
        )
        .map((port) => `${from.namespace} to ${to.namespace}, ${port.port}`),
    ),
  );
const [plain, asDns] = disguises;

test("all pairs of pods inside reach each other on the host as they do inside", () => {
  const honest = ({ labels }: Pod) => labels === plain || labels === asDns;
  expect(differences(pods.filter((pod) => pod.namespace !== "kube-system" || honest(pod)))).toEqual([]);
});

test("a namespace's label can be forged only where the namespace has none: no team may make pods there", () => {
  expect([...new Set(differences(pods))].length).toBeGreaterThan(0);
  expect(differences(pods).filter((pair) => !pair.includes("kube-system"))).toEqual([]);
});

test("teams inside do not reach each other, whatever labels they give their pods", () => {
  const crossing = pods
    .filter(({ namespace }) => namespace === "team-a")
    .flatMap((from) => pods.filter(({ namespace }) => namespace.startsWith("team-b")).map((to) => [from, to] as const))
    .filter(([from, to]) => reaches(onHost, syncedPod(virtual, from), syncedPod(virtual, to), ports[1]));
  expect(crossing).toEqual([]);
});

test("pods of the host, and of another virtual cluster, are no peers", () => {
  const [, , , to] = pods as [Pod, Pod, Pod, Pod];
  const prometheus: Pod = { namespace: "monitoring", labels: { "stackyard.dev/team": "a" }, ip: "10.244.9.1" };
  const elsewhere = syncedPod(
    { ...virtual, cluster: "acme-prod", host: "vcluster-acme-prod" },
    { ...to, ip: "10.244.9.2" },
  );
  for (const from of [prometheus, elsewhere])
    expect(reaches(onHost, from, syncedPod(virtual, to), ports[1])).toBe(false);
});
