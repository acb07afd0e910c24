import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackyard } from "../../cli/stackyard";
import { CHART_IMAGES } from "../../modules/helm/chart-images";
import { platformOf, type Draft } from "../support/config";
import { capturePrinted } from "../support/printed";
import { DIGEST, startRegistry } from "../support/registry";

const config = join(__dirname, "..", "..", "platform.config.ts");
let printed: { out: string; err: string };
let folder: string;

beforeEach(() => {
  printed = capturePrinted();
  folder = mkdtempSync(join(tmpdir(), "stackyard-"));
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Two components and no environment: what is quick. */
const small = (registries: Draft) => (d: Draft) => {
  d.registries = registries;
  d.environments = {};
  delete d.teams.web.environments;
  for (const name of ["argo-cd", "barman-cloud", "cloudnative-pg", "external-secrets", "gitea", "keycloak", "kubecost"])
    d.components = { ...d.components, [name]: false };
  Object.assign(d.components, { "external-dns": false, "kube-prometheus-stack": false, opencost: false });
};

const run = (registries: Draft, ...args: string[]) =>
  stackyard(args, { config, load: () => ({ default: platformOf(small(registries)) }) });
const json = () => JSON.parse(printed.out) as Record<string, readonly Record<string, unknown>[]>;

test("charts are listed with their repository, and which releases use them", async () => {
  expect(await run({}, "charts", "local-platform", "--format", "json")).toBe(0);
  expect(json()["charts"]?.[0]).toEqual({
    chart: "cert-manager",
    version: "v1.21.1",
    repository: "oci://quay.io/jetstack/charts",
    usedBy: [{ stack: "local-platform", release: "cert-manager" }],
  });
});

test("images are listed with their mirror", async () => {
  expect(
    await run({ images: { "quay.io": "mirror.example/quay" } }, "images", "local-platform", "--format", "json"),
  ).toBe(0);
  expect(json()["images"]).toContainEqual({
    image: "docker.io/envoyproxy/gateway:v1.9.0",
    usedBy: [{ stack: "local-platform", release: "envoy-gateway" }],
  });
  expect(json()["images"]).toContainEqual({
    image: "quay.io/jetstack/cert-manager-webhook:v1.21.1",
    from: "mirror.example/quay/jetstack/cert-manager-webhook:v1.21.1",
    usedBy: [{ stack: "local-platform", release: "cert-manager" }],
  });
});

test("a table counts", async () => {
  expect(await run({}, "charts", "local-platform")).toBe(0);
  expect(printed.out).toMatch(/gateway-helm v1\.9\.0 +oci:\/\/docker\.io\/envoyproxy +envoy-gateway\n/);
  expect(printed.out).toMatch(/\n\n3 charts\n$/);
});

test("images of a chart that has a newer version than the table say so", async () => {
  const facts = CHART_IMAGES["cert-manager"] as { version: string };
  const { version } = facts;
  facts.version = "v1.0.0";
  try {
    await run({}, "images", "local-platform");
  } finally {
    facts.version = version;
  }
  expect(printed.out).toContain(
    "the tags of cert-manager v1.21.1 are those of v1.0.0 so far: .ci/images compares them with the chart\n",
  );
});

test("an unknown stack is a mistake", async () => {
  expect(await run({}, "images", "gcp-platform")).toBe(1);
  expect(printed.err).toBe(
    'error: the config has no stack "gcp-platform"; its stacks are aws-platform, azure-platform, local-platform\n',
  );
});

describe("copy prints what fills the mirrors", () => {
  test("images from registry to registry", async () => {
    expect(await run({ mirror: "mirror.example" }, "images", "local-platform", "--format", "copy")).toBe(0);
    expect(printed.out.split("\n")[0]).toBe(
      "crane copy docker.io/envoyproxy/envoy:distroless-v1.39.0 mirror.example/docker.io/envoyproxy/envoy:distroless-v1.39.0",
    );
  });

  test("charts from registries and from indexes", async () => {
    expect(await run({ mirror: "mirror.example" }, "charts", "local-platform", "--format", "copy")).toBe(0);
    expect(printed.out.split("\n")).toEqual([
      "crane copy quay.io/jetstack/charts/cert-manager:v1.21.1 mirror.example/charts/cert-manager:v1.21.1",
      "crane copy docker.io/envoyproxy/gateway-helm:v1.9.0 mirror.example/charts/gateway-helm:v1.9.0",
      "helm pull prometheus-operator-crds --repo https://prometheus-community.github.io/helm-charts --version 31.0.1 && helm push prometheus-operator-crds-31.0.1.tgz oci://mirror.example/charts",
      "",
    ]);
  });

  test("nothing without a mirror, and says so", async () => {
    expect(await run({}, "charts", "local-platform", "--format", "copy")).toBe(1);
    expect(printed.err).toBe(
      "error: nothing to copy: the config has no mirror for its charts; set registries.mirror\n",
    );
  });
});

describe("a lock file", () => {
  const lock = (registries: Draft, ...args: string[]) =>
    run(registries, "charts", "local-platform", "--lock", join(folder, "lock.json"), ...args);

  test("has the digests of what answers, and says what does not; only --strict minds", async () => {
    const registry = await startRegistry();
    const charts = {
      "oci://quay.io/jetstack/charts": `oci://${registry.host}/a/public`,
      "oci://docker.io/envoyproxy": `oci://${registry.host}/nowhere`,
      "https://prometheus-community.github.io/helm-charts": `oci://${registry.host}/nowhere`,
    };
    try {
      expect(await lock({ charts })).toBe(0);
      expect(printed.out).toContain("no digest of gateway-helm v1.9.0: it answers 404, not found\n");
      expect(await lock({ charts }, "--strict")).toBe(1);
    } finally {
      await registry.close();
    }
    const { charts: locked } = JSON.parse(readFileSync(join(folder, "lock.json"), "utf8")) as {
      charts: readonly object[];
    };
    expect(locked.slice(0, 2)).toEqual([
      {
        chart: "cert-manager",
        version: "v1.21.1",
        repository: "oci://quay.io/jetstack/charts",
        from: charts["oci://quay.io/jetstack/charts"],
        digest: DIGEST,
      },
      {
        chart: "gateway-helm",
        version: "v1.9.0",
        repository: "oci://docker.io/envoyproxy",
        from: charts["oci://docker.io/envoyproxy"],
        digest: null,
      },
    ]);
  });

  test("keeps a digest while its source is silent, and says when it has changed", async () => {
    const registry = await startRegistry();
    const charts = { "oci://quay.io/jetstack/charts": `oci://${registry.host}/a/public` };
    const file = join(folder, "lock.json");
    const other = () => readFileSync(file, "utf8").replace(DIGEST, `sha256:${"cd".repeat(32)}`);
    try {
      await lock({ charts });
      expect(printed.out).not.toContain("changed");
      writeFileSync(file, other());
      await lock({ charts });
      expect(printed.out).toContain(
        `changed since the last lock, under the same version: cert-manager v1.21.1 oci://quay.io/jetstack/charts oci://${registry.host}/a/public\n`,
      );
    } finally {
      await registry.close();
    }
    await lock({ charts });
    expect(readFileSync(file, "utf8")).toContain(DIGEST);
  });
});

test("a bill of materials is written beside the list", async () => {
  const file = join(folder, "bom.json");
  expect(await run({}, "images", "local-platform", "--sbom", file, "--timestamp", "2026-11-21T00:00:00Z")).toBe(0);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    specVersion: "1.6",
    metadata: { timestamp: "2026-11-21T00:00:00Z", component: { name: "acme" } },
  });
});
