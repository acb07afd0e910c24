import { chartRepository, mirrored, PUBLIC_REGISTRIES, splitImage } from "../../config/registries";
import { platformOf } from "../support/config";

const everything = { ...PUBLIC_REGISTRIES, mirror: "registry.example.com/mirror" };
const hub = { ...PUBLIC_REGISTRIES, images: { "docker.io": "registry.example.com/hub" } };

test("without mirrors nothing moves", () => {
  expect(mirrored("quay.io/argoproj/argocd:v3", PUBLIC_REGISTRIES)).toBe("quay.io/argoproj/argocd:v3");
  expect(chartRepository("https://charts.loft.sh", PUBLIC_REGISTRIES)).toBe("https://charts.loft.sh");
});

test("one mirror has every image under the name of its registry, and every chart under charts/", () => {
  expect(mirrored("quay.io/argoproj/argocd:v3", everything)).toBe(
    "registry.example.com/mirror/quay.io/argoproj/argocd:v3",
  );
  expect(chartRepository("https://charts.loft.sh", everything)).toBe("oci://registry.example.com/mirror/charts");
  expect(chartRepository("oci://quay.io/jetstack/charts", everything)).toBe("oci://registry.example.com/mirror/charts");
});

test("a registry's own mirror takes its images alone, and wins over the one of all", () => {
  expect(mirrored("docker.io/envoyproxy/envoy", hub)).toBe("registry.example.com/hub/envoyproxy/envoy");
  expect(mirrored("quay.io/a/b", hub)).toBe("quay.io/a/b");
  expect(mirrored("docker.io/a/b", { ...everything, images: hub.images })).toBe("registry.example.com/hub/a/b");
});

test("a repository's own mirror wins over the one of all", () => {
  const charts = { "https://charts.loft.sh": "https://charts.example.com/loft" };
  expect(chartRepository("https://charts.loft.sh", { ...everything, charts })).toBe("https://charts.example.com/loft");
});

test.each([
  ["busybox", "docker.io", "library/busybox", ""],
  ["docker.io/busybox:1.37", "docker.io", "library/busybox", ":1.37"],
  ["bitnami/kubectl:1@sha256:ab", "docker.io", "bitnami/kubectl", ":1@sha256:ab"],
  ["docker.gitea.com/gitea@sha256:ab", "docker.gitea.com", "gitea", "@sha256:ab"],
  ["localhost:5000/a:1", "localhost:5000", "a", ":1"],
])("%s is of the registry %s", (image, host, repository, suffix) => {
  expect(splitImage(image)).toEqual({ host, repository, suffix });
});

test.each(["registry.example.com", "registry.example.com/a/b-c", "localhost:5000", "registry:5000/x", "10.0.0.1/x"])(
  "%s is a mirror",
  (mirror) => {
    expect(platformOf((d) => (d.registries = { mirror })).registries.mirror).toBe(mirror);
  },
);
