import { switchedComponent } from "../../../cli/explain/switches";
import { COMPONENT_NAMES } from "../../../config/components";
import { changed, problemsOf, type Draft } from "../../support/config";

const withComponents = (components: Draft) => changed((draft) => (draft.components = components));

test.each(COMPONENT_NAMES)("%s off, and on again, is a config that the rules allow", (name) => {
  const off = switchedComponent(
    changed(() => undefined),
    ["components", name],
  );
  expect(off?.to).toBe("off");
  expect(problemsOf(off?.input)).toEqual([]);
  const on = switchedComponent(off?.input, ["components", name]);
  expect(on?.to).toBe("on");
  expect(problemsOf(on?.input)).toEqual([]);
});

test("what else is written of a component stays", () => {
  const keycloak = { values: { replicas: 1 } };
  const { input } = switchedComponent(withComponents({ keycloak }), ["components", "external-secrets"]) ?? {};
  expect((input as Draft).components).toEqual({
    "external-secrets": false,
    gitea: false,
    keycloak: { ...keycloak, enabled: false },
  });
});

test("a component on a database of somebody else needs no operator", () => {
  const external = { host: "db.example", name: "k", username: "k", secret: "k" };
  const input = withComponents({ keycloak: { database: { external } } });
  expect(switchedComponent(input, ["components", "cloudnative-pg"])?.also).toEqual(["barman-cloud", "gitea"]);
});

test.each([
  [["components"]],
  [["components", "loki"]],
  [["components", "keycloak", "values"]],
  [["components", "keycloak", "enabled", "x"]],
  [["teams", "keycloak"]],
])("%j is no switch", (path) => {
  expect(switchedComponent(withComponents({}), path)).toBeUndefined();
});
