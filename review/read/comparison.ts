/** Compares a stack as two commits synthesize it: no plan, no credentials, no state. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asList, asText, type Json, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import type { StackChange } from "./stack-change";

/** What such a comparison cannot know, for whoever reads it. */
export const COMPARISON_LIMITS =
  "Compared from two commits, without state: what is really there, drift, what a provider replaces, and defaults that a provider fills in are not known.";

/**
 * @param before undefined where the stack is new
 * @param after undefined where the stack is gone
 */
export function compareStacks(
  stack: string,
  before: SynthesizedStack | undefined,
  after: SynthesizedStack | undefined,
): StackChange {
  const earlier = new Map(before?.resources.map((resource) => [resource.address, resource]));
  const later = new Map(after?.resources.map((resource) => [resource.address, resource]));
  const changes = [...new Set([...earlier.keys(), ...later.keys()])].map((address): ResourceChange => {
    const [was, is] = [earlier.get(address), later.get(address)];
    const { type, path } = (is ?? was) as NonNullable<typeof is>;
    return {
      address,
      type,
      path: path.split("/").slice(1).join("/"),
      action: !was ? "create" : !is ? "delete" : same(was.attributes, is.attributes) ? "none" : "update",
      ...(was && { before: was.attributes }),
      ...(is && { after: is.attributes }),
    };
  });
  return {
    stack,
    source: "comparison",
    changes,
    drift: [],
    deferred: [],
    outputs: [],
    references: new Map((after ?? before)?.resources.map(({ address, attributes }) => [address, refersTo(attributes)])),
    ...(before && { before }),
    ...(after && { after: { ...after, changes } }),
    notes: [COMPARISON_LIMITS],
  };
}

/** Synth writes keys in the same order for the same thing. */
const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `${aws_vpc.network_vpc_1234ABCD.id}` */
const REFERENCE = /\$\{[^}]*?\b((?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]*\.[\w-]+)/g;

function refersTo(attributes: { readonly [key: string]: Json }): readonly string[] {
  const { depends_on: waitsFor, ...rest } = attributes;
  const found = new Set(asList(waitsFor).map(asText));
  for (const [, address] of JSON.stringify(rest).matchAll(REFERENCE)) if (address !== undefined) found.add(address);
  return [...found];
}
