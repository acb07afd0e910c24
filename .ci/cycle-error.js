// Called by .ci/cycle-error: reads a plan, and tells whether Terraform may end it in `Error: Cycle`.  PLAN.json STATE STACK_DIR VARIANT
//
// Whether it does is chance: Terraform walks through its destroyed resources in random order, and leaves out an edge between two
// providers that would close a cycle only if it comes to it last (internal/terraform/transform_destroy_edge.go). So one run that
// goes well shows little, and the edges are looked at here as that code makes them. A cycle is possible with
//   U  changed in place, on which the configuration of provider Q depends (the cluster),
//   X  of the same provider as U, destroyed, made after U (an identity, a node group), and not create_before_destroy,
//   R  of provider Q, destroyed, made after X (a release):
// U waits until X is gone, X until R is gone, R for Q, and Q for U.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const [planFile, stateFile, stack, variant] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, "utf8"));
const plan = read(planFile);
const state = new Map(
  read(stateFile)
    .resources.filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, instances }) =>
      instances.map(({ dependencies = [], create_before_destroy: createFirst = false }) => [
        `${type}.${name}`,
        { dependencies, createFirst },
      ]),
    ),
);
const dependencies = (address) => state.get(address)?.dependencies ?? [];
const changes = plan.resource_changes
  .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "no-op")
  .map(({ address, type, provider_name: provider, change }) => ({
    address,
    type,
    provider,
    actions: change.actions.join("+"),
  }));

/** What each provider's configuration depends on. */
const configuration = new Map();
const { provider: blocks } = read(join(stack, "cdk.tf.json"));
for (const [name, block] of Object.entries(blocks)) {
  const text = JSON.stringify(block);
  const named = [...state.keys()].filter((address) => text.includes(`${address}.`));
  configuration.set(name, new Set(named.flatMap((address) => [address, ...dependencies(address)])));
}
const configuredBy = ({ provider }) => configuration.get(provider.split("/").at(-1)) ?? new Set();

const destroyed = changes.filter(({ actions }) => actions.includes("delete"));
const keepsOrder = ({ address, actions }) =>
  actions === "delete+create" || !(state.get(address)?.createFirst || actions === "create+delete");
const cycles = new Set();
for (const x of destroyed)
  for (const u of changes.filter(({ actions }) => actions !== "delete")) {
    const waits =
      (dependencies(x.address).includes(u.address) && u.provider === x.provider && keepsOrder(x)) ||
      dependencies(u.address).includes(x.address);
    const r = destroyed.find(
      (release) =>
        release.provider !== x.provider &&
        dependencies(release.address).includes(x.address) &&
        configuredBy(release).has(u.address),
    );
    if (waits && r)
      cycles.add(
        `${u.address} (${u.actions}) > ${x.address} (destroy) > ${r.address} (destroy) > provider > ${u.address}`,
      );
  }

// The plan must hold what the variant is about, or it would show nothing.
const of = (pattern, actions) =>
  changes.filter((change) => pattern.test(change.type) && actions.test(change.actions)).length;
const aws = [...state.keys()].some((address) => address.startsWith("aws_"));
const counts = {
  "cluster updated": of(/^(aws_eks_cluster|azurerm_kubernetes_cluster)$/, /^update$/),
  "node group replaced, the new one first": of(/^aws_eks_node_group$/, /^create\+delete$/),
  "releases removed": of(/^helm_release$/, /^delete$/),
  "namespaces removed": of(/^kubernetes_namespace_v1$/, /^delete$/),
  "identities removed": of(/^(aws_eks_pod_identity_association|azurerm_federated_identity_credential)$/, /^delete$/),
  "pools removed": of(/^azurerm_kubernetes_cluster_node_pool$/, /^delete$/),
};
const upgrade = ["cluster updated", ...(aws ? ["node group replaced, the new one first"] : []), "releases removed"];
const expected = {
  // On Azure these nodes are part of the cluster.
  "system-nodes": aws ? ["node group replaced, the new one first"] : ["cluster updated"],
  "upgrade-and-component": [...upgrade, "namespaces removed"],
  "upgrade-and-identity": [...upgrade, "identities removed"],
  "upgrade-and-team": [...upgrade, "namespaces removed", ...(aws ? [] : ["pools removed"])],
  "upgrade-and-all": [...upgrade, "namespaces removed", "identities removed"],
}[variant];

const wrong = expected.filter((what) => counts[what] === 0).map((what) => `the plan has no ${what}`);
if (of(/^(aws_eks_cluster|azurerm_kubernetes_cluster)$/, /delete/) > 0) wrong.push("the cluster is destroyed");
if (variant === "system-nodes" && counts["releases removed"] > 0) wrong.push("releases go");
for (const cycle of cycles) wrong.push(`Error: Cycle is possible: ${cycle}`);
const held = Object.entries(counts).filter(([, number]) => number > 0);
console.log(
  `  ${variant}: ${held.map(([what, number]) => `${number} ${what}`).join(", ")}; ${cycles.size} cycles possible`,
);
for (const what of wrong) console.error(`    WRONG ${what}`);
process.exit(wrong.length > 0 ? 1 : 0);
