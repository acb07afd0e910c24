import { at } from "../../../cli/explain/path";
import { variationsOf, variedBelow } from "../../../cli/explain/variations";
import { changed, smallConfig } from "../../support/config";

test.each([[["argo-cd", "cert-manager"]], [["argo-cd", "cert-manager", "kube-prometheus-stack"]]])(
  "two items of a list do not change places: %j",
  (components) => {
    const path = ["environments", "dev", "components"];
    const input = changed((draft) => (draft.environments.dev.components = components));
    const varied = at(variedBelow(input, [path]), path) as readonly string[];
    expect(varied.filter((one) => components.includes(one))).toEqual([]);
  },
);

test.each([
  [
    ["quota", "limits", "cpu"],
    ["cpu", "memory"],
  ],
  [
    ["containers", "max", "memory"],
    ["memory", "cpu"],
  ],
])("a part of a map that is left out is tried with what must stand beside it: %j", (place, keys) => {
  const path = ["teams", "docs", ...place];
  const [variation] = variationsOf(smallConfig(), path);
  expect(Object.keys(at(variation?.input, path.slice(0, -1)) as object).sort()).toEqual([...keys].sort());
  expect(Object.keys(at(variation?.input, path.slice(0, 3)) as object)).not.toContain("request");
});
