/** From zod's issues to problems, and to what of a config can still be checked. */
import type { z } from "zod";
import { CONFIG_VERSION } from "./migrations";
import type { Problem } from "./problems";

export function shapeProblems(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    rule: ruleOf(issue),
    path: issue.path.map(String).join("."),
    message: messageOf(issue),
  }));
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "unknown-key";
  if (issue.code === "custom" && typeof issue.params?.["rule"] === "string") return issue.params["rule"];
  if (issue.input === undefined) return "missing";
  return "shape";
}

function messageOf(issue: z.core.$ZodIssue): string {
  const rule = ruleOf(issue);
  if (rule === "unknown-key") return issue.message;
  if (rule === "missing") return issue.message.startsWith("must") ? `is missing; ${issue.message}` : "is missing";
  return `${show(issue.input)} ${issue.message.replace(/^Invalid input: expected/, "has the wrong type; expected")}`;
}

/** A value as the config would write it, short; what is no data is only named. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text =
    typeof value === "object" || typeof value === "string" || typeof value === "boolean" ? stringify(value) : undefined;
  if (text === undefined) return `a ${typeof value}`;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // It refers to itself.
    return undefined;
  }
}

const ENTRY_SECTIONS: ReadonlySet<unknown> = new Set(["clusters", "groups", "environments", "teams", "components"]);
const NEUTRAL = {
  version: CONFIG_VERSION,
  name: "platform",
  contact: "platform@example.com",
  clusters: {},
  groups: {},
  environments: {},
  teams: {},
};

/** The config without the entries (clusters, groups, environments, teams) and fields that issues point into. */
export function withoutBroken(input: unknown, error: z.ZodError): unknown {
  if (typeof input !== "object" || input === null) return NEUTRAL;
  let rest: Readonly<Record<string, unknown>> = { ...NEUTRAL, ...input };
  for (const issue of error.issues) {
    const [section, entry] = issue.path.map(String);
    if (section === undefined) {
      rest = without(rest, issue.code === "unrecognized_keys" ? issue.keys : []);
    } else if (ENTRY_SECTIONS.has(section) && entry !== undefined) {
      rest = { ...rest, [section]: without(rest[section] as Record<string, unknown>, [entry]) };
    } else {
      rest = {
        ...without(rest, [section]),
        ...(section in NEUTRAL && { [section]: NEUTRAL[section as keyof typeof NEUTRAL] }),
      };
    }
  }
  return rest;
}

function without(record: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
