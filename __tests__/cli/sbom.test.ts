/** The bill of materials, judged by CycloneDX's own schema. */
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { takeInventory } from "../../cli/inventory";
import { sbom } from "../../cli/sbom";
import { platformOf } from "../support/config";

const inventory = takeInventory(platformOf(), ["local-platform"]);
const DIGEST = `sha256:${"ab".repeat(32)}`;

interface Bom {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string };
  readonly components: readonly { readonly "bom-ref": string; readonly name: string; readonly hashes?: unknown }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

const bomOf = (options: Partial<Parameters<typeof sbom>[1]> = {}) =>
  JSON.parse(sbom(inventory, { name: "acme", ...options })) as Bom;

test.each([
  ["without digests", {}],
  ["with digests and a time", { digestOf: () => DIGEST, timestamp: "2026-11-21T00:00:00Z" }],
])("is valid CycloneDX 1.6 %s", async (_what, options) => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(sbom(inventory, { name: "acme", ...options }))).toBeNull();
});

test("that the schema refuses something shows that it was asked", async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(sbom(inventory, { name: "acme" }).replace('"container"', '"image"'))).not.toBeNull();
});

test("is the same for the same inventory, and another for another", () => {
  expect(sbom(inventory, { name: "acme" })).toBe(
    sbom(takeInventory(platformOf(), ["local-platform"]), { name: "acme" }),
  );
  expect(bomOf({ digestOf: () => DIGEST }).serialNumber).not.toBe(bomOf().serialNumber);
  expect(bomOf().metadata.timestamp).toBeUndefined();
});

test("names a chart of an index and one of a registry as package URLs do", () => {
  const refs = bomOf({ digestOf: () => DIGEST }).components.map((component) => component["bom-ref"]);
  expect(refs).toContain("pkg:generic/argo-cd@10.1.1?repository_url=https%3A%2F%2Fargoproj.github.io%2Fargo-helm");
  expect(refs).toContain(
    `pkg:oci/cert-manager@${encodeURIComponent(DIGEST)}?repository_url=quay.io%2Fjetstack%2Fcharts%2Fcert-manager&tag=v1.21.1`,
  );
});

test("every component is reached from the platform: charts by it, images by their charts", () => {
  const { components, dependencies } = bomOf();
  const direct = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const reached = new Set<string>();
  const visit = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    direct.get(ref)?.forEach(visit);
  };
  visit("platform:acme");
  expect(components.map((component) => component["bom-ref"]).filter((ref) => !reached.has(ref))).toEqual([]);
  expect(direct.get("platform:acme")?.some((ref) => ref.startsWith("pkg:oci/postgresql"))).toBe(true);
  expect(new Set(components.map((component) => component["bom-ref"])).size).toBe(components.length);
});
