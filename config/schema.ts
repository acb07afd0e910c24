/** The config's shape at run time, with defaults. Types for the editor are in input.ts; a type test holds the two together. */
import { z } from "zod";
import { awsSchema } from "./clouds/aws";
import { azureSchema } from "./clouds/azure";
import { addressRange } from "./clouds/common";
import { awsRightsSchema, azureRightsSchema } from "./clouds/rights";
import { localSchema } from "./clouds/local";
import { COMPONENT_NAMES } from "./components";
import { ENVIRONMENT_PRESETS } from "./environments";
import { nodePoolSchema } from "./node-pools";
import { MEBIBYTE } from "./quantities";
import { count, cpu, labelValue, memory, nonEmpty, object, oneOf, suggest } from "./zod";

const amount = object({ cpu, memory });
const values = z
  .record(z.string(), z.unknown())
  .refine(isData, { error: "must be plain data: maps, lists, text, numbers, booleans and null" })
  .default({});

/** Whether a value can be written as YAML; one that contains itself cannot. */
function isData(value: unknown, within: readonly unknown[] = []): boolean {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return true;
  if (typeof value !== "object" || within.includes(value)) return false;
  return Object.values(value).every((inner) => isData(inner, [...within, value]));
}

export const quotaSchema = object({
  cpu,
  memory,
  storage: memory.optional(),
  pods: count.optional(),
  gpus: z.int("must be a whole number").min(0, "must not be negative").default(0),
  limits: amount.optional(),
});

const containersSchema = object({
  request: amount.default({ cpu: 50, memory: 64 * MEBIBYTE }),
  limit: amount.default({ cpu: 500, memory: 512 * MEBIBYTE }),
  max: amount.optional(),
});

const groupsSchema = object({
  admin: z.array(nonEmpty).default([]),
  edit: z.array(nonEmpty).default([]),
  view: z.array(nonEmpty).default([]),
});

export const teamSchema = object({
  costCenter: labelValue.min(1, "must not be empty"),
  groups: groupsSchema,
  quota: quotaSchema.optional(),
  namespaces: z.record(z.string(), object({ quota: quotaSchema })).optional(),
  containers: containersSchema.prefault({}),
  egress: z.array(addressRange(0, 32)).default([]),
  environments: z.record(z.string(), quotaSchema).default({}),
  serviceAccounts: z
    .record(
      z.string(),
      object({ namespace: nonEmpty.optional(), aws: awsRightsSchema.optional(), azure: azureRightsSchema.optional() }),
    )
    .default({}),
  nodePools: z.record(z.string(), nodePoolSchema).default({}),
});

export const environmentSchema = object({
  cluster: nonEmpty,
  preset: oneOf(ENVIRONMENT_PRESETS).optional(),
  cap: amount.optional(),
  values,
});

export const groupSchema = object({
  sso: nonEmpty.optional(),
  aws: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/,
      'must be the ARN of an IAM role, such as "arn:aws:iam::123456789012:role/Checkout"',
    )
    .optional(),
  azure: z.guid("must be the object id (a UUID) of an Entra ID group").optional(),
});

export const clusterSchema = z.discriminatedUnion("kind", [awsSchema, azureSchema, localSchema], {
  error: "must be made by aws({ … }), azure({ … }) or local({ … })",
});

const componentSchema = z
  .union([z.boolean(), object({ enabled: z.boolean().default(true), values })], {
    error: "must be true, false, or { enabled, values }",
  })
  .transform((component) => (typeof component === "boolean" ? { enabled: component, values: {} } : component));

const knownComponents: ReadonlySet<string> = new Set(COMPONENT_NAMES);
const componentsSchema = z.record(z.string(), componentSchema).superRefine((components, context) => {
  for (const name of Object.keys(components)) {
    if (!knownComponents.has(name)) {
      context.addIssue({
        code: "custom",
        message: `unknown key "${name}"${suggest(name, COMPONENT_NAMES)}`,
        params: { rule: "unknown-key", key: name },
      });
    }
  }
});

const url = z
  .string()
  .regex(/^(https|oci):\/\/\S+[^/]$/, "must be an https:// or oci:// address without a slash at its end");

export const platformSchema = object({
  version: z.literal(1, { error: "must be 1, the version of the config's shape that this release reads" }),
  name: nonEmpty,
  contact: z.email("must be an e-mail address"),
  tags: z.record(z.string(), z.string()).default({}),
  clusters: z.record(z.string(), clusterSchema),
  groups: z.record(z.string(), groupSchema),
  environments: z.record(z.string(), environmentSchema),
  teams: z.record(z.string(), teamSchema),
  components: componentsSchema.default({}),
  registries: object({ charts: z.record(url, url).default({}) }).prefault({}),
});

export type ParsedPlatform = z.output<typeof platformSchema>;
