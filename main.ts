/** The cdktf app: `npx cdktf synth`, `diff`, `deploy` and `destroy` run this; `npm start` runs it with `--review`. */
import { join, resolve } from "node:path";
import { run } from "./cli/run";

const stacks = process.env["PLATFORM_STACKS"]
  ?.split(",")
  .map((name) => name.trim())
  .filter(Boolean);

// `npm start | head`: whoever stops reading wants no more, and no stack trace either.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

process.exitCode = run({
  config: resolve(process.env["PLATFORM_CONFIG"] || join(__dirname, "platform.config.ts")),
  // Set by the cdktf command; beside this file wherever it is called from.
  outdir: process.env["CDKTF_OUTDIR"] ?? join(__dirname, "cdktf.out"),
  colors: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
  review: process.argv.includes("--review"),
  ...(stacks?.length && { stacks }),
});
