import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { Construct } from "constructs";
import { sharedLabels } from "../config/names";
import type { Environment } from "../config/platform";
import type { ComponentProps } from "./component";
import { quotaHard } from "./resource-quota";

export interface EnvironmentQuotaProps extends ComponentProps {
  readonly environment: Environment;
}

/** What all pods of an environment may ask of the host: the sum of its teams' quotas, and its control plane. It follows the teams. */
export class EnvironmentQuota extends Construct {
  constructor(scope: Construct, id: string, { environment, dependsOn = [] }: EnvironmentQuotaProps) {
    super(scope, id);
    new ResourceQuotaV1(this, "quota", {
      metadata: {
        name: "environment",
        namespace: environment.namespace,
        labels: sharedLabels(environment),
      },
      spec: { hard: quotaHard(environment.quota) },
      dependsOn: [...dependsOn],
    });
  }
}
