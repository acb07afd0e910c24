/** Where charts and images may come from: the sources of the platform's own components, or their mirrors. */
import { chartRepository, IMAGE_HOSTS, mirrored, splitImage, type Registries } from "../../config/registries";
import { faultsOf, when } from "./look";
import type { PlanRule } from "./rule";
import { asText, releaseValues, type SynthesizedResource } from "./synthesized-stack";

/** Chart repositories of the platform's components. A test compares with the chart tables. */
export const CHART_SOURCES: readonly string[] = [
  "https://argoproj.github.io/argo-helm",
  "https://aws.github.io/eks-charts",
  "https://charts.external-secrets.io",
  "https://charts.loft.sh",
  "https://cloudnative-pg.github.io/charts",
  "https://codecentric.github.io/helm-charts",
  "https://dl.gitea.com/charts",
  "https://kubecost.github.io/kubecost",
  "https://kubernetes-sigs.github.io/external-dns",
  "https://nvidia.github.io/k8s-device-plugin",
  "https://opencost.github.io/opencost-helm-chart",
  "https://prometheus-community.github.io/helm-charts",
  "https://valkey.io/valkey-helm",
  "oci://docker.io/envoyproxy",
  "oci://public.ecr.aws/karpenter",
  "oci://quay.io/jetstack/charts",
];

/** The platform's own charts are assets of the stack. */
const OWN_CHARTS = "assets/chart-";

export const chartSources: PlanRule = {
  id: "chart-sources",
  severity: "deny",
  why: "A chart runs with every right on the cluster: who offers one decides what happens there.",
  fix: "Take charts of the platform's table, or of the mirrors in the config's registries; waive the rule for a source that you have judged.",
  links: ["https://helm.sh/docs/topics/provenance/"],
  check: (stack, { registries }) => {
    const allowed = new Set(CHART_SOURCES.map((source) => chartRepository(source, registries)));
    return faultsOf(stack, ["helm_release"], ({ repository, chart }) => {
      const source = asText(repository);
      if (source === "")
        return when(!asText(chart).startsWith(OWN_CHARTS), `${asText(chart)} is not a chart of the platform`);
      return when(!allowed.has(source), `${source} is not among the chart sources of the platform`);
    });
  },
};

/** Of a sidecar that no values of the platform start; a mirror is told of it all the same. */
const STARTED_NOWHERE = /\/aws-observability\/aws-sigv4-proxy$/;

/** The registry of an image that stands in one text, and what repositories begin with that have a registry. */
const IMAGE_KEY = /^[ -]*(image|repository|registry|imageRegistry|proxyRepository): *["']?([^\s"']+)["']?$/gm;

export const imageRegistries: PlanRule = {
  id: "image-registries",
  severity: "deny",
  why: "Whoever owns a registry decides what runs under its tags, today and after the next restart of a pod.",
  fix: "Take images of the registries in config/registries.ts, or of the mirrors in the config's registries.",
  links: ["CIS EKS 5.1.4", "CIS AKS 5.1.4"],
  check: (stack, { registries }) => {
    const allowed = IMAGE_HOSTS.map((host) => mirrored(`${host}/a/b`, registries).slice(0, -"a/b".length));
    return faultsOf(stack, ["helm_release"], (_attributes, resource) => {
      const foreign = imagesOf(resource).filter(
        (image) => !allowed.some((prefix) => `${image}/`.startsWith(prefix)) && !isOneOf(image, registries),
      );
      return [...new Set(foreign)].map((image) => `${image} is not from a registry of the platform`);
    });
  },
};

export const imageTags: PlanRule = {
  id: "image-tags",
  severity: "deny",
  why: "An image without a tag, or with latest, is another one after every restart, and nobody can say which one runs.",
  fix: "Name the version, or the digest, of each image.",
  links: ["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
  check: (stack) =>
    faultsOf(stack, ["helm_release"], ({ chart }, resource) =>
      releaseValues(resource).flatMap((text) => [
        ...[...text.matchAll(/^[ -]*image: *["']?([^\s"'{[|>&*$]+)["']?$/gm)]
          .map(([, image = ""]) => ({ image, ...splitImage(image) }))
          .filter(({ image }) => !STARTED_NOWHERE.test(image.replace(/:latest$/, "")))
          // Of a public chart, `image` may be the repository alone; the tag is the chart's own then.
          .filter(({ suffix }) => suffix === ":latest" || (suffix === "" && asText(chart).startsWith(OWN_CHARTS)))
          .map(({ image, suffix }) => `${image} has ${suffix === "" ? "no tag" : "the tag latest"}`),
        ...when(/^[ -]*tag: *["']?latest["']?$/m.test(text), "an image has the tag latest"),
      ]),
    ),
};

/** With their registries; what names none has the chart's own. */
function imagesOf(resource: SynthesizedResource): readonly string[] {
  return releaseValues(resource).flatMap((text) =>
    [...text.matchAll(IMAGE_KEY)]
      .map(([, key = "", value = ""]) => (key === "image" && !/[${]/.test(value) ? complete(value) : value))
      // No host has neither a dot nor a port; addresses with a scheme are of other things.
      .filter((value) => !value.includes("://") && /^[^/]*[.:][^/]*(\/|$)/.test(value) && !/[${]/.test(value)),
  );
}

/** `docker.io/library/busybox:1.37` of `busybox:1.37`. */
function complete(image: string): string {
  const { host, repository, suffix } = splitImage(image);
  return `${host}/${repository}${suffix}`;
}

/** Whether it is the host of a mirror itself, as a key of its own beside the repository has it. */
const isOneOf = (registry: string, { mirror, images }: Registries): boolean =>
  [mirror, ...Object.values(images)].some((place) => place !== undefined && place.startsWith(`${registry}/`));
