import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ComponentName } from "../config/components";
import { costTool } from "../config/cost-tool";
import type { Platform } from "../config/platform";
import type { PlatformCluster } from "./cluster";
import { CHARTS } from "./helm/charts";
import { HelmRelease } from "./helm/helm-release";
import { layerValues, readProfileValues, type HelmValues } from "./helm/values";
import { PlatformNamespace } from "./platform-namespace";
import type { Priority } from "./priority";

/** What every component is given. */
export interface ComponentProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** The class of the pods of components and environments. @default - this stack makes neither */
  readonly priority?: Priority | undefined;
  /** Components that must be up before, and stay until after. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Whether a component is on, and there is something for it to do on this cluster. */
export function isInstalled(
  name: ComponentName,
  { platform, cluster }: Pick<ComponentProps, "platform" | "cluster">,
): boolean {
  if (!platform.components[name].enabled) return false;
  if (name === "kubecost" || name === "opencost") return costTool(platform, cluster) === name;
  if (name === "barman-cloud") return cluster.backups !== undefined;
  if (name === "external-dns") return cluster.dns.records !== undefined;
  if (name === "nvidia-device-plugin") return cluster.nodePools.some((pool) => pool.class === "gpu");
  return true;
}

interface ReleaseOptions extends ComponentProps {
  readonly component: ComponentName;
  readonly namespace: PlatformNamespace;
  /** Values that only code knows: host names, identities, the storage class. */
  readonly computed?: HelmValues;
  readonly skipCrds?: boolean;
}

/** The release of a component: charts-values/ < its profile's < computed < the config's own values. */
export function componentRelease(scope: Construct, options: ReleaseOptions): HelmRelease {
  const { component, platform, cluster, namespace, computed = {}, dependsOn = [] } = options;
  return new HelmRelease(scope, "chart", {
    chart: CHARTS[component],
    name: component,
    namespace: namespace.name,
    values: layerValues(readProfileValues(component, cluster.profile), computed),
    overrides: platform.components[component].values,
    dependsOn: [namespace.resource, ...dependsOn],
    registries: platform.registries,
    ...(options.skipCrds !== undefined && { skipCrds: options.skipCrds }),
  });
}

/** A namespace of the platform's own, after everything that the cluster needs to be usable. */
export function componentNamespace(
  scope: Construct,
  props: ComponentProps,
  name: string,
  options: Partial<Pick<ConstructorParameters<typeof PlatformNamespace>[2], "podSecurity" | "labels">> = {},
): PlatformNamespace {
  return new PlatformNamespace(scope, "namespace", {
    name,
    platform: props.platform,
    dependsOn: [...props.cluster.ready, ...(props.priority?.ready ?? []), ...(props.dependsOn ?? [])],
    ...options,
  });
}
