/** How Argo CD reaches a virtual cluster, and what it may do there. */
import { parseAllDocuments } from "yaml";
import { DELIVERABLE } from "../../modules/app-project";
import { asObject, type Json } from "../../policies/plan/synthesized-stack";
import { platformOf } from "../support/config";
import { dependenciesOf, ofType, release, synth, valuesOf } from "../support/synth";

type Entry = Record<string, Json>;
interface Role {
  readonly kind: string;
  readonly metadata: Entry;
  readonly rules: readonly Entry[];
}
const stack = synth(platformOf(), "local-platform");
const [environment] = platformOf().environments;
if (!environment) throw new Error("the config of the tests has no environment");
const { cluster, namespace } = environment;
const objects = valuesOf(stack, `${cluster}-argo-cd`)["resources"] as unknown as readonly Entry[];
const ofKind = (kind: string): readonly Entry[] => objects.filter((object) => object["kind"] === kind);
const exported = asObject(valuesOf(stack, cluster)["exportKubeConfig"]);
const [additional] = exported["additionalSecrets"] as unknown as readonly Entry[];

test("the virtual cluster writes the token on the host, under the name that is copied", () => {
  expect(additional).toEqual({
    name: `${cluster}-argocd`,
    context: cluster,
    server: `https://${cluster}.${namespace}:443`,
    serviceAccount: { name: "argocd-manager", namespace: "kube-system", clusterRole: "argocd-manager" },
  });
  const [copy] = ofKind("ExternalSecret");
  expect(copy).toMatchObject({
    metadata: { name: `cluster-${cluster}`, namespace: "argocd" },
    spec: {
      secretStoreRef: { kind: "ClusterSecretStore", name: namespace },
      dataFrom: [{ extract: { key: `${cluster}-argocd` } }],
    },
  });
});

test("the copy is what Argo CD calls a cluster, at the address that projects name", () => {
  const template = asObject(asObject(asObject(ofKind("ExternalSecret")[0]?.["spec"])["target"])["template"]);
  expect(template["metadata"]).toEqual({ labels: { "argocd.argoproj.io/secret-type": "cluster" } });
  const data = asObject(template["data"]);
  expect(data).toMatchObject({ name: cluster, server: `https://${cluster}.${namespace}:443` });
  const written = String(data["config"])
    .replace("{{ .token | toJson }}", '"a-token"')
    .replace('{{ index . "certificate-authority" | b64enc | toJson }}', '"Y2E="');
  expect(JSON.parse(written)).toEqual({ bearerToken: "a-token", tlsClientConfig: { caData: "Y2E=" } });
});

test("only Argo CD's namespace may have copies, and of this Secret alone", () => {
  expect(ofKind("ClusterSecretStore")).toMatchObject([{ spec: { conditions: [{ namespaces: ["argocd"] }] } }]);
  expect(ofKind("Role").find(({ metadata }) => asObject(metadata)["namespace"] === namespace)).toMatchObject({
    rules: [{ resources: ["secrets"], resourceNames: [`${cluster}-argocd`], verbs: ["get"] }],
  });
});

test("inside it Argo CD may do what projects let teams deliver, and nothing that bounds them", () => {
  const deploy = asObject(asObject(asObject(valuesOf(stack, cluster)["experimental"])["deploy"])["vcluster"]);
  const manifests = parseAllDocuments(String(deploy["manifests"])).map((document) => document.toJS() as Role);
  const role = manifests.find(({ kind, metadata }) => kind === "ClusterRole" && metadata["name"] === "argocd-manager");
  if (!role) throw new Error("Argo CD's account has no rights inside");
  const written = role.rules
    .filter(({ verbs }) => (verbs as readonly string[]).includes("create"))
    .flatMap(({ apiGroups, resources }) =>
      (resources as readonly string[]).map((resource) => `${(apiGroups as readonly string[])[0] ?? ""}/${resource}`),
    );
  const kinds = Object.entries(DELIVERABLE).flatMap(([group, all]) =>
    all.map((kind) => `${group}/${kind.toLowerCase()}s`),
  );
  expect(written).toEqual(kinds);
  expect(
    written.filter((resource) => /quota|limitrange|networkpolic|role|namespace|webhook|\*/.test(resource)),
  ).toEqual([]);
});

test("the token is copied while the virtual cluster stands", () => {
  expect(dependenciesOf(stack, release(stack, `${cluster}-argo-cd`).address)).toContain(
    release(stack, cluster).address,
  );
});

test.each([["argo-cd"], ["external-secrets"]] as const)("without %s nothing is exported", (name) => {
  const without = synth(
    platformOf((draft) => {
      draft.components = {
        ...draft.components,
        [name]: false,
        ...(name === "external-secrets" && { keycloak: false, gitea: false }),
      };
    }),
    "local-platform",
  );
  expect(asObject(valuesOf(without, cluster)["exportKubeConfig"])).not.toHaveProperty("additionalSecrets");
  expect(JSON.stringify(valuesOf(without, cluster)["experimental"])).not.toContain("argocd-manager");
  expect(ofType(without, "helm_release").map(({ attributes }) => attributes["name"])).not.toContain(
    `${cluster}-argo-cd`,
  );
});
