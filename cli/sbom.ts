/** A CycloneDX bill of materials of what a platform installs: https://cyclonedx.org/docs/1.6/json/ */
import { createHash } from "node:crypto";
import { splitImage } from "../config/registries";
import type { Inventory, InventoryChart } from "./inventory";

export interface SbomOptions {
  /** Name of the platform. */
  readonly name: string;
  /** When it was made, as ISO 8601. @default - not said: the same inventory always gives the same text */
  readonly timestamp?: string;
  /** Digest of an image (`registry/repository:tag`) or of a chart (`name version`). @default - none is known */
  readonly digestOf?: (thing: string) => string | undefined;
}

/** JSON: the platform depends on charts, those on the images that they run; both as their makers publish them. */
export function sbom({ charts, images }: Inventory, options: SbomOptions): string {
  const { name, timestamp, digestOf = () => undefined } = options;
  const digestOfChart = (chart: InventoryChart) => digestOf(`${chart.name} ${chart.version}`);
  const chartUrls = new Map(charts.map((chart) => [chart, chartUrl(chart, digestOfChart(chart))]));
  const imageUrls = new Map(images.map(({ image }) => [image.source, imageUrl(image.source, digestOf(image.source))]));
  const root = `platform:${name}`;
  const components = [
    ...charts.map((chart) => ({
      type: "application",
      "bom-ref": chartUrls.get(chart),
      name: chart.name,
      version: chart.version,
      ...hashes(digestOfChart(chart)),
      purl: chartUrls.get(chart),
    })),
    ...[...imageUrls].map(([image, url]) => {
      const { name, tag } = parts(image);
      return { type: "container", "bom-ref": url, name, version: tag, ...hashes(digestOf(image)), purl: url };
    }),
  ];
  const ofCharts = new Set(charts.flatMap((chart) => chart.images));
  const own = [...imageUrls].filter(([image]) => !ofCharts.has(image));
  const dependencies = [
    {
      ref: root,
      dependsOn: [...chartUrls.values(), ...own.map(([, url]) => url)],
    },
    ...charts.map((chart) => ({
      ref: chartUrls.get(chart),
      dependsOn: chart.images.map((image) => imageUrls.get(image)),
    })),
    ...[...imageUrls.values()].map((ref) => ({ ref })),
  ];
  const content = { components, dependencies };
  return `${JSON.stringify(
    {
      $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
      version: 1,
      metadata: {
        ...(timestamp !== undefined && { timestamp }),
        component: { type: "platform", "bom-ref": root, name },
      },
      ...content,
    },
    undefined,
    2,
  )}\n`;
}

/** https://github.com/package-url/purl-spec: an OCI artifact's version is its digest; a chart of an index is nothing that purl has a type for. */
function chartUrl({ name, version, repository }: InventoryChart, digest: string | undefined): string {
  const { source } = repository;
  if (source.startsWith("oci://")) return ociUrl(`${source.slice("oci://".length)}/${name}`, version, digest);
  return `pkg:generic/${name}@${encodeURIComponent(version)}?repository_url=${encodeURIComponent(source)}`;
}

function imageUrl(image: string, digest: string | undefined): string {
  const { name, tag } = parts(image);
  return ociUrl(name, tag, digest);
}

function ociUrl(name: string, tag: string, digest: string | undefined): string {
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const version = digest === undefined ? "" : `@${encodeURIComponent(digest)}`;
  return `pkg:oci/${last}${version}?repository_url=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
}

/** `registry/repository` and the tag. */
function parts(image: string): { readonly name: string; readonly tag: string } {
  const { host, repository, suffix } = splitImage(image.replace(/@sha256:.*$/, ""));
  return { name: `${host}/${repository}`, tag: suffix.slice(1) || "latest" };
}

const hashes = (digest: string | undefined) =>
  digest === undefined ? {} : { hashes: [{ alg: "SHA-256", content: digest.replace(/^sha256:/, "") }] };

/** Of the text alone, in the form of RFC 9562's version 8. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
