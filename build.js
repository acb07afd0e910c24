// Builds dist/, what the npm package holds: compiled sources, and the charts and values beside them, where the code looks for them.
const { execFileSync } = require("node:child_process");
const { cpSync, rmSync } = require("node:fs");

rmSync("dist", { recursive: true, force: true });
// Types are checked by `npm run typecheck`; the AWS clients have so many that checking them again doubles the time.
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json", "--noCheck"], {
  stdio: "inherit",
});
for (const folder of ["charts", "charts-values", "dashboards", "policies/admission"])
  cpSync(folder, `dist/${folder}`, { recursive: true });
cpSync("review/review.schema.json", "dist/review/review.schema.json");
// Scripts that run in the cluster.
cpSync("modules", "dist/modules", { recursive: true, filter: (path) => !path.includes(".") || path.endsWith(".mjs") });
