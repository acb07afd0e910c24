/** The evaluator itself, on what Kubernetes's documentation says of its own examples. */
import { parseAllDocuments } from "yaml";
import { reaches, type Endpoint, type Network, type NetworkPolicy, type Pod } from "./network-policies";

const pod = (namespace: string, labels: Record<string, string> = {}, ip = "10.244.0.1"): Pod => ({
  namespace,
  labels,
  ip,
});
const network = (policies: string, more: Partial<Network> = {}): Network => ({
  namespaces: { default: {}, myproject: { project: "myproject" }, other: { project: "other" } },
  policies: parseAllDocuments(policies).map((document) => {
    const { metadata, ...rest } = document.toJS() as { metadata: object };
    return { ...rest, metadata: { namespace: "default", ...metadata } } as NetworkPolicy;
  }),
  blocksTakePods: false,
  ...more,
});
const policy = (spec: string) => `{ metadata: { name: test }, spec: ${spec} }`;

/** https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource */
const EXAMPLE = policy(`{
  podSelector: { matchLabels: { role: db } },
  policyTypes: [Ingress, Egress],
  ingress: [{
    from: [
      { ipBlock: { cidr: 172.17.0.0/16, except: [172.17.1.0/24] } },
      { namespaceSelector: { matchLabels: { project: myproject } } },
      { podSelector: { matchLabels: { role: frontend } } },
    ],
    ports: [{ protocol: TCP, port: 6379 }],
  }],
  egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/24 } }], ports: [{ protocol: TCP, port: 5978 }] }],
}`);
const db = pod("default", { role: "db" }, "10.244.0.9");
const at = (port: number) => ({ port });

describe("the example of the documentation", () => {
  const cases: readonly (readonly [string, Endpoint, Endpoint, number, boolean])[] = [
    ["a frontend of the namespace reaches it", pod("default", { role: "frontend" }), db, 6379, true],
    ["on no other port", pod("default", { role: "frontend" }), db, 6380, false],
    ["a frontend of another namespace does not", pod("other", { role: "frontend" }), db, 6379, false],
    ["any pod of the project's namespace does", pod("myproject"), db, 6379, true],
    ["an address of the block does", { ip: "172.17.2.1" }, db, 6379, true],
    ["an excepted address does not", { ip: "172.17.1.7" }, db, 6379, false],
    ["it reaches the range", db, { ip: "10.0.0.5" }, 5978, true],
    ["and nothing outside of it", db, { ip: "10.0.1.5" }, 5978, false],
    ["what the policy does not select is not bound", pod("default"), { ip: "10.0.1.5" }, 80, true],
    ["nor is what it does not select to come in", { ip: "10.0.1.5" }, pod("default"), 80, true],
  ];
  test.each(cases)("%s", (_what, from, to, port, open) => {
    expect(reaches(network(EXAMPLE), from, to, at(port))).toBe(open);
  });
});

describe("two selectors", () => {
  const from = (peers: string) => network(policy(`{ podSelector: {}, ingress: [{ from: ${peers} }] }`));
  const USER = "namespaceSelector: { matchLabels: { project: other } }";
  const ROLE = "podSelector: { matchLabels: { role: client } }";

  test("of one peer must both hold", () => {
    const both = from(`[{ ${USER}, ${ROLE} }]`);
    expect(reaches(both, pod("other", { role: "client" }), db, at(1))).toBe(true);
    expect(reaches(both, pod("other"), db, at(1))).toBe(false);
    expect(reaches(both, pod("default", { role: "client" }), db, at(1))).toBe(false);
  });
  test("of two peers hold one by one", () => {
    const either = from(`[{ ${USER} }, { ${ROLE} }]`);
    expect(reaches(either, pod("other"), db, at(1))).toBe(true);
    expect(reaches(either, pod("default", { role: "client" }), db, at(1))).toBe(true);
    expect(reaches(either, pod("myproject", { role: "client" }), db, at(1))).toBe(false);
  });
  test("an empty namespaceSelector takes every namespace, an empty podSelector those of its own", () => {
    expect(reaches(from("[{ namespaceSelector: {} }]"), pod("other"), db, at(1))).toBe(true);
    expect(reaches(from("[{ podSelector: {} }]"), pod("other"), db, at(1))).toBe(false);
    expect(reaches(from("[{ podSelector: {} }]"), pod("default"), db, at(1))).toBe(true);
  });
  test("selectors are of pods: no address matches them", () => {
    expect(reaches(from("[{ namespaceSelector: {} }]"), { ip: "10.0.0.1" }, db, at(1))).toBe(false);
  });
  test("a namespace has its name as a label", () => {
    const named = from("[{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: other } } }]");
    expect(reaches(named, pod("other"), db, at(1))).toBe(true);
    expect(reaches(named, pod("myproject"), db, at(1))).toBe(false);
  });
});

describe("matchExpressions", () => {
  const cases: readonly (readonly [string, Record<string, string>, boolean])[] = [
    ["{ key: a, operator: In, values: [x, y] }", { a: "y" }, true],
    ["{ key: a, operator: In, values: [x, y] }", {}, false],
    ["{ key: a, operator: NotIn, values: [x] }", { a: "y" }, true],
    ["{ key: a, operator: NotIn, values: [x] }", {}, true],
    ["{ key: a, operator: NotIn, values: [x] }", { a: "x" }, false],
    ["{ key: a, operator: Exists }", { a: "" }, true],
    ["{ key: a, operator: Exists }", {}, false],
    ["{ key: a, operator: DoesNotExist }", {}, true],
    ["{ key: a, operator: DoesNotExist }", { a: "x" }, false],
  ];
  test.each(cases)("%s of %j: %s", (expression, labels, open) => {
    const one = network(
      policy(`{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchExpressions: [${expression}] } }] }] }`),
    );
    expect(reaches(one, pod("default", labels), db, at(1))).toBe(open);
  });
  test("an operator that Kubernetes has not is an error", () => {
    const one = network(policy("{ podSelector: { matchExpressions: [{ key: a, operator: Like }] } }"));
    expect(() => reaches(one, pod("default"), db, at(1))).toThrow("Like");
  });
});

describe("directions", () => {
  const cases: readonly (readonly [string, string, boolean, boolean])[] = [
    ["without policyTypes and egress, only what comes in is bound", "{ podSelector: {} }", false, true],
    [
      "without policyTypes, egress binds what goes out",
      "{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }",
      false,
      false,
    ],
    ["an egress that is empty does not", "{ podSelector: {}, egress: [] }", false, true],
    ["default deny of ingress", "{ podSelector: {}, policyTypes: [Ingress] }", false, true],
    ["default deny of egress", "{ podSelector: {}, policyTypes: [Egress] }", true, false],
    ["default deny of both", "{ podSelector: {}, policyTypes: [Ingress, Egress] }", false, false],
    ["allow all ingress", "{ podSelector: {}, ingress: [{}], policyTypes: [Ingress] }", true, true],
    ["allow all egress", "{ podSelector: {}, egress: [{}], policyTypes: [Egress] }", true, true],
    [
      "rules of a direction that is not named count for nothing",
      "{ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }], policyTypes: [Ingress] }",
      false,
      true,
    ],
  ];
  test.each(cases)("%s", (_what, spec, comesIn, goesOut) => {
    const one = network(policy(spec));
    expect(reaches(one, pod("other"), db, at(1))).toBe(comesIn);
    expect(reaches(one, db, { ip: "192.0.2.1" }, at(1))).toBe(goesOut);
  });
  test("both ends must let it", () => {
    const deny = "policyTypes: [Ingress, Egress]";
    const out = `{ metadata: { name: out }, spec: { podSelector: { matchLabels: { role: db } }, egress: [{}], policyTypes: [Egress] } }`;
    const into = `{ metadata: { name: in, namespace: other }, spec: { podSelector: {}, ingress: [{}] } }`;
    const denied = `${policy(`{ podSelector: {}, ${deny} }`)}\n---\n{ metadata: { name: deny, namespace: other }, spec: { podSelector: {}, ${deny} } }`;
    expect(reaches(network(denied), db, pod("other"), at(1))).toBe(false);
    expect(reaches(network(`${denied}\n---\n${out}`), db, pod("other"), at(1))).toBe(false);
    expect(reaches(network(`${denied}\n---\n${into}`), db, pod("other"), at(1))).toBe(false);
    expect(reaches(network(`${denied}\n---\n${out}\n---\n${into}`), db, pod("other"), at(1))).toBe(true);
  });
  test("policies add up, and none takes away", () => {
    const two = `${policy("{ podSelector: {} }")}\n---\n${policy("{ podSelector: { matchLabels: { role: db } }, ingress: [{}] }")}`;
    expect(reaches(network(two), pod("other"), db, at(1))).toBe(true);
    expect(reaches(network(two), pod("other"), pod("default", {}, "10.244.0.7"), at(1))).toBe(false);
  });
  test("a pod reaches itself", () => {
    expect(reaches(network(policy("{ podSelector: {}, policyTypes: [Ingress, Egress] }")), db, db, at(1))).toBe(true);
  });
});

describe("ports", () => {
  const listener: Pod = {
    ...db,
    ports: [
      { name: "web", port: 8080 },
      { name: "dns", port: 5353, protocol: "UDP" },
    ],
  };
  const cases: readonly (readonly [string, number, "TCP" | "UDP", boolean])[] = [
    ["{ port: 80 }", 80, "TCP", true],
    ["{ port: 80 }", 80, "UDP", false],
    ["{ port: 53, protocol: UDP }", 53, "UDP", true],
    ["{ protocol: UDP }", 9999, "UDP", true],
    ["{ protocol: UDP }", 9999, "TCP", false],
    ["{ port: 32000, endPort: 32768 }", 32000, "TCP", true],
    ["{ port: 32000, endPort: 32768 }", 32768, "TCP", true],
    ["{ port: 32000, endPort: 32768 }", 32769, "TCP", false],
    ["{ port: 32000, endPort: 32768 }", 31999, "TCP", false],
    ["{ port: web }", 8080, "TCP", true],
    ["{ port: web }", 80, "TCP", false],
    ["{ port: dns }", 5353, "TCP", false],
    ["{ port: dns, protocol: UDP }", 5353, "UDP", true],
  ];
  test.each(cases)("%s and %i/%s: %s", (one, port, protocol, open) => {
    const into = network(policy(`{ podSelector: {}, ingress: [{ ports: [${one}] }] }`));
    expect(reaches(into, pod("other"), listener, { port, protocol })).toBe(open);
    const out = network(policy(`{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [${one}] }] }`));
    expect(reaches(out, pod("default"), listener, { port, protocol })).toBe(open);
  });
  test("of an address no port has a name", () => {
    const out = network(policy("{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: web }] }] }"));
    expect(reaches(out, db, { ip: "192.0.2.1" }, at(8080))).toBe(false);
  });
});

describe("address blocks", () => {
  const block = (cidr: string, more: Partial<Network> = {}) =>
    network(policy(`{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: ${cidr} }] }] }`), more);

  test("stand for pods only where the network takes them so", () => {
    const other = pod("other", {}, "10.244.3.3");
    expect(reaches(block('{ cidr: "0.0.0.0/0" }'), db, other, at(1))).toBe(false);
    expect(reaches(block('{ cidr: "0.0.0.0/0" }', { blocksTakePods: true }), db, other, at(1))).toBe(true);
  });
  test("of one family hold no address of the other", () => {
    expect(reaches(block('{ cidr: "0.0.0.0/0" }'), db, { ip: "2001:db8::1" }, at(1))).toBe(false);
    expect(reaches(block('{ cidr: "2001:db8::/64" }'), db, { ip: "2001:db8::1" }, at(1))).toBe(true);
  });
});
