import { chartDigest, imageDigest, sha256 } from "../../cli/registry";
import { DIGEST, MANIFEST, startRegistry, type RegistryDouble } from "../support/registry";

let registry: RegistryDouble;

beforeEach(async () => {
  registry = await startRegistry();
});

afterEach(() => registry.close());

describe("an image", () => {
  test("has the digest that the registry says, which sends nothing else", async () => {
    expect(await imageDigest(`${registry.host}/a/public:1`)).toEqual({ digest: DIGEST });
    expect(registry.asked).toEqual(["HEAD /v2/a/public/manifests/1"]);
  });

  test("of a registry that wants a token is asked for again with the one that anybody gets", async () => {
    expect(await imageDigest(`${registry.host}/a/private:1`)).toEqual({ digest: DIGEST });
    expect(registry.asked).toEqual([
      "HEAD /v2/a/private/manifests/1",
      "GET /token?service=double&scope=repository%3Aa%2Fprivate%3Apull",
      "HEAD /v2/a/private/manifests/1",
    ]);
  });

  test("of a registry that says no digest has that of what it sends", async () => {
    expect(await imageDigest(`${registry.host}/a/headless:1`)).toEqual({ digest: sha256(MANIFEST) });
  });

  test("that is not there is a sentence", async () => {
    expect(await imageDigest(`${registry.host}/a/missing:1`)).toEqual({ problem: "it answers 404, not found" });
  });

  test("of a registry that stays silent is given up", async () => {
    expect(await imageDigest(`${registry.host}/silent/a:1`, 200)).toEqual({ problem: "no answer within 0.2 s" });
  });

  test("of a registry that is not there is a sentence", async () => {
    const { host } = registry;
    await registry.close();
    expect(await imageDigest(`${host}/a/public:1`)).toEqual({ problem: "ECONNREFUSED" });
  });

  test("that names its digest is not asked for", async () => {
    expect(await imageDigest(`${registry.host}/a/public:1@${DIGEST}`)).toEqual({ digest: DIGEST });
    expect(registry.asked).toEqual([]);
  });
});

describe("a chart", () => {
  test("of a repository has the digest in its index, of exactly this version", async () => {
    const repository = `http://${registry.host}/charts`;
    expect(await chartDigest(repository, "vcluster", "0.36.1")).toEqual({ digest: `sha256:${"33".repeat(32)}` });
    expect(await chartDigest(repository, "gitea", "12.6.0")).toEqual({ digest: `sha256:${"11".repeat(32)}` });
  });

  test.each([
    ["vcluster", "0.36.2"],
    ["z-last", "0.36.1"],
    ["other", "0.36.1"],
  ])("%s %s that is not in the index, or without a digest, is a sentence", async (chart, version) => {
    expect(await chartDigest(`http://${registry.host}/charts`, chart, version)).toEqual({
      problem: `its index.yaml has no digest of ${chart} ${version}`,
    });
  });

  test("of a registry is asked for as an image, with a tag that registries take", async () => {
    expect(await chartDigest(`oci://${registry.host}/a`, "public", "1.0.0+build")).toEqual({ digest: DIGEST });
    expect(registry.asked).toEqual(["HEAD /v2/a/public/manifests/1.0.0_build"]);
  });
});
