// The same for pods inside an environment: what their policies mean on the host, where vCluster has synced them to one namespace.
const { parseAllDocuments } = require("yaml");
const { syncedPod, syncedPolicy } = require("../__tests__/support/virtual-network");
const { address, addressesOf, entryOpens, mayComeIn, platformPods, PORTS, RANGES } = require("./network-pairs");

const DNS = { "k8s-app": "vcluster-kube-dns" };

/** What the teams' Jobs take into an environment: the labels of its namespaces, and its policies. */
function delivered(objects, namespace) {
  const documents = objects
    .filter(
      ({ kind, metadata, data }) =>
        kind === "ConfigMap" && metadata.namespace === namespace && data?.["manifests.yaml"],
    )
    .flatMap(({ data }) => parseAllDocuments(data["manifests.yaml"]).map((document) => document.toJS()));
  const of = (kind) => documents.filter((object) => object?.kind === kind);
  return {
    namespaces: Object.fromEntries(of("Namespace").map(({ metadata }) => [metadata.name, metadata.labels])),
    policies: of("NetworkPolicy"),
  };
}

/** An environment of a cluster: the paths that begin or end at a team's pod in it, and its policies as the host has them. */
function inside(platform, cluster, { cluster: name, namespace: host }, objects) {
  const { namespaces, policies } = delivered(objects, host);
  const virtual = { cluster: name, host, namespaces: { default: {}, "kube-system": {}, ...namespaces } };
  const ranges = RANGES[cluster.kind](cluster);
  let next = 20_000;
  const pod = (namespace, labels, what, team) => ({ namespace, labels, what, team, ip: address(ranges.pods, next++) });
  const synced = (one) => ({ ...syncedPod(virtual, one), what: one.what, team: one.team, dns: one.dns });
  const teams = platform.teams.filter((team) => namespaces[`team-${team.name}`]);
  // A tenant may label its pods as it likes.
  const disguises = (other) => [
    ["", {}],
    [" as DNS", DNS],
    [
      ` as ${other}`,
      {
        "stackyard.dev/team": other,
        "vcluster.loft.sh/namespace": `team-${other}`,
        "vcluster.loft.sh/ns-label-stackyard.dev/team": other,
      },
    ],
    [" as a proxy", { "app.kubernetes.io/managed-by": "envoy-gateway", "app.kubernetes.io/component": "proxy" }],
    [" as the API server", { app: "vcluster", release: name }],
  ];
  const own = teams.flatMap((team) =>
    disguises(platform.teams.find((one) => one.name !== team.name)?.name ?? "other").map(([as, labels]) =>
      synced(pod(`team-${team.name}`, labels, `a pod of ${team.name} in ${name}${as}`, team)),
    ),
  );
  const others = [
    { ...synced(pod("kube-system", DNS, `DNS of ${name}`)), dns: true },
    synced(pod("kube-system", {}, `a pod of ${name} that is no team's`)),
    synced(pod("default", DNS, `a pod of ${name} that is no team's, as DNS`)),
    // The ones here are those above.
    ...platformPods(platform)
      .filter(([namespace, labels]) => namespace !== host || labels.app !== undefined)
      .map(([namespace, labels, what]) =>
        pod(namespace, labels, what ?? `${namespace} ${Object.values(labels).join(" ")}`),
      ),
    ...platform.teams.flatMap((team) => team.namespaces.map((one) => pod(one.name, {}, `a pod of ${one.name}`))),
  ];
  const addresses = addressesOf(platform, cluster);

  function intended(from, to, { port }) {
    if (from.ip === to.ip) return true;
    if (from.team && to.team) return from.team === to.team;
    if (to.team) return from.namespace !== undefined && mayComeIn(from);
    if (to.namespace === undefined) return entryOpens(platform, from.team, to.ip);
    return to.dns === true && port === 1053;
  }
  const paths = (froms, tos) =>
    froms.flatMap((from) =>
      tos.flatMap((to) => PORTS.map((port) => ({ from, to, port, intended: intended(from, to, port) }))),
    );
  return {
    policies,
    /** On the host: those of the environment's namespace, and those that come from within. */
    onHost: (some) => [
      ...objects.filter(({ kind, metadata }) => kind === "NetworkPolicy" && metadata.namespace === host),
      ...objects.filter(
        ({ kind, metadata }) =>
          kind === "NetworkPolicy" &&
          platform.teams.some((team) => team.namespaces.some((one) => one.name === metadata.namespace)),
      ),
      ...some.map((policy) => syncedPolicy(virtual, policy)),
    ],
    teams,
    endpoints: own.length + others.length + addresses.length,
    paths: [...paths(own, [...own, ...others, ...addresses]), ...paths([...others, ...addresses], own)],
  };
}

module.exports = { inside };
