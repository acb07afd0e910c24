import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ComponentProps } from "./component";
import { HelmRelease } from "./helm/helm-release";
import { layerValues, readValues } from "./helm/values";
import type { PlatformNamespace } from "./platform-namespace";

export interface DatabaseProps extends ComponentProps {
  /** Who needs it: name of the database, its owner, and of its file in charts-values/databases/. */
  readonly owner: "gitea" | "keycloak";
  readonly namespace: PlatformNamespace;
}

/** A PostgreSQL cluster. The operator generates the password into the Secret `secret`; it is nowhere else. */
export class Database extends Construct {
  readonly host: string;
  readonly name: string;
  /** Secret with the keys `username` and `password`. */
  readonly secret: string;
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const cluster = `${props.owner}-db`;
    this.host = `${cluster}-rw`;
    this.name = props.owner;
    this.secret = `${cluster}-app`;
    const release = new HelmRelease(this, "chart", {
      chart: "database",
      name: cluster,
      namespace: props.namespace.name,
      values: layerValues(readValues(`databases/${props.owner}`), {
        name: cluster,
        database: props.owner,
        storageClass: props.cluster.storageClass,
      }),
      dependsOn: [props.namespace.resource, ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}
