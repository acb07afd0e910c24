/** What an environment is told to run inside itself. */
import { parse } from "yaml";
import { ENVIRONMENT_COMPONENT_REQUESTS } from "../../config/environment-components";
import { asObject, type Json } from "../../policies/plan/synthesized-stack";
import { platformOf } from "../support/config";
import { ofType, synth, valuesOf } from "../support/synth";

interface Inside {
  readonly chart: { readonly name: string; readonly repo: string; readonly version: string };
  readonly release: { readonly name: string; readonly namespace: string };
  readonly values: string;
}

const [environment] = platformOf().environments;
if (!environment) throw new Error("the config of the tests has no environment");
const { name, cluster } = environment;

const withComponents = (components: readonly string[], mirror?: string) =>
  platformOf((draft) => {
    draft.environments[name].components = components;
    if (mirror) draft.registries = { mirror };
  });

function inside(platform: ReturnType<typeof platformOf>): readonly Inside[] {
  const { experimental } = valuesOf(synth(platform, "local-platform"), cluster);
  const deploy = asObject(asObject(asObject(experimental)["deploy"])["vcluster"]);
  return (deploy["helm"] ?? []) as unknown as readonly Inside[];
}

test("nothing runs inside by default", () => {
  expect(inside(platformOf())).toEqual([]);
});

test("its releases are pinned, with CRDs before what needs them, and in the order of names", () => {
  const releases = inside(withComponents(["kube-prometheus-stack", "cert-manager", "argo-cd"]));
  expect(releases.map(({ chart, release }) => [release.namespace, chart.name, /^v?\d/.test(chart.version)])).toEqual([
    ["argocd", "argo-cd", true],
    ["cert-manager", "cert-manager", true],
    ["monitoring", "prometheus-operator-crds", true],
    ["monitoring", "kube-prometheus-stack", true],
  ]);
});

test("charts and images come from the mirror", () => {
  const [release] = inside(withComponents(["argo-cd"], "registry.example.com/mirror"));
  expect(release?.chart.repo).toBe("oci://registry.example.com/mirror/charts");
  expect(parse(release?.values ?? "")).toMatchObject({
    global: { image: { repository: "registry.example.com/mirror/quay.io/argoproj/argocd" } },
  });
});

test("the environment's quota on the host has room for them", () => {
  const quota = (components: readonly string[]): Json | undefined => {
    const [found] = withComponents(components).environments;
    return found && found.quota.cpu;
  };
  expect(Number(quota(["cert-manager"])) - Number(quota([]))).toBe(ENVIRONMENT_COMPONENT_REQUESTS["cert-manager"].cpu);
});

test("they move no address", () => {
  const addresses = (components: readonly string[]) =>
    ofType(synth(withComponents(components), "local-platform"), "helm_release").map(({ address }) => address);
  expect(addresses(["argo-cd"])).toEqual(addresses([]));
});
