/** What a platform installs that others make: public charts and images, each once, with who uses it. */
import type { Platform } from "../config/platform";
import { CHART_IMAGES } from "../modules/helm/chart-images";
import { installedReleases, type InstalledRelease, type Place } from "./releases";

export interface User {
  readonly stack: string;
  readonly release: string;
}

export interface InventoryChart {
  readonly name: string;
  readonly version: string;
  readonly repository: Place;
  readonly usedBy: readonly User[];
  /** Sources of the images that its releases run. */
  readonly images: readonly string[];
  /** Version of the chart that the tags of these images are of; the facts follow a new version of the chart later. */
  readonly imagesOf: string;
}

export interface InventoryImage {
  readonly image: Place;
  readonly usedBy: readonly User[];
}

export interface Inventory {
  readonly charts: readonly InventoryChart[];
  readonly images: readonly InventoryImage[];
}

/** Sorted by name, so that the same config always gives the same list. */
export function takeInventory(platform: Platform, stacks: readonly string[]): Inventory {
  const releases = installedReleases(platform, stacks);
  const charts = grouped(
    releases.flatMap((release) => (release.chart ? [{ release, chart: release.chart }] : [])),
    ({ chart }) => `${chart.name} ${chart.version} ${chart.repository.from}`,
  ).map(([{ chart }, all]): InventoryChart => {
    const used = all.map(({ release }) => release);
    return {
      ...chart,
      usedBy: used.map(asUser),
      imagesOf: CHART_IMAGES[chart.name]?.version ?? chart.version,
      images: [...new Set(used.flatMap(({ images }) => images.map(({ source }) => source)))].sort(),
    };
  });
  const images = grouped(
    releases.flatMap((release) => release.images.map((image) => ({ release, image }))),
    ({ image }) => `${image.source} ${image.from}`,
  ).map(([{ image }, all]): InventoryImage => ({ image, usedBy: all.map(({ release }) => asUser(release)) }));
  return { charts, images };
}

const asUser = ({ stack, name }: InstalledRelease): User => ({ stack, release: name });

/** Items of one key together, in the order of the keys. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [T, readonly T[]])[] {
  const groups = new Map<string, [T, T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group[1].push(item);
    else groups.set(keyOf(item), [item, [item]]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group);
}
