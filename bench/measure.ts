/** One measurement in a process of its own: prints its time, its peak memory and how many resources it made, as JSON. */
import { mkdtempSync, rmSync } from "node:fs";
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
const resources = mode === "teams" ? teams(Number(argument)) : start(argument);
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

/** `count` teams on both clouds, each with a quota in an environment and every twentieth with a pool (AKS allows 100 pools). */
function teams(count: number): number {
  const { synthesize } = require("../cli/synthesize") as typeof import("../cli/synthesize");
  const { definePlatform } = require("../config/define-platform") as typeof import("../config/define-platform");
  const { smallConfig } = require("../__tests__/support/config") as typeof import("../__tests__/support/config");
  const { clusters, ...base } = smallConfig();
  const pool = { class: "general", cpus: [2, 4], limits: { cpu: 8, memory: "32Gi" } } as const;
  const sharedPool = { class: "general", cpus: [2, 64], limits: { cpu: 4096, memory: "16Ti" } } as const;
  const team = (index: number) => ({
    costCenter: `CC-${index}`,
    groups: { view: ["web"] },
    quota: { cpu: 1, memory: "2Gi" } as const,
    environments: { dev: { cpu: 1, memory: "2Gi" } as const },
    ...(index % 20 === 0 && { nodePools: { main: pool } }),
  });
  const platform = definePlatform({
    ...base,
    clusters: {
      "aws-platform": { ...clusters["aws-platform"], sharedPool } as NonNullable<(typeof clusters)["aws-platform"]>,
      "azure-platform": { ...clusters["azure-platform"], sharedPool } as NonNullable<
        (typeof clusters)["azure-platform"]
      >,
    },
    teams: Object.fromEntries(Array.from({ length: count }, (_, index) => [`team-${index}`, team(index)])),
  });
  const { stacks } = synthesize({ platform, outdir });
  return stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
}
