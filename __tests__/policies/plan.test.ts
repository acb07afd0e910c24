import { applyRules } from "../../policies/plan/rule";
import { PLAN_RULES } from "../../policies/plan/rules";
import type { JsonObject, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { parseSynthesizedStack } from "../../policies/plan/synthesized-stack";

const release = (attributes: JsonObject = {}): JsonObject => ({
  name: "r",
  repository: "https://charts.example",
  chart: "c",
  version: "1.2.3",
  atomic: true,
  values: ["a: 1\n"],
  ...attributes,
});
const teamNamespace = { metadata: { name: "team-web", labels: { "stackyard.dev/team": "web" } } };
const quota = { metadata: { name: "team", namespace: "team-web" } };
const guard = release({
  chart: "assets/chart-team/AB",
  repository: undefined as never,
  values: ["namespaces:\n  - limitRange: {}\n    name: team-web\n"],
});

/** Stacks here are so small that other rules miss what every stack has. */
const only = (rule: string) => PLAN_RULES.filter(({ id }) => id === rule);

function stackOf(resources: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>): SynthesizedStack {
  return parseSynthesizedStack("test", JSON.stringify({ resource: resources }));
}

const CASES: readonly (readonly [rule: string, message: string, resources: Parameters<typeof stackOf>[0]])[] = [
  [
    "api-not-open",
    "public_access_cidrs allows half the internet or more (a range of /0 to /7)",
    { aws_eks_cluster: { c: { vpc_config: { public_access_cidrs: ["10.0.0.0/8", "0.0.0.0/0"] } } } },
  ],
  [
    "api-not-open",
    "authorized_ip_ranges allows half the internet or more (a range of /0 to /7)",
    { azurerm_kubernetes_cluster: { c: { api_server_access_profile: [{ authorized_ip_ranges: ["::/0"] }] } } },
  ],
  [
    "guarded-team-namespaces",
    "namespace team-web has no ResourceQuota",
    { kubernetes_namespace_v1: { n: teamNamespace }, helm_release: { g: guard } },
  ],
  [
    "guarded-team-namespaces",
    "namespace team-web has no release with its LimitRange and network policies",
    { kubernetes_namespace_v1: { n: teamNamespace }, kubernetes_resource_quota_v1: { q: quota } },
  ],
  [
    "load-balancers-at-the-gateway",
    "values set server.service.type: LoadBalancer",
    { helm_release: { r: release({ values: ["server:\n  service:\n    type: LoadBalancer\n"] }) } },
  ],
  ["no-kubernetes-manifest", "is a kubernetes_manifest", { kubernetes_manifest: { m: {} } }],
  [
    "no-literal-secrets",
    "grafana.adminPassword holds a literal value",
    { helm_release: { r: release({ values: ["grafana:\n  adminPassword: hunter2\n"] }) } },
  ],
  [
    "no-literal-secrets",
    "s3.secretKey holds a literal value",
    { helm_release: { r: release({ values: ["s3:\n  secretKey: hunter2\n"] }) } },
  ],
  ["no-literal-secrets", "client_secret holds a literal value", { azurerm_x: { x: { client_secret: "abc" } } }],
  [
    "pinned-releases",
    'version "^1.0.0" is not an exact version',
    { helm_release: { r: release({ version: "^1.0.0" }) } },
  ],
  ["pinned-releases", "version null is not an exact version", { helm_release: { r: release({ version: null }) } }],
  ["pinned-releases", "is not atomic", { helm_release: { r: release({ atomic: false }) } }],
  ["pinned-releases", "lets Helm create its namespace", { helm_release: { r: release({ create_namespace: true }) } }],
];

test.each(CASES)("%s: %s", (rule, message, resources) => {
  const violations = applyRules(only(rule), [stackOf(resources)]);
  expect(violations).toMatchObject([{ rule, message, severity: "deny", stack: "test" }]);
  expect(violations[0]?.why).not.toBe("");
  expect(violations[0]?.fix).not.toBe("");
});

test.each([
  [
    "a reference to a secret",
    {
      helm_release: {
        r: release({
          values: ['a:\n  password: "${var.x}"\n  existingSecret: name\n  secretKeyRef: { key: password }\n'],
        }),
      },
    },
  ],
  [
    "the key of an external secret, beside a password that it fills in",
    {
      helm_release: {
        r: release({
          values: [
            'a:\n  data: [{ secretKey: password, remoteRef: { key: a/b } }]\n  authPassword: "{{ .password }}"\n',
          ],
        }),
      },
    },
  ],
  ["an allow list", { aws_eks_cluster: { c: { vpc_config: { public_access_cidrs: ["203.0.113.0/24"] } } } }],
  ["a route to the internet", { aws_route: { r: { destination_cidr_block: "0.0.0.0/0" } } }],
  [
    "a guarded namespace",
    {
      kubernetes_namespace_v1: { n: teamNamespace },
      kubernetes_resource_quota_v1: { q: quota },
      helm_release: { g: guard },
    },
  ],
  ["a pinned release", { helm_release: { r: release({ version: "v1.2.3" }) } }],
] as const)("%s is fine", (_what, resources) => {
  const rules = new Set(CASES.map(([rule]) => rule));
  expect(applyRules([...rules].flatMap(only), [stackOf(resources as never)])).toEqual([]);
});

test("denials come before warnings", () => {
  const [first] = only("api-not-open");
  if (!first) throw new Error("there are rules");
  const warn = { ...first, id: "advice", severity: "warn" as const };
  const stack = stackOf(CASES[0]?.[2] ?? {});
  expect(applyRules([warn, first], [stack]).map(({ severity }) => severity)).toEqual(["deny", "warn"]);
});
