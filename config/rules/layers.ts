/** Stacks that a cluster is cut into. */
import { allStacks, LAYERED_SUFFIX } from "../layers";
import type { Finding, Rule } from "./rule";

export const LAYER_RULES: readonly Rule[] = [
  {
    id: "layered-name",
    severity: "error",
    check: (platform) =>
      platform.clusters.flatMap((cluster): Finding[] =>
        cluster.kind === "local" || cluster.layout === "single" || cluster.name.endsWith(LAYERED_SUFFIX)
          ? []
          : [
              {
                path: `clusters.${cluster.name}.layout`,
                message: `"layered" needs a key that ends with "${LAYERED_SUFFIX}", of which the layers x-cluster, x-platform and x-teams are named; rename the cluster before its first deploy, or take "single"`,
              },
            ],
      ),
  },
  {
    id: "duplicate-stack",
    severity: "error",
    check: (platform) => {
      const seen = new Map<string, string>();
      // A name without layers in it is fixed: the finding belongs to the cluster that could take another.
      return [...allStacks(platform)]
        .sort((a, b) => b.layers.length - a.layers.length)
        .flatMap(({ name, cluster }): Finding[] => {
          const first = seen.get(name);
          seen.set(name, first ?? cluster.name);
          return first === undefined
            ? []
            : [
                {
                  path: `clusters.${cluster.name}`,
                  message: `would be the stack "${name}", which ${first} is already; rename one`,
                },
              ];
        });
    },
  },
  {
    id: "layers-advised",
    severity: "warning",
    check: (platform) => {
      const production = platform.environments.filter(({ preset }) => preset === "prod").map(({ name }) => name);
      if (production.length === 0) return [];
      return platform.clusters
        .filter((cluster) => cluster.kind !== "local" && cluster.layout === "single")
        .map(({ name }) => ({
          path: `clusters.${name}.layout`,
          message: `one stack holds network, cluster and teams, and ${production.join(", ")} is production: with layout: "layered" a change of a quota needs no rights on the network; a stack that is deployed is moved by docs/operations.md, "Layers"`,
        }));
    },
  },
];
