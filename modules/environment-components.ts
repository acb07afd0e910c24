import { stringify } from "yaml";
import type { EnvironmentComponent } from "../config/environment-components";
import type { Environment } from "../config/platform";
import { chartRepository, type Registries } from "../config/registries";
import { mirrorValues } from "./helm/chart-images";
import { CHARTS, type ChartPin } from "./helm/charts";
import { layerValues, readValues, type HelmValues } from "./helm/values";

interface Release {
  readonly chart: ChartPin;
  readonly name: string;
  readonly values: HelmValues;
}

/** Namespaces inside; network policies of teams let in what is in `monitoring`, as on the host. */
const NAMESPACES: Readonly<Record<EnvironmentComponent, string>> = {
  "argo-cd": "argocd",
  "cert-manager": "cert-manager",
  "kube-prometheus-stack": "monitoring",
};

/**
 * What the vcluster chart must be told to have components inside. The virtual cluster installs, upgrades and removes the releases itself
 * (its image has Helm), and tries again every ten seconds: nobody outside has to reach its API.
 * https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/experimental/deploy
 */
export function environmentComponents({ components }: Environment, registries: Registries): HelmValues {
  if (components.length === 0) return {};
  const helm = components.flatMap((component) =>
    releasesOf(component).map(({ chart, name, values }) => ({
      chart: { name: chart.chart, repo: chartRepository(chart.repository, registries), version: chart.version },
      release: { name, namespace: NAMESPACES[component] },
      values: stringify(layerValues(values, mirrorValues(chart.chart, values, registries)), { lineWidth: 0 }),
      timeout: "600s",
    })),
  );
  return { experimental: { deploy: { vcluster: { helm } } } };
}

/** In the order in which they are installed. */
function releasesOf(component: EnvironmentComponent): readonly Release[] {
  const own: Release = {
    chart: CHARTS[component],
    name: component,
    values: readValues(`vcluster/components/${component}`),
  };
  if (component !== "kube-prometheus-stack") return [own];
  return [{ chart: CHARTS["prometheus-operator-crds"], name: "prometheus-operator-crds", values: {} }, own];
}
