/** What each team cost: arithmetic only. The rule for what teams share: docs/cost.md. */

const TEAM = "stackyard.dev/team";
const ENVIRONMENT = "stackyard.dev/environment";
const PROJECT = "stackyard.dev/project";
const COST_CENTER = "stackyard.dev/cost-center";
export const KINDS = ["cpu", "memory", "gpu", "storage", "network"];
const GIBIBYTE = 2 ** 30;

/** Seven days up to the last Monday in UTC. */
export function weekBefore(day) {
  const midnight = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate());
  const to = new Date(midnight - ((day.getUTCDay() + 6) % 7) * 86_400_000);
  return { from: new Date(to - 7 * 86_400_000).toISOString(), to: to.toISOString() };
}

/** A number of the API, which leaves out what it could not compute. */
function number(value, name) {
  if (value === null || value === undefined) return 0;
  if (!Number.isFinite(value)) throw new Error(`${name} is ${JSON.stringify(value)}, not a number`);
  return value;
}

const plus = (a, b) => Object.fromEntries(Object.keys(a).map((key) => [key, a[key] + b[key]]));
export const sum = (values) => values.reduce((all, value) => all + value, 0);
const total = (amounts) => Math.round(sum(amounts) * 100) / 100;

/** One row for each node, namespace on the host and namespace in a virtual cluster, in the order in which they were asked for. */
function readAllocation([key, allocation]) {
  const [node, namespace, inner] = key.split("/");
  const of = (...names) => sum(names.map((name) => number(allocation[name], `${name} of ${key}`)));
  const hours = of("minutes") / 60;
  return {
    node,
    namespace,
    inner,
    cost: {
      cpu: of("cpuCost", "cpuCostAdjustment"),
      memory: of("ramCost", "ramCostAdjustment"),
      gpu: of("gpuCost", "gpuCostAdjustment"),
      storage: of("pvCost", "pvCostAdjustment"),
      network: of("networkCost", "networkCostAdjustment", "loadBalancerCost", "loadBalancerCostAdjustment"),
    },
    // Averages over the time in which the pods were there: in hours they can be added.
    hours: {
      cpuRequested: of("cpuCoreRequestAverage") * hours,
      cpuUsed: of("cpuCoreUsageAverage") * hours,
      memoryRequested: (of("ramByteRequestAverage") * hours) / GIBIBYTE,
      memoryUsed: (of("ramByteUsageAverage") * hours) / GIBIBYTE,
    },
  };
}

const compute = ({ cpu, memory, gpu }) => cpu + memory + gpu;

/** Whole cents whose sum is the rounded sum of all: the largest remainders are rounded up. */
export function toCents(values) {
  const cents = values.map((value) => Math.floor(value * 100));
  const missing = Math.round(sum(values) * 100) - sum(cents);
  const byRemainder = values.map((value, index) => [value * 100 - cents[index], index]).sort(([a], [b]) => b - a);
  for (const [, index] of byRemainder.slice(0, missing)) cents[index] += 1;
  return cents;
}

/** Every team's report, in cents whose sum is the cluster's total. */
export function divide(namespaces, allocations, assets, week) {
  const teams = findTeams(namespaces);
  const nodes = findNodes(assets, teams);
  const shared = { platform: feesOf(assets), idle: 0 };
  const ownerOf = ownership(namespaces, teams);
  for (const row of allocations.map(readAllocation)) {
    const node = nodes.get(row.node);
    if (node) node.idle -= compute(row.cost);
    const { team, place } = ownerOf(row);
    if (!team) shared.platform += sum(Object.values(row.cost));
    else addTo(team, place, row, node?.owner === undefined);
  }
  for (const { owner, idle } of nodes.values()) (owner ?? shared).idle += Math.max(idle, 0);

  const everyone = [...teams.values()];
  const weights = sum(everyone.map(({ weight }) => weight));
  const cells = everyone.flatMap((team) => {
    const part = weights > 0 ? team.weight / weights : 1 / everyone.length;
    const direct = [...team.places.values()].flatMap(({ cost }) => KINDS.map((kind) => cost[kind]));
    return [...direct, team.idle, shared.idle * part, shared.platform * part];
  });
  const amounts = toCents(cells).map((cents) => cents / 100);
  const reports = everyone.map((team) => reportOf(team, amounts.splice(0, team.places.size * KINDS.length + 3), week));
  return { reports, total: total(reports.map((report) => report.total)), shared };
}

/** Teams by name, each at home in the first of its namespaces on the host. */
function findTeams(namespaces) {
  const teams = new Map();
  for (const { name: home, labels } of [...namespaces].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = labels[TEAM];
    if (name && !teams.has(name)) teams.set(name, { name, home, labels, idle: 0, weight: 0, places: new Map() });
  }
  return teams;
}

/** Nodes by name: whose they are, where they are not shared, and what they cost, of which the pods' part is taken away later. */
function findNodes(assets, teams) {
  const nodes = assets.filter(({ type }) => type === "Node");
  return new Map(
    nodes.map(({ properties, labels = {}, totalCost }) => {
      // Kubecost's answers have the prefix that Prometheus gives labels, OpenCost's have it no more.
      const owner = teams.get(labels.stackyard_dev_team ?? labels.label_stackyard_dev_team);
      return [properties.name, { owner, idle: number(totalCost, `totalCost of ${properties.name}`) }];
    }),
  );
}

/** What is no pod's and no node's: the cloud's fee for the cluster, and the disks of nodes. */
const feesOf = (assets) =>
  sum(
    assets
      .filter(({ type, storageClass }) => type === "ClusterManagement" || storageClass === "__local__")
      .map(({ type, totalCost }) => number(totalCost, `totalCost of a ${type}`)),
  );

/** In a virtual cluster a team has one namespace, `team-<team>`: on the host another team's may be called so. */
function ownership(namespaces, teams) {
  const labelsOf = new Map(namespaces.map(({ name, labels }) => [name, labels]));
  return ({ namespace, inner }) => {
    const { [TEAM]: name, [ENVIRONMENT]: environment } = labelsOf.get(namespace) ?? {};
    if (!environment) return { team: teams.get(name), place: namespace };
    return { team: teams.get(/^team-(.+)$/.exec(inner)?.[1]), place: `${environment}/${inner}` };
  };
}

function addTo(team, place, { cost, hours }, onSharedNode) {
  if (onSharedNode) team.weight += compute(cost);
  const before = team.places.get(place);
  team.places.set(
    place,
    before ? { cost: plus(before.cost, cost), hours: plus(before.hours, hours) } : { cost, hours },
  );
}

/** `amounts`: of each place by kind, then idle, its part of shared nodes' idle, and its part of the platform. */
function reportOf({ name, home, labels, places }, amounts, week) {
  const namespaces = [...places].map(([place, { hours }], index) => {
    const cost = amounts.slice(index * KINDS.length, (index + 1) * KINDS.length);
    return { name: place, total: total(cost), cost, ...usage([hours], week) };
  });
  const [idle, idleOfShared, platform] = amounts.slice(-3);
  return {
    team: name,
    project: labels[PROJECT] ?? name,
    costCenter: labels[COST_CENTER],
    home,
    week,
    total: total(amounts),
    direct: Object.fromEntries(KINDS.map((kind, index) => [kind, total(namespaces.map(({ cost }) => cost[index]))])),
    idle,
    idleOfShared,
    platform,
    ...usage(
      [...places.values()].map(({ hours }) => hours),
      week,
    ),
    namespaces: namespaces.map(({ cost: _, ...namespace }) => namespace),
  };
}

/** Averages over the week, and used of requested. */
function usage(hours, { from, to }) {
  const weekHours = (new Date(to) - new Date(from)) / 3_600_000;
  const average = (key) => Math.round((sum(hours.map((of) => of[key])) / weekHours) * 100) / 100;
  const of = (requested, used) => ({
    requested,
    used,
    efficiency: requested > 0 ? Math.round((used / requested) * 100) / 100 : null,
  });
  return {
    cpu: of(average("cpuRequested"), average("cpuUsed")),
    memory: of(average("memoryRequested"), average("memoryUsed")),
  };
}
