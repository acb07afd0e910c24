/** What a team has inside the environments, and the nodes that its pods keep to there. */
import { REGISTRIES_ANNOTATION } from "../../config/names";
import { admissionAnnotations } from "../../modules/admission-policies";
import type { Draft } from "../support/config";
import { platformOf } from "../support/config";
import { asObject, type Json } from "../../policies/plan/synthesized-stack";
import { DELIVERY_JOB } from "../../config/environments";
import { dependenciesOf, KINDS, ofType, release, synth, valuesOf } from "../support/synth";

const NODES = "scheduler.alpha.kubernetes.io/node-selector";
const GIVEN = "scheduler.alpha.kubernetes.io/defaultTolerations";
const ALLOWED = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

/** Values of a team's release. */
const team = (name: string, kind: (typeof KINDS)[number], change: (draft: Draft) => unknown = () => undefined) => {
  const platform = platformOf((draft) => {
    draft.environments.spare = { cluster: "acme-spare" };
    draft.teams.docs.environments = { dev: { cpu: 1, memory: "1Gi", limits: { cpu: 2, memory: "2Gi" } } };
    change(draft);
  });
  return valuesOf(synth(platform, `${kind}-platform`), `team-${name}`);
};
const inside = (...from: Parameters<typeof team>) => asObject(team(...from)["inside"] ?? {});
const annotations = (...from: Parameters<typeof team>) => asObject(inside(...from)["annotations"] ?? {});
const keys = (text: Json | undefined) => (JSON.parse(String(text)) as { key: string }[]).map(({ key }) => key);

test("every environment is named, with the team's quota and LimitRange where it has a part of it", () => {
  expect(team("docs", "local")["environments"]).toMatchObject([
    { name: "dev", quota: { "requests.cpu": "1", "limits.cpu": "2" }, limitRange: { default: { cpu: "500m" } } },
    { name: "spare", cluster: "acme-spare" },
  ]);
  expect((team("docs", "local")["environments"] as unknown as object[])[1]).not.toHaveProperty("quota");
});

test.each([
  ["prod", undefined, "enforce"],
  ["dev", undefined, "warn"],
  ["prod", "warn", "warn"],
] as const)("in an environment with the preset %s and the mode %s, admission is to %s", (preset, admission, mode) => {
  const [dev] = team("web", "local", (draft) => {
    draft.environments.dev = { cluster: "acme-dev", preset, ...(admission && { admission }) };
  })["environments"] as unknown as readonly object[];
  expect(dev).toMatchObject({ labels: { "stackyard.dev/admission": mode } });
  // What enforces a limit of memory also gives one to pods that state none.
  expect(dev).toHaveProperty("limitRange.defaultRequest.memory", "64Mi");
  expect("default" in (dev as { limitRange: object }).limitRange).toBe(mode === "enforce");
});

test("Docker Hub stands there by the name that the policy compares", () => {
  const registries = ["index.docker.io", "index.docker.io/library", "index.docker.io.acme.example"];
  const { [REGISTRIES_ANNOTATION]: written } = admissionAnnotations({ admission: { registries, mode: "warn" } });
  expect(written).toBe("docker.io docker.io/library index.docker.io.acme.example");
});

test("allowed registries stand on the namespace inside, and on the host", () => {
  const registries = ["ghcr.io/acme", "docker.io/library", "ghcr.io/acme"];
  const written = { "stackyard.dev/registries": "docker.io/library ghcr.io/acme" };
  const allow = (draft: Draft) => (draft.admission = { registries });
  expect(annotations("docs", "local", allow)).toMatchObject(written);
  expect(annotations("docs", "local")).not.toHaveProperty(["stackyard.dev/registries"]);
  const stack = synth(platformOf(allow), "local-platform");
  const namespaces = ofType(stack, "kubernetes_namespace_v1").map(
    ({ attributes }) => attributes["metadata"] as { readonly name: string; readonly annotations: object },
  );
  expect(namespaces.find(({ name }) => name === "team-docs")?.annotations).toMatchObject(written);
  expect(namespaces.find(({ name }) => name === "argocd")?.annotations).not.toHaveProperty([
    "stackyard.dev/registries",
  ]);
});

test("groups have the names that people sign in with, and not those of the cloud", () => {
  const renamed = (draft: Draft) => (draft.groups.web = { ...draft.groups.web, sso: "web-people" });
  for (const kind of KINDS) {
    const groups = JSON.stringify(inside("docs", kind, renamed)["groups"]);
    expect(groups).toContain("web-people");
    expect(groups).not.toMatch(/arn:aws|[0-9a-f]{8}-[0-9a-f]{4}/);
  }
});

test("a team without any quota inside brings what its Jobs need, and no more", () => {
  const values = inside("docs", "local", (draft) => (draft.teams.docs.environments = {}));
  expect(Object.keys(values).sort()).toEqual(["image", "requests"]);
});

test("the Job asks for what the environments' quotas have room for", () => {
  expect(DELIVERY_JOB).toEqual({ cpu: 50, memory: 128 * 2 ** 20 });
  expect(inside("docs", "local")["requests"]).toEqual({ cpu: "50m", memory: "128Mi" });
});

test("kubectl comes from the mirror where there is one", () => {
  const mirrored = (draft: Draft) => (draft.registries = { mirror: "registry.example.com/mirror" });
  expect(inside("docs", "local", mirrored)["image"]).toMatch(/^registry\.example\.com\/mirror\/.*kubectl:v/);
});

test("a team's release goes before the virtual clusters do", () => {
  const stack = synth(platformOf(), "local-platform");
  expect(dependenciesOf(stack, release(stack, "team-docs").address)).toContain(release(stack, "acme-dev").address);
});

test("the API server of an environment reads the annotations", () => {
  const values = valuesOf(synth(platformOf(), "local-platform"), "acme-dev");
  expect(JSON.stringify(values["controlPlane"])).toContain(
    '"extraArgs":["--enable-admission-plugins=PodNodeSelector,PodTolerationRestriction"',
  );
});

describe.each(["aws", "azure"] as const)("on %s", (kind) => {
  test("pods run on the team's own nodes, and tolerate their taint", () => {
    const own = annotations("web", kind);
    expect(own[NODES]).toBe("stackyard.dev/team=web");
    expect(JSON.parse(String(own[GIVEN]))).toContainEqual({
      key: "stackyard.dev/team",
      operator: "Equal",
      value: "web",
      effect: "NoSchedule",
    });
    expect(keys(own[ALLOWED])).toEqual(expect.arrayContaining(["stackyard.dev/team", "node.kubernetes.io/not-ready"]));
  });

  test("without pools they run on the shared nodes, and tolerate no other team's taint", () => {
    const shared = annotations("docs", kind);
    expect(shared[NODES]).toBe("stackyard.dev/node-pool=shared");
    expect(shared).not.toHaveProperty([GIVEN]);
    const allowed = JSON.parse(String(shared[ALLOWED])) as readonly { readonly key: string; readonly value?: string }[];
    const ofTeams = allowed.filter(({ key }) => key === "stackyard.dev/team");
    // The plugin compares texts: with `Equal`, without an operator, and with the taint's effect.
    expect(ofTeams.map(({ value }) => value)).toEqual(["docs", "docs", "docs"]);
    expect(keys(shared[ALLOWED])).not.toContain("nvidia.com/gpu");
  });

  test("GPUs are there for pods that ask for them", () => {
    const gpu = annotations("web", kind, (draft) => {
      draft.teams.web.nodePools.main = { class: "gpu", cpus: [4, 16], limits: { cpu: 32, memory: "224Gi" } };
    });
    expect(keys(gpu[ALLOWED])).toContain("nvidia.com/gpu");
    expect(keys(gpu[GIVEN])).not.toContain("nvidia.com/gpu");
  });
});

test("on AKS pods of a pool of spot nodes tolerate what AKS taints them with", () => {
  const spot = annotations("web", "azure", (draft) => (draft.teams.web.nodePools.main.capacity = "spot"));
  expect(keys(spot[GIVEN])).toContain("kubernetes.azure.com/scalesetpriority");
  expect(keys(annotations("web", "aws")[GIVEN])).not.toContain("kubernetes.azure.com/scalesetpriority");
});

test("where the platform makes no nodes, nothing is pinned", () => {
  expect(Object.keys(annotations("web", "local"))).toEqual(["stackyard.dev/contact"]);
});
