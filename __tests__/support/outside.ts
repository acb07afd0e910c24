/** Stacks as text. Loaded outside of Jest by environment.js, where it is fast; and inside by tests that put something in a module's place. */
import { App, TerraformAsset, Testing } from "cdktf";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackClass, synthesize, synthesizeInPassing, withoutStackTraces } from "../../cli/synthesize";
import { withQuickTokens } from "../../cli/quick-tokens";
import { allStacks } from "../../config/layers";
import type { Cluster, Platform } from "../../config/platform";
import type { PlatformCluster } from "../../modules/cluster";
import type * as shared from "../../modules/platform";
import type * as helm from "../../modules/helm/values";
import { frozen } from "./frozen";

export { synthesize, synthesizeInPassing };

const lastCluster: PlatformCluster[] = [];

// Before the first stack is loaded, which then gets these. As it is, but it remembers the cluster that a stack gave it.
replace<typeof shared>(require.resolve("../../modules/platform"), ({ installPlatform }) => ({
  installPlatform: (scope, props) => {
    lastCluster[0] = props.cluster;
    installPlatform(scope, props);
  },
}));

// As it is, but values that it has written before are not written again, which is a quarter of a synth. A token is another at every synth.
const written = new Map<string, string>();
replace<typeof helm>(require.resolve("../../modules/helm/values"), ({ renderValues }) => ({
  renderValues: (values) => {
    const key = JSON.stringify(values);
    if (key.includes("TfToken[")) return renderValues(values);
    const text = written.get(key) ?? renderValues(values);
    written.set(key, text);
    return text;
  },
}));

/** Puts something in the place of what a module exports, for all that load it later. */
function replace<Module extends object>(file: string, change: (original: Module) => Partial<Module>): void {
  const original = createRequire(file)(file) as Module;
  (require.cache[file] as NodeJS.Module).exports = { ...original, ...change(original) };
}

/** The cluster as a stack gives it to what all clouds share. */
export function clusterOf(platform: Platform, name: string): PlatformCluster {
  lastCluster.length = 0;
  synthText(platform, name);
  const [cluster] = lastCluster;
  if (!cluster) throw new Error(`${name} installs no platform`);
  return cluster;
}

/** Ids of what a stack has directly below it, in its order. */
export function stepsOf(platform: Platform, name: string): readonly string[] {
  const ids: string[] = [];
  withoutStackTraces(() => {
    const stack = new (stackClass(findKind(platform, name)))(Testing.app(), name, platform);
    ids.push(...stack.node.children.map(({ node }) => node.id));
  });
  return ids;
}

const known = new Map<string, string>();

/** `synthText`, made once for each platform: many files start from the same. */
export function knownText(platform: Platform, name: string): string {
  const key = createHash("sha256")
    .update(JSON.stringify([name, platform]))
    .digest("base64");
  const text = known.get(key) ?? synthText(platform, name);
  known.set(key, text);
  return text;
}

/** `cdk.tf.json` of one stack. */
export function synthText(given: Platform, name: string): string {
  // What comes from a test's realm has other prototypes, which not every library takes for plain objects.
  const platform = frozen(structuredClone(given));
  const outdir = mkdtempSync(join(tmpdir(), "stackyard-"));
  try {
    quickly(() => {
      const app = new App({ outdir });
      const stack = new (stackClass(findKind(platform, name)))(app, name, platform);
      // Preparing resolves everything once more, for references between stacks; here is only one.
      stack.prepareStack = () => stack.ensureBackendExists();
      withQuickTokens(() => {
        app.synth();
      });
    });
    return readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Without what costs time and is not in the text: stack traces, and the copies of our charts. */
function quickly(work: () => void): void {
  const copy: unknown = Reflect.get(TerraformAsset.prototype, "_onSynthesize");
  Reflect.set(TerraformAsset.prototype, "_onSynthesize", () => undefined);
  try {
    withoutStackTraces(work);
  } finally {
    Reflect.set(TerraformAsset.prototype, "_onSynthesize", copy);
  }
}

function findKind(platform: Platform, name: string): Cluster["kind"] {
  const stack = allStacks(platform).find((candidate) => candidate.name === name);
  if (!stack) throw new Error(`no stack ${name}`);
  return stack.cluster.kind;
}
