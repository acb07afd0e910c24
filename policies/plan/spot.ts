/** Machines that the cloud takes back at two minutes' notice are not for what must be there. */
import { POOL_LABEL, TEAM_LABEL } from "../../config/names";
import { blocks, isProduction, manifests, nameOf, occurrences, ofTypes, releasesOfOwn, texts } from "./look";
import type { PlanRule } from "./rule";
import {
  asObject,
  asText,
  releaseDocuments,
  type JsonObject,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack";

interface Pool {
  readonly name: string;
  /** Undefined where all share it. */
  readonly team: string | undefined;
  readonly resource: SynthesizedResource;
}

export const platformNotOnSpot: PlanRule = {
  id: "platform-not-on-spot",
  severity: "warn",
  why: "When the cloud takes its spot machines back, the platform's databases, sign-in and gateway all go at once, and every team with them.",
  fix: 'Give the sharedPool the capacity "on-demand" or "spot-with-fallback"; leave system nodes on demand.',
  links: ["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html"],
  check: (stack) => [
    ...ofTypes(stack, ["aws_eks_node_group"])
      .filter(({ attributes }) => attributes["capacity_type"] === "SPOT")
      .map((resource) => ({ resource, message: "the cluster's own nodes are spot machines only" })),
    ...spotPools(stack)
      .filter(({ team }) => team === undefined)
      .map(({ name, resource }) => ({
        resource,
        message: `the pool ${name}, which all share, has spot machines only`,
      })),
  ],
};

export const productionNotOnSpot: PlanRule = {
  id: "production-not-on-spot",
  severity: "warn",
  why: "What a team runs in production stands still whenever the cloud has no spot machines of its sizes to give.",
  fix: 'Give one of the team\'s pools the capacity "on-demand" or "spot-with-fallback".',
  links: ["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html"],
  check: (stack) => {
    const spot = spotPools(stack).filter(({ team }) => team !== undefined);
    if (spot.length === 0) return [];
    const teams = new Set(spot.map(({ team = "" }) => team).filter((team) => !hasRegularPool(stack, team, spot)));
    return releasesOfOwn(stack, "team")
      .filter(({ attributes }) => teams.has(asText(attributes["name"]).replace(/^team-/, "")))
      .flatMap((resource) =>
        releaseDocuments(resource)
          .flatMap((values) => blocks(asObject(values)["environments"]))
          .filter(({ name, quota }) => isProduction(asText(name)) && quota !== undefined)
          .map(({ name }) => ({
            resource,
            message: `all pools of the team have spot machines only, and it has the environment ${asText(name)}`,
          })),
      );
  },
};

/** Pools that nothing but spot machines are in. */
function spotPools(stack: SynthesizedStack): readonly Pool[] {
  const karpenter = manifests(stack, "NodePool", (text, count) => occurrences(text, "- on-demand\n") === count)
    .filter(({ object }) => capacityOf(object).join() === "spot")
    .map(({ resource, object }) => ({
      name: nameOf(object),
      team: teamOf(asObject(asObject(object["metadata"])["labels"])),
      resource,
    }));
  const aks = ofTypes(stack, ["azurerm_kubernetes_cluster_node_pool"]).map((resource) => {
    const labels = asObject(resource.attributes["node_labels"]);
    const pool = { name: asText(labels[POOL_LABEL]), team: teamOf(labels), resource };
    return { ...pool, spot: resource.attributes["priority"] === "Spot" };
  });
  // A pool of the config may be several of AKS's.
  const regular = new Set(aks.filter(({ spot }) => !spot).map(({ team, name }) => `${team ?? ""}/${name}`));
  return [...karpenter, ...aks.filter(({ spot, team, name }) => spot && !regular.has(`${team ?? ""}/${name}`))];
}

/** Whether a team has a pool that is not one of these. */
function hasRegularPool(stack: SynthesizedStack, team: string, spot: readonly Pool[]): boolean {
  const own = new Set(spot.filter((pool) => pool.team === team).map(({ name }) => name));
  const names = [
    ...manifests(stack, "NodePool", (text) => !text.includes(`${TEAM_LABEL}: ${team}\n`))
      .filter(({ object }) => teamOf(asObject(asObject(object["metadata"])["labels"])) === team)
      .map(({ object }) => nameOf(object)),
    ...ofTypes(stack, ["azurerm_kubernetes_cluster_node_pool"])
      .map(({ attributes }) => asObject(attributes["node_labels"]))
      .filter((labels) => teamOf(labels) === team)
      .map((labels) => asText(labels[POOL_LABEL])),
  ];
  return names.some((name) => !own.has(name));
}

const teamOf = (labels: JsonObject): string | undefined => asText(labels[TEAM_LABEL]) || undefined;

function capacityOf(pool: JsonObject): readonly string[] {
  const { requirements } = asObject(asObject(asObject(pool["spec"])["template"])["spec"]);
  return blocks(requirements)
    .filter(({ key }) => key === "karpenter.sh/capacity-type")
    .flatMap(({ values }) => texts(values));
}
