/** What a config may say, as a list: one line for each field, each member of an enumeration and each form that a value may have. */
import type { z } from "zod";

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly items?: readonly z.core.$ZodType[];
  readonly options?: readonly z.core.$ZodType[];
  readonly in?: z.core.$ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

/** `teams.*.quota.gpus int`, and `teams.*.quota.gpus optional`. */
export function shapeOf(schema: z.core.$ZodType, path = ""): readonly string[] {
  const definition = schema._zod.def as unknown as Definition;
  const { shape, innerType, valueType, element, items, options, entries, values } = definition;
  const below = (inner: z.core.$ZodType | undefined, key = "") => (inner ? shapeOf(inner, `${path}${key}`) : []);
  switch (definition.type) {
    case "object": {
      const kind = shape?.["kind"] && literalOf(shape["kind"]);
      const from = kind === undefined ? path : `${path}<${kind}>`;
      return [
        `${from} object`,
        ...Object.entries(shape ?? {}).flatMap(([key, inner]) => shapeOf(inner, from ? `${from}.${key}` : key)),
      ];
    }
    case "record":
      return below(valueType, ".*");
    case "array":
      return below(element, "[]");
    case "tuple":
      return (items ?? []).flatMap((item, index) => below(item, `[${index}]`));
    case "optional":
    case "default":
    case "prefault":
      return [`${path} optional`, ...below(innerType)];
    case "pipe":
      return below(definition.in);
    case "union":
      return (options ?? []).flatMap((option) => below(option));
    case "enum":
      return Object.values(entries ?? {}).map((entry) => `${path} "${entry}"`);
    case "literal":
      return (values ?? []).map((value) => `${path} ${JSON.stringify(value)}`);
    default:
      return [`${path} ${definition.type}`];
  }
}

const literalOf = (schema: z.core.$ZodType): string | undefined => {
  const [value] = (schema._zod.def as unknown as Definition).values ?? [];
  return typeof value === "string" ? value : undefined;
};

/** Fields that a config must have, as `shapeOf` names them. */
export function requiredOf(shape: readonly string[]): readonly string[] {
  const fields = new Set(shape.map((line) => line.slice(0, line.indexOf(" "))));
  return [...fields].filter((field) => /[^*\]>]$/.test(field) && !shape.includes(`${field} optional`));
}
