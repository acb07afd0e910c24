/** What people depend on is there when one node is not, and can be had back when all is lost. */
import { ENVIRONMENT_LABEL } from "../../config/names";
import { isInCloud, isProduction, isTrue, labelsOf, metadata, ofTypes, releasesOfOwn } from "./look";
import type { PlanRule, RuleFinding } from "./rule";
import {
  asObject,
  asText,
  releaseDocuments,
  releaseValues,
  type Json,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack";

export const productionEnvironments: PlanRule = {
  id: "production-environments",
  severity: "warn",
  why: "An environment with one replica, and its data in one file, is away whenever its node is, and so is everything that runs in it.",
  fix: 'Give environments that people depend on the preset "prod"; only one that is named prod has it by itself.',
  links: ["https://www.vcluster.com/docs/vcluster/deploy/topologies/high-availability"],
  check: (stack) =>
    productionControlPlanes(stack).flatMap(({ resource, environment }) => {
      const values = releaseDocuments(resource)[0];
      const single = Number(at(values, "controlPlane.statefulSet.highAvailability.replicas") ?? 1) < 2;
      const embedded = !isTrue(at(values, "controlPlane.backingStore.etcd.deploy.enabled"));
      return [
        ...(single ? [`the environment ${environment} has one replica of its API server`] : []),
        ...(embedded ? [`the environment ${environment} has no etcd of its own`] : []),
      ].map((message) => ({ resource, message }));
    }),
};

export const databasesBackedUp: PlanRule = {
  id: "databases-backed-up",
  severity: "warn",
  why: "What is in no backup is gone with its volume: accounts, repositories, an environment's every object.",
  fix: "Keep the component barman-cloud and the preset's snapshots, or name an external database that is backed up where it is.",
  links: ["https://cloudnative-pg.io/documentation/current/backup/", "https://etcd.io/docs/latest/op-guide/recovery/"],
  check: (stack) => [...databases(stack), ...snapshots(stack)],
};

/** On a cluster in a cloud there is a store for backups. */
function databases(stack: SynthesizedStack): RuleFinding[] {
  if (!isInCloud(stack)) return [];
  return releasesOfOwn(stack, "database")
    .filter((resource) => !releaseValues(resource).some((text) => /^objectStore:/m.test(text)))
    .map((resource) => ({ resource, message: `the database ${asText(resource.attributes["name"])} has no backups` }));
}

function snapshots(stack: SynthesizedStack): RuleFinding[] {
  const saved = new Set(
    ofTypes(stack, ["helm_release"])
      .filter(({ attributes }) => attributes["name"] === "etcd-snapshots")
      .map(({ attributes }) => attributes["namespace"]),
  );
  return productionControlPlanes(stack)
    .filter(({ resource }) => !saved.has(resource.attributes["namespace"] ?? null))
    .map(({ resource, environment }) => ({
      resource,
      message: `nothing takes snapshots of the environment ${environment}`,
    }));
}

function productionControlPlanes(
  stack: SynthesizedStack,
): readonly { readonly resource: SynthesizedResource; readonly environment: string }[] {
  const environments = new Map(
    ofTypes(stack, ["kubernetes_namespace_v1"]).map((namespace) => [
      metadata(namespace)["name"],
      asText(labelsOf(namespace)[ENVIRONMENT_LABEL]),
    ]),
  );
  return ofTypes(stack, ["helm_release"])
    .filter(({ attributes }) => attributes["chart"] === "vcluster")
    .map((resource) => ({ resource, environment: environments.get(resource.attributes["namespace"]) ?? "" }))
    .filter(({ environment }) => isProduction(environment));
}

const at = (value: Json | undefined, path: string): Json | undefined =>
  path.split(".").reduce<Json | undefined>((inner, key) => asObject(inner)[key], value);
