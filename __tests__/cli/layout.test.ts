import { layoutScript } from "../../cli/layout";
import { platformOf } from "../support/config";
import { synth } from "../support/synth";

const platform = platformOf((d) => (d.clusters["aws-platform"].layout = "layered"));

test("moves exactly what the other layers own; what stays keeps its state", () => {
  const script = layoutScript(platform, "aws-platform");
  const moved = [...script.matchAll(/^[a-z0-9_]+\.[\w-]+$/gm)].map(([address]) => address);
  const own = ["aws-cluster", "aws-teams"].flatMap((name) =>
    synth(platform, name).resources.map(({ address }) => address),
  );
  expect(moved.sort()).toEqual(own.sort());
  expect(script.indexOf('state push "$work/whole.tfstate"')).toBeGreaterThan(script.lastIndexOf("ADDRESSES"));
});

test("a cluster that is one stack has nothing to move", () => {
  expect(() => layoutScript(platformOf(), "aws-platform")).toThrow(
    'clusters.aws-platform is one stack; set layout: "layered" in the config first, where the kind of cluster has layers',
  );
  expect(() => layoutScript(platform, "aws")).toThrow(
    'the config has no cluster "aws"; it has: aws-platform, azure-platform, local-platform',
  );
});
