import type { PlanRule } from "./rule";
import { asObject, releaseDocuments, releaseValues, type Json, type JsonObject } from "./synthesized-stack";

/** Keys that hold a secret itself, in camelCase or snake_case; `existingSecret` and its like hold a name. */
const SECRET_KEY =
  /^(?!existing).*(password|passwd|token|api_?key|private_?key|access_?key|client_?secret|secret_?key|connection_?string)$|^secret$/i;
/** What an ExternalSecret fills in inside the cluster, and nothing around it. */
const TEMPLATE = /^\{\{ (\.\w+|index \. "[\w.-]+") \}\}$/;
/** Quick look before the slow one. */
const SUSPICIOUS =
  /(password|passwd|secret(_?key)?|token|api_?key|private_?key|access_?key|connectionstring)["']?\s*:/i;

export const noLiteralSecrets: PlanRule = {
  id: "no-literal-secrets",
  severity: "deny",
  why: "What stands in a config or in Helm values stands in the plan, in the state and in the release's record as well, in clear text.",
  fix: "Let the chart read an existing Secret, and make that Secret in the cluster (an operator, or External Secrets).",
  links: ["CIS EKS 4.4.2", "https://developer.hashicorp.com/terraform/language/state/sensitive-data"],
  check: ({ resources }) =>
    resources.flatMap((resource) => {
      const { values: _, ...attributes } = resource.attributes;
      const suspicious = releaseValues(resource).some((text) => SUSPICIOUS.test(text));
      const inValues = suspicious ? releaseDocuments(resource).flatMap((values) => literals(values)) : [];
      return [...literals(attributes), ...inValues].map((path) => ({
        resource,
        message: `${path} holds a literal value`,
      }));
    }),
};

function literals(value: Json, path = ""): string[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((inner, index) => literals(inner, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path ? `${path}.${key}` : key;
    if (typeof inner !== "string") return literals(inner, here);
    const reference = inner === "" || inner.includes("${") || TEMPLATE.test(inner) || isKeyName(key, asObject(value));
    return SECRET_KEY.test(key) && !reference ? [here] : [];
  });
}

/** Of an ExternalSecret: what the key is called, beside where its value is read. */
const isKeyName = (key: string, beside: JsonObject): boolean => key === "secretKey" && "remoteRef" in beside;
