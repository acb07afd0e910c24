import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ExternalDatabaseSettings } from "../config/platform";
import { Database, type DatabaseConnection, type DatabaseProps } from "./database";
import { SECRETS_LABEL } from "./external-secrets";
import { Resources } from "./helm/resources";
import { storedSecret } from "./secrets/stored-secret";

export interface ExternalDatabaseProps extends DatabaseProps {
  readonly external: ExternalDatabaseSettings;
}

/** A database that somebody else runs. Its password is copied from the cluster's secret store; it is in no config, plan or state. */
export class ExternalDatabase extends Construct implements DatabaseConnection {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  readonly secret: string;
  readonly sslMode: DatabaseConnection["sslMode"];
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExternalDatabaseProps) {
    super(scope, id);
    const { external, owner, namespace } = props;
    this.host = external.host;
    this.port = external.port;
    this.name = external.name;
    this.username = external.username;
    this.sslMode = external.sslMode;
    this.secret = `${owner}-database`;
    const password = new Resources(this, "password", {
      name: this.secret,
      namespace: namespace.name,
      resources: [storedSecret({ name: this.secret, key: "password", entry: external.secret })],
      dependsOn: [namespace.resource, ...(props.dependsOn ?? [])],
    });
    this.ready = password.ready;
  }

  /** Labels that the owner's namespace needs, so that its password may be read there. */
  static namespaceLabels({ platform, owner }: Pick<DatabaseProps, "platform" | "owner">): Record<string, string> {
    return platform.components[owner].database?.external ? SECRETS_LABEL : {};
  }

  /** The database of a component: one that somebody else runs where the config names it, else one of its own. */
  static orOwn(scope: Construct, id: string, props: DatabaseProps): DatabaseConnection {
    const external = props.platform.components[props.owner].database?.external;
    return external ? new ExternalDatabase(scope, id, { ...props, external }) : new Database(scope, id, props);
  }
}
