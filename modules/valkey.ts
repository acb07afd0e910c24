import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ComponentProps } from "./component";
import { CHARTS } from "./helm/charts";
import { HelmRelease } from "./helm/helm-release";
import { Resources } from "./helm/resources";
import { layerValues, readValues } from "./helm/values";
import type { PlatformNamespace } from "./platform-namespace";
import { generatedSecret } from "./secrets/generated-secret";

export interface ValkeyProps extends ComponentProps {
  /** Who needs it: name of its file in charts-values/caches/. */
  readonly owner: "gitea";
  readonly namespace: PlatformNamespace;
}

/** A key-value store for what a component would otherwise keep in its pod. Its password is made in the cluster. */
export class Valkey extends Construct {
  /** Secret with the key `password`, and with `url-0` to `url-2`: an address with the password in it for each of three databases. */
  readonly secret: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ValkeyProps) {
    super(scope, id);
    const { owner, namespace, cluster, platform } = props;
    const name = `${owner}-valkey`;
    this.secret = name;
    const url = (database: number): string => `redis://:{{ .password }}@${name}:6379/${database}?pool_size=100`;
    const password = new Resources(this, "password", {
      name: `${name}-password`,
      namespace: namespace.name,
      resources: [
        generatedSecret({
          name,
          data: { password: "{{ .password }}", "url-0": url(0), "url-1": url(1), "url-2": url(2) },
        }),
      ],
      dependsOn: [namespace.resource, ...(props.dependsOn ?? [])],
    });
    const release = new HelmRelease(this, "chart", {
      chart: CHARTS.valkey,
      name,
      namespace: namespace.name,
      values: layerValues(readValues(`caches/${owner}`), {
        auth: { usersExistingSecret: name },
        dataStorage: { className: cluster.storageClass },
      }),
      dependsOn: password.ready,
      registries: platform.registries,
    });
    this.ready = [release.resource];
  }
}
