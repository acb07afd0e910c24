// Builds dist/, what the npm package holds: compiled sources, and the charts and values beside them, where the code looks for them.
const { execFileSync } = require("node:child_process");
const { cpSync, rmSync } = require("node:fs");

rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
for (const folder of ["charts", "charts-values"]) cpSync(folder, `dist/${folder}`, { recursive: true });
