/** One measurement in a process of its own: prints its time, its peak memory and how many resources it made, as JSON. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Measured {
  /** Wall time of the work and of the process's start. */
  readonly seconds: number;
  /** Peak resident memory. */
  readonly megabytes: number;
  readonly resources: number;
}

const [mode, argument = ""] = process.argv.slice(2);
const outdir = join(mkdtempSync(join(tmpdir(), "stackyard-bench-")), "cdktf.out");
const MODES = { start, teams: (count: string) => teams(Number(count)), review };
const resources = MODES[mode as keyof typeof MODES](argument);
rmSync(join(outdir, ".."), { recursive: true });
const measured: Measured = { seconds: process.uptime(), megabytes: process.resourceUsage().maxRSS / 1024, resources };
console.log(JSON.stringify(measured));

/* eslint-disable @typescript-eslint/no-require-imports -- loading is part of what is measured */
function start(part: string): number {
  const { synthesize } = require("../cli/synthesize") as typeof import("../cli/synthesize");
  const { loadConfig } = require("../cli/load-config") as typeof import("../cli/load-config");
  if (part === "load") return 0;
  const platform = loadConfig(join(__dirname, "..", "platform.config.ts"));
  if (part === "config") return 0;
  const { stacks } = synthesize({ platform, outdir, ...(part !== "all" && { stacks: [part] }) });
  return stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
}

function review(file: string): number {
  const { PUBLIC_REGISTRIES } = require("../config/registries") as typeof import("../config/registries");
  const { checkStacks } = require("../policies/plan/check") as typeof import("../policies/plan/check");
  const { readPlan } = require("../review/read/plan") as typeof import("../review/read/plan");
  const { judgedSide } = require("../review/read/stack-change") as typeof import("../review/read/stack-change");
  const { renderMarkdown } = require("../review/render/markdown") as typeof import("../review/render/markdown");
  const { reviewOf } = require("../review/review") as typeof import("../review/review");
  const change = readPlan(readFileSync(file, "utf8"), { stack: "large" });
  const { stacks, policies } = reviewOf(
    [change],
    checkStacks({ registries: PUBLIC_REGISTRIES, waivers: [] }, [judgedSide(change)]),
  );
  for (const stack of stacks) renderMarkdown(stack, policies);
  return change.changes.length;
}

function teams(count: number): number {
  const { synthesize } = require("../cli/synthesize") as typeof import("../cli/synthesize");
  const { manyTeams } = require("./many-teams") as typeof import("./many-teams");
  const { stacks } = synthesize({ platform: manyTeams(count), outdir });
  return stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
}
