/**
 * `npm run bench`: time and memory of `npm start`, of growing platforms on two clouds, and of reviews of large plans. Each figure is the
 * best of several runs of a process of its own; compare ratios within one run, because machines are noisy. `-- --quick` runs each once.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { largePlan } from "./large-plan";
import type { Measured } from "./measure";

const root = join(__dirname, "..");
const runs = process.argv.includes("--quick") ? 1 : 3;

function measure(...args: string[]): Measured {
  const command = ["-r", join(root, "register.js"), join(__dirname, "measure.ts"), ...args];
  const results = Array.from(
    { length: runs },
    () =>
      JSON.parse(
        execFileSync(process.execPath, command, { cwd: root, encoding: "utf8" }).trim().split("\n").at(-1) ?? "",
      ) as Measured,
  );
  return results.reduce((best, result) => (result.seconds < best.seconds ? result : best));
}

const table = new Table({ head: ["what", "seconds", "MB", "resources"], style: { head: [], border: [] } });
const row = (what: string, { seconds, megabytes, resources }: Measured): void => {
  table.push([what, seconds.toFixed(2), megabytes.toFixed(0), resources || ""]);
};

for (const part of ["load", "config", "aws-platform", "azure-platform", "local-platform", "all"])
  row(`npm start: ${part}`, measure("start", part));
const teams = new Map([10, 100, 250, 1000].map((count) => [count, measure("teams", String(count))]));
for (const [count, measured] of teams) row(`${count} teams on two clouds`, measured);
const folder = mkdtempSync(join(tmpdir(), "stackyard-bench-"));
const plan = join(folder, "plan.json");
for (const [what, size] of Object.entries({
  "review of 10,000 changes": { changes: 10_000, releases: 0, lines: 0 },
  "and of 500 releases with 6,000 lines each": { changes: 10_000, releases: 500, lines: 6000 },
})) {
  writeFileSync(plan, largePlan(size));
  row(what, measure("review", plan));
}
rmSync(folder, { recursive: true });
console.log(table.toString());

const ratio = (teams.get(1000)?.seconds ?? 0) / (teams.get(250)?.seconds ?? 1);
console.log(
  `t(1000) / t(250) = ${ratio.toFixed(2)} (target: at most 4.5); npm itself adds about 0.3 s to npm start (target: at most 2 s, 250 MB); targets of a review: 2 s, 400 MB`,
);
