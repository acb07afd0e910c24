/** The config's shape at run time, with defaults. Types for the editor are in input.ts; a type test holds the two together. */
import { z } from "zod";
import type { Allocatable } from "./clouds/common";
import { alertsSchema, teamAlertsSchema } from "./alerts";
import { awsSchema } from "./clouds/aws";
import { azureSchema } from "./clouds/azure";
import { addressRange } from "./clouds/common";
import { awsRightsSchema, azureRightsSchema } from "./clouds/rights";
import { localSchema } from "./clouds/local";
import { COMPONENT_NAMES, DATABASE_OWNERS } from "./components";
import { ENVIRONMENT_COMPONENTS } from "./environment-components";
import { ENVIRONMENT_PRESETS } from "./environments";
import { CONFIG_VERSION } from "./migrations";
import { nodePoolSchema } from "./node-pools";
import { MEBIBYTE } from "./quantities";
import { registriesSchema, registryLocation } from "./registries";
import { waiverSchema } from "./waivers";
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
  storageClasses: z.record(z.string(), memory).optional(),
  gpus: z.int("must be a whole number").min(0, "must not be negative").default(0),
  limits: amount.optional(),
});

const containersSchema = object({
  request: amount.default({ cpu: 50, memory: 64 * MEBIBYTE }),
  limit: amount.optional(),
  max: amount.optional(),
  guaranteed: z.boolean("must be true or false").default(false),
}).transform(({ limit, ...rest }) => ({
  ...rest,
  limit: limit ?? (rest.guaranteed ? rest.request : usualLimit(rest)),
}));

/** Kubernetes wants request ≤ limit ≤ max. */
function usualLimit({
  request,
  max,
}: {
  readonly request: Allocatable;
  readonly max?: Allocatable | undefined;
}): Allocatable {
  const between = (of: keyof Allocatable, usual: number) => Math.max(request[of], Math.min(usual, max?.[of] ?? usual));
  return { cpu: between("cpu", 500), memory: between("memory", 512 * MEBIBYTE) };
}

const groupsSchema = object({
  admin: z.array(nonEmpty).default([]),
  edit: z.array(nonEmpty).default([]),
  view: z.array(nonEmpty).default([]),
});

const namespaceSchema = object({
  quota: quotaSchema,
  podSecurity: oneOf(["baseline", "restricted"]).default("baseline"),
  name: nonEmpty.optional(),
  adopt: z.array(nonEmpty).default([]),
});

export const teamSchema = object({
  costCenter: labelValue.min(1, "must not be empty"),
  project: labelValue.min(1, "must not be empty").optional(),
  groups: groupsSchema,
  quota: quotaSchema.optional(),
  namespaces: z.record(z.string(), namespaceSchema).optional(),
  deletionProtection: z.boolean("must be true or false").optional(),
  containers: containersSchema.prefault({}),
  egress: z.array(addressRange(0, 32)).default([]),
  environments: z.record(z.string(), quotaSchema).default({}),
  serviceAccounts: z
    .record(
      z.string(),
      object({ namespace: nonEmpty.optional(), aws: awsRightsSchema.optional(), azure: azureRightsSchema.optional() }),
    )
    .default({}),
  secretStore: z.boolean("must be true or false").default(false),
  alerts: teamAlertsSchema.optional(),
  nodePools: z.record(z.string(), nodePoolSchema).default({}),
});

const admissionMode = oneOf(["warn", "enforce"]);

export const environmentSchema = object({
  cluster: nonEmpty,
  preset: oneOf(ENVIRONMENT_PRESETS).optional(),
  cap: amount.optional(),
  components: z.array(oneOf(ENVIRONMENT_COMPONENTS)).default([]),
  admission: admissionMode.optional(),
  values,
});

export const groupSchema = object({
  sso: z
    .string()
    .regex(
      /^[^\s,/"'\\]+$/,
      "must be a name without spaces, commas, slashes and quotes, which Keycloak and Argo CD read as something else",
    )
    .optional(),
  claim: nonEmpty.optional(),
  aws: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/,
      'must be the ARN of an IAM role, such as "arn:aws:iam::123456789012:role/Checkout"',
    )
    .optional(),
  // As tokens say it: Kubernetes compares letter by letter.
  azure: z.guid("must be the object id (a UUID) of an Entra ID group").toLowerCase().optional(),
});

export const clusterSchema = z.discriminatedUnion("kind", [awsSchema, azureSchema, localSchema], {
  error: "must be made by aws({ … }), azure({ … }) or local({ … })",
});

const https = z.url({ protocol: /^https$/, error: "must be an https:// address" });

/** What Secrets Manager and Key Vault both take as a name. */
const secretName = z
  .string()
  .regex(/^[a-zA-Z0-9-]{1,127}$/, "must be a name that both clouds' secret stores take: letters, digits and hyphens");

export const identityProviderSchema = object({
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens, such as "entra"'),
  displayName: nonEmpty.optional(),
  issuer: https,
  authorizationUrl: https,
  tokenUrl: https,
  jwksUrl: https,
  logoutUrl: https.optional(),
  clientId: nonEmpty,
  secret: secretName,
  scopes: z.array(nonEmpty).default(["openid", "profile", "email"]),
  groupsClaim: nonEmpty.default("groups"),
});

/** Part of a path in an object store, and of nothing that would have to be escaped. */
const archive = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be 1 to 63 small letters, digits and hyphens");

const externalDatabaseSchema = object({
  host: nonEmpty,
  port: z.int("must be a whole number").min(1, "must be 1 to 65535").max(65535, "must be 1 to 65535").default(5432),
  name: nonEmpty,
  username: nonEmpty,
  secret: nonEmpty,
  sslMode: oneOf(["require", "verify-full"]).default("verify-full"),
});

const databaseSchema = object({
  archive: archive.optional(),
  restore: object({
    archive,
    until: z.iso
      .datetime({ offset: true, error: 'must be a moment in RFC 3339, such as "2026-11-21T03:00:00Z"' })
      .optional(),
  }).optional(),
  external: externalDatabaseSchema.optional(),
});

const componentSchema = z
  .union([z.boolean(), object({ enabled: z.boolean().default(true), values, database: databaseSchema.optional() })], {
    error: "must be true, false, or { enabled, values }",
  })
  .transform((component) =>
    typeof component === "boolean" ? { enabled: component, values: {}, database: undefined } : component,
  );

export type DatabaseSettings = z.output<typeof databaseSchema>;

const knownComponents: ReadonlySet<string> = new Set(COMPONENT_NAMES);
const componentsSchema = z.record(z.string(), componentSchema).superRefine((components, context) => {
  const onDatabase: readonly string[] = DATABASE_OWNERS;
  for (const [name, { database }] of Object.entries(components)) {
    if (database && !onDatabase.includes(name)) {
      context.addIssue({
        code: "custom",
        path: [name],
        message: `unknown key "database"; only ${DATABASE_OWNERS.join(" and ")} have one`,
        params: { rule: "unknown-key", key: "database" },
      });
    }
    if (!knownComponents.has(name)) {
      context.addIssue({
        code: "custom",
        message: `unknown key "${name}"${suggest(name, COMPONENT_NAMES)}`,
        params: { rule: "unknown-key", key: name },
      });
    }
  }
});

export const platformSchema = object({
  version: z.literal(CONFIG_VERSION, {
    error: `must be ${CONFIG_VERSION}, the version of the config's shape that this release reads`,
  }),
  name: nonEmpty,
  contact: z.email("must be an e-mail address"),
  tags: z.record(z.string(), z.string()).default({}),
  clusters: z.record(z.string(), clusterSchema),
  groups: z.record(z.string(), groupSchema),
  environments: z.record(z.string(), environmentSchema),
  teams: z.record(z.string(), teamSchema),
  signIn: object({ identityProvider: identityProviderSchema.optional() }).prefault({}),
  components: componentsSchema.default({}),
  alerts: alertsSchema.optional(),
  registries: registriesSchema.prefault({}),
  admission: object({
    registries: z.array(registryLocation).default([]),
    mode: admissionMode.default("warn"),
  }).prefault({}),
  waivers: z.array(waiverSchema).default([]),
});

export type ParsedPlatform = z.output<typeof platformSchema>;
