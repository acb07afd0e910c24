/** The policies as text: what the API server makes of them is asked by .ci/tenancy. */
import { parseAllDocuments } from "yaml";
import { admissionPolicies } from "../../modules/admission-policies";

interface Policy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy?: string;
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly {
      readonly expression: string;
      readonly message?: string;
      readonly messageExpression?: string;
    }[];
  };
}

const objects = parseAllDocuments(admissionPolicies()).map((document) => document.toJS() as Policy);
const policies = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
const bindings = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");

test("every policy is bound, and refuses", () => {
  expect(policies.length).toBeGreaterThan(0);
  expect(policies.length + bindings.length).toBe(objects.length);
  expect([...new Set(bindings.map(({ spec }) => spec.policyName))].sort()).toEqual(
    policies.map(({ metadata }) => metadata.name).sort(),
  );
  for (const { spec } of bindings) expect(spec.validationActions).toEqual(["Deny"]);
});

test("what cannot be judged is refused", () => {
  for (const { spec } of policies) expect(spec.failurePolicy).toBe("Fail");
});

test("every refusal says why", () => {
  for (const { spec } of policies)
    for (const { message, messageExpression } of spec.validations ?? [])
      expect((message ?? messageExpression ?? "").length).toBeGreaterThan(20);
});

test("they are plain YAML: nothing in them is left for Helm to fill in", () => {
  expect(admissionPolicies()).not.toContain("{{");
});

test("what ExternalDNS reads from a route, beside its host names, is refused", () => {
  const routes = policies.find(({ metadata }) => metadata.name === "stackyard-team-routes");
  const read = routes?.spec.variables?.find(({ name }) => name === "annotations")?.expression;
  expect(read).toContain("key.startsWith('external-dns.alpha.kubernetes.io/')");
  expect(routes?.spec.validations?.map(({ expression }) => expression)).toContain("variables.annotations.size() == 0");
});

test("what is protected says how to lift that, for a team and for an environment", () => {
  const protection = policies.find(({ metadata }) => metadata.name === "stackyard-deletion-protection");
  const [{ messageExpression } = {}] = protection?.spec.validations ?? [];
  expect(messageExpression).toContain("set teams.' + variables.team + '.deletionProtection to false");
  expect(messageExpression).toContain("every team that has environments.' + variables.environment + ' in its entry");
});
