import { checkPlatform } from "../../../config/define-platform";
import { inputOf } from "../../../config/platform";
import { explainAddress } from "../../../cli/explain/explain-address";
import { explainPath, type Synthesize } from "../../../cli/explain/explain-path";
import { leavesOf, showPath } from "../../../cli/explain/path";
import example from "../../../platform.config";
import { platformOf, type Draft } from "../../support/config";
import { synthesizeInPassing } from "../../support/synthesize";

/** The example in layers: the one of the teams is small. */
const layered = checkPlatform(
  {
    ...draftOf(),
    clusters: { "aws-platform": { ...draftOf().clusters["aws-platform"], layout: "layered" } },
    // What nothing below is about only costs time.
    components: {
      "argo-cd": false,
      keycloak: false,
      "kube-prometheus-stack": false,
      gitea: false,
      "cloudnative-pg": false,
      "barman-cloud": false,
      opencost: false,
    },
  },
  [],
);
function draftOf(): Draft {
  return structuredClone(inputOf(example));
}

/** What an explanation finds in one stack, by address. */
function found(path: string, stack: string, platform = layered) {
  const [only] = explainPath(platform, path, [stack], synthesizeInPassing).stacks;
  return Object.fromEntries((only?.objects ?? []).map(({ address, whole, fields }) => [address, whole ?? fields]));
}

describe("from a place to what it becomes", () => {
  test("a team's quota is one field of one object, on each cluster", () => {
    const stacks = ["aws-platform", "azure-platform", "local-platform"];
    const explained = explainPath(platformOf(), "teams.web.quota.cpu", stacks, synthesizeInPassing);
    expect(explained.value).toBe(4);
    expect(explained.stacks.map(({ stack }) => stack)).toEqual(stacks);
    for (const { objects } of explained.stacks)
      expect(objects).toEqual([
        {
          address: expect.stringMatching(/^kubernetes_resource_quota_v1\.teams_web_team-web_quota_/),
          what: "ResourceQuota team-web/team",
          fields: [{ field: 'spec.hard["requests.cpu"]', value: "4" }],
        },
      ]);
    expect(explained.rules).toEqual([
      { rule: "team-capacity", path: "teams.web" },
      { rule: "container-sizes", path: "teams.web.containers.request" },
    ]);
  });

  test("a team's quota in an environment is what its release takes there, and in the sum of the environment's", () => {
    const objects = found("teams.checkout.environments.dev.cpu", "aws-teams");
    const [release = "", quota = "", ...others] = Object.keys(objects).sort();
    expect([release, quota, ...others]).toEqual([
      expect.stringMatching(/^helm_release\.teams_checkout_chart_release_/),
      expect.stringMatching(/^kubernetes_resource_quota_v1\.environment-quotas_dev_/),
    ]);
    expect(objects[release]).toEqual([{ field: 'values.environments.dev.quota["requests.cpu"]', value: "4" }]);
    expect(objects[quota]).toEqual([{ field: 'spec.hard["requests.cpu"]', value: "7490m" }]);
  });

  test("an entry is the objects that are there because of it, and its part in those of others", () => {
    const docs = found("teams.docs", "aws-teams");
    const made = Object.keys(docs).filter((address) => docs[address] === "made");
    expect(made.every((address) => address.includes("docs"))).toBe(true);
    expect(made.map((address) => address.split(".")[0])).toEqual(
      expect.arrayContaining(["aws_eks_access_entry", "helm_release", "kubernetes_namespace_v1"]),
    );
    expect(Object.keys(docs)).toContainEqual(expect.stringContaining("environment-quotas_dev"));
  });

  test("a place that is left out is explained from its default", () => {
    const explained = explainPath(layered, "teams.docs.secretStore", ["aws-teams"], synthesizeInPassing);
    expect(explained).not.toHaveProperty("value");
    expect(explained.stacks[0]?.objects.map(({ address }) => address)).toEqual([
      expect.stringMatching(/^helm_release\.teams_docs_/),
    ]);
  });

  test("what only a rule reads says so", () => {
    const cap = explainPath(layered, "environments.prod.cap.cpu", ["aws-teams"], synthesizeInPassing);
    expect(cap.stacks[0]).toMatchObject({ objects: [], reason: "nothing in this stack comes from it" });
    expect(cap.rules).toContainEqual({ rule: "environment-cap", path: "environments.prod.cap" });
  });

  test("what cannot be another value says so", () => {
    const [stack] = explainPath(layered, "version", ["aws-teams"], synthesizeInPassing).stacks;
    expect(stack).toMatchObject({ objects: [], reason: "no other value of the right shape was found to compare with" });
  });

  test.each([
    ["teams.checkout.qouta", 'teams.checkout has no "qouta", did you mean "quota"?'],
    ["teams.chekout.quota.cpu", 'teams has no "chekout.quota.cpu", did you mean "checkout"?'],
    ["team.checkout", 'the config has no "team.checkout", did you mean "teams"?'],
  ])("%s is not there, but something near is", (path, message) => {
    expect(() => explainPath(layered, path, ["aws-teams"], synthesizeInPassing)).toThrow(message);
  });

  /** Leaves of the team from which nothing in this stack is made, with the reason. */
  const NOTHING: readonly (readonly [RegExp, string])[] = [
    [/^teams\.checkout\.serviceAccounts\.uploads\.azure\./, "Azure's"],
  ];

  test("every leaf of a team of the example becomes something, or has a reason", () => {
    // Once for each platform: the config as it is is one side of every comparison.
    const [now] = [synthesizeInPassing(layered, ["aws-teams"])];
    const once: Synthesize = (platform, stacks) => (platform === layered ? now : synthesizeInPassing(platform, stacks));
    const nothing = leavesOf(draftOf().teams.checkout, ["teams", "checkout"])
      .map((leaf) => showPath(leaf))
      .filter((path) => explainPath(layered, path, ["aws-teams"], once).stacks[0]?.objects.length === 0);
    expect(nothing.filter((path) => !NOTHING.some(([known]) => known.test(path)))).toEqual([]);
  });
});

describe("from an object back to the config", () => {
  const [stack] = synthesizeInPassing(layered, ["aws-teams"]);
  const addressOf = (start: string): string =>
    stack?.resources.find(({ address }) => address.startsWith(start))?.address ?? start;
  const origins = (start: string, limit?: number) =>
    explainAddress(layered, addressOf(start), ["aws-teams"], synthesizeInPassing, limit);

  test("a quota comes from its team's", () => {
    const explained = origins("kubernetes_resource_quota_v1.teams_checkout");
    expect(explained.complete).toBe(true);
    expect(explained.origins.map(({ path, how }) => [path, how])).toEqual([
      ["teams.checkout", "made"],
      ["teams.checkout.costCenter", "fields"],
      ["teams.checkout.quota.cpu", "fields"],
      ["teams.checkout.quota.memory", "fields"],
    ]);
  });

  test.each(["kubernetes_namespace_v1.teams_search_team-search-api", "aws_eks_access_entry.team-access_docs"])(
    "what is found for %s leads to it again",
    (start) => {
      const explained = origins(start);
      expect(explained.origins.length).toBeGreaterThan(0);
      for (const { path } of explained.origins.filter(({ how }) => how !== "within").slice(0, 6))
        expect(Object.keys(found(path, "aws-teams"))).toContain(explained.address);
    },
  );

  test("no more synths than allowed, and the answer says that it is not complete", () => {
    const explained = origins("kubernetes_resource_quota_v1.environment-quotas_dev", 6);
    expect(explained.synths).toBeLessThanOrEqual(6);
    expect(explained.complete).toBe(false);
    expect(explained.origins.some(({ how }) => how === "within")).toBe(true);
  });

  test("an address that is not there, but something near is", () => {
    const address = addressOf("kubernetes_resource_quota_v1.teams_checkout");
    const mistyped = () => explainAddress(layered, address.slice(0, -1), ["aws-teams"], synthesizeInPassing);
    expect(mistyped).toThrow(/did you mean "kubernetes_resource_quota_v1\.teams_checkout/);
  });
});
