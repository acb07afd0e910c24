/** One cost tool on each cluster, and the weekly report that asks it. */
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, ofType, release, synth, valuesOf } from "../support/synth";

const withComponents = (components: Draft, stack: string) =>
  synth(
    platformOf((d) => (d.components = components)),
    stack,
  );
const names = (stack: ReturnType<typeof synth>) =>
  ofType(stack, "helm_release").map(({ attributes }) => attributes["name"]);

test("one switch brings OpenCost in the place of Kubecost, on the Prometheus that it asks", () => {
  const stack = withComponents({ kubecost: false }, "aws-platform");
  expect(names(stack)).toEqual(expect.arrayContaining(["opencost", "cost-report"]));
  expect(names(stack)).not.toContain("kubecost");
  expect([...dependenciesOf(stack, release(stack, "opencost").address)]).toEqual(
    expect.arrayContaining([
      release(stack, "kube-prometheus-stack").address,
      release(stack, "prometheus-operator-crds").address,
    ]),
  );
  expect(valuesOf(stack, "cost-report")).toMatchObject({ api: "http://opencost.opencost:9003" });
  expect(valuesOf(stack, "team-web")).toMatchObject({ costReport: { namespace: "opencost" } });
});

test("Kubecost waits for nothing, and the report asks its front", () => {
  const stack = withComponents({}, "aws-platform");
  expect(dependenciesOf(stack, release(stack, "kubecost").address)).not.toContain(
    release(stack, "prometheus-operator-crds").address,
  );
  expect(valuesOf(stack, "cost-report")).toMatchObject({ api: "http://kubecost-frontend.kubecost:9090/model" });
});

test("OpenCost stands alone where there is no Prometheus", () => {
  const stack = withComponents({ "kube-prometheus-stack": false }, "local-platform");
  expect(valuesOf(stack, "opencost")).toMatchObject({
    opencost: { exporter: { collectorDataSource: { enabled: true }, persistence: { storageClass: "standard" } } },
  });
});

test("without both there is no report, and nobody may write one", () => {
  const stack = withComponents({ kubecost: false, opencost: false }, "local-platform");
  expect(names(stack)).not.toEqual(expect.arrayContaining([expect.stringMatching(/cost/)]));
  expect(valuesOf(stack, "team-web")).toMatchObject({ costReport: { namespace: "" } });
});

test("a team more or less changes neither the tool nor the report", () => {
  const before = synth(platformOf(), "local-platform");
  const after = synth(
    platformOf((d) => delete d.teams.docs),
    "local-platform",
  );
  for (const name of ["opencost", "cost-report"])
    expect(release(after, name).attributes).toEqual(release(before, name).attributes);
});
