import { checkPlatform } from "../../../config/define-platform";
import { inputOf } from "../../../config/platform";
import { explainAddress, MOST_SYNTHS } from "../../../cli/explain/explain-address";
import { explainPath, type Synthesize } from "../../../cli/explain/explain-path";
import { leavesOf, showPath } from "../../../cli/explain/path";
import { UsageError } from "../../../cli/usage-error";
import example from "../../../platform.config";
import { platformOf, type Draft } from "../../support/config";
import { synthesizeInPassing as synthesizeAnew } from "../../support/synthesize";

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

/** The team with most fields by itself: what others of its kind make, makes no test of it better. */
const alone = checkPlatform({ ...(inputOf(layered) as Draft), teams: { checkout: draftOf().teams.checkout } }, []);

/** With a service account in one of a team's namespaces. */
const withServiceAccount = platformOf((d) => {
  const { quota, ...web } = d.teams.web;
  const ledger = { namespace: "core", aws: draftOf().teams.checkout.serviceAccounts.uploads.aws };
  d.teams.web = { ...web, namespaces: { core: { quota }, old: { quota } }, serviceAccounts: { ledger } };
});

const made = new Map<string, ReturnType<Synthesize>>();
/** The configs as they are, which are one side of every comparison, are made once. */
const synthesizeInPassing: Synthesize = (platform, stacks, only) => {
  const base = [layered, alone].indexOf(platform);
  if (base === -1) return synthesizeAnew(platform, stacks, only);
  const key = [base, ...stacks, only].join();
  const known = made.get(key) ?? synthesizeAnew(platform, stacks, only);
  made.set(key, known);
  return known;
};

/** What an explanation finds in one stack, by address. */
function found(path: string, stack: string, platform = layered) {
  const [only] = explainPath(platform, path, [stack], synthesizeInPassing).stacks;
  return Object.fromEntries((only?.objects ?? []).map(({ address, whole, fields }) => [address, whole ?? fields]));
}

describe("from a place to what it becomes", () => {
  test("a team's quota is one field of one object, on each cluster", () => {
    const stacks = ["aws-teams", "azure-teams", "local-platform"];
    const platform = platformOf((d) => {
      for (const name of ["aws-platform", "azure-platform"]) d.clusters[name].layout = "layered";
    });
    const explained = explainPath(platform, "teams.web.quota.cpu", stacks, synthesizeInPassing);
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

  describe("an entry that others name goes together with what names it", () => {
    test.each([
      [
        "environments.dev",
        "teams.web.environments.dev",
        ["helm_release.environments_dev_", "kubernetes_namespace_v1.environments_dev_"],
      ],
      ["groups.web", "teams.web.groups.admin[0], teams.docs.groups.view[0]", ["aws_eks_access_entry.team-access_web_"]],
      [
        "teams.web.namespaces.core",
        "teams.web.serviceAccounts.ledger",
        ["kubernetes_namespace_v1.teams_web_team-web-core_", "aws_iam_role.team-identities_team-web-core-ledger_"],
      ],
    ])("%s", (path, names, starts) => {
      const { stacks, rules } = explainPath(withServiceAccount, path, ["aws-platform"], synthesizeInPassing);
      expect(stacks[0]?.reason).toBe(`what names it is taken out with it: ${names}`);
      const made = (stacks[0]?.objects ?? []).filter(({ whole }) => whole === "made").map(({ address }) => address);
      for (const start of starts) expect(made).toContainEqual(expect.stringContaining(start));
      expect(rules).toContainEqual(expect.objectContaining({ rule: expect.stringMatching(/^unknown-/) }));
    });

    test("the entry alone where the shape refuses what is left: a cluster needs a group of admins", () => {
      expect(Object.values(found("groups.admins", "aws-platform", withServiceAccount))).toContain("made");
    });
  });

  describe("a component is what goes when it is off", () => {
    test.each<[string, string, Draft, string | undefined]>([
      ["none is written", "components.keycloak", undefined, undefined],
      ["others are", "components.keycloak", { gitea: false, kubecost: false }, undefined],
      ["its values are", "components.keycloak", { keycloak: { values: { replicas: 1 } } }, undefined],
      ["by its switch", "components.keycloak.enabled", { keycloak: { enabled: true } }, undefined],
      [
        "others need it",
        "components.cloudnative-pg",
        { gitea: false },
        "off with it, because they cannot run without it: barman-cloud, keycloak",
      ],
    ])("%s", (_what, path, components, reason) => {
      const platform = platformOf((d) => (d.components = components));
      const [stack] = explainPath(platform, path, ["aws-platform"], synthesizeInPassing).stacks;
      expect(stack?.reason).toBe(reason);
      const made = stack?.objects.filter(({ whole }) => whole === "made").map(({ address }) => address);
      expect(made).toContainEqual(expect.stringContaining("helm_release.components_keycloak_chart_"));
    });

    test("one that is off is what comes when it is on, with what it needs", () => {
      const platform = platformOf((d) => {
        d.components = { keycloak: false, gitea: false, "barman-cloud": false, "cloudnative-pg": false };
      });
      const [stack] = explainPath(platform, "components.keycloak", ["aws-platform"], synthesizeInPassing).stacks;
      expect(stack?.reason).toBe("on with it, because it cannot run without them: cloudnative-pg");
      expect(stack?.objects).toContainEqual(
        expect.objectContaining({
          address: expect.stringContaining("helm_release.components_keycloak_chart_"),
          whole: "only with another value",
        }),
      );
    });
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
    ["a list", "teams.docs.egress", "helm_release.teams_docs_"],
    ["a map", "teams.docs.nodePools", "helm_release.teams_docs_"],
  ])("%s that is left out is explained by an item of it", (_what, path, address) => {
    expect(Object.keys(found(path, "aws-teams")).filter((one) => one.startsWith(address))).not.toEqual([]);
  });

  test("of a cluster its own stack goes, and what its values make of it is shown all the same", () => {
    const [stack] = explainPath(layered, "clusters.aws-platform", ["aws-teams"], synthesizeInPassing).stacks;
    expect(stack?.reason).toBe("without it there is no such stack; of its values come");
    expect(stack?.objects.length).toBeGreaterThan(5);
  });

  test("providers, the backend and imports are looked at, too", () => {
    expect(found("clusters.aws-platform.state.bucket", "aws-teams")).toHaveProperty(["terraform.backend"]);
    expect(Object.keys(found("clusters.aws-platform.region", "aws-teams"))).toContain("provider.aws");
    expect(Object.keys(found("teams.search.namespaces.api.adopt", "aws-teams"))).toContainEqual(
      expect.stringMatching(/^import\.kubernetes_namespace_v1/),
    );
  });

  test("nothing is no place", () => {
    const nothing = () => explainPath(layered, " ", ["aws-teams"], synthesizeInPassing);
    expect(nothing).toThrow(UsageError);
    expect(nothing).toThrow("the place is empty; name one");
  });

  test.each([
    ["teams.checkout.qouta", 'teams.checkout has no "qouta", did you mean "quota"?'],
    ["teams.chekout.quota.cpu", 'teams has no "chekout.quota.cpu", did you mean "checkout"?'],
    ["team.checkout", 'the config has no "team.checkout", did you mean "teams"?'],
    ["components.certmanager", 'components has no "certmanager", did you mean "cert-manager"?'],
    ["teams.ml.containers.mx.cpu", 'teams.ml.containers has no "mx.cpu", did you mean "max"?'],
    ["waivers.x", 'the config has no "waivers.x"; waivers is left out, so there are no names in it'],
  ])("%s is not there, but something near is", (path, message) => {
    expect(() => explainPath(layered, path, ["aws-teams"], synthesizeInPassing)).toThrow(message);
  });

  /** Leaves of the team from which nothing in this stack is made, with the reason. */
  const NOTHING: readonly (readonly [RegExp, string])[] = [
    [/^teams\.checkout\.serviceAccounts\.uploads\.azure\./, "Azure's"],
  ];

  test("every leaf of a team of the example becomes something, or has a reason", () => {
    const nothing = leavesOf(draftOf().teams.checkout, ["teams", "checkout"])
      .map((leaf) => showPath(leaf))
      .filter((path) => explainPath(alone, path, ["aws-teams"], synthesizeInPassing).stacks[0]?.objects.length === 0);
    expect(nothing.filter((path) => !NOTHING.some(([known]) => known.test(path)))).toEqual([]);
  });
});

describe("from an object back to the config", () => {
  const [stack] = synthesizeInPassing(layered, ["aws-teams"]);
  const addressOf = (start: string): string =>
    stack?.resources.find(({ address }) => address.startsWith(start))?.address ?? start;
  const origins = (start: string, limit = MOST_SYNTHS) =>
    explainAddress(layered, addressOf(start), ["aws-teams"], synthesizeInPassing, { limit });

  test("a quota comes from its team's", () => {
    const explained = origins("kubernetes_resource_quota_v1.teams_checkout");
    expect(explained.complete).toBe(true);
    expect(explained.origins.map(({ path, how }) => [path, how])).toEqual([
      // With an environment of production what teams have is protected.
      ["environments.prod", "fields"],
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
      const places = explained.origins.filter(({ how, value }) => how === "made" || (how === "fields" && value));
      for (const { path } of places.slice(0, 6))
        expect(Object.keys(found(path, "aws-teams"))).toContain(explained.address);
    },
  );

  test("a role comes from the service account that asks for it, though nothing in it is called so", () => {
    const explained = origins("aws_iam_role_policy.team-identities_team-checkout-uploads");
    expect(explained.complete).toBe(true);
    expect(explained.origins.map(({ path, how }) => [path, how])).toEqual([
      ["teams.checkout", "made"],
      ["teams.checkout.serviceAccounts.uploads", "made"],
    ]);
  });

  test("entries without which there is no such object are named beside what is found inside of them", () => {
    const [built] = synthesizeInPassing(withServiceAccount, ["aws-platform"]);
    const role = built?.resources.find(({ address }) => address.startsWith("aws_iam_role.team-identities_"));
    const explained = explainAddress(withServiceAccount, role?.address ?? "", ["aws-platform"], synthesizeInPassing);
    expect(explained.complete).toBe(true);
    expect(explained.origins.map(({ path, how }) => [path, how])).toEqual([
      ["name", "fields"],
      ["teams.web", "made"],
      ["teams.web.namespaces.core", "made"],
      ["teams.web.serviceAccounts.ledger", "made"],
      ["teams.web.serviceAccounts.ledger.namespace", "made"],
    ]);
  });

  test("a label that other entries make comes from them, though it says none of their values", () => {
    const { origins: all } = origins("kubernetes_namespace_v1.teams_checkout_team-checkout");
    expect(all.map(({ path, how }) => [path, how])).toContainEqual(["teams.checkout.nodePools.general", "fields"]);
  });

  test("no more synths than allowed, and the answer says that it is not complete", () => {
    const explained = origins("kubernetes_resource_quota_v1.environment-quotas_dev", 6);
    expect(explained.synths).toBeLessThanOrEqual(6);
    expect(explained.complete).toBe(false);
    expect(explained.origins.some(({ how }) => how === "within")).toBe(true);
  });

  test("a whole release is told apart within the synths that there are, its values named", () => {
    const explained = origins("helm_release.teams_checkout");
    expect(explained.complete).toBe(true);
    expect(explained.synths).toBeLessThan(70);
    expect(explained.origins).toContainEqual(
      expect.objectContaining({ path: "teams.checkout.groups.admin[0]", value: "checkout" }),
    );
  });

  test("a change that fails says nothing of the places in it: they are looked at in smaller parts", () => {
    const failing: Synthesize = (platform, stacks, only) => {
      const { teams } = inputOf(platform) as { teams: Record<string, { costCenter?: string }> };
      if (only !== undefined && teams["docs"] && teams["docs"].costCenter !== "CC-3001") throw new Error("no");
      return synthesizeInPassing(platform, stacks, only);
    };
    const address = addressOf("kubernetes_resource_quota_v1.teams_checkout");
    const { origins: all } = explainAddress(layered, address, ["aws-teams"], failing);
    expect(all.map(({ path, how }) => [path, how])).toEqual([
      ["environments.prod", "fields"],
      ["teams.checkout", "made"],
      ["teams.checkout.costCenter", "fields"],
      ["teams.checkout.quota.cpu", "fields"],
      ["teams.checkout.quota.memory", "fields"],
      ["teams.docs.costCenter", "within"],
    ]);
  });

  test("one object made by itself is what it is among all", () => {
    const oneOfEach = new Map(
      [...(stack?.resources ?? []), ...(stack?.data ?? [])].map((object) => [object.type, object]),
    );
    for (const { address, attributes } of oneOfEach.values()) {
      const [one] = synthesizeInPassing(layered, ["aws-teams"], address);
      const objects = [...(one?.resources ?? []), ...(one?.data ?? [])];
      expect(objects.map((object) => [object.address, object.attributes])).toEqual([[address, attributes]]);
    }
  });

  test("an address that is not there, but something near is", () => {
    const address = addressOf("kubernetes_resource_quota_v1.teams_checkout");
    const mistyped = () => explainAddress(layered, address.slice(0, -1), ["aws-teams"], synthesizeInPassing);
    expect(mistyped).toThrow(/did you mean "kubernetes_resource_quota_v1\.teams_checkout/);
  });
});
