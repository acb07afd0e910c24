import { layoutScript } from "../../cli/layout";
import { platformOf } from "../support/config";
import { synth } from "../support/synth";

const platform = platformOf((d) => {
  d.clusters["aws-platform"].layout = "layered";
  d.clusters["azure-platform"].layout = "layered";
});

test.each(["aws", "azure"])(
  "moves exactly what the other layers own; the rest, with its outputs, is the layer of the cluster's name: %s",
  (cloud) => {
    const script = layoutScript(platform, `${cloud}-platform`);
    const moved = [...script.matchAll(/^[a-z0-9_]+\.[\w-]+$/gm)].map(([address]) => address);
    const own = [`${cloud}-cluster`, `${cloud}-teams`].flatMap((name) =>
      synth(platform, name).resources.map(({ address }) => address),
    );
    expect(moved.sort()).toEqual(own.sort());
    expect(script.indexOf('state push "$work/one.tfstate"')).toBeGreaterThan(script.lastIndexOf("ADDRESSES"));
    expect(script).toContain(
      `{"terraform":{"backend":{"local":{"path":"../../../terraform.${cloud}-platform.tfstate"}}}}`,
    );
  },
);

test("a cluster that is one stack has nothing to move", () => {
  expect(() => layoutScript(platformOf(), "aws-platform")).toThrow(
    'clusters.aws-platform is one stack; set layout: "layered" in the config first, and deploy nothing',
  );
  expect(() => layoutScript(platform, "local-platform")).toThrow(
    'clusters.local-platform is of the kind "local", which has one stack and no layers',
  );
  expect(() => layoutScript(platform, "aws")).toThrow(
    'the config has no cluster "aws"; it has: aws-platform, azure-platform, local-platform',
  );
});
