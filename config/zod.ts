/** The few schema pieces that every section of the config is made of, with messages that say what is allowed. */
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { CPU_FORMS, MEMORY_FORMS, parseCpu, parseMemory, type Cpu, type Memory } from "./quantities";

/** An object that refuses unknown keys and names the nearest known one. */
export function object<Shape extends z.core.$ZodShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? unknownKeys(issue.keys, known) : undefined),
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys.map((key) => `unknown key "${key}"${suggest(key, known)}`).join("; ");
}

/** `, did you mean "quota"?`, or the list of what there is where nothing is near. */
export function suggest(wrong: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(wrong, [...known]);
  return distance(wrong, nearest) <= Math.max(2, wrong.length / 3)
    ? `, did you mean "${nearest}"?`
    : `; allowed: ${known.join(", ")}`;
}

export const nonEmpty = z.string().min(1, "must not be empty");
export const count = z.int("must be a whole number").min(1, "must be at least 1");

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: () => `must be one of ${values.map((value) => `"${value}"`).join(", ")}` });
}

/** CPU as in the config, millicores after parsing. */
export const cpu = quantity<Cpu>(parseCpu, CPU_FORMS);

/** Memory or storage as in the config, bytes after parsing. */
export const memory = quantity<Memory>(parseMemory, MEMORY_FORMS);

function quantity<Input>(parse: (value: unknown) => number | undefined, forms: string) {
  return z
    .custom<Input>((value) => value !== undefined, { error: "is missing" })
    .transform((value, context): number => {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      context.issues.push({
        code: "custom",
        input: value,
        message: `is not a quantity; allowed: ${forms}`,
        params: { rule: "quantity" },
      });
      return z.NEVER;
    });
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

export const labelValue = z
  .string()
  .regex(
    LABEL_VALUE,
    "must be a Kubernetes label value: at most 63 letters, digits, '-', '_' and '.', not at the ends",
  );

export const labels = z
  .record(z.string(), labelValue)
  .refine((value) => Object.keys(value).every((key) => LABEL_KEY.test(key)), {
    error:
      "has a key that Kubernetes refuses: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/'",
  });
