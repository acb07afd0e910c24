import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { componentRelease, type ComponentProps } from "./component";
import type { PlatformNamespace } from "./platform-namespace";

export interface BarmanCloudProps extends ComponentProps {
  /** The operator's: the plugin must be beside it. */
  readonly namespace: PlatformNamespace;
}

/** The operator's plugin that writes backups of databases into an object store, with its CRD. */
export class BarmanCloud extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: BarmanCloudProps) {
    super(scope, id);
    this.ready = [componentRelease(this, { ...props, component: "barman-cloud" }).resource];
  }
}
