import { stringify } from "yaml";
import type { KubernetesObject } from "./helm/resources";
import type { HelmValues } from "./helm/values";

/**
 * Values of the vcluster chart with what belongs to an environment as a whole, applied inside it; none of a team, whose changes must restart
 * nothing. https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/experimental/deploy
 */
export function manifestValues(objects: readonly KubernetesObject[]): HelmValues {
  if (objects.length === 0) return {};
  return {
    experimental: { deploy: { vcluster: { manifests: objects.map((object) => stringify(object)).join("---\n") } } },
  };
}
