/** Stacks as text. Loaded outside of Jest by environment.js, where it is fast; and inside by tests that put something in a module's place. */
import { App, TerraformAsset, Testing } from "cdktf";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackClass, synthesize, synthesizeInPassing, withoutStackTraces } from "../../cli/synthesize";
import { allStacks } from "../../config/layers";
import type { Cluster, Platform } from "../../config/platform";

export { synthesize, synthesizeInPassing };

/** Ids of what a stack has directly below it, in its order. */
export const stepsOf = (platform: Platform, name: string): readonly string[] =>
  new (stackClass(findKind(platform, name)))(Testing.app(), name, platform).node.children.map(({ node }) => node.id);

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
      new (stackClass(findKind(platform, name)))(app, name, platform);
      app.synth();
    });
    return readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Without what costs a quarter of the time and is not in the text: cdktf's stack trace of every token, and the copies of our charts. */
function quickly(work: () => void): void {
  const capture: unknown = Reflect.get(Error, "captureStackTrace");
  const copy: unknown = Reflect.get(TerraformAsset.prototype, "_onSynthesize");
  Error.captureStackTrace = () => undefined;
  Reflect.set(TerraformAsset.prototype, "_onSynthesize", () => undefined);
  try {
    withoutStackTraces(work);
  } finally {
    Reflect.set(Error, "captureStackTrace", capture);
    Reflect.set(TerraformAsset.prototype, "_onSynthesize", copy);
  }
}

function findKind(platform: Platform, name: string): Cluster["kind"] {
  const stack = allStacks(platform).find((candidate) => candidate.name === name);
  if (!stack) throw new Error(`no stack ${name}`);
  return stack.cluster.kind;
}

/** As definePlatform leaves it: who changes it is told so. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}
