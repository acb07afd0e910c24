// The objects that the releases of a synthesized stack become, as Helm renders them.
const { execFileSync } = require("node:child_process");
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { parse, parseAllDocuments } = require("yaml");

/** `charts` is the folder of the unpacked public charts, or empty; what is found about their versions is in `notes` and `wrong`. */
function renderer(helm, charts) {
  const work = mkdtempSync(join(tmpdir(), "stackyard-render-"));
  process.on("exit", () => rmSync(work, { recursive: true }));
  const wrong = new Set();
  const notes = new Set();

  /** Where a release's chart is; undefined where it is somebody else's and not at hand. */
  function chartOf({ chart, version }, stack) {
    if (version === undefined) return join(stack, chart);
    const folder = join(charts, chart);
    if (charts === "" || !existsSync(folder)) return undefined;
    const found = parse(readFileSync(join(folder, "Chart.yaml"), "utf8")).version;
    if (found.replace(/^v/, "") !== version.replace(/^v/, ""))
      (found.startsWith(`${version}+`) ? notes : wrong).add(`${chart}: rendered is ${found}, pinned is ${version}`);
    return folder;
  }

  function render({ name, namespace, values }, chart) {
    const file = join(work, "values.yaml");
    // What Terraform only knows later is some text to Helm; what is escaped from Terraform is not.
    writeFileSync(
      file,
      (values?.[0] ?? "").replaceAll(/(?<![$%])\$\{[^}]*\}/g, "later").replaceAll(/([$%])\1(?=\{)/g, "$1"),
    );
    const known = ["monitoring.coreos.com/v1", "monitoring.coreos.com/v1/ServiceMonitor"].flatMap((api) => [
      "--api-versions",
      api,
    ]);
    const options = [
      "--namespace",
      namespace,
      "--kube-version",
      "1.35.0",
      "--include-crds",
      "--values",
      file,
      ...known,
    ];
    const text = execFileSync(helm, ["template", name, chart, ...options], { encoding: "utf8", maxBuffer: 1 << 28 });
    return text
      .split(/^---$/m)
      .filter((document) => !/^kind: "?CustomResourceDefinition/m.test(document) || /clientConfig:/.test(document))
      .flatMap((document) => parseAllDocuments(document).map((parsed) => parsed.toJS()))
      .filter((object) => object?.kind !== undefined)
      .map((object) => ({ ...object, metadata: { namespace, ...object.metadata }, release: name }));
  }

  return { chartOf, render, notes, wrong };
}

module.exports = { renderer };
