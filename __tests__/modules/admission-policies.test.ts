/** The policies as text: what the API server makes of them is asked by .ci/tenancy. */
import { admissionPolicies } from "../../modules/admission-policies";
import { platformOf } from "../support/config";
import { metadata, ofType, synth } from "../support/synth";

interface Policy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy?: string;
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchResources?: {
      readonly namespaceSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    };
    readonly matchConditions?: readonly { readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations?: readonly {
      readonly expression: string;
      readonly message?: string;
      readonly messageExpression?: string;
    }[];
  };
}

const objects = admissionPolicies() as readonly unknown[] as readonly Policy[];
const policies = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
const bindings = objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");

/** What teams' workloads should be like; what keeps a team in its bounds is never a warning only. */
const BY_MODE = ["stackyard-team-images", "stackyard-team-resources"];

test("every policy is bound, and refuses", () => {
  expect(policies.length).toBeGreaterThan(0);
  expect(policies.length + bindings.length).toBe(objects.length);
  expect([...new Set(bindings.map(({ spec }) => spec.policyName))].sort()).toEqual(
    policies.map(({ metadata }) => metadata.name).sort(),
  );
  for (const { metadata, spec } of bindings)
    expect([metadata.name, spec.validationActions]).toEqual([
      metadata.name,
      metadata.name.endsWith("-warn") ? ["Warn", "Audit"] : ["Deny"],
    ]);
});

test.each(BY_MODE)("%s warns or refuses, as the namespace says", (policy) => {
  const of = bindings.filter(({ spec }) => spec.policyName === policy);
  expect(of.map(({ spec }) => spec.matchResources?.namespaceSelector?.matchLabels)).toEqual([
    { "stackyard.dev/admission": "warn" },
    { "stackyard.dev/admission": "enforce" },
  ]);
});

test("no other does", () => {
  const modes = bindings.filter(({ spec }) => spec.matchResources?.namespaceSelector?.matchLabels);
  expect([...new Set(modes.map(({ spec }) => spec.policyName))]).toEqual(BY_MODE);
});

test("what cannot be judged is refused", () => {
  for (const { spec } of policies) expect(spec.failurePolicy).toBe("Fail");
});

test("every refusal says why", () => {
  for (const { spec } of policies) {
    const { validations = [] } = spec;
    expect(validations).not.toEqual([]);
    for (const { message, messageExpression } of validations)
      expect((message ?? messageExpression ?? "").length).toBeGreaterThan(20);
  }
});

test("what ExternalDNS reads from a route, beside its host names, is refused", () => {
  const routes = policies.find(({ metadata }) => metadata.name === "stackyard-team-routes");
  const read = routes?.spec.variables?.find(({ name }) => name === "annotations")?.expression;
  expect(read).toContain("key.startsWith('external-dns.alpha.kubernetes.io/')");
  expect(routes?.spec.validations?.map(({ expression }) => expression)).toContain("variables.annotations.size() == 0");
});

test("no ConfigMap is protected but those that guard a team or an environment", () => {
  const protection = policies.find(({ metadata }) => metadata.name === "stackyard-deletion-protection");
  const guards = ofType(synth(platformOf(), "local-platform"), "kubernetes_config_map_v1").map(metadata);
  expect(guards.map(({ namespace, name }) => `${String(namespace)}/${String(name)}`).sort()).toEqual([
    "stackyard-teams/team-docs",
    "stackyard-teams/team-web",
    "vcluster-acme-dev/deletion-guard",
  ]);
  const [{ expression } = {}] = protection?.spec.matchConditions ?? [];
  for (const part of ["== 'stackyard-teams'", "startsWith('vcluster-')", "== 'deletion-guard'"])
    expect(expression).toContain(part);
});

test("what is protected says how to lift that, for a team and for an environment", () => {
  const protection = policies.find(({ metadata }) => metadata.name === "stackyard-deletion-protection");
  const [{ messageExpression } = {}] = protection?.spec.validations ?? [];
  expect(messageExpression).toContain("set teams.' + variables.team + '.deletionProtection to false");
  expect(messageExpression).toContain("every team that has environments.' + variables.environment + ' in its entry");
});
