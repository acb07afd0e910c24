import { join } from "node:path";
import { AssetType, TerraformAsset, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** The project's own charts, in charts/. */
export type LocalChart =
  "cost-report" | "database" | "gateway" | "http-route" | "resources" | "secret-store" | "snapshot-class" | "team";

/** Path of a chart of the project's own, copied once into the stack, however many releases use it. */
export function localChart(scope: Construct, chart: LocalChart): string {
  const stack = TerraformStack.of(scope);
  const id = `chart-${chart}`;
  const existing = stack.node.tryFindChild(id) as TerraformAsset | undefined;
  const asset =
    existing ??
    new TerraformAsset(stack, id, { path: join(__dirname, "..", "..", "charts", chart), type: AssetType.DIRECTORY });
  return asset.path;
}
