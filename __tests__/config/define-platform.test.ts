import { definePlatform } from "../../config/define-platform";
import { ConfigError, isConfigError } from "../../config/problems";
import { changed, platformOf, problemsOf, smallConfig, type Draft } from "../support/config";

test("all problems come in one message, each with its path, its rule and what to do", () => {
  const input = changed((d) => {
    d.teams.web.quota.memory = "4GB";
    d.clusters["azure-platform"].network.cidr = "10.0.0.0/16";
    d.teams.docs.groups.edit = ["nobody"];
  });
  expect(() => definePlatform(input)).toThrow(
    new ConfigError([
      {
        rule: "quantity",
        path: "teams.web.quota.memory",
        message:
          '"4GB" is not a quantity; allowed: a number with Mi, Gi or Ti, such as "512Mi" or "32Gi"; more than 0, and no part of a byte',
      },
      {
        rule: "unknown-group",
        path: "teams.docs.groups.edit",
        message: 'there is no group "nobody" under groups; allowed: admins, web',
      },
      {
        rule: "network-overlap",
        path: "clusters.azure-platform.network.cidr",
        message:
          "10.0.0.0/16 overlaps 10.0.0.0/16 of clusters.aws-platform.network.cidr: cluster networks must be disjoint, or they can never be connected",
      },
    ]),
  );
});

test("an entry of the wrong shape still counts as there for what refers to it", () => {
  const rules = problemsOf(changed((d) => (d.groups.web.aws = "not-an-arn"))).map(({ rule }) => rule);
  expect(rules).toEqual(["shape"]);
});

test("the message is made for a terminal", () => {
  expect.assertions(2);
  try {
    definePlatform(changed((d) => (d.contact = "nobody")));
  } catch (error) {
    expect(isConfigError(error)).toBe(true);
    expect((error as Error).message).toBe(`the platform's config has 1 problem:

  contact  [shape]
    "nobody" must be an e-mail address`);
  }
});

test("the order of keys makes no difference", () => {
  const reversed = (value: Draft): Draft => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, reversed(inner)]),
    );
  };
  expect(JSON.stringify(definePlatform(reversed(smallConfig())).teams)).toBe(
    JSON.stringify(definePlatform(smallConfig()).teams),
  );
  expect(definePlatform(reversed(smallConfig()))).toEqual(definePlatform(smallConfig()));
});

test("a group of Entra ID is called as tokens call it, in lower case", () => {
  const { groups } = platformOf((d) => (d.groups.web.azure = "ABCDEF12-2222-2222-2222-222222222222"));
  expect(groups.find(({ name }) => name === "web")?.azure).toBe("abcdef12-2222-2222-2222-222222222222");
});

test("the platform is frozen, all the way down", () => {
  const platform = definePlatform(smallConfig());
  expect(Object.isFrozen(platform)).toBe(true);
  expect(Object.isFrozen(platform.teams[0]?.namespaces[0]?.quota)).toBe(true);
});

test.each([undefined, null, 42, "text", []])("%p as a config is refused with a problem, not with a crash", (input) => {
  expect(problemsOf(input)[0]).toMatchObject({ path: "" });
});
