// Who reaches whom.  See .ci/network.
const { execFileSync } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { basename, join, resolve } = require("node:path");
const { reaches } = require("../__tests__/support/network-policies");
const { inside } = require("./network-inside");
const { pairs } = require("./network-pairs");
const { mutations } = require("./network-mutations");
const { renderer } = require("./render");

const [, , helm, charts, config, ...stacks] = process.argv;
const platform = require(resolve(config)).default;
const { chartOf, render } = renderer(helm, charts);

/** The namespaces, policies and pods of a stack. */
function rendered(stack) {
  const { resource } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8"));
  const releases = Object.values(resource.helm_release ?? {}).map((release) => ({
    ...release,
    chart: chartOf(release, stack),
  }));
  return {
    objects: releases.filter(({ chart }) => chart !== undefined).flatMap((release) => render(release, release.chart)),
    namespaces: Object.values(resource.kubernetes_namespace_v1 ?? {}).map(({ metadata }) => metadata),
    unseen: releases.filter(({ chart }) => chart === undefined).length,
  };
}

/** The same of a running cluster. */
function live() {
  const list = (kinds) =>
    JSON.parse(
      execFileSync("kubectl", ["get", kinds, "--all-namespaces", "-o", "json"], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      }),
    ).items;
  return {
    objects: list("networkpolicies,deployments,statefulsets,daemonsets"),
    namespaces: list("namespaces").map(({ metadata }) => metadata),
    unseen: 0,
  };
}

/** A path that is open and should not be, or the other way round; of both readings of an address block. */
function* surprises(policies, namespaces, paths) {
  const of = byNamespace(policies);
  for (const blocksTakePods of [true, false])
    for (const { from, to, port, intended } of paths) {
      const open = reaches({ policies: of(from, to), namespaces, blocksTakePods }, from, to, port);
      if (open !== intended)
        yield `${open ? "open, and not intended" : "intended, and not open"}: ${from.what} to ${to.what}, ${port.port}/${port.protocol}`;
    }
}

/** Policies bind pods of their own namespace only, so that those of two are enough for a path. */
function byNamespace(policies) {
  const known = new Map();
  return ({ namespace: one }, { namespace: other }) => {
    const key = `${one} ${other}`;
    if (!known.has(key))
      known.set(
        key,
        policies.filter(({ metadata }) => metadata.namespace === one || metadata.namespace === other),
      );
    return known.get(key);
  };
}

let wrong = 0;
function judge(name, { objects, namespaces: found, unseen }) {
  const cluster = platform.clusters.find((one) => one.name === name);
  const namespaces = Object.fromEntries(found.map(({ name: namespace, labels }) => [namespace, labels ?? {}]));
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  const { endpoints, paths } = pairs(platform, cluster, objects);
  const bad = [...new Set(surprises(policies, namespaces, paths))];
  for (const line of bad.slice(0, 40)) console.log(`wrong ${name}: ${line}`);
  const changes = mutations(
    policies,
    new Set(platform.teams.flatMap((team) => team.namespaces.map((one) => one.name))),
  );
  const unnoticed = changes.filter(({ namespace, policies: changed, alone }) => {
    const touched = paths.filter(({ from, to }) => from.namespace === namespace || to.namespace === namespace);
    // What only shuts is enough by itself: with it alone, nothing is open that crosses the namespace's border.
    if (alone)
      return touched.some(
        ({ from, to, port }) =>
          from.ip !== to.ip && reaches({ policies: changed, namespaces, blocksTakePods: true }, from, to, port),
      );
    return surprises(changed, namespaces, touched).next().done;
  });
  for (const { what } of unnoticed) console.log(`wrong ${name}: nobody would notice: ${what}`);
  wrong += bad.length + unnoticed.length;
  if (unseen > 0)
    console.log(
      `SKIPPED ${unseen} releases of ${name} whose charts are not at hand: their pods are those written down here`,
    );
  const intended = paths.filter((path) => path.intended).length;
  console.log(
    `${name}: ${policies.length} policies, ${endpoints} endpoints, ${paths.length} paths of teams, ${intended} intended and open, ` +
      `${paths.length - intended} closed, ${bad.length} surprises; ${changes.length} changes of policies, ${changes.length - unnoticed.length} noticed`,
  );
}

/** What a team has inside an environment. */
function judgeInside(name, environment, { objects, namespaces: found }) {
  const cluster = platform.clusters.find((one) => one.name === name);
  const namespaces = Object.fromEntries(found.map(({ name: namespace, labels }) => [namespace, labels ?? {}]));
  const { policies, onHost, paths, endpoints, teams } = inside(platform, cluster, environment, objects);
  const bad = [...new Set(surprises(onHost(policies), namespaces, paths))];
  const changes = mutations(policies, new Set(teams.map((team) => `team-${team.name}`))).filter(({ alone }) => !alone);
  const unnoticed = changes.filter(({ namespace, policies: changed }) => {
    const touched = paths.filter(({ from, to }) =>
      [from, to].some(({ team }) => team && `team-${team.name}` === namespace),
    );
    return surprises(onHost(changed), namespaces, touched).next().done;
  });
  for (const line of bad.slice(0, 40)) console.log(`wrong ${name}/${environment.cluster}: ${line}`);
  for (const { what } of unnoticed) console.log(`wrong ${name}/${environment.cluster}: nobody would notice: ${what}`);
  wrong += bad.length + unnoticed.length;
  console.log(
    `${name}/${environment.cluster}: ${policies.length} policies of ${teams.length} teams, ${endpoints} endpoints, ${paths.length} paths, ` +
      `${bad.length} surprises; ${changes.length} changes of policies, ${changes.length - unnoticed.length} noticed`,
  );
}

if (stacks[0] === "--live") judge(stacks[1], live());
else
  for (const stack of stacks) {
    const name = basename(resolve(stack));
    const found = rendered(stack);
    judge(name, found);
    for (const environment of platform.environments) judgeInside(name, environment, found);
  }
console.log(`${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
