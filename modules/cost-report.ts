import { Construct } from "constructs";
import type { Platform } from "../config/platform";
import { HelmRelease } from "./helm/helm-release";
import { imageOf } from "./helm/images";
import type { PlatformNamespace } from "./platform-namespace";

export interface CostReportProps {
  readonly platform: Pick<Platform, "registries">;
  /** The cost tool's. */
  readonly namespace: PlatformNamespace;
  /** Where `/allocation` and `/assets` of the cost tool are. */
  readonly api: string;
}

/**
 * What each team cost last week, every Monday, in a ConfigMap of the team's own. Nothing here names a team: it finds them by the label
 * of their namespaces, and each team's release lets it write there.
 */
export class CostReport extends Construct {
  constructor(scope: Construct, id: string, { platform, namespace, api }: CostReportProps) {
    super(scope, id);
    new HelmRelease(this, "chart", {
      chart: "cost-report",
      name: "cost-report",
      namespace: namespace.name,
      values: { api, image: imageOf("node", platform.registries) },
      dependsOn: [namespace.resource],
    });
  }
}
