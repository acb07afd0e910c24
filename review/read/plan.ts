/** Reads what `terraform show -json` prints of a plan: https://developer.hashicorp.com/terraform/internals/json-format */
import { z } from "zod";
import type { Action, ResourceChange } from "../../policies/plan/resource-change";
import {
  asObject,
  asText,
  pathBelow,
  type Json,
  type JsonObject,
  type SynthesizedStack,
} from "../../policies/plan/synthesized-stack";
import { isDeeper } from "./documents";
import { harmless } from "./harmless";
import { hideInName } from "./secrets";
import { pathOfId, sideOf, withTeams, type OutputChange, type StackChange } from "./stack-change";

/** A plan that cannot be read: the message says what it is and what to do. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/** Terraform's own names for what it does, as one word. */
const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    "no-op": "none",
    create: "create",
    read: "read",
    update: "update",
    delete: "delete",
    forget: "forget",
    "delete,create": "replace",
    "create,delete": "replace",
    "create,forget": "replace",
    "forget,create": "replace",
  } as const),
);

const json = z.custom<Json>();
const changeShape = z.looseObject({
  actions: z.array(z.string()).min(1),
  before: json,
  after: json,
  after_unknown: json,
  before_sensitive: json,
  after_sensitive: json,
  replace_paths: z
    .array(z.array(z.union([z.string(), z.number()])))
    .nullish()
    .catch(undefined),
  importing: z.looseObject({ id: z.string().optional() }).nullish(),
});
const resourceShape = z.looseObject({
  address: z.string().min(1),
  previous_address: z.string().optional(),
  mode: z.string().optional(),
  type: z.string(),
  name: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: changeShape,
});
const planShape = z.looseObject({
  format_version: z.string(),
  terraform_version: z.string().optional(),
  resource_changes: z.array(resourceShape).nullish(),
  resource_drift: z.array(resourceShape).nullish(),
  output_changes: z.record(z.string(), changeShape).nullish(),
  deferred_changes: z
    .array(z.looseObject({ reason: z.string().optional(), resource_change: z.looseObject({ address: z.string() }) }))
    .nullish(),
  errored: z.boolean().optional(),
  complete: z.boolean().optional(),
  configuration: z.looseObject({ root_module: json }).nullish(),
});
type PlannedResource = z.infer<typeof resourceShape>;

export interface ReadPlanOptions {
  readonly stack: string;
  /** The stack that the plan was made of, which knows the paths of constructs and stays readable. @default - not at hand */
  readonly synthesized?: SynthesizedStack;
}

/** @throws PlanError where the text is not a plan that this version can read. */
export function readPlan(text: string, { stack, synthesized }: ReadPlanOptions): StackChange {
  const plan = parsePlan(text);
  const paths = new Map(synthesized?.resources.map(({ address, path }) => [address, pathBelow(stack, path)]));
  const read = (list: PlannedResource[] | null | undefined): ResourceChange[] =>
    (list ?? []).flatMap((resource) => readResource(resource, paths));
  const changes = withTeams(read(plan.resource_changes));
  const before = sideOf(stack, changes, "before");
  const after = synthesized ?? configured(sideOf(stack, changes, "after"), asObject(plan.configuration?.root_module));
  return {
    stack,
    source: "plan",
    changes,
    drift: read(plan.resource_drift),
    deferred: (plan.deferred_changes ?? []).map(({ reason = "", resource_change: { address } }) => ({
      address,
      reason,
    })),
    outputs: Object.entries(plan.output_changes ?? {}).flatMap(([name, change]) => readOutput(name, change)),
    references: referencesOf(asObject(plan.configuration?.root_module)),
    ...(before && { before }),
    ...(after && changes.some(({ after: kept }) => kept !== undefined) && { after: { ...after, changes } }),
    notes: [
      ...(plan.errored === true ? ["Terraform did not finish this plan: what it says is not all of it."] : []),
      ...(plan.complete === false && (plan.deferred_changes ?? []).length === 0
        ? ["The plan is not complete: Terraform will need another one after it."]
        : []),
    ],
  };
}

/** Without what providers fill in: a key that a cloud has made is no literal of the config, and a chart's own version no pin. */
function configured(side: SynthesizedStack | undefined, module: JsonObject): SynthesizedStack | undefined {
  const list = Array.isArray(module["resources"]) ? (module["resources"] as readonly Json[]).map(asObject) : [];
  const written = new Map(list.map((resource) => [asText(resource["address"]), asObject(resource["expressions"])]));
  return (
    side && {
      ...side,
      resources: side.resources.map((resource) => {
        const expressions = written.get(resource.address);
        return expressions === undefined
          ? resource
          : {
              ...resource,
              attributes: Object.fromEntries(Object.entries(resource.attributes).filter(([key]) => key in expressions)),
            };
      }),
    }
  );
}

/** Levels of what Terraform writes: a schema of a provider has a few dozen. */
const DEEPEST_PLAN = 500;

/** A piece of a plan in a message: short, on one line, and nothing in it that a terminal obeys. */
const quoted = (text: string): string => {
  const line = harmless(hideInName(text.slice(0, 1000).replace(/\s+/g, " ")));
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
};

function parsePlan(text: string): z.infer<typeof planShape> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own message quotes what it stumbled over, which may be a secret.
    throw new PlanError(
      text.trim() === ""
        ? "is empty; write it with: terraform show -json PLAN"
        : `is not JSON${/[}\]]\s*$/.test(text) ? "" : ": it is cut off, or something else"}; write it again with: terraform show -json PLAN`,
    );
  }
  if (isDeeper(parsed, DEEPEST_PLAN))
    throw new PlanError(`is nested deeper than ${DEEPEST_PLAN} levels, which no plan of Terraform is`);
  const known = asObject(parsed as Json);
  const format = quoted(asText(known["format_version"]));
  if (format === "") {
    throw new PlanError(
      known["terraform"] !== undefined || known["resource"] !== undefined
        ? "is a synthesized stack and no plan; plan it, or compare commits with --base"
        : "has no format_version; it must be what this prints: terraform show -json PLAN",
    );
  }
  if (!/^1(\.|$)/.test(format))
    throw new PlanError(`has format ${format}, and this version of stackyard reads 1.x; update stackyard`);
  if (known["resource_changes"] === undefined && known["values"] !== undefined)
    throw new PlanError("is a state and no plan; write it with: terraform show -json PLAN");
  const result = planShape.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PlanError(
    `is not a whole plan: ${quoted(issue?.path.join(".") ?? "")} ${issue?.message ?? "is wrong"}; write it again with: terraform show -json PLAN`,
  );
}

function readResource(resource: PlannedResource, paths: ReadonlyMap<string, string>): ResourceChange[] {
  const { address, type, name, change, previous_address: movedFrom } = resource;
  const action = actionOf(change.actions, address);
  // What is only read and is known is nobody's change.
  if (resource.mode === "data" && action === "none") return [];
  const [before, after] = [sideValue(change.before), sideValue(change.after)];
  const moved = movedFrom !== undefined && movedFrom !== address;
  return [
    {
      address: resource.deposed === undefined ? address : `${address} (deposed ${resource.deposed})`,
      type: resource.mode === "data" ? `data.${type}` : type,
      path: paths.get(address) ?? pathOfId(name),
      action,
      ...(before && { before }),
      ...(after && { after }),
      unknown: change.after_unknown,
      sensitive: { before: change.before_sensitive, after: change.after_sensitive },
      ...(change.replace_paths && { replacePaths: change.replace_paths }),
      ...(action === "replace" && { createBeforeDestroy: change.actions[0] === "create" }),
      ...(resource.action_reason !== undefined && { reason: resource.action_reason }),
      ...(moved && { movedFrom }),
      ...(change.importing && { importedFrom: change.importing.id ?? "" }),
    },
  ];
}

const sideValue = (value: Json): JsonObject | undefined =>
  value === null || typeof value !== "object" ? undefined : (value as JsonObject);

function actionOf(actions: readonly string[], address: string): Action {
  const action = ACTIONS.get(actions.join());
  if (action === undefined)
    throw new PlanError(
      `does ${quoted(actions.join(" and "))} with ${quoted(address)}, which this version of stackyard does not know; update stackyard`,
    );
  return action;
}

function readOutput(name: string, change: z.infer<typeof changeShape>): OutputChange[] {
  const action = actionOf(change.actions, `output ${name}`);
  if (action === "none") return [];
  return [
    {
      name,
      action,
      before: change.before,
      after: change.after,
      unknown: change.after_unknown === true,
      sensitive: { before: change.before_sensitive, after: change.after_sensitive },
    },
  ];
}

/** What the configuration says that objects refer to, without attributes: `aws_vpc.x.id` is `aws_vpc.x`. */
function referencesOf(module: JsonObject): ReadonlyMap<string, readonly string[]> {
  const list = Array.isArray(module["resources"]) ? (module["resources"] as readonly Json[]).map(asObject) : [];
  return new Map(
    list.map((resource) => {
      const found = new Set<string>();
      collectReferences(resource["expressions"], found);
      collectReferences({ references: resource["depends_on"] ?? [] }, found);
      return [asText(resource["address"]), [...found]];
    }),
  );
}

function collectReferences(value: Json | undefined, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const inner of value as readonly Json[]) collectReferences(inner, found);
    return;
  }
  for (const [key, inner] of Object.entries(asObject(value))) {
    if (key !== "references" || !Array.isArray(inner)) collectReferences(inner, found);
    else
      for (const reference of inner as readonly Json[]) {
        const address = /^(?:data\.)?[^.]+\.[^.[]+/.exec(asText(reference))?.[0];
        if (address !== undefined) found.add(address);
      }
  }
}
