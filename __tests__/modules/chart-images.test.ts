import { IMAGE_HOSTS, PUBLIC_REGISTRIES, splitImage } from "../../config/registries";
import { CHART_IMAGES, imagesOf, mirrorValues } from "../../modules/helm/chart-images";
import { CHARTS } from "../../modules/helm/charts";
import { HelmRelease } from "../../modules/helm/helm-release";
import { IMAGES, imageOf } from "../../modules/helm/images";
import { readValues } from "../../modules/helm/values";
import { App, TerraformStack } from "cdktf";

const everything = { ...PUBLIC_REGISTRIES, mirror: "registry.example.com" };
const references = (chart: string, values = {}) => imagesOf(chart, values).map(({ reference }) => reference);

describe("the table", () => {
  test.each(Object.values(CHARTS))("knows the images of $chart $version", ({ chart }) => {
    expect(CHART_IMAGES[chart]).toBeDefined();
  });

  test("names each key once", () => {
    for (const [chart, { images }] of Object.entries(CHART_IMAGES)) {
      const keys = images.map(({ keys }) => keys.reference ?? keys.repository).filter(Boolean);
      expect([chart, keys]).toEqual([chart, [...new Set(keys)]]);
    }
  });

  test("has only images with a registry and a tag, and of registries that can be mirrored one by one", () => {
    const all = [
      ...Object.values(CHART_IMAGES).flatMap(({ images }) => images.map(({ image }) => image)),
      ...Object.values(IMAGES).map(({ registry, repository, tag }) => `${registry}/${repository}:${tag}`),
    ];
    for (const image of all) expect(image).toMatch(/^[a-z0-9.-]+\/[a-z0-9_/.-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/);
    expect([...new Set(all.map((image) => splitImage(image).host))].sort()).toEqual(IMAGE_HOSTS);
  });

  test("says of what is not in it where it belongs", () => {
    expect(() => imagesOf("loki", {})).toThrow(
      'the images of the chart "loki" are not known; add them to modules/helm/chart-images.ts',
    );
  });
});

describe("what a release runs", () => {
  test("follows the switches in its values", () => {
    expect(references("argo-cd")).toContain("ghcr.io/dexidp/dex:v2.45.1");
    expect(references("argo-cd", readValues("argo-cd"))).not.toContain("ghcr.io/dexidp/dex:v2.45.1");
  });

  test("takes registry, repository and tag from its values", () => {
    expect(references("valkey", { image: { registry: "ghcr.io", tag: "9" } })).toEqual(["ghcr.io/valkey/valkey:9"]);
    expect(references("external-dns", { image: { repository: "ghcr.io/a/b" } })).toEqual(["ghcr.io/a/b:v0.21.0"]);
  });

  test("is the default where a value is empty", () => {
    expect(references("metrics-server", { image: { tag: "" } })).toEqual(references("metrics-server"));
  });
});

describe("values for the mirrors", () => {
  test("are none where nothing is mirrored", () => {
    expect(mirrorValues("argo-cd", {}, PUBLIC_REGISTRIES)).toEqual({});
  });

  test("are none for images of other registries", () => {
    expect(
      mirrorValues("external-dns", {}, { ...PUBLIC_REGISTRIES, images: { "quay.io": "registry.example.com" } }),
    ).toEqual({});
  });

  test("never have a tag where the chart knows it: a new version of the chart is one line", () => {
    const tagged = Object.keys(CHART_IMAGES).flatMap((chart) =>
      [...JSON.stringify(mirrorValues(chart, {}, everything)).matchAll(/"([\w]+)":"[^"]*:[^"/]+"/g)].map(
        ([, key]) => `${chart} ${key}`,
      ),
    );
    expect(tagged).toEqual([
      "kubecost image",
      "kubecost fullImageName",
      "opencost image",
      "opencost fullImageName",
      "vcluster image",
    ]);
  });

  test("name registry and repository as the chart splits them", () => {
    expect(mirrorValues("valkey", {}, everything)).toMatchObject({
      image: { registry: "registry.example.com/docker.io", repository: "valkey/valkey" },
    });
    expect(mirrorValues("external-dns", {}, everything)).toEqual({
      image: { repository: "registry.example.com/registry.k8s.io/external-dns/external-dns" },
    });
  });

  test("move another image that charts-values/ names", () => {
    const values = mirrorValues("vcluster", readValues("vcluster/dev"), everything);
    expect(values).toMatchObject({
      controlPlane: {
        statefulSet: { image: { registry: "registry.example.com/ghcr.io", repository: "loft-sh/vcluster-oss" } },
      },
    });
  });
});

test("the user's own values win over the mirrors", () => {
  const stack = new TerraformStack(new App({ outdir: "/nowhere", skipValidation: true }), "s");
  const { resource } = new HelmRelease(stack, "r", {
    chart: CHARTS["external-dns"],
    name: "external-dns",
    namespace: "external-dns",
    values: { sources: ["service"] },
    overrides: { image: { repository: "theirs.example.com/external-dns" } },
    registries: everything,
    dependsOn: [],
  });
  expect(resource.valuesInput).toEqual([
    "image:\n  repository: theirs.example.com/external-dns\nsources:\n  - service\n",
  ]);
});

test("the platform's own images move with the others", () => {
  expect(imageOf("postgresql", PUBLIC_REGISTRIES)).toMatch(/^ghcr\.io\/cloudnative-pg\/postgresql:/);
  expect(imageOf("postgresql", everything)).toMatch(/^registry\.example\.com\/ghcr\.io\/cloudnative-pg\/postgresql:/);
});
