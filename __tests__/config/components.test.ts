import { readdirSync } from "node:fs";
import { join } from "node:path";
import { COMPONENT_NAMES, COMPONENTS } from "../../config/components";
import { PROFILES } from "../../config/profiles";
import { platformOf } from "../support/config";
import { askedByRelease, RELEASES, total, unknownCharts } from "../support/requests";
import { synth } from "../support/synth";

const folder = join(__dirname, "..", "..", "charts-values");

test("each component has one file in charts-values, and each file is a component", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  expect(files.map((name) => name.replace(".yaml", ""))).toEqual([...COMPONENT_NAMES]);
});

test("what runs is known of every chart", () => {
  expect(unknownCharts()).toEqual([]);
});

describe.each(PROFILES)("profile %s", (profile) => {
  // Between them the two have every component: a database with a store for its backups, GPUs, and each of the cost tools.
  const stacks = (["kubecost", "opencost"] as const).map((off) =>
    synth(
      platformOf((d) => {
        d.clusters["aws-platform"].profile = profile;
        d.components = { [off]: false };
        d.teams.web.nodePools.gpu = { class: "gpu", cpus: [4, 8], limits: { cpu: 8, memory: "64Gi" } };
      }),
      "aws-platform",
    ),
  );

  test.each([...COMPONENT_NAMES])("capacity reckons with what %s asks for, no more and no less", (name) => {
    const asked = stacks.map((stack) => total(RELEASES[name].map((release) => askedByRelease(stack, release))));
    const most = asked.reduce((one, other) => (other.cpu > one.cpu ? other : one));
    expect(COMPONENTS[name].requests[profile]).toEqual(most);
  });
});

test("needs go one way: nothing needs itself, however indirectly", () => {
  const reach = (name: (typeof COMPONENT_NAMES)[number], seen: readonly string[]): void => {
    expect(seen).not.toContain(name);
    COMPONENTS[name].needs.forEach((need) => reach(need, [...seen, name]));
  };
  COMPONENT_NAMES.forEach((name) => reach(name, []));
});
