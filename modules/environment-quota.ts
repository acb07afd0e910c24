import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { Construct } from "constructs";
import { PROTECTED_MARK, sharedLabels } from "../config/names";
import type { Environment } from "../config/platform";
import type { ComponentProps } from "./component";
import { isProtectedEnvironment } from "./deletion-guard";
import { quotaHard } from "./resource-quota";

export interface EnvironmentQuotaProps extends ComponentProps {
  readonly environment: Environment;
}

/** What all pods of an environment may ask of the host: the sum of its teams' quotas, and its control plane. It follows the teams. */
export class EnvironmentQuota extends Construct {
  constructor(scope: Construct, id: string, props: EnvironmentQuotaProps) {
    super(scope, id);
    const { environment, dependsOn = [] } = props;
    new ResourceQuotaV1(this, "quota", {
      metadata: {
        name: "environment",
        namespace: environment.namespace,
        labels: { ...sharedLabels(environment), ...(isProtectedEnvironment(environment, props) && PROTECTED_MARK) },
      },
      spec: { hard: quotaHard(environment.quota) },
      dependsOn: [...dependsOn],
    });
  }
}
