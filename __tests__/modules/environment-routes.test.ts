/** How teams publish what they run inside an environment. */
import { parseAllDocuments } from "yaml";
import { asObject, type Json } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { ofType, synth, valuesOf } from "../support/synth";

const STACK = "aws-platform";
const stack = synth(platformOf(), STACK);
const vcluster = (change?: (draft: Draft) => void) => valuesOf(synth(platformOf(change), STACK), "acme-dev");
const withoutGateway = (draft: Draft): void => {
  for (const name of ["envoy-gateway", "external-dns", "argo-cd", "gitea", "keycloak", "kube-prometheus-stack"])
    draft.components = { ...draft.components, [name]: false };
};

test("routes go to the host, from teams' namespaces, with names of the listener for teams", () => {
  const sync = asObject(vcluster()["sync"]);
  expect(asObject(sync["toHost"])["gatewayApi"]).toEqual({ httpRoutes: { enabled: true } });
  expect(asObject(sync["fromHost"])["gateways"]).toEqual({
    enabled: true,
    mappings: { byName: { "envoy-gateway-system/platform": "envoy-gateway-system/platform" } },
    allowedRoutes: {
      overrides: [
        {
          hostNamespace: "envoy-gateway-system",
          name: "platform",
          virtualNamespacePolicy: {
            from: "Selector",
            selector: { matchExpressions: [{ key: "stackyard.dev/team", operator: "Exists" }] },
          },
          allowedHostnames: ["*.apps.aws.acme.example"],
        },
      ],
    },
  });
});

test("the listener takes them from the namespaces of teams and environments, and from no others", () => {
  expect(valuesOf(stack, "gateway")["appsLabel"]).toEqual({ "stackyard.dev/routes": "apps" });
  const labelled = ofType(stack, "kubernetes_namespace_v1")
    .map(({ attributes }) => asObject(attributes["metadata"]))
    .filter(({ labels }) => asObject(labels)["stackyard.dev/routes"] === "apps")
    .map(({ name }) => name);
  expect(labelled.sort()).toEqual(["team-docs", "team-web", "vcluster-acme-dev"]);
});

test("inside, a policy says whose host names are whose, and roles let teams write routes", () => {
  const deploy = asObject(asObject(asObject(vcluster()["experimental"])["deploy"])["vcluster"]);
  const inside = parseAllDocuments(String(deploy["manifests"])).map(
    (document) => document.toJS() as Record<string, Json>,
  );
  const names = inside.map(({ kind, metadata }) => `${String(kind)} ${String(asObject(metadata)["name"])}`);
  expect(names).toEqual(
    expect.arrayContaining([
      "ValidatingAdmissionPolicy stackyard-team-routes",
      "ValidatingAdmissionPolicyBinding stackyard-team-routes",
      "ClusterRole stackyard-routes-edit",
    ]),
  );
});

test("without a gateway nothing is synced", () => {
  const sync = asObject(vcluster(withoutGateway)["sync"]);
  expect(asObject(sync["toHost"])).not.toHaveProperty("gatewayApi");
  expect(sync["fromHost"]).toMatchObject({ gatewayClasses: { enabled: false } });
});
