import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Resources } from "../helm/resources";
import { MONITORING_NAMESPACE } from "./namespace";

const folder = join(__dirname, "..", "..", "dashboards");

/** The platform's own dashboards, dashboards/*.json: Grafana's sidecar finds them by their label and puts them into one folder. */
export class Dashboards extends Construct {
  constructor(scope: Construct, id: string, props: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    new Resources(this, "resources", {
      name: "dashboards",
      namespace: MONITORING_NAMESPACE,
      resources: readdirSync(folder)
        .sort()
        .map((file) => ({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: `dashboard-${file.replace(".json", "")}`,
            labels: { grafana_dashboard: "1" },
            annotations: { grafana_folder: "Platform" },
          },
          data: { [file]: readFileSync(join(folder, file), "utf8") },
        })),
      dependsOn: props.dependsOn,
    });
  }
}
