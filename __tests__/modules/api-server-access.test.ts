/** How people reach the API server of an environment, as the stacks say it. What a real one makes of the flags is asked in .ci/realm. */
import { parseAllDocuments } from "yaml";
import { asObject, type Json, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, KINDS, ofType, release, synth, valuesOf } from "../support/synth";

type Entry = Record<string, Json>;
const CLUSTER = "acme-dev";
const stackOf = (name: string, change?: (draft: Draft) => void): SynthesizedStack => synth(platformOf(change), name);
const withoutSignIn = (draft: Draft): void => {
  draft.components = { ...draft.components, keycloak: false };
};

const aws = stackOf("aws-platform");
const local = stackOf("local-platform", (draft) => (draft.clusters["local-platform"].access = { admins: ["admins"] }));
const controlPlane = (stack: SynthesizedStack): Entry => asObject(valuesOf(stack, CLUSTER)["controlPlane"]);
const flags = (stack: SynthesizedStack): readonly string[] =>
  (
    asObject(asObject(asObject(controlPlane(stack)["distro"])["k8s"])["apiServer"])["extraArgs"] as readonly string[]
  ).filter((flag) => flag.startsWith("--oidc-"));
const inside = (stack: SynthesizedStack): readonly Entry[] => {
  const deploy = asObject(asObject(asObject(valuesOf(stack, CLUSTER)["experimental"])["deploy"])["vcluster"]);
  return parseAllDocuments(String(deploy["manifests"])).map((document) => document.toJS() as Entry);
};
const listeners = (stack: SynthesizedStack): Entry => asObject(valuesOf(stack, "gateway"));

describe("the API server of an environment", () => {
  test("believes the realm's tokens for kubectl: groups as they are, users with a prefix", () => {
    expect(flags(aws)).toEqual([
      "--oidc-issuer-url=https://keycloak.aws.acme.example/realms/platform",
      "--oidc-client-id=kubernetes",
      "--oidc-username-claim=preferred_username",
      "--oidc-username-prefix=oidc:",
      "--oidc-groups-claim=groups",
    ]);
  });

  test("knows the cluster's own authority where that signs Keycloak's certificate, from a Secret without the key", () => {
    expect(flags(local)).toContain("--oidc-ca-file=/etc/platform-authority/ca.crt");
    const { persistence } = asObject(controlPlane(local)["statefulSet"]);
    expect(persistence).toMatchObject({
      addVolumes: [{ name: "platform-authority", secret: { secretName: "platform-authority" } }],
      addVolumeMounts: [{ name: "platform-authority", mountPath: "/etc/platform-authority", readOnly: true }],
    });
    const objects = valuesOf(local, `${CLUSTER}-authority`)["resources"] as unknown as readonly Entry[];
    const copy = objects.find(({ kind }) => kind === "ExternalSecret");
    expect(copy).toMatchObject({
      metadata: { name: "platform-authority", namespace: "vcluster-acme-dev" },
      spec: { target: { name: "platform-authority", template: { data: { "ca.crt": '{{ index . "ca.crt" }}' } } } },
    });
    expect(dependenciesOf(local, release(local, CLUSTER).address)).toContain(
      release(local, `${CLUSTER}-authority`).address,
    );
  });

  test("has the authority from a store of its own, which no other release makes", () => {
    const stores = ofType(local, "helm_release")
      .map(({ attributes }) => valuesOf(local, String(attributes["name"]))["resources"])
      .flatMap((resources) => (resources ?? []) as unknown as readonly Entry[])
      .filter(({ kind }) => kind === "ClusterSecretStore")
      .map(({ metadata }) => String(asObject(metadata)["name"]));
    expect(stores).toContain(`authority-${CLUSTER}`);
    expect(new Set(stores).size).toBe(stores.length);
  });

  test("asks for no authority where one signs that everybody knows", () => {
    expect(JSON.stringify(controlPlane(aws))).not.toContain("platform-authority");
    expect(ofType(aws, "helm_release").map(({ attributes }) => attributes["name"])).not.toContain(
      `${CLUSTER}-authority`,
    );
  });

  test("has its public name in its certificate, and a route on the gateway", () => {
    expect(controlPlane(aws)).toMatchObject({
      proxy: { extraSANs: ["dev.k8s.aws.acme.example"] },
      tlsRoute: {
        enabled: true,
        host: "dev.k8s.aws.acme.example",
        parentRefs: [{ name: "platform", namespace: "envoy-gateway-system", sectionName: "api-servers" }],
      },
    });
    expect(listeners(aws)["apiServers"]).toEqual({
      host: "*.k8s.aws.acme.example",
      namespaceLabel: "stackyard.dev/environment",
    });
  });

  test("gives the cluster's administrators every right inside, and nobody where there are none", () => {
    const binding = (stack: SynthesizedStack) => inside(stack).find(({ kind }) => kind === "ClusterRoleBinding");
    expect(binding(aws)).toMatchObject({
      roleRef: { kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "Group", name: "admins" }],
    });
    expect(binding(stackOf("local-platform"))).toBeUndefined();
  });

  test("is reached by nobody from outside where nobody could sign in", () => {
    const stack = stackOf("aws-platform", withoutSignIn);
    expect(flags(stack)).toEqual([]);
    expect(controlPlane(stack)).not.toHaveProperty("tlsRoute");
    expect(controlPlane(stack)).not.toHaveProperty("proxy");
    expect(listeners(stack)).not.toHaveProperty("apiServers");
    expect(inside(stack).map(({ kind }) => kind)).not.toContain("ClusterRoleBinding");
  });
});

// No name of a release is longer, and Helm takes 53 characters; one more is refused in __tests__/config/rules.test.ts.
test.each(KINDS)("the longest name of a virtual cluster is one on %s, with all that is made of it", (kind) => {
  const longest = "v".repeat(43);
  const stack = stackOf(`${kind}-platform`, (draft) => {
    draft.environments.dev = { cluster: longest, preset: "prod", components: ["argo-cd"] };
  });
  const names = ofType(stack, "helm_release").map(({ attributes }) => String(attributes["name"]));
  expect(names).toContain(`${longest}-argo-cd`);
  expect(names.includes(`${longest}-authority`)).toBe(kind === "local");
  expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(53);
});

test("ExternalDNS writes the names of TLSRoutes", () => {
  expect(valuesOf(aws, "external-dns")["sources"]).toContain("gateway-tlsroute");
});
