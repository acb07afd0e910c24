import { readdirSync } from "node:fs";
import { join } from "node:path";
import { COMPONENT_NAMES, COMPONENTS } from "../../config/components";
import { parseCpu, parseMemory } from "../../config/quantities";
import { PROFILES } from "../../config/profiles";
import { readProfileValues } from "../../modules/helm/values";

const folder = join(__dirname, "..", "..", "charts-values");

/** Sum of all `resources.requests` in a values file: what the pods that it sizes ask for at least. */
function requestsIn(value: unknown): { cpu: number; memory: number } {
  if (typeof value !== "object" || value === null) return { cpu: 0, memory: 0 };
  const { requests } = value as { requests?: { cpu?: string; memory?: string } };
  const own = { cpu: parseCpu(requests?.cpu) ?? 0, memory: parseMemory(requests?.memory) ?? 0 };
  return Object.values(value)
    .map(requestsIn)
    .reduce((sum, one) => ({ cpu: sum.cpu + one.cpu, memory: sum.memory + one.memory }), own);
}

test("each component has one file in charts-values, and each file is a component", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  expect(files.map((name) => name.replace(".yaml", ""))).toEqual([...COMPONENT_NAMES]);
});

describe.each(PROFILES)("profile %s", (profile) => {
  test.each([...COMPONENT_NAMES])("capacity reckons with at least what the values of %s ask for", (name) => {
    const asked = requestsIn(readProfileValues(name, profile));
    const reckoned = COMPONENTS[name].requests[profile];
    expect(reckoned.cpu).toBeGreaterThanOrEqual(asked.cpu);
    expect(reckoned.memory).toBeGreaterThanOrEqual(asked.memory);
  });

  test.each(["keycloak", "gitea"] as const)("capacity reckons with the database of %s, too", (name) => {
    const database = readProfileValues(`databases/${name}`, profile);
    const instance = requestsIn(database);
    const component = requestsIn(readProfileValues(name, profile));
    const reckoned = COMPONENTS[name].requests[profile];
    expect(reckoned.cpu).toBeGreaterThanOrEqual(component.cpu + Number(database["instances"]) * instance.cpu);
    expect(reckoned.memory).toBeGreaterThanOrEqual(component.memory + Number(database["instances"]) * instance.memory);
  });
});

test("capacity reckons with every replica of Prometheus and Alertmanager", () => {
  const values = readProfileValues("kube-prometheus-stack", "production") as {
    prometheus: { prometheusSpec: { replicas: number } };
    alertmanager: { alertmanagerSpec: { replicas: number } };
  };
  const { prometheusSpec } = values.prometheus;
  const { alertmanagerSpec } = values.alertmanager;
  const all = requestsIn(values);
  const [prometheus, alertmanager] = [requestsIn(prometheusSpec), requestsIn(alertmanagerSpec)];
  const sum = (of: "cpu" | "memory"): number =>
    all[of] + (prometheusSpec.replicas - 1) * prometheus[of] + (alertmanagerSpec.replicas - 1) * alertmanager[of];
  const reckoned = COMPONENTS["kube-prometheus-stack"].requests.production;
  expect(reckoned.cpu).toBeGreaterThanOrEqual(sum("cpu"));
  expect(reckoned.memory).toBeGreaterThanOrEqual(sum("memory"));
});

test("needs go one way: nothing needs itself, however indirectly", () => {
  const reach = (name: (typeof COMPONENT_NAMES)[number], seen: readonly string[]): void => {
    expect(seen).not.toContain(name);
    COMPONENTS[name].needs.forEach((need) => reach(need, [...seen, name]));
  };
  COMPONENT_NAMES.forEach((name) => reach(name, []));
});
