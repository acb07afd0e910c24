import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DatabaseOwner } from "../config/components";
import { NO_IDENTITY } from "./cluster";
import type { ComponentProps } from "./component";
import { HelmRelease } from "./helm/helm-release";
import { imageOf } from "./helm/images";
import { layerValues, readProfileValues, type HelmValues } from "./helm/values";
import type { PlatformNamespace } from "./platform-namespace";

export interface DatabaseProps extends ComponentProps {
  /** Who needs it: name of the database, its owner, and of its file in charts-values/databases/. */
  readonly owner: DatabaseOwner;
  readonly namespace: PlatformNamespace;
}

/** How a component reaches its database, whoever runs that. */
export interface DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  /** Secret with the key `password`. */
  readonly secret: string;
  /** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
  readonly sslMode: "require" | "verify-full";
  readonly ready: readonly ITerraformDependable[];
}

/**
 * A PostgreSQL cluster, which writes its backups into a folder of its namespace where the cluster has a store for them. The operator
 * generates the password into the Secret `secret`; it is nowhere else.
 */
export class Database extends Construct implements DatabaseConnection {
  readonly host: string;
  readonly port = 5432;
  readonly name: string;
  readonly username: string;
  readonly secret: string;
  readonly sslMode = "require";
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { owner, namespace, cluster, platform } = props;
    const name = `${owner}-db`;
    this.host = `${name}-rw`;
    this.name = owner;
    this.username = owner;
    this.secret = `${name}-app`;
    const { archive = name, restore } = platform.components[owner].database ?? {};
    const store = cluster.backups;
    // The operator gives the service account of a database its name.
    const identity = store ? cluster.identityFor({ namespace: namespace.name, name }, "write-backups") : NO_IDENTITY;
    const backups: HelmValues = store
      ? { objectStore: store.objectStore(namespace.name), archive, ...(restore && { restore }) }
      : {};
    const release = new HelmRelease(this, "chart", {
      chart: "database",
      name,
      namespace: namespace.name,
      values: layerValues(readProfileValues(`databases/${owner}`, cluster.profile), {
        name,
        database: owner,
        image: imageOf("postgresql", platform.registries),
        storageClass: cluster.storageClass,
        identity: { annotations: identity.serviceAccountAnnotations, labels: identity.podLabels },
        ...backups,
      }),
      dependsOn: [namespace.resource, ...identity.ready, ...(store?.ready ?? []), ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}
