import { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { chartRepository, PUBLIC_REGISTRIES, type Registries } from "../../config/registries";
import { mirrorValues } from "./chart-images";
import type { ChartPin } from "./charts";
import { localChart, type LocalChart } from "./local-chart";
import { layerValues, renderValues, type HelmValues } from "./values";

export interface HelmReleaseProps {
  /** A pinned public chart, or one of the project's own in charts/. */
  readonly chart: ChartPin | LocalChart;
  /** Name of the release, at most 53 characters. */
  readonly name: string;
  /** Namespace that exists before: releases never create one, because one that they create outlives them. */
  readonly namespace: string;
  readonly values: HelmValues;
  /** What must be there before, and stay until after. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Values that win over the mirrors, too: the user's own. @default - none */
  readonly overrides?: HelmValues;
  /** Where a public chart and its images come from. @default - the public registries */
  readonly registries?: Registries;
  /** Leave the chart's `crds/` folder out, because a release of its own brings them. @default false */
  readonly skipCrds?: boolean;
  /** Seconds that Helm waits for pods and hooks. @default 900 */
  readonly timeout?: number;
}

/** Helm's limit: https://helm.sh/docs/topics/charts/ */
const LONGEST_NAME = 53;

/** A Helm release as the platform wants every one: pinned, atomic, waited for, with a short history. */
export class HelmRelease extends Construct {
  /** The release itself, to depend on. */
  readonly resource: Release;

  constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    const { chart, name, registries = PUBLIC_REGISTRIES, timeout = 900 } = props;
    if (name.length > LONGEST_NAME)
      throw new Error(
        `Helm release "${name}" has ${name.length} characters; allowed: ${LONGEST_NAME}; shorten the name it is made from`,
      );
    const source =
      typeof chart === "string"
        ? { chart: localChart(this, chart) }
        : { ...chart, repository: chartRepository(chart.repository, registries) };
    const mirrors = typeof chart === "string" ? {} : mirrorValues(chart.chart, props.values, registries);
    this.resource = new Release(this, "release", {
      ...source,
      name,
      namespace: props.namespace,
      values: [renderValues(layerValues(props.values, mirrors, props.overrides ?? {}))],
      dependsOn: [...props.dependsOn],
      skipCrds: props.skipCrds ?? false,
      createNamespace: false,
      // And no `takeOwnership`: of what is there already it keeps all that the chart does not mention, such as what a NetworkPolicy lets in.
      // A failed first install would stay in the cluster but not in the state: https://github.com/hashicorp/terraform-provider-helm/issues/1665
      atomic: true,
      cleanupOnFail: true,
      wait: true,
      waitForJobs: true,
      timeout,
      timeouts: { create: "40m", update: "40m", delete: "40m" },
      maxHistory: 5,
    });
  }
}
