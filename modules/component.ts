import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { ComponentName } from "../config/components";
import type { Platform } from "../config/platform";
import type { PlatformCluster } from "./cluster";
import { CHARTS } from "./helm/charts";
import { HelmRelease } from "./helm/helm-release";
import { layerValues, readValues, type HelmValues } from "./helm/values";
import { PlatformNamespace } from "./platform-namespace";

/** What every component is given. */
export interface ComponentProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** Components that must be up before, and stay until after. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

interface ReleaseOptions extends ComponentProps {
  readonly component: ComponentName;
  readonly namespace: PlatformNamespace;
  /** Values that only code knows: host names, identities, the storage class. */
  readonly computed?: HelmValues;
  readonly skipCrds?: boolean;
}

/** The release of a component: charts-values/ < computed < the config's own values. */
export function componentRelease(scope: Construct, options: ReleaseOptions): HelmRelease {
  const { component, platform, namespace, computed = {}, dependsOn = [] } = options;
  return new HelmRelease(scope, "chart", {
    chart: CHARTS[component],
    name: component,
    namespace: namespace.name,
    values: layerValues(readValues(component), computed, platform.components[component].values),
    dependsOn: [namespace.resource, ...dependsOn],
    mirrors: platform.chartMirrors,
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
    dependsOn: [...props.cluster.ready, ...(props.dependsOn ?? [])],
    ...options,
  });
}
