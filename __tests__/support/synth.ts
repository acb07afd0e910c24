/** Stacks as Terraform would see them. */
import type { Platform } from "../../config/platform";
import type { SynthesizedResource, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { asObject, parseSynthesizedStack, releaseValues, type Json } from "../../policies/plan/synthesized-stack";
import { parse } from "yaml";
import { frozen } from "./frozen";

export const KINDS = ["aws", "azure", "local"] as const;

declare global {
  /** Given by environment.js. */
  var synthesizedOutside: () => typeof import("./outside");
}

/** The functions of outside.ts, outside of Jest. */
export const outside = () => globalThis.synthesizedOutside();

/** `cdk.tf.json` of one stack, made anew at every call. */
export const synthText = (platform: Platform, name: string): string => outside().synthText(platform, name);

const known = new Map<string, unknown>();

/** What a YAML document says, read once: many tests look at the same releases. Nobody can change it. */
export function parsed(text: string): unknown {
  if (!known.has(text)) known.set(text, frozen(parse(text)));
  return known.get(text);
}

export type Synthesized = SynthesizedStack & { readonly json: Record<string, Json> };

export const synth = (platform: Platform, name: string): Synthesized => read(name, outside().knownText(platform, name));

export const read = (name: string, text: string): Synthesized => ({
  ...parseSynthesizedStack(name, text),
  json: JSON.parse(text) as Record<string, Json>,
});

export function ofType(stack: SynthesizedStack, type: string): readonly SynthesizedResource[] {
  return stack.resources.filter((resource) => resource.type === type);
}

/** The one release of this name. */
export function release(stack: SynthesizedStack, name: string): SynthesizedResource {
  const found = ofType(stack, "helm_release").find(({ attributes }) => attributes["name"] === name);
  if (!found) throw new Error(`no release ${name}`);
  return found;
}

export function valuesOf(stack: SynthesizedStack, name: string): Record<string, Json> {
  return parsed(releaseValues(release(stack, name))[0] ?? "") as Record<string, Json>;
}

/** Attributes by address. */
export function byAddress(stack: SynthesizedStack): ReadonlyMap<string, string> {
  return new Map(stack.resources.map(({ address, attributes }) => [address, JSON.stringify(attributes)]));
}

/** Addresses that two states of a stack do not share, or share with other attributes. */
export function differences(
  before: SynthesizedStack,
  after: SynthesizedStack,
): { added: string[]; removed: string[]; changed: string[] } {
  const [old, now] = [byAddress(before), byAddress(after)];
  return {
    added: [...now.keys()].filter((address) => !old.has(address)).sort(),
    removed: [...old.keys()].filter((address) => !now.has(address)).sort(),
    changed: [...now.keys()].filter((address) => old.has(address) && old.get(address) !== now.get(address)).sort(),
  };
}

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const graphs = new WeakMap<SynthesizedStack, Graph>();

/** Direct edges: by depends_on and by reference. */
export function graphOf(stack: SynthesizedStack): Graph {
  const made = graphs.get(stack) ?? directEdges(stack);
  graphs.set(stack, made);
  return made;
}

function directEdges(stack: SynthesizedStack): Graph {
  const known = new Set(stack.resources.map(({ address }) => address));
  return new Map(
    stack.resources.map(({ address, attributes }) => [
      address,
      new Set(
        [...JSON.stringify(attributes).matchAll(/[a-z0-9_]+\.[A-Za-z0-9_-]+/g)]
          .map(([name]) => name)
          .filter((name) => known.has(name) && name !== address),
      ),
    ]),
  );
}

/** Everything upstream, the thing itself only where there is a cycle. */
export function upstream(graph: Graph, address: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const next of graph.get(from) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(address);
  return found;
}

/** Every address that `address` depends on, directly or through others: by depends_on and by reference. */
export const dependenciesOf = (stack: SynthesizedStack, address: string): ReadonlySet<string> =>
  upstream(graphOf(stack), address);

export const metadata = (resource: SynthesizedResource) => asObject(resource.attributes["metadata"]);
