// Writes variants of the example config into a folder: each a change that a platform team makes, for the checks of .ci/run.
// node .ci/variants.js DIR
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const directory = process.argv[2];
const example = readFileSync(join(root, "platform.config.ts"), "utf8").replaceAll('"./config/', `"${root}/config/`);

/** The example with one text replaced; fails where the text is not there any more. */
function replace(from, to) {
  const changed = example.replace(from, to);
  if (changed === example) throw new Error(`the example config has no ${from}`);
  return changed;
}

const team = `
    billing: {
      costCenter: "CC-4001",
      groups: { view: ["checkout"] },
      quota: { cpu: 2, memory: "8Gi" },
      environments: { dev: { cpu: 1, memory: "2Gi" } },
      nodePools: { main: { class: "general", cpus: [2, 4], limits: { cpu: 8, memory: "32Gi" } } },
    },`;

const variants = {
  same: example,
  reversed: example
    .replace("export default definePlatform(", "export default definePlatform(reversed(")
    .replace(/\}\);\s*$/, "}));\n")
    .concat(
      "function reversed(value: any): any {\n" +
        "  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;\n" +
        "  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));\n" +
        "}\n",
    ),
  "team-added": replace("  teams: {\n", `  teams: {\n${team}\n`),
  "team-removed": replace(/ {4}\/\/ GPUs on interruptible[\s\S]*?(?= {4}\/\/ No pool)/, ""),
  "quota-changed": replace('quota: { cpu: 8, memory: "32Gi" }', 'quota: { cpu: 10, memory: "40Gi" }'),
  "environment-quota-changed": replace('dev: { cpu: 4, memory: "8Gi"', 'dev: { cpu: 5, memory: "9Gi"'),
  "pool-changed": replace('limits: { cpu: 48, memory: "192Gi" }', 'limits: { cpu: 64, memory: "256Gi" }'),
};

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(variants)) writeFileSync(join(directory, `${name}.config.ts`), text);
