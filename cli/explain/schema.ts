/** What the config's schema says about a place. */
import { z } from "zod";
import { COMPONENT_NAMES } from "../../config/components";
import { at, isTree, type Path } from "./path";

type Schema = z.core.$ZodType;

/** The parts of zod's definitions that are read here: https://zod.dev/library-authors */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly innerType?: Schema;
  readonly valueType?: Schema;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly options?: readonly Schema[];
  readonly in?: Schema;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

const isValid = (schema: Schema, value: unknown): boolean => z.safeParse(schema, value).success;

const definitionOf = (schema: Schema): Definition => schema._zod.def;

/** Schemas of the value at a place: more than one where it may have several forms, none where the config cannot have it. */
export function schemasAt(root: Schema, path: Path, input: unknown): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, key, index) => {
      const value = at(input, path.slice(0, index));
      return schemas.flatMap(formsOf).flatMap((form) => belowOf(form, key, value));
    },
    [root],
  );
}

/** A schema without what only says that it may be left out; all of what may stand there. */
export function formsOf(schema: Schema): readonly Schema[] {
  const { type, innerType, options, in: before } = definitionOf(schema);
  switch (type) {
    case "optional":
    case "default":
    case "prefault":
    case "nullable":
      return innerType ? formsOf(innerType) : [];
    case "pipe":
      return before ? formsOf(before) : [];
    case "union":
      return (options ?? []).flatMap(formsOf);
    default:
      return [schema];
  }
}

function belowOf(form: Schema, key: string | number, value: unknown): readonly Schema[] {
  const { type, shape, valueType, element, items } = definitionOf(form);
  switch (type) {
    case "object": {
      const [kind] = shape?.["kind"] ? membersOf(shape["kind"]) : [];
      if (kind !== undefined && isTree(value) && value["kind"] !== kind) return [];
      const inner = shape?.[key];
      return inner ? [inner] : [];
    }
    case "record":
      return valueType ? [valueType] : [];
    case "array":
      return element ? [element] : [];
    case "tuple":
      return items?.[Number(key)] ? [items[Number(key)] as Schema] : [];
    default:
      return [];
  }
}

/** Every value of an enumeration or a literal. */
export function membersOf(schema: Schema): readonly unknown[] {
  return formsOf(schema).flatMap((form): readonly unknown[] => {
    const { type, entries, values } = definitionOf(form);
    if (type === "enum") return Object.values(entries ?? {});
    return type === "literal" ? (values ?? []) : [];
  });
}

/** Names of what may stand below a place, as far as they are not the user's to choose. Those of components are a check of the schema, not its shape. */
export const knownKeys = (root: Schema, path: Path, input: unknown): readonly string[] =>
  path.length === 1 && path[0] === "components"
    ? COMPONENT_NAMES
    : schemasAt(root, path, input).flatMap((schema) => keysOf(schema, at(input, path)));

function keysOf(schema: Schema, value: unknown): readonly string[] {
  return formsOf(schema).flatMap((form) => {
    const { shape } = definitionOf(form);
    const [kind] = shape?.["kind"] ? membersOf(shape["kind"]) : [];
    if (kind !== undefined && isTree(value) && value["kind"] !== kind) return [];
    return Object.keys(shape ?? {});
  });
}

/**
 * Values that a place could have, made from its schema alone: of objects what they must have, of lists and maps one item.
 *
 * @param texts and numbers to try where any could stand
 */
export function samplesOf(schema: Schema, leaves: readonly unknown[]): readonly unknown[] {
  return formsOf(schema)
    .flatMap((form) => samplesOfForm(form, leaves))
    .filter((sample) => isValid(schema, sample))
    .slice(0, MOST_SAMPLES);
}

const MOST_SAMPLES = 20;

function samplesOfForm(form: Schema, leaves: readonly unknown[]): readonly unknown[] {
  const { type, shape = {}, valueType, element, items = [] } = definitionOf(form);
  const first = (inner: Schema | undefined): unknown => (inner ? samplesOf(inner, leaves)[0] : undefined);
  switch (type) {
    case "boolean":
      return [true, false];
    case "array":
      return element ? samplesOf(element, leaves).map((sample) => [sample]) : [];
    case "tuple":
      return [items.map(first)];
    case "record":
      return [{ explained: first(valueType) }];
    case "object": {
      const required = Object.entries(shape).filter(([, inner]) => !isValid(inner, undefined));
      const least = Object.fromEntries(required.map(([key, inner]) => [key, first(inner)]));
      // Where nothing must be there, something has to, or it would be as if it were not.
      const more = Object.entries(shape).map(([key, inner]) => ({ ...least, [key]: first(inner) }));
      return required.length > 0 ? [least, ...more] : more;
    }
    default: {
      const members = membersOf(form);
      return members.length > 0 ? members : leaves;
    }
  }
}

/** `boolean`, `number`, `string`, `object`, `record`, …: what may stand there. */
export const typesOf = (schemas: readonly Schema[]): readonly string[] =>
  schemas.flatMap(formsOf).map((form) => definitionOf(form).type);

/** Whether the map or list at a place has entries of the user's own making. */
export const hasEntries = (schemas: readonly Schema[]): boolean =>
  typesOf(schemas).some((type) => type === "record" || type === "array");
