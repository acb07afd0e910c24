import { at } from "../../../cli/explain/path";
import { variedBelow } from "../../../cli/explain/variations";
import { changed } from "../../support/config";

test.each([[["argo-cd", "cert-manager"]], [["argo-cd", "cert-manager", "kube-prometheus-stack"]]])(
  "two items of a list do not change places: %j",
  (components) => {
    const path = ["environments", "dev", "components"];
    const input = changed((draft) => (draft.environments.dev.components = components));
    const varied = at(variedBelow(input, [path]), path) as readonly string[];
    expect(varied.filter((one) => components.includes(one))).toEqual([]);
  },
);
