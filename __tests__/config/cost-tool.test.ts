import { costTool, installedComponents } from "../../config/cost-tool";
import { platformOf, type Draft } from "../support/config";

const without = (...names: readonly string[]) =>
  platformOf((d: Draft) => (d.components = Object.fromEntries(names.map((name) => [name, false]))));

test.each([
  ["small", [], "opencost"],
  ["production", [], "kubecost"],
  ["small", ["opencost"], "kubecost"],
  ["production", ["kubecost"], "opencost"],
  ["small", ["kubecost"], "opencost"],
  ["production", ["opencost"], "kubecost"],
  ["small", ["kubecost", "opencost"], undefined],
  ["production", ["kubecost", "opencost"], undefined],
] as const)("in the profile %s, with %p off, a cluster runs %s", (profile, off, tool) => {
  expect(costTool(without(...off), { profile })).toBe(tool);
});

test("the cost tool that a cluster does not run is none of its components, and neither is what the config switches off", () => {
  const platform = without("gitea");
  const production = installedComponents(platform, { profile: "production" });
  expect(production).toContain("kubecost");
  expect(production).not.toContain("opencost");
  expect(installedComponents(platform, { profile: "small" })).toContain("opencost");
  expect(installedComponents(platform, { profile: "small" })).not.toContain("kubecost");
  expect(production).not.toContain("gitea");
  expect(production).toContain("keycloak");
});
