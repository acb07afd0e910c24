// Called by .ci/release-fixture: makes a state small, the same at every run, and free of what looks like a secret or tells about this
// machine.  STATE OUT.gz
const { Buffer } = require("node:buffer");
const { readFileSync, writeFileSync } = require("node:fs");
const { homedir, hostname, tmpdir } = require("node:os");
const { join } = require("node:path");
const { gzipSync } = require("node:zlib");

const [file, out] = process.argv.slice(2);
const state = JSON.parse(readFileSync(file, "utf8"));

/** Base64, because providers decode what they are configured with. */
const SCRUBBED = Buffer.from("scrubbed").toString("base64");
const SECRET = /-----BEGIN|LS0tLS1|eyJhbGci|k8s-aws-v1\./;

/** Certificates and keys anywhere; in a sensitive attribute, all text but addresses. */
function scrub(value, sensitive) {
  if (typeof value === "string")
    return SECRET.test(value) || (sensitive && !value.startsWith("https://")) ? SCRUBBED : value;
  if (Array.isArray(value)) return value.map((item) => scrub(item, sensitive));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrub(inner, sensitive)]));
}

function instance({ private: _simulators, attributes, sensitive_attributes: sensitive = [], ...rest }) {
  const names = new Set(sensitive.map(([{ value }]) => value));
  return {
    ...rest,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, scrub(value, names.has(name))]),
    ),
    ...(sensitive.length > 0 && {
      sensitive_attributes: [...sensitive].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    }),
  };
}

const kept = {
  version: state.version,
  terraform_version: state.terraform_version,
  serial: 1,
  lineage: "00000000-0000-0000-0000-000000000000",
  outputs: state.outputs,
  // Data sources are read again anyway.
  resources: state.resources
    .filter(({ mode }) => mode === "managed")
    .map((resource) => ({ ...resource, instances: resource.instances.map(instance) })),
};
const text = JSON.stringify(kept);
const here = [join(__dirname, ".."), homedir(), tmpdir(), hostname()].filter((name) => name.length > 3);
const found = [SECRET.exec(text)?.[0], ...here.filter((name) => text.includes(name))].filter(Boolean);
if (found.length > 0) throw new Error(`the state still holds ${found.join(", ")}`);
// Without a time or a name in the header, the same state gives the same bytes.
const zipped = gzipSync(text, { level: 9 });
writeFileSync(out, zipped);
console.log(`  ${kept.resources.length} resources, ${text.length} bytes, ${zipped.length} zipped`);
