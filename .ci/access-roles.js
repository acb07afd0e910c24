// What the public charts bring of roles that a team can feel, as facts for a cluster where charts are stubs: ClusterRoles that Kubernetes
// adds to its own `admin`, `edit` and `view`, and what Argo CD's controller and an environment's syncer may do.
//   node -r ./register.js .ci/access-roles.js HELM CHARTS [write]    CHARTS: folder of the unpacked charts, by name
// Compares .ci/access-roles.yaml with the charts, or writes it.
const { execFileSync } = require("node:child_process");
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { parseAllDocuments, stringify } = require("yaml");
const { loadConfig } = require("../cli/load-config");
const { installedReleases } = require("../cli/releases");

const [, , helm, charts, write] = process.argv;
const FILE = join(__dirname, "access-roles.yaml");
const HEADER =
  "# Facts of the public charts with the platform's values, written by .ci/access-roles.js; not for editing.\n";
/** One of each sort is enough: all environments' syncers are alike. */
const ACCOUNTS = ["argocd/argocd-application-controller", "vcluster-modernengg-dev/vc-modernengg-dev"];
const AGGREGATED = "rbac.authorization.k8s.io/aggregate-to-";

const work = mkdtempSync(join(tmpdir(), "stackyard-roles-"));
process.on("exit", () => rmSync(work, { recursive: true }));

function render({ name, namespace, chart, values }) {
  const folder = join(charts, chart.name);
  if (!existsSync(folder)) throw new Error(`no chart ${chart.name} in ${charts}`);
  const file = join(work, "values.yaml");
  // What Terraform only knows later is some text to Helm.
  writeFileSync(file, stringify(values).replaceAll(/\$\{[^}]*\}/g, "later"));
  const args = ["template", name, folder, "--namespace", namespace, "--values", file, "--kube-version", "1.35.0"];
  return parseAllDocuments(execFileSync(helm, args, { encoding: "utf8", maxBuffer: 1 << 28 }))
    .map((document) => document.toJS())
    .filter(Boolean);
}

const objects = installedReleases(loadConfig(join(__dirname, "..", "platform.config.ts")), ["local-platform"])
  .filter(({ chart }) => chart)
  .flatMap(render);
const bindings = objects.filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding");

const people = bindings.filter(({ subjects }) => subjects.some(({ kind }) => kind !== "ServiceAccount"));
for (const { kind, metadata } of people) console.log(`wrong ${kind} ${metadata.name} of a chart is for people`);
if (people.length > 0) process.exitCode = 1;

const ofAccounts = bindings.filter(({ subjects }) =>
  subjects.some(({ namespace, name }) => ACCOUNTS.includes(`${namespace}/${name}`)),
);
const labels = ({ metadata }) =>
  Object.entries(metadata.labels ?? {}).filter(([label]) => label.startsWith(AGGREGATED));
const roles = objects.filter(
  (object) =>
    (object.kind === "ClusterRole" && labels(object).length > 0) ||
    ofAccounts.some(
      ({ roleRef, metadata }) =>
        roleRef.kind === object.kind &&
        roleRef.name === object.metadata.name &&
        (object.kind === "ClusterRole" || object.metadata.namespace === metadata.namespace),
    ),
);
const facts = [...roles, ...ofAccounts].map((object) => {
  const { apiVersion, kind, metadata, rules, roleRef, subjects } = object;
  const { name, namespace } = metadata;
  const aggregated = labels(object);
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(aggregated.length > 0 && { labels: Object.fromEntries(aggregated) }),
    },
    ...(rules && { rules }),
    ...(roleRef && { roleRef, subjects }),
  };
});
const text =
  HEADER + facts.map((fact) => stringify(fact, { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");

if (write) writeFileSync(FILE, text);
else if (readFileSync(FILE, "utf8") !== text) {
  console.log(
    "wrong: .ci/access-roles.yaml is not what the charts render; write it anew, and see whether .ci/access still holds",
  );
  process.exitCode = 1;
} else console.log(`ok ${facts.length} roles and bindings are what the charts render`);
