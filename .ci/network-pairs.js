// Every path that begins or ends at a team's pod, and whether the config means it to be open. Written by hand from docs/config.md, and with
// its own arithmetic of addresses, so that no mistake of the charts, the modules or the evaluator is in it as well.

const TEAM = "stackyard.dev/team";
const DNS = { "k8s-app": "kube-dns" };
const PROXY = {
  "app.kubernetes.io/managed-by": "envoy-gateway",
  "app.kubernetes.io/component": "proxy",
  "app.kubernetes.io/name": "envoy",
};
const PROMETHEUS = { "app.kubernetes.io/name": "prometheus" };

const PORTS = [
  ...[53, 1053].flatMap((port) => [
    { port, protocol: "UDP" },
    { port, protocol: "TCP" },
  ]),
  ...[80, 443, 2379, 5432, 6379, 8080, 8081, 8443, 9090, 9100, 10250].map((port) => ({ port, protocol: "TCP" })),
];

const number = (ip) => ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
function within(range, ip) {
  const [base, prefix] = range.split("/");
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(base) / size) === Math.floor(number(ip) / size);
}
const address = (range, index) => {
  const value = number(range.split("/")[0]) + index;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
};

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
const METADATA = ["169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.1.1", "168.63.129.16"];
/** Entra, by a cloud's own word: https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-ports */
const ENTRA = ["20.20.32.0/19", "20.190.128.0/18", "20.231.128.0/19", "40.126.0.0/18"];
const isPrivate = (ip) => PRIVATE.some((range) => within(range, ip));

/**
 * Pods' and nodes' addresses, and those of Services. Behind a context nobody knows them: where a team's entry names a private range, some of its
 * addresses may be pods there, so that these lie in one that no entry names.
 */
const RANGES = {
  aws: ({ network }) => ({ pods: network.cidr, nodes: network.cidr, services: network.serviceCidr }),
  azure: ({ network }) => ({ pods: network.podCidr, nodes: network.cidr, services: network.serviceCidr }),
  local: () => ({ pods: "172.20.0.0/16", nodes: "172.18.0.0/16", services: "172.21.0.0/16" }),
};

/** Pods of the platform that teams' pods must not reach, as their charts and operators label them. */
const platformPods = ({ environments, teams }) => [
  ["kube-system", DNS, "DNS"],
  ["kube-system", { "app.kubernetes.io/name": "metrics-server" }],
  ["monitoring", PROMETHEUS, "Prometheus"],
  ["monitoring", { "app.kubernetes.io/name": "grafana" }],
  ["monitoring", { "app.kubernetes.io/name": "alertmanager" }],
  ["envoy-gateway-system", PROXY, "the Gateway's proxies"],
  ["envoy-gateway-system", { "control-plane": "envoy-gateway" }],
  ["argocd", { "app.kubernetes.io/name": "argocd-repo-server" }],
  ["argocd", { "app.kubernetes.io/name": "argocd-redis" }],
  ["argocd", { "app.kubernetes.io/name": "argocd-application-controller" }],
  ["keycloak", { "cnpg.io/cluster": "keycloak-db" }],
  ["keycloak", { "app.kubernetes.io/name": "keycloakx" }],
  ["gitea", { "cnpg.io/cluster": "gitea-db" }],
  ["external-secrets", { "app.kubernetes.io/name": "external-secrets" }],
  ["opencost", { "app.kubernetes.io/name": "opencost" }],
  ...environments.flatMap(({ cluster, namespace }) => [
    [namespace, { app: "vcluster", release: cluster }, `API of ${cluster}`],
    [namespace, { app: "vcluster-etcd", release: cluster }, `etcd of ${cluster}`],
    [namespace, { "k8s-app": "vcluster-kube-dns", "vcluster.loft.sh/managed-by": cluster }, `DNS of ${cluster}`],
    ...teams.map(({ name }) => [
      namespace,
      { "vcluster.loft.sh/managed-by": cluster, "vcluster.loft.sh/namespace": `team-${name}` },
      `a pod of ${name} in ${cluster}`,
    ]),
  ]),
];

/** Pods of workloads in rendered objects that are not in the host's network. */
const workloads = (objects) =>
  objects.flatMap(({ kind, metadata, spec }) => {
    const template = kind === "CronJob" ? spec.jobTemplate.spec.template : spec?.template;
    if (!["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"].includes(kind) || template.spec.hostNetwork)
      return [];
    return [[metadata.namespace, template.metadata?.labels ?? {}, `${kind} ${metadata.namespace}/${metadata.name}`]];
  });

/** Whoever sends requests on for the platform. */
const mayComeIn = ({ namespace, labels }) =>
  (namespace === "monitoring" && labels["app.kubernetes.io/name"] === "prometheus") ||
  (namespace === "envoy-gateway-system" && labels["app.kubernetes.io/component"] === "proxy");

/** Addresses that are no pod's. */
function addressesOf(platform, cluster) {
  const ranges = RANGES[cluster.kind](cluster);
  return [
    ...["8.8.8.8", "198.51.100.7", "203.0.113.50", ...ENTRA.map((range) => address(range, 9))].map((ip) => ({
      ip,
      what: `the internet (${ip})`,
    })),
    ...METADATA.map((ip) => ({ ip, what: `metadata (${ip})` })),
    ...["10.200.0.9", "10.20.0.9", "172.31.9.9", "192.168.200.7", "100.64.1.1"].map((ip) => ({
      ip,
      what: `a private address (${ip})`,
    })),
    { ip: address(ranges.nodes, 10), what: "a node" },
    { ip: address(ranges.services, 1), what: "the Service of the API server" },
    { ip: address(ranges.services, 77), what: "a Service" },
    ...platform.clusters
      .filter(({ name, kind }) => name !== cluster.name && kind !== "local")
      .map((other) => ({ ip: address(RANGES[other.kind](other).nodes, 10), what: `a node of ${other.name}` })),
  ];
}

/** Whether the team's `egress` opens an address that is no pod's: a private one by a private range only, and nothing of the clusters. */
function entryOpens({ clusters }, { egress }, ip) {
  const inside = clusters.filter(({ kind }) => kind !== "local").flatMap((one) => Object.values(RANGES[one.kind](one)));
  if (METADATA.includes(ip) || inside.some((range) => within(range, ip))) return false;
  const entries = egress.filter((range) => within(range, ip));
  return isPrivate(ip) ? entries.some((range) => isPrivate(range.split("/")[0])) : entries.length > 0;
}

function pairs(platform, cluster, objects) {
  const ranges = RANGES[cluster.kind](cluster);
  let next = 4096;
  const pod = (namespace, labels, what = `${namespace} ${Object.values(labels).join(" ")}`) => ({
    namespace,
    labels,
    ip: address(ranges.pods, next++),
    what,
  });
  const owner = new Map(platform.teams.flatMap((team) => team.namespaces.map(({ name }) => [name, team])));
  // A team may label its pods as it likes, and so may whoever has a namespace of which nobody has said anything.
  const disguises = (other) => [
    ["", {}],
    [" as DNS", DNS],
    [" as a proxy", PROXY],
    [" as Prometheus", PROMETHEUS],
    [` as ${other}`, { [TEAM]: other }],
    [" as an environment's", { app: "vcluster", release: platform.environments[0]?.cluster ?? "" }],
  ];
  const teamPods = [...owner].flatMap(([namespace, team]) =>
    disguises(platform.teams.find(({ name }) => name !== team.name)?.name ?? "other").map(([as, labels]) =>
      pod(namespace, labels, `a pod of ${namespace}${as}`),
    ),
  );
  const others = [
    ...platformPods(platform),
    ...workloads(objects).filter(([namespace]) => !owner.has(namespace)),
    ...disguises(platform.teams[0].name).map(([as, labels]) => ["elsewhere", labels, `a pod of elsewhere${as}`]),
  ].map((described) => pod(...described));
  const addresses = addressesOf(platform, cluster);

  const isDns = ({ namespace, labels }) => namespace === "kube-system" && labels["k8s-app"] === "kube-dns";
  /** What the entry, and the service accounts of a namespace, open of an address that is no pod's. */
  function opens(team, namespace, ip, { port, protocol }) {
    const accounts = team.serviceAccounts.filter((account) => account.namespace === namespace && account[cluster.kind]);
    if (cluster.kind === "aws" && accounts.length > 0 && ip === "169.254.170.23")
      return port === 80 && protocol === "TCP";
    if (
      cluster.kind === "azure" &&
      accounts.length > 0 &&
      ENTRA.some((range) => within(range, ip)) &&
      port === 443 &&
      protocol === "TCP"
    )
      return true;
    return entryOpens(platform, team, ip);
  }

  function intended(from, to, port) {
    if (from.ip === to.ip) return true;
    const [sender, receiver] = [owner.get(from.namespace), owner.get(to.namespace)];
    if (sender && receiver) return sender === receiver;
    if (receiver) return from.namespace !== undefined && mayComeIn(from);
    return to.namespace === undefined ? opens(sender, from.namespace, to.ip, port) : isDns(to) && port.port === 53;
  }

  const paths = (froms, tos) =>
    froms.flatMap((from) =>
      tos.flatMap((to) => PORTS.map((port) => ({ from, to, port, intended: intended(from, to, port) }))),
    );
  return {
    endpoints: teamPods.length + others.length + addresses.length,
    paths: [...paths(teamPods, [...teamPods, ...others, ...addresses]), ...paths([...others, ...addresses], teamPods)],
  };
}

module.exports = { address, addressesOf, entryOpens, mayComeIn, pairs, platformPods, PORTS, RANGES };
