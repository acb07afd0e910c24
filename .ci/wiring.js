// Renders all releases of stacks and looks whether what the objects name is there.  See .ci/wiring.
const { readFileSync } = require("node:fs");
const { basename, join } = require("node:path");
const { renderer } = require("./render");
const { provided } = require("./wiring-provided");
const { parseSynthesizedStack } = require("../policies/plan/synthesized-stack");
const { provided: believed } = require("../__tests__/support/wiring");
const { matches, referred } = require("./wiring-references");

const [, , helm, charts, ...stacks] = process.argv;
const { chartOf, render, notes, wrong } = renderer(helm, charts);

const KINDS = {
  kubernetes_config_map_v1: "ConfigMap",
  kubernetes_namespace_v1: "Namespace",
  kubernetes_persistent_volume_claim_v1: "PersistentVolumeClaim",
  kubernetes_pod_disruption_budget_v1: "PodDisruptionBudget",
  kubernetes_priority_class_v1: "PriorityClass",
  kubernetes_resource_quota_v1: "ResourceQuota",
  kubernetes_secret_v1: "Secret",
  kubernetes_service_account_v1: "ServiceAccount",
  kubernetes_storage_class_v1: "StorageClass",
};
const camel = (value) =>
  typeof value !== "object" || value === null
    ? value
    : Array.isArray(value)
      ? value.map(camel)
      : Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [
            key.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase()),
            ["labels", "matchLabels", "data"].includes(key.replace("match_labels", "matchLabels"))
              ? inner
              : camel(inner),
          ]),
        );

/** Terraform's own Kubernetes resources as objects. */
function typed(resources) {
  return Object.entries(resources).flatMap(([type, byName]) => {
    if (!type.startsWith("kubernetes_")) return [];
    if (!(type in KINDS)) throw new Error(`${type}: .ci/wiring.js does not know what object this is`);
    return Object.entries(byName).map(([name, body]) => {
      const { "//": _comment, ...attributes } = body;
      return { kind: KINDS[type], ...camel(attributes), release: `${type}.${name}` };
    });
  });
}

/** Of charts as their makers want them; each with the reason why it does no harm. */
const KNOWN = [
  // A StatefulSet's Service gives its pods names, which nobody asks for here: https://github.com/argoproj/argo-helm/blob/main/charts/argo-cd/templates/argocd-application-controller/statefulset.yaml
  "StatefulSet argocd/argo-cd-argocd-application-controller names Service argocd/argo-cd-argocd-application-controller",
];

/** What only the stack and the project's own charts make, of what they name. */
const OURS = new Set([
  ...["AdmittedNamespace", "CertificateHost", "EnvoyProxy", "Gateway", "GatewayClass", "HTTPRoute", "Listener"],
  ...["ClusterGenerator", "ClusterIssuer", "ClusterSecretStore", "Issuer"],
  ...["Cluster", "EC2NodeClass", "Namespace", "ObjectStore", "PersistentVolumeClaim", "StorageClass"],
]);

/** What is not there of what is referred to. */
const missing = (references, things) =>
  references.filter((reference) => !things.some((thing) => matches(reference, thing)));
const text = ({ kind, namespace, name, labels, part, by }) =>
  `${by} names ${kind} ${[namespace, name ?? JSON.stringify(labels)].filter(Boolean).join("/")}${part === undefined ? "" : `, ${part}`}`;

/** References whose aim, or its part, can go without anybody missing it. */
function unnoticed(references, things) {
  const unmissed = (reference, left) => missing([reference], left).length === 0;
  return references.filter((reference) => {
    const aims = things.filter((thing) => matches(reference, thing));
    const gone = things.filter((thing) => !aims.includes(thing));
    const partsGone = things.map((thing) =>
      aims.includes(thing) && thing.parts !== undefined ? { ...thing, parts: [] } : thing,
    );
    const hasParts = reference.part !== undefined && aims.every(({ parts }) => parts !== undefined);
    return unmissed(reference, gone) || (hasParts && unmissed(reference, partsGone));
  });
}

/** What the tests of `npm test` take to be there, and is not. */
const unfounded = (stack, things) =>
  believed(parseSynthesizedStack(basename(stack), readFileSync(join(stack, "cdk.tf.json"), "utf8")))
    .filter(({ kind }) => kind !== "Listener") // known there by its host alone
    .map(({ namespace, ...named }) => ({
      ...named,
      namespace: namespace || undefined,
      by: "__tests__/support/wiring.ts",
    }))
    .filter((named) => !things.some((thing) => matches(named, thing)));

for (const stack of stacks) {
  const { resource } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8"));
  const releases = Object.values(resource.helm_release ?? {});
  const elsewhere = releases.filter((release) => chartOf(release, stack) === undefined);
  const unseen = new Set(elsewhere.map(({ namespace }) => namespace));
  const objects = releases
    .filter((release) => !elsewhere.includes(release))
    .flatMap((release) => render(release, chartOf(release, stack)))
    .concat(typed(resource));
  const things = provided(objects);
  const references = referred(objects, things);
  // A chart that is not at hand may make anything in its namespace, and things of the whole cluster.
  const checked = references.filter(
    ({ kind, namespace }) =>
      elsewhere.length === 0 || OURS.has(kind) || (namespace !== undefined && !unseen.has(namespace)),
  );
  for (const reference of missing(checked, things))
    if (!KNOWN.includes(text(reference))) wrong.add(`${basename(stack)}: ${text(reference)}`);
  if (elsewhere.length === 0)
    for (const named of unfounded(stack, things)) wrong.add(`${basename(stack)}: ${text(named)}`);
  const there = checked.filter((reference) => missing([reference], things).length === 0);
  for (const reference of unnoticed(there, things))
    wrong.add(`${basename(stack)}: nobody would notice: ${text(reference)}`);
  const count = [...new Set(checked.map(({ kind }) => kind))].map(
    (kind) => `${checked.filter((of) => of.kind === kind).length} ${kind}`,
  );
  if (elsewhere.length > 0)
    console.log(
      `SKIPPED ${elsewhere.length} releases of ${basename(stack)} whose charts are not at hand, and what they may make: ${references.length - checked.length} references`,
    );
  console.log(
    `${basename(stack)}: ${objects.length} objects of ${releases.length - elsewhere.length} releases, ${checked.length} references, each taken away once: ${count.sort().join(", ")}`,
  );
}
for (const note of notes) console.log(`note  ${note}`);
for (const fault of wrong) console.log(`wrong ${fault}`);
console.log(`${stacks.length} stacks: ${wrong.size} wrong`);
process.exitCode = wrong.size > 0 ? 1 : 0;
