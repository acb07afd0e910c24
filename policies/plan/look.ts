/** How rules look at a stack: the few questions that most of them ask. */
import { PROTECTED_MARK } from "../../config/names";
import type { ResourceChange } from "./resource-change";
import type { RuleFinding } from "./rule";
import {
  asList,
  asObject,
  asText,
  releaseDocuments,
  releaseValues,
  type Json,
  type JsonObject,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack";

/** The resources of these types. */
export function ofTypes({ resources }: SynthesizedStack, types: readonly string[]): readonly SynthesizedResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** A finding for each fault of each resource of these types. */
export function faultsOf(
  stack: SynthesizedStack,
  types: readonly string[],
  faults: (attributes: JsonObject, resource: SynthesizedResource) => readonly string[],
): RuleFinding[] {
  return ofTypes(stack, types).flatMap((resource) =>
    faults(resource.attributes, resource).map((message) => ({ resource, message })),
  );
}

/** A message where something holds. */
export const when = (wrong: boolean, message: string): readonly string[] => (wrong ? [message] : []);

/** A nested block: one object in what cdktf writes, a list of them in a plan. */
export const blocks = (value: Json | undefined): readonly JsonObject[] => asList(value).map(asObject);

/** The one nested block; empty where it is not there. */
export const block = (value: Json | undefined): JsonObject => blocks(value)[0] ?? {};

/** Terraform takes booleans as text as well. */
export const isTrue = (value: Json | undefined): boolean => value === true || value === "true";

/** The texts of a list. */
export const texts = (value: Json | undefined): readonly string[] => asList(value).map(asText).filter(Boolean);

export const metadata = ({ attributes }: Pick<SynthesizedResource, "attributes">): JsonObject =>
  block(attributes["metadata"]);

export const labelsOf = (resource: Pick<SynthesizedResource, "attributes">): JsonObject =>
  asObject(metadata(resource)["labels"]);

/** Whether labels have the mark by which an admission policy keeps what has it. */
export const areProtected = (labels: JsonObject): boolean =>
  Object.entries(PROTECTED_MARK).every(([name, value]) => labels[name] === value);

/** Whether a stack makes anything in a cloud. */
export const isInCloud = ({ resources }: SynthesizedStack): boolean =>
  resources.some(({ type }) => type.startsWith("aws_") || type.startsWith("azurerm_"));

/** Whether an environment of this name is one that people depend on. */
export const isProduction = (environment: string): boolean => /^(prod|production|prd|live)\b/.test(environment);

/** The releases of one of the platform's own charts. They are assets of the stack: `assets/chart-team/1234ABCD`. */
export function releasesOfOwn({ resources }: SynthesizedStack, chart: string): readonly SynthesizedResource[] {
  return resources.filter(
    ({ type, attributes }) =>
      type === "helm_release" && asText(attributes["chart"]).startsWith(`assets/chart-${chart}/`),
  );
}

export interface Manifest {
  readonly resource: SynthesizedResource;
  readonly object: JsonObject;
}

/**
 * The objects of a kind that releases of charts/resources bring.
 *
 * @param fine tells from the text, and how many there are in it, that nothing is wrong: most need not be parsed then.
 */
export function manifests(
  stack: SynthesizedStack,
  kind: string,
  fine: (text: string, count: number) => boolean,
): readonly Manifest[] {
  return releasesOfOwn(stack, "resources")
    .filter((resource) =>
      releaseValues(resource).some((text) => {
        // Of the objects themselves; a reference to one stands deeper.
        const count = occurrences(text, `\n    kind: ${kind}\n`);
        return count > 0 && !fine(text, count);
      }),
    )
    .flatMap((resource) =>
      releaseDocuments(resource)
        .flatMap((values) => blocks(asObject(values)["resources"]))
        .filter((object) => object["kind"] === kind)
        .map((object) => ({ resource, object })),
    );
}

export const occurrences = (text: string, part: string): number => text.split(part).length - 1;

export const nameOf = (object: JsonObject): string => asText(asObject(object["metadata"])["name"]);

/** The changes of a stack that take something away, for good or to make it anew; none where changes are not known. */
export const removals = ({ changes = [] }: SynthesizedStack): readonly ResourceChange[] =>
  changes.filter(({ action }) => action === "delete" || action === "replace");

/** Whether a resource is about another one: it refers to it, or has the same text there, or will know it after the apply only. */
export function isAbout(value: Json | undefined, { address, attributes }: SynthesizedResource, name: string): boolean {
  const text = asText(value);
  return text === "" || text.includes(`${address}.`) || text === attributes[name];
}
