/** The releases of stacks, and the images that they run. */
import { parse } from "yaml";
import type { Platform } from "../config/platform";
import { mirrored, PUBLIC_REGISTRIES } from "../config/registries";
import { imagesOf } from "../modules/helm/chart-images";
import { asText, releaseValues, type SynthesizedResource } from "../policies/plan/synthesized-stack";
import { synthesizeInPassing } from "./synthesize";

type Values = Readonly<Record<string, unknown>>;

/** A thing where its makers publish it, and where this platform fetches it. */
export interface Place {
  readonly source: string;
  readonly from: string;
}

export interface InstalledRelease {
  readonly stack: string;
  /** Of one inside a virtual cluster, that one's name and a slash before it. */
  readonly name: string;
  readonly namespace: string;
  /** The public chart: its repository, and the mirror of it. Undefined for one of the project's own. */
  readonly chart: { readonly name: string; readonly version: string; readonly repository: Place } | undefined;
  readonly values: Values;
  /** Sorted, each once. */
  readonly images: readonly Place[];
}

/** Every release of the stacks, in their order. Built twice where anything is mirrored: as it is, and as it would be without. */
export function installedReleases(platform: Platform, stacks: readonly string[]): readonly InstalledRelease[] {
  const here = releasesOf(platform, stacks);
  const there = releasesOf({ ...platform, registries: PUBLIC_REGISTRIES }, stacks);
  return here.flatMap(({ stack, resource }, index): InstalledRelease[] => {
    const published = there[index]?.resource ?? resource;
    const { name, namespace, chart, version, repository } = resource.attributes;
    const values = valuesOf(resource);
    const own: InstalledRelease = {
      stack,
      name: asText(name),
      namespace: asText(namespace),
      chart:
        repository === undefined
          ? undefined
          : {
              name: asText(chart),
              version: asText(version),
              repository: { source: asText(published.attributes["repository"]), from: asText(repository) },
            },
      values,
      images: unique(
        repository === undefined
          ? ownImages(values, valuesOf(published))
          : chartImages(asText(chart), values, valuesOf(published), platform),
      ),
    };
    return [own, ...releasesInside(own, valuesOf(published), platform)];
  });
}

/** What the vcluster chart is told to install: `experimental.deploy.vcluster.helm`. */
interface ReleaseInside {
  readonly chart: { readonly name: string; readonly repo: string; readonly version: string };
  readonly release: { readonly name: string; readonly namespace: string };
  readonly values: string;
}

const insideOf = (values: Values): readonly ReleaseInside[] =>
  (values as { experimental?: { deploy?: { vcluster?: { helm?: readonly ReleaseInside[] } } } }).experimental?.deploy
    ?.vcluster?.helm ?? [];

/** The releases inside a virtual cluster, which installs them itself. */
function releasesInside({ stack, name, values }: InstalledRelease, published: Values, platform: Platform) {
  const sources = insideOf(published);
  return insideOf(values).map(({ chart, release, values: text }, index): InstalledRelease => {
    const source = sources[index];
    const inside = parse(text) as Values;
    return {
      stack,
      name: `${name}/${release.name}`,
      namespace: release.namespace,
      chart: {
        name: chart.name,
        version: chart.version,
        repository: { source: source?.chart.repo ?? chart.repo, from: chart.repo },
      },
      values: inside,
      images: unique(chartImages(chart.name, inside, parse(source?.values ?? text) as Values, platform)),
    };
  });
}

function releasesOf(platform: Platform, stacks: readonly string[]) {
  return synthesizeInPassing(platform, stacks).flatMap(({ name, resources }) =>
    resources
      .filter(({ type }) => type === "helm_release")
      .map((resource): { readonly stack: string; readonly resource: SynthesizedResource } => ({
        stack: name,
        resource,
      })),
  );
}

/** As Helm will get them, but for what Terraform only knows later. */
const valuesOf = (release: SynthesizedResource): Values =>
  (parse((releaseValues(release)[0] ?? "{}").replaceAll(/([$%])\1(?=\{)/g, "$1")) ?? {}) as Values;

function chartImages(chart: string, values: Values, published: Values, { registries }: Platform): Place[] {
  const sources = imagesOf(chart, published);
  return imagesOf(chart, values).map(({ reference, facts }, index) => ({
    source: sources[index]?.reference ?? reference,
    // Without a key it is in the values of another release: charts/gateway.
    from: Object.keys(facts.keys).length === 0 ? mirrored(reference, registries) : reference,
  }));
}

/** Of objects that the project writes itself: `image` always is all of it. */
function ownImages(values: Values, published: Values): Place[] {
  const sources = textsOf("image", published);
  return textsOf("image", values).map((from, index) => ({ source: sources[index] ?? from, from }));
}

function textsOf(key: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === "string" ? [inner] : textsOf(key, inner),
  );
}

const unique = (places: readonly Place[]): Place[] =>
  [...new Map(places.map((place) => [place.source, place])).entries()].sort(byName).map(([, place]) => place);

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
